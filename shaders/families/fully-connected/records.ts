// Flat weight vectors and the padded ones of buffers, in both directions. The layout stands in layout.ts.

import { type FullyConnectedShape, layoutOf } from './layout.ts';

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
