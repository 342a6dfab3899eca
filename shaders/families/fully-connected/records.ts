// Flat weight vectors as buffers hold them. The layout stands in layout.ts.

import { packRows } from '../../lib/training/pack-rows.ts';
import { type FullyConnectedShape, layoutOf } from './layout.ts';

/** Flat weights in the order of `Model.layers` to the padded vector of a buffer, float32, zeros in the padding. */
export function packWeights(flat: Float64Array, shape: FullyConnectedShape): Float32Array {
  const { matrices, words } = layoutOf(shape);
  return packRows(flat, matrices, words);
}
