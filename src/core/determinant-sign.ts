// Sign of a determinant: the one test on which both the families' obstructions and the theories'
// exceptions rest. Knows no network.

/**
 * A pivot below this share of the matrix's largest element, times the size, leaves the sign open: what rounding
 * leaves of a singular matrix.
 */
const SINGULAR = 8 * Number.EPSILON;

/**
 * Sign of the determinant of a row-major (size, size) matrix, by elimination with row pivoting; 0 where it is singular to
 * rounding. `matrix` stays as it is.
 */
export function determinantSign(matrix: Float64Array, size: number): -1 | 0 | 1 {
  const rows = Array.from({ length: size }, (_, i) => matrix.slice(i * size, (i + 1) * size));
  const threshold = SINGULAR * size * matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let sign: -1 | 1 = 1;
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    if (!(Math.abs(rows[pivot][k]) > threshold)) return 0;
    if (pivot !== k) {
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      sign = sign === 1 ? -1 : 1;
    }
    if (rows[k][k] < 0) sign = sign === 1 ? -1 : 1;
    for (let i = k + 1; i < size; i++) {
      const share = rows[i][k] / rows[k][k];
      for (let j = k; j < size; j++) rows[i][j] -= share * rows[k][j];
    }
  }
  return sign;
}
