// Which samples a mini-batch holds. The kernels repeat this line by line: same integers everywhere.

import { philox, STREAMS } from './random.ts';

/**
 * Index (0 … samples−1) of the training sample in slot `slot` of step `step`: drawn with replacement, one Philox block per slot.
 */
export function batchSample(seed: number, step: number, slot: number, samples: number): number {
  return philox([step >>> 0, slot >>> 0, 0, 0], [seed >>> 0, STREAMS.batches])[0] % samples;
}
