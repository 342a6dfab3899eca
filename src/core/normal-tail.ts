// Tail probabilities of one and two standard normals, by quadrature in float64; absolute errors below 1e-12. Draws nothing.

/** Intervals of Simpson's rule, even. */
const INTERVALS = 512;
/** Thresholds that quantiles are looked for in, both signs; the tail beyond is 6e-16. */
const MOST = 8;

/** ∫ f from 0 to `end` by Simpson's rule. */
function integral(f: (x: number) => number, end: number): number {
  const step = end / INTERVALS;
  let sum = f(0) + f(end);
  for (let k = 1; k < INTERVALS; k++) sum += (k % 2 === 1 ? 4 : 2) * f(k * step);
  return (sum * step) / 3;
}

/** The x in [low, high] where the increasing f becomes 0, to rounding. */
function bisect(f: (x: number) => number, low: number, high: number): number {
  let [below, above] = [low, high];
  for (let round = 0; round < 64; round++) {
    const middle = (below + above) / 2;
    if (f(middle) < 0) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}

/** P(Z > threshold), |threshold| ≤ 8. */
export function upperTail(threshold: number): number {
  return 0.5 - integral((t) => Math.exp((-t * t) / 2), threshold) / Math.sqrt(2 * Math.PI);
}

/** The threshold with P(Z > threshold) = probability, 0 < probability < 1. */
export function tailThreshold(probability: number): number {
  return bisect((threshold) => probability - upperTail(threshold), -MOST, MOST);
}

/**
 * P(Z > θ, Z' > θ) of two standard normals with correlation sin `angle`: its derivative by the angle is
 * e^{−θ²/(1 + sin)}/2π. Plackett 1954.
 */
export function jointTailAtAngle(threshold: number, angle: number): number {
  const density = (at: number) => Math.exp(-(threshold * threshold) / (1 + Math.sin(at)));
  return upperTail(threshold) ** 2 + integral(density, angle) / (2 * Math.PI);
}

/** The correlation with P(Z > θ, Z' > θ) = `probability`; −1 or 1 where no correlation reaches it. */
export function jointTailCorrelation(threshold: number, probability: number): number {
  return Math.sin(bisect((angle) => jointTailAtAngle(threshold, angle) - probability, -Math.PI / 2, Math.PI / 2));
}
