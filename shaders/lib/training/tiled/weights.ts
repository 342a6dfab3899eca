// Where the passes of a step find weights, their slopes and the present block of samples. Text of WGSL alone.

import { PROGRESS } from '../../../../src/core/program.ts';
import { u32 } from '../../../wgsl.ts';
import type { Binding } from '../../pass.ts';
import { slopeCount } from '../head.ts';
import { progressWord, TURN } from './pass.ts';
import { TILED, type TiledSizes } from './sizes.ts';

/** Private words of lib/stepping that a flow's slopes are kept by. */
const STAGE = PROGRESS.privateFrom;
const PRIMED = PROGRESS.privateFrom + 2;

/** The weights that training moves: the trial of a flow (one per network of the span), or the accepted ones. */
export function evaluatedWeights({ flow, options }: TiledSizes): { binding: Binding; base: string } {
  const words = u32(options.layout.words / 4);
  return flow
    ? { binding: { buffer: TILED.trial, name: 'weights', type: 'vec4f' }, base: `local * ${words}` }
    : { binding: { buffer: 'weights', name: 'weights', type: 'vec4f' }, base: `network * ${words}` };
}

/**
 * A matrix as a product reads it: `at(row, k)` is vec4 `k` of a row. `whole`: its weights; `forward`: what multiplies the rows of
 * the activations below, in the difference form [W₀ | U]; `start` and `change`: either half of those.
 */
export function matrixRows(
  sizes: TiledSizes,
  stride: number,
  part: 'whole' | 'forward' | 'start' | 'change',
  start = 'matrix_start[0]',
): { readonly binding: Binding; readonly setup: string; readonly at: (row: string, k: string) => string } {
  const { options } = sizes;
  const words = options.layout.words / 4;
  if (!options.difference) {
    const { binding, base } = evaluatedWeights(sizes);
    const at = (row: string, k: string) => `weights[weights0 + ${row} * ${u32(stride)} + ${k}]`;
    return { binding, setup: `let weights0 = ${base} + ${start};`, at };
  }
  const joint = { buffer: TILED.joint, name: 'weights', type: 'vec4f' } as const;
  if (part === 'whole') {
    const at = (row: string, k: string) => `weights[weights0 + ${row} * ${u32(stride)} + ${k}]`;
    return { binding: joint, setup: `let weights0 = local * ${u32(3 * words)} + ${u32(2 * words)} + ${start};`, at };
  }
  return {
    binding: joint,
    setup: `let weights0 = local * ${u32(3 * words)} + 2u * (${start}) + ${u32(part === 'change' ? stride : 0)};`,
    at: (row, k) => `weights[weights0 + ${row} * ${u32(2 * stride)} + ${k}]`,
  };
}

/** The block of samples of this round, before the decision of a flow and after that of descent: see step.wgsl.ts. */
export function presentBlock({ blocks, flow }: TiledSizes, decided = false): string {
  return blocks === 1 ? '0u' : progressWord(decided && !flow ? TURN.present : TURN.next);
}

/** Index in `slopes` of the slope that the present evaluation of a flow makes; needs progress. */
export function presentSlope({ options }: TiledSizes): string {
  const { layout, training } = options;
  const slot = `select(0u, ${progressWord(STAGE)} + 1u, ${progressWord(PRIMED)} != 0u)`;
  return `(network * ${u32(slopeCount(training))} + ${slot}) * ${u32(layout.words / 4)}`;
}
