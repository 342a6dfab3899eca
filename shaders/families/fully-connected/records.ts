// Fills the family's buffers on the CPU: per-network records and packed weights. Layouts stand in buffers.ts and layout.ts.

import type { Batch, Network } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { scalingOf } from '../../../src/core/scalings.ts';
import { initialStep } from '../../../src/core/stepping.ts';
import { NETWORK, NETWORK_WORDS } from './buffers.ts';
import { type FullyConnectedShape, layoutOf } from './layout.ts';

/** Record of one network for the buffer `networks`: NETWORK_WORDS words; `seed` is that of its start. */
export function networkRecord(
  { values, start }: Pick<Network, 'values' | 'start'>,
  seed: number,
  { training, frozen = [] }: Pick<Batch, 'training' | 'frozen'>,
): Uint32Array {
  const words = new Uint32Array(NETWORK_WORDS);
  const numbers = new Float32Array(words.buffer);
  const scaling = scalingOf(values);
  numbers[NETWORK.outputScale] = scaling.outputScale;
  numbers[NETWORK.centred] = choiceOf(values, 'predictor') === 'centred' ? 1 : 0;
  numbers[NETWORK.learningRate] = training.method === 'descent' ? numberOf(values, 'learningRate') : 0;
  numbers[NETWORK.outputRate] = frozen.includes('output') ? 0 : scaling.outputRate;
  numbers[NETWORK.hiddenRate] = frozen.includes('hidden') ? 0 : scaling.hiddenRate;
  numbers[NETWORK.initialStep] = initialStep(scaling);
  words[NETWORK.seed] = seed >>> 0;
  words[NETWORK.start] = start;
  return words;
}

/** The whole buffer `networks` of a batch: (networks, NETWORK_WORDS). */
export function networkRecords(batch: Batch): Uint32Array {
  const words = new Uint32Array(batch.networks.length * NETWORK_WORDS);
  batch.networks.forEach((network, index) => {
    words.set(networkRecord(network, batch.starts[network.start].seed, batch), index * NETWORK_WORDS);
  });
  return words;
}

/** Copies between a flat vector (rows without padding, one matrix after the other) and the padded layout. */
function eachRow(shape: FullyConnectedShape, copy: (flat: number, stored: number, columns: number) => void): void {
  let flat = 0;
  for (const { offset, rows, columns, stride } of layoutOf(shape).matrices) {
    for (let row = 0; row < rows; row++, flat += columns) copy(flat, offset + row * stride, columns);
  }
}

/** Flat weights in the order of `Model.layers` to the padded vector of a buffer, float32, zeros in the padding. */
export function packWeights(flat: Float64Array, shape: FullyConnectedShape): Float32Array {
  const packed = new Float32Array(layoutOf(shape).words);
  eachRow(shape, (from, to, columns) => packed.set(flat.subarray(from, from + columns), to));
  return packed;
}

/** The inverse of `packWeights`: drops the padding. `packed` holds one network. */
export function unpackWeights(packed: Float32Array, shape: FullyConnectedShape): Float64Array {
  const { matrices } = layoutOf(shape);
  const flat = new Float64Array(matrices.reduce((count, { rows, columns }) => count + rows * columns, 0));
  eachRow(shape, (to, from, columns) => flat.set(packed.subarray(from, from + columns), to));
  return flat;
}
