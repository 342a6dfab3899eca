// Effective ranks of a matrix from its singular values, in float64. Decomposes nothing itself; the participation ratio
// needs no decomposition at all.

/** Singular values below this share of the largest count as zero. */
const ZERO_SHARE = 1e-12;

function nonzero(values: Float64Array): Float64Array {
  return values.filter((value) => value > ZERO_SHARE * values[0]);
}

const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

/** Stable rank Σ s²/max s², 1 … rank; `values` descending. */
export function stableRank(values: Float64Array): number {
  return total(values.map((s) => s * s)) / values[0] ** 2;
}

/** Exponential of the entropy of p_i = s_i/Σ s, 1 … rank; `values` descending. Roy and Vetterli 2007. */
export function entropyRank(values: Float64Array): number {
  const kept = nonzero(values);
  const sum = total(kept);
  return Math.exp(-total(kept.map((s) => (s / sum) * Math.log(s / sum))));
}

/** Participation ratio (Σ s²)²/Σ s⁴, 1 … rank. */
export function participationRatio(values: Float64Array): number {
  return total(values.map((s) => s * s)) ** 2 / total(values.map((s) => s ** 4));
}

/** Participation ratio of a row-major (rows, columns) matrix, ‖W‖_F⁴/‖WᵀW‖_F²: the one above without singular values. */
export function matrixParticipationRatio(matrix: Float64Array, rows: number, columns: number): number {
  // The Gram matrix of the shorter side.
  const tall = rows > columns;
  const [count, length] = tall ? [columns, rows] : [rows, columns];
  const vectors = Array.from({ length: count }, (_, k) =>
    tall ? Float64Array.from({ length }, (__, i) => matrix[i * columns + k]) : matrix.subarray(k * columns, (k + 1) * columns),
  );
  let trace = 0;
  let square = 0;
  for (let p = 0; p < count; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += vectors[p][i] * vectors[q][i];
      if (p === q) trace += sum;
      square += (p === q ? 1 : 2) * sum * sum;
    }
  }
  return trace ** 2 / square;
}
