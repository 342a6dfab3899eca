// Runs networks on a fixed set of trials: one workgroup per network and block of trials, its rates and arguments of φ on a tape
// that the summing passes read. Also the numbers of such a set as buffers.

import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { type Binding, makePass } from '../../../lib/pass.ts';
import { u32 } from '../../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import { forwardSteps, initialRates } from '../train/forward.wgsl.ts';
import { type Geometry, type RecurrentOptions, slopeFromRate, type Tape, tapeOf } from '../train/options.ts';

/** vec4s of trials in a block. */
export const BLOCK_QUADS = 8;

/** Which weights a pass reads. */
export type Which = 'now' | 'start';

/** A set of trials in blocks. */
export interface TrialSet {
  /** Names its buffers: "evaluation". */
  readonly name: string;
  readonly count: number;
  readonly blocks: number;
  readonly quads: number;
  readonly tape: Tape;
}

export function trialSet(name: string, count: number, { shape }: RecurrentOptions, keepArguments: boolean): TrialSet {
  const quads = Math.min(BLOCK_QUADS, 2 * Math.ceil(count / 8));
  return {
    name,
    count,
    quads,
    blocks: Math.ceil(count / (4 * quads)),
    tape: tapeOf(shape, quads, false, keepArguments || !slopeFromRate(shape)),
  };
}

/** Words of a network's tapes. */
export const tapeWords = ({ blocks, tape }: TrialSet) => 4 * blocks * tape.vectors;

/** Buffers of a set: inputs (blocks, steps, channels, quads) and targets (blocks, steps, outputs, quads), in vec4s of trials. */
export function setBuffers(set: TrialSet, { inputs, targets }: Samples, { shape, layout }: RecurrentOptions): BufferSpec[] {
  const arrange = (values: Float64Array, columns: number, stored: number): Float32Array => {
    const words = new Float32Array(set.blocks * shape.steps * stored * set.quads * 4);
    for (let p = 0; p < set.count; p++) {
      const block = Math.floor(p / (4 * set.quads));
      for (let t = 0; t < shape.steps; t++) {
        for (let c = 0; c < columns; c++) {
          const row = (block * shape.steps + t) * stored + c;
          words[row * set.quads * 4 + (p % (4 * set.quads))] = values[(p * shape.steps + t) * columns + c];
        }
      }
    }
    return words;
  };
  const x = arrange(inputs, shape.channels, layout.channels);
  const y = arrange(targets, shape.outputs, shape.outputs);
  return [
    { name: `${set.name}Inputs`, scope: 'shared', words: x.length, data: x },
    { name: `${set.name}Targets`, scope: 'shared', words: y.length, data: y },
  ];
}

/** Weights of a network now or at its start, and its record. */
export function weightBindings(which: Which): Binding[] {
  return [
    { buffer: 'networks', name: 'networks', type: 'u32' },
    { buffer: which === 'now' ? 'weights' : 'startWeights', name: 'weights', type: 'vec4f' },
  ];
}

/** Index, in vec4s, of the weights of network `network`. */
export function weightsAt(which: Which, words: number, network: string): string {
  const start = `networks[${network} * ${u32(NETWORK_WORDS)} + ${u32(NETWORK.start)}]`;
  return `(${which === 'now' ? network : start}) * ${u32(words / 4)}`;
}

/**
 * `name[…]`: the rate in slot `slot` (the step before it is slot − 1) of a unit, four trials;
 * `trials` counts vec4s over all blocks.
 */
export function rateOn(name: string, set: TrialSet, units: number): (slot: string, unit: string, trials: string) => string {
  const { quads, tape } = set;
  return (slot, unit, trials) => {
    const block = `(local * ${u32(set.blocks)} + (${trials}) / ${u32(quads)}) * ${u32(tape.vectors)}`;
    return `${name}[${block} + ${u32(tape.rates)} + (${slot} * ${u32(units)} + ${unit}) * ${u32(quads)} + (${trials}) % ${u32(quads)}]`;
  };
}

/** The same for arguments of φ, by step. */
export function argumentOn(name: string, set: TrialSet, units: number): (t: string, unit: string, trials: string) => string {
  const { tape } = set;
  return rateOn(name, { ...set, tape: { ...tape, rates: tape.arguments } }, units);
}

export function evaluatePass(options: RecurrentOptions, set: TrialSet, which: Which, tapeBuffer: string): Pass {
  const { shape, layout } = options;
  const { tape, quads } = set;
  const geometry: Geometry = { lanes: 16, rows: 8, vectors: 2, resident: false };
  const [, recurrent] = layout.matrices;
  const at = (first: number, row: string, q: string) => `tape[tape0 + ${u32(first)} + (${row}) * ${u32(quads)} + ${q}]`;
  const pass = {
    shape,
    layout,
    geometry,
    quads,
    places: {
      weight: (index: string) => `weights[weights0 + ${index}]`,
      recurrent: (row: string, k: string) =>
        `weights[weights0 + ${u32(recurrent.offset / 4)} + ${row} * ${u32(recurrent.stride / 4)} + ${k}]`,
      input: (t: string, channel: string, q: string) =>
        `inputs[((block * ${u32(shape.steps)} + ${t}) * ${u32(layout.channels)} + ${channel}) * ${u32(quads)} + ${q}]`,
      rate: (slot: string, unit: string, q: string) => at(tape.rates, `${slot} * ${u32(layout.units)} + ${unit}`, q),
      argument:
        tape.arguments === tape.vectors
          ? null
          : (t: string, unit: string, q: string) => at(tape.arguments, `(${t}) * ${u32(layout.units)} + ${unit}`, q),
    },
  };
  return makePass({
    label: `measure: ${set.name} trials, ${which}`,
    bindings: [
      ...weightBindings(which),
      { buffer: `${set.name}Inputs`, name: 'inputs', type: 'vec4f' },
      { buffer: tapeBuffer, name: 'tape', type: 'vec4f', write: true },
    ],
    declarations: activationWgsl(shape),
    lanes: geometry.lanes,
    workgroups: (count) => count * set.blocks,
    body: `
  if (group_number >= span.count * ${u32(set.blocks)}) { return; }
  let block = group_number % ${u32(set.blocks)};
  let network = span.first + group_number / ${u32(set.blocks)};
  let weights0 = ${weightsAt(which, layout.words, 'network')};
  let tape0 = group_number * ${u32(tape.vectors)};
  ${initialRates(pass)}
  ${forwardSteps(pass)}`,
  });
}
