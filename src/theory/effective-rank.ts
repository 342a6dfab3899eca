// Effective ranks of a matrix from its singular values (src/core/svd.ts), in float64. Decomposes nothing itself.

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
