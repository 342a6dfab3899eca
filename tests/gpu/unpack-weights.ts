// Weights of one network read back from a buffer, as flat vectors: the inverse of what families pack.

import { type FullyConnectedShape, layoutOf } from '../../shaders/families/fully-connected/layout.ts';

/** The padded vector of a fully connected network without its padding, in the order of `Model.layers`. */
export function unpackWeights(packed: Float32Array, shape: FullyConnectedShape): Float64Array {
  const rows = layoutOf(shape).matrices.flatMap(({ offset, rows: count, columns, stride }) =>
    Array.from({ length: count }, (_, row) => packed.subarray(offset + row * stride, offset + row * stride + columns)),
  );
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
