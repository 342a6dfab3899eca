// Effective ranks of a matrix from its singular values, in float64. No decomposition is kept: only the values.

/** Singular values below this share of the largest count as zero. */
const ZERO_SHARE = 1e-12;
/** Sweeps of the Jacobi method; eight or so suffice for any matrix of moderate size. */
const MAX_SWEEPS = 60;

/**
 * Singular values of a row-major (rows, columns) matrix, descending, min(rows, columns) of them. One-sided Jacobi (Hestenes 1958):
 * rows of the wide orientation are rotated until all are orthogonal; their norms are the singular values.
 */
export function singularValues(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const tall = rows > columns;
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length }, (__, i) => (tall ? matrix[i * columns + k] : matrix[k * columns + i])),
  );
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  for (let sweep = 0, rotated = true; rotated && sweep < MAX_SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        const [a, b] = [vectors[p], vectors[q]];
        const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
        if (Math.abs(ab) <= 1e-16 * Math.sqrt(aa * bb) || ab === 0) continue;
        rotated = true;
        const zeta = (bb - aa) / (2 * ab);
        const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = cosine * tangent;
        for (let i = 0; i < length; i++) {
          const kept = a[i];
          a[i] = cosine * kept - sine * b[i];
          b[i] = sine * kept + cosine * b[i];
        }
      }
    }
  }
  return Float64Array.from(vectors.map((vector) => Math.sqrt(dot(vector, vector))))
    .sort()
    .reverse();
}

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
