// The frame of a tiled pass: which networks it works on, and words of their records. No arithmetic of networks.

import { outcomeCode } from '../../../../src/core/outcome.ts';
import { type Pass, PROGRESS, PROGRESS_WORDS } from '../../../../src/core/program.ts';
import { HORIZON_SLACK } from '../../../../src/core/stepping.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type Binding, makePass, type PassText } from '../../pass.ts';
import { NETWORK, NETWORK_WORDS } from '../network-record.ts';
import { TILED } from './sizes.ts';

/** Words of the progress record that the tiled passes keep beside those of lib/stepping. */
export const TURN = {
  /** u32: the block of samples that comes next. */
  next: PROGRESS.privateFrom + 4,
  /** u32: what the passes after the decision do: see MODE. */
  mode: PROGRESS.privateFrom + 5,
  /** u32: the block of samples of this round, for the passes after a decision of descent. */
  present: PROGRESS.privateFrom + 6,
} as const;

export const MODE = {
  idle: 0,
  /** Descent: finish the gradient, and step from it after the last block. */
  descend: 1,
  /** Flow: the first evaluation is taken, only outputs are to be kept. */
  keepOutputs: 2,
  /** Flow: the trial is taken. */
  take: 3,
} as const;

/** On which networks a pass works: all, those at work in this round, or those that this round's decision has chosen. */
export type Gate = 'open' | 'at work' | 'decided';

export interface TiledPassText extends Pick<PassText, 'label' | 'bindings' | 'lanes' | 'subgroups'> {
  /** Defaults to none. */
  readonly declarations?: string;
  /** Workgroups per network. */
  readonly groups: number;
  readonly gate: Gate;
  /** Sees `network`, `local` (network − span.first), `part` (workgroup of the network) and `lane`. */
  readonly body: string;
}

/** Where matrix `layer` begins: `matrix_start[0]`. */
export const matrixBinding = (layer: number): Binding => ({ buffer: TILED.matrix(layer), name: 'matrix_start', type: 'u32' });
const PROGRESS_BINDING: Binding = { buffer: 'progress', name: 'progress', type: 'u32' };
export const NETWORKS_BINDING: Binding = { buffer: 'networks', name: 'networks', type: 'u32' };

/** A word of the network's progress record. */
export const progressWord = (word: number): string => `progress[network * ${u32(PROGRESS_WORDS)} + ${u32(word)}]`;
/** A float32 word of the network's record. */
export const networkNumber = (word: keyof typeof NETWORK): string =>
  `bitcast<f32>(networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK[word])}])`;
/** A u32 word of the network's record. */
export const networkWord = (word: keyof typeof NETWORK): string =>
  `networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK[word])}]`;

/**
 * Returns where a network has nothing to do. The loads are uniform: read-only buffers at indices that the whole workgroup shares.
 */
const GATES: Readonly<Record<Gate, string>> = {
  open: '',
  'at work': `if (${progressWord(PROGRESS.outcome)} != ${u32(outcomeCode.running)} ||
      bitcast<f32>(${progressWord(PROGRESS.time)}) >= span.horizon * ${f32(1 - HORIZON_SLACK)}) { return; }`,
  decided: `if (${progressWord(TURN.mode)} == ${u32(MODE.idle)}) { return; }`,
};

/**
 * Completes a pass. Progress stands at binding 1, read-only unless the bindings name it themselves; the body
 * may begin with a barrier.
 */
export function tiledPass({
  label,
  bindings,
  declarations = '',
  lanes,
  subgroups = false,
  groups,
  gate,
  body,
}: TiledPassText): Pass {
  return makePass({
    label: `tiled: ${label}`,
    bindings: bindings.some(({ buffer }) => buffer === 'progress') ? bindings : [PROGRESS_BINDING, ...bindings],
    declarations,
    lanes,
    subgroups,
    workgroups: (count) => count * groups,
    body: `
  let local = group_number / ${u32(groups)};
  let part = group_number % ${u32(groups)};
  if (local >= span.count) { return; }
  let network = span.first + local;
  ${GATES[gate]}
${body}`,
  });
}

/** Frame of a pass whose threads work alone, one on each of a network's tasks: the body sees `task` < `tasks`. */
export function eachTask(tasks: number, lanes: number, body: string): Pick<TiledPassText, 'lanes' | 'groups' | 'body'> {
  return {
    lanes,
    groups: Math.ceil(tasks / lanes),
    body: `
  let task = part * ${u32(lanes)} + lane;
  if (task >= ${u32(tasks)}) { return; }${body}`,
  };
}
