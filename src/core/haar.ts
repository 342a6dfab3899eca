// Orthogonal matrices drawn from Haar's measure: the QR factor of a Gaussian matrix with positive diagonal. Mezzadri 2007.

import { columnsOf, orthonormalise } from './orthonormal.ts';
import type { RandomSource } from './random.ts';

/**
 * The first `columns` columns of a Haar-distributed orthogonal (size, size) matrix, as (size, columns) row-major. Draws
 * size × drawn normals, column by column (`drawn` defaults to `columns`), so that a frame with fewer columns is the beginning of
 * one with more.
 */
export function haarFrame(size: number, columns: number, random: RandomSource, drawn = columns): Float64Array {
  const vectors = Array.from({ length: drawn }, () => random.normals(size));
  return columnsOf(orthonormalise(vectors.slice(0, columns)), size);
}
