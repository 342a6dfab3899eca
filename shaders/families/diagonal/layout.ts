// Shape of a diagonal network and where its numbers stand in GPU buffers. Pure arithmetic,
// shared by training and measuring kernels.
//
// name          scope    content
// weights       network  w − o: positive row, negative row, each `4 · vectors` words with zeros at the end
// startWeights  start    w₀ − o in the same layout
// origins       start    o in the same layout, both rows alike
//
// The origin o is the start itself where that is large, and 0 where it is small: β = w₊^D − w₋^D is then made from differences of
// what is stored, so that a large start costs no digits, and a small one keeps its own.

import type { Values } from '../../../src/core/parameter.ts';
import { numberOf } from '../../../src/core/parameter.ts';

export interface DiagonalShape {
  /** Factors D of every coordinate, 2 …. */
  readonly depth: number;
  readonly inputDim: number;
}

export interface DiagonalLayout {
  /** vec4s of a row of coordinates. */
  readonly vectors: number;
  /** Words of a row. */
  readonly stride: number;
  /** Words of one network: two rows. */
  readonly words: number;
}

export function shapeOf(values: Values, inputDim: number): DiagonalShape {
  return { depth: numberOf(values, 'depth'), inputDim };
}

export function layoutOf({ inputDim }: DiagonalShape): DiagonalLayout {
  const vectors = Math.ceil(inputDim / 4);
  return { vectors, stride: 4 * vectors, words: 8 * vectors };
}

/** Starts above this are stored as differences: below, squares of float32 weights are good to 1e-8 in any case. */
const LARGE_START = 0.3;

/** Origin of each coordinate, (inputDim), float32: the mean of w₊ and w₋ at the start where that is large, else 0. */
export function originsOf(start: Float64Array): Float64Array {
  const inputDim = start.length / 2;
  return Float64Array.from({ length: inputDim }, (_, i) => {
    const middle = (start[i] + start[inputDim + i]) / 2;
    return Math.abs(middle) > LARGE_START ? Math.fround(middle) : 0;
  });
}

/** The two rows of a network as stored, float32: `rows` are w₊ and w₋, flat. */
export function packRows(rows: Float64Array, { stride, words }: DiagonalLayout): Float32Array {
  const inputDim = rows.length / 2;
  const packed = new Float32Array(words);
  packed.set(rows.subarray(0, inputDim));
  packed.set(rows.subarray(inputDim), stride);
  return packed;
}
