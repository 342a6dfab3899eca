// erf and erfc in float64, to about 1e-15. Their float32 twins stand in activations.ts, inside the functions that need them.

/** erfc(x)·e^{x²} for x ≥ 2 by the continued fraction of Laplace. */
function scaledComplement(x: number): number {
  // 60 levels reach 1e-16 at x = 2; larger x need fewer.
  let tail = 0;
  for (let k = 60; k >= 1; k--) tail = k / 2 / (x + tail);
  return 1 / (Math.sqrt(Math.PI) * (x + tail));
}

/** Error function erf(x) = 2/√π ∫₀ˣ e^{−t²} dt. */
export function erf(x: number): number {
  if (Math.abs(x) >= 2) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  // erf(x) = 2/√π e^{−x²} Σ 2ⁿ x^{2n+1} / (1·3·…·(2n+1)): positive terms, no cancellation.
  let term = x;
  let sum = x;
  for (let n = 1; n < 80; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
    if (Math.abs(term) < 1e-18 * Math.abs(sum)) break;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Complementary error function 1 − erf(x), accurate relative to its own size. */
export function erfc(x: number): number {
  return x < 2 ? 1 - erf(x) : Math.exp(-x * x) * scaledComplement(x);
}

/** Standard normal distribution function Φ(z). */
export function normalDistribution(z: number): number {
  return 0.5 * erfc(-z / Math.SQRT2);
}
