// Matrices of low rank and held norm: a decomposed matrix cut by its singular values. Decomposes nothing: see svd.ts.

import type { ThinSvd } from './svd.ts';

/**
 * What a cut keeps: `fro`, the Frobenius norm, by a common factor; `spec`, the largest singular value, and `none`, every one that
 * remains: both leave what remains as it is. Liu et al. 2024 (arXiv:2310.08513), code: fro.
 */
export type RankNorm = 'fro' | 'spec' | 'none';

const squareOf = (values: Float64Array, count: number) => values.subarray(0, count).reduce((sum, s) => sum + s * s, 0);

/** The best approximation of rank ≤ `rank` of a decomposed matrix, (rows, columns) row-major; for `fro` times ‖W‖_F/‖W_r‖_F. */
export function cutToRank(parts: ThinSvd, rank: number, norm: RankNorm = 'fro'): Float64Array {
  const { rows, columns, left, values, right } = parts;
  const kept = squareOf(values, rank);
  const factor = norm === 'fro' && kept > 0 ? Math.sqrt(squareOf(values, values.length) / kept) : 1;
  const [leftStride, rightStride] = [left.length / rows, right.length / columns];
  const matrix = new Float64Array(rows * columns);
  for (let k = 0; k < Math.min(rank, values.length); k++) {
    for (let i = 0; i < rows; i++) {
      const scaled = factor * values[k] * left[i * leftStride + k];
      for (let j = 0; j < columns; j++) matrix[i * columns + j] += scaled * right[j * rightStride + k];
    }
  }
  return matrix;
}
