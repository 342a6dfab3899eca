// Cholesky factors of small symmetric positive definite matrices, in place, float64, without allocation.

/**
 * Replaces the lower triangle of a row-major (size, size) matrix, rows `stride` apart, by its Cholesky factor L, M = LLᵀ; the
 * upper triangle is left as it is. False where the matrix is not positive definite.
 */
export function choleskyInPlace(matrix: Float64Array, size: number, stride = size): boolean {
  for (let i = 0; i < size; i++) {
    const row = i * stride;
    for (let j = 0; j < i; j++) {
      const other = j * stride;
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
      matrix[row + j] = sum / matrix[other + j];
    }
    let square = matrix[row + i];
    for (let k = 0; k < i; k++) square -= matrix[row + k] * matrix[row + k];
    if (!(square > 0)) return false;
    matrix[row + i] = Math.sqrt(square);
  }
  return true;
}

/** Replaces a lower triangle L by its inverse; the upper triangle is left as it is. */
export function invertLowerInPlace(matrix: Float64Array, size: number, stride = size): void {
  for (let i = 0; i < size; i++) {
    const row = i * stride;
    const inverse = 1 / matrix[row + i];
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += matrix[row + k] * matrix[k * stride + j];
      matrix[row + j] = -inverse * sum;
    }
    matrix[row + i] = inverse;
  }
}
