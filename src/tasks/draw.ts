// Draws training, test and probe samples from a finite pool: disjoint, balanced over labels and reproducible.
// Knows indices only, not what the samples are.

import { InputError } from '../core/errors.ts';
import type { Values } from '../core/parameter.ts';
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
