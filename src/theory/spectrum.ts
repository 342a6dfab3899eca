// Eigenvalues of general real matrices in float64: reduction to Hessenberg form and Francis's double-shift QR. No eigenvectors.

/** Eigenvalues real + i·imaginary, complex ones as neighbouring conjugates. */
export interface Eigenvalues {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** QR steps per eigenvalue before it is given up; two or three are usual. */
const MOST_STEPS = 100;

/** Makes `rows` upper Hessenberg by orthogonal similarity (Householder's reflections). */
function toHessenberg(rows: readonly Float64Array[]): void {
  const size = rows.length;
  const direction = new Float64Array(size);
  for (let k = 0; k < size - 2; k++) {
    let square = 0;
    for (let i = k + 1; i < size; i++) {
      direction[i] = rows[i][k];
      square += direction[i] * direction[i];
    }
    const norm = Math.sqrt(square);
    if (norm === 0) continue;
    const shift = direction[k + 1] < 0 ? -norm : norm;
    direction[k + 1] += shift;
    const factor = 1 / (shift * direction[k + 1]);
    // H ← (1 − factor v vᵀ) H (1 − factor v vᵀ), row by row so that memory is read in order.
    const sums = new Float64Array(size);
    for (let i = k + 1; i < size; i++) for (let j = k; j < size; j++) sums[j] += direction[i] * rows[i][j];
    for (let i = k + 1; i < size; i++) for (let j = k; j < size; j++) rows[i][j] -= factor * direction[i] * sums[j];
    for (const row of rows) {
      let sum = 0;
      for (let j = k + 1; j < size; j++) sum += row[j] * direction[j];
      for (let j = k + 1; j < size; j++) row[j] -= factor * sum * direction[j];
    }
  }
}

/**
 * One double-shift step on the rows and columns low … high, with the shifts' sum and product.
 * Golub and Van Loan, algorithm 7.5.1.
 */
function francisStep(h: readonly Float64Array[], low: number, high: number, sum: number, product: number): void {
  let x = h[low][low] * h[low][low] + h[low][low + 1] * h[low + 1][low] - sum * h[low][low] + product;
  let y = h[low + 1][low] * (h[low][low] + h[low + 1][low + 1] - sum);
  let z = high > low + 1 ? h[low + 1][low] * h[low + 2][low + 1] : 0;
  for (let k = low; k < high; k++) {
    const three = k < high - 1;
    const scale = Math.max(Math.abs(x), Math.abs(y), three ? Math.abs(z) : 0);
    if (scale > 0) {
      let [a, b, c] = [x / scale, y / scale, three ? z / scale : 0];
      const norm = Math.hypot(a, b, c);
      a += a < 0 ? -norm : norm;
      const factor = 2 / (a * a + b * b + c * c);
      const [first, second, third] = [h[k], h[k + 1], three ? h[k + 2] : h[k + 1]];
      for (let j = Math.max(low, k - 1); j <= high; j++) {
        const along = factor * (a * first[j] + b * second[j] + (three ? c * third[j] : 0));
        first[j] -= along * a;
        second[j] -= along * b;
        if (three) third[j] -= along * c;
      }
      for (let i = low; i <= Math.min(k + 3, high); i++) {
        const row = h[i];
        const along = factor * (a * row[k] + b * row[k + 1] + (three ? c * row[k + 2] : 0));
        row[k] -= along * a;
        row[k + 1] -= along * b;
        if (three) row[k + 2] -= along * c;
      }
    }
    if (k + 1 < high) {
      x = h[k + 1][k];
      y = h[k + 2][k];
      z = k + 3 <= high ? h[k + 3][k] : 0;
    }
  }
}

/** Eigenvalues of a row-major (size, size) matrix, in no particular order. Throws where the method does not end, as with NaN. */
export function eigenvalues(matrix: Float64Array, size: number): Eigenvalues {
  const rows = Array.from({ length: size }, (_, i) => matrix.slice(i * size, (i + 1) * size));
  const [real, imaginary] = [new Float64Array(size), new Float64Array(size)];
  toHessenberg(rows);
  let high = size - 1;
  for (let steps = 0; high >= 0; ) {
    let low = high;
    while (low > 0) {
      const beside = Math.abs(rows[low - 1][low - 1]) + Math.abs(rows[low][low]);
      if (Math.abs(rows[low][low - 1]) <= Number.EPSILON * beside) break;
      low--;
    }
    if (low === high) {
      real[high] = rows[high][high];
      high -= 1;
      steps = 0;
      continue;
    }
    const [a, b] = [rows[high - 1][high - 1], rows[high - 1][high]];
    const [c, d] = [rows[high][high - 1], rows[high][high]];
    if (low === high - 1) {
      pairOf(a, b, c, d, real, imaginary, high);
      high -= 2;
      steps = 0;
      continue;
    }
    if (++steps > MOST_STEPS) throw new Error(`eigenvalues: no convergence after ${MOST_STEPS} steps`);
    // Now and then other shifts, against cycles.
    const odd = steps % 10 === 0 ? Math.abs(c) + Math.abs(rows[high - 1][high - 2]) : 0;
    if (odd > 0) francisStep(rows, low, high, 1.5 * odd, odd * odd);
    else francisStep(rows, low, high, a + d, a * d - b * c);
  }
  return { real, imaginary };
}

/** The eigenvalues of [[a, b], [c, d]] to places at − 1 and at; the smaller of two real ones without cancellation. */
function pairOf(a: number, b: number, c: number, d: number, real: Float64Array, imaginary: Float64Array, at: number): void {
  const half = (a - d) / 2;
  const square = half * half + b * c;
  if (square >= 0) {
    const larger = half + (half < 0 ? -1 : 1) * Math.sqrt(square);
    real[at - 1] = d + larger;
    real[at] = larger === 0 ? d : d - (b * c) / larger;
    return;
  }
  real.fill((a + d) / 2, at - 1, at + 1);
  imaginary[at - 1] = Math.sqrt(-square);
  imaginary[at] = -imaginary[at - 1];
}

/** Largest modulus of the eigenvalues of a row-major (size, size) matrix; 0 for no units. */
export function spectralRadius(matrix: Float64Array, size: number): number {
  const { real, imaginary } = eigenvalues(matrix, size);
  return real.reduce((most, value, k) => Math.max(most, Math.hypot(value, imaginary[k])), 0);
}
