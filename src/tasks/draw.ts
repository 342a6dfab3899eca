// Draws training, test and probe samples from a finite pool: disjoint, balanced over labels and reproducible.
// Knows indices only, not what the samples are.

import { InputError } from '../core/errors.ts';
import type { Parameter, Values } from '../core/parameter.ts';
import { numberOf } from '../core/parameter.ts';
import { permutation, randomSource, STREAMS } from '../core/random.ts';

/** Indices into the pool. */
export interface Draw {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
  readonly probe: Uint32Array;
}

/**
 * Orders a pool so that labels take turns and, within a label, classes take turns; each class is shuffled on its own under
 * `dataSeed` (Geiger et al. 2020, code). The order ends where the rarest label ends, so that every stretch of it is balanced.
 * `groups[label][class]` lists the members of one class.
 */
export function balancedOrder(groups: readonly (readonly (readonly number[])[])[], dataSeed: number): Uint32Array {
  let stream = 0;
  const queues = groups.map((classes) => {
    const shuffled = classes.map((members) => {
      const order = permutation(members.length, randomSource(dataSeed, STREAMS.shuffle, stream++));
      return Array.from(order, (i) => members[i]);
    });
    const queue: number[] = [];
    const longest = Math.max(0, ...shuffled.map((members) => members.length));
    for (let k = 0; k < longest; k++) for (const members of shuffled) if (k < members.length) queue.push(members[k]);
    return queue;
  });
  const turns = Math.min(...queues.map((queue) => queue.length));
  const labels = queues.length;
  return Uint32Array.from({ length: turns * labels }, (_, i) => queues[i % labels][Math.floor(i / labels)]);
}

/**
 * Cuts an order into probe, test and training samples, in this turn: a larger `samples` extends the same training set and
 * leaves probe and test samples as they are. Throws InputError naming how many there are when they are too few.
 */
export function cut(order: Uint32Array, values: Values, where: string): Draw {
  const samples = numberOf(values, 'samples');
  const testSamples = numberOf(values, 'testSamples');
  const probeSamples = numberOf(values, 'probeSamples');
  if (samples + testSamples + probeSamples > order.length) {
    throw new InputError(
      where,
      `expected samples + testSamples + probeSamples of at most ${order.length}, ` +
        `got ${samples} + ${testSamples} + ${probeSamples}`,
      `The data set holds ${order.length} balanced samples for these labels.`,
    );
  }
  return {
    probe: order.subarray(0, probeSamples),
    test: order.subarray(probeSamples, probeSamples + testSamples),
    train: order.subarray(probeSamples + testSamples, probeSamples + testSamples + samples),
  };
}

/** The option that draws the training set anew. */
export const trainSeedParameter: Parameter = {
  id: 'trainSeed',
  label: 'training set seed',
  symbol: 'seed_P',
  description:
    'Draws another training set for the same test and probe samples, which are those of dataSeed; 0 takes the training set of dataSeed.',
  source: 'Geiger et al. 2021 (code)',
  scope: 'shape',
  kind: 'integer',
  minimum: 0,
  maximum: 4294967295,
  default: 0,
};

/**
 * Disjoint balanced samples of `groups` (see `balancedOrder`): probe and test samples under `dataSeed`, training samples from
 * what is left, in the same order or, where `trainSeed` is not 0, in that seed's own. Throws InputError where there are too few.
 */
export function drawBalanced(groups: readonly (readonly (readonly number[])[])[], values: Values, where: string): Draw {
  const drawn = cut(balancedOrder(groups, numberOf(values, 'dataSeed')), values, where);
  const trainSeed = numberOf(values, 'trainSeed');
  if (trainSeed === 0) return drawn;
  const taken = new Set([...drawn.probe, ...drawn.test]);
  const rest = groups.map((classes) => classes.map((members) => members.filter((index) => !taken.has(index))));
  const order = balancedOrder(rest, trainSeed);
  const samples = numberOf(values, 'samples');
  if (samples > order.length) {
    throw new InputError(where, `expected samples of at most ${order.length} beside the test set, got ${samples}`);
  }
  return { ...drawn, train: order.subarray(0, samples) };
}
