// Linear systems with small symmetric positive definite matrices, float64. The factorisation is core/cholesky's.

import { choleskyInPlace } from '../core/cholesky.ts';

/** x of A x = b for a row-major (size, size) A, which is left as its Cholesky factor; null where A is not positive definite. */
export function solveDefinite(matrix: Float64Array, size: number, right: Float64Array): Float64Array | null {
  if (!choleskyInPlace(matrix, size)) return null;
  const x = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= matrix[i * size + k] * x[k];
    x[i] /= matrix[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= matrix[k * size + i] * x[k];
    x[i] /= matrix[i * size + i];
  }
  return x;
}
