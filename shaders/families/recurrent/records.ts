// Fills the family's buffers on the CPU: per-network records and packed weights. Layouts stand in buffers.ts and layout.ts.

import type { Batch } from '../../../src/core/family.ts';
import { numberOf } from '../../../src/core/parameter.ts';
import { scalingOf } from '../../../src/core/scalings.ts';
import { NETWORK, NETWORK_WORDS } from './buffers.ts';
import type { RecurrentLayout } from './layout.ts';

/** The whole buffer `networks` of a batch: (networks, NETWORK_WORDS). */
export function networkRecords({ networks, starts, frozen = [] }: Batch): Uint32Array {
  const words = new Uint32Array(networks.length * NETWORK_WORDS);
  const numbers = new Float32Array(words.buffer);
  networks.forEach(({ values, start }, index) => {
    const base = index * NETWORK_WORDS;
    const { outputScale, hiddenRate, outputRate } = scalingOf(values);
    numbers[base + NETWORK.outputScale] = outputScale;
    numbers[base + NETWORK.learningRate] = numberOf(values, 'learningRate');
    numbers[base + NETWORK.hiddenRate] = frozen.includes('hidden') ? 0 : hiddenRate;
    numbers[base + NETWORK.outputRate] = frozen.includes('output') ? 0 : outputRate;
    words[base + NETWORK.seed] = starts[start].seed >>> 0;
    words[base + NETWORK.start] = start;
  });
  return words;
}

/** Flat weights in the order of `Model.layers` to the padded vector of a buffer, float32, zeros in the padding. */
export function packWeights(flat: Float64Array, { matrices, words }: RecurrentLayout): Float32Array {
  const packed = new Float32Array(words);
  let from = 0;
  for (const { offset, rows, columns, stride } of matrices) {
    for (let row = 0; row < rows; row++, from += columns) packed.set(flat.subarray(from, from + columns), offset + row * stride);
  }
  return packed;
}
