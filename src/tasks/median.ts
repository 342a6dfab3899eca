// The median of a density on an interval, by Simpson's rule and Newton's method in float64. Knows no task.

const INTERVALS = 4096;

/**
 * Point x in (`from`, `to`) with half of the mass on either side. `density` is smooth and positive inside, need not be
 * normalised, and must be negligible outside; the error is then far below 1e-9 of the interval.
 */
export function medianOf(density: (x: number) => number, from: number, to: number): number {
  const half = integrate(density, from, to, INTERVALS) / 2;
  let low = from;
  let high = to;
  let x = (from + to) / 2;
  for (let turn = 0; turn < 100; turn++) {
    const excess = integrate(density, from, x, INTERVALS) - half;
    if (excess > 0) high = x;
    else low = x;
    const newton = x - excess / density(x);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * Math.abs(to - from)) return next;
    x = next;
  }
  return x;
}

function integrate(density: (x: number) => number, from: number, to: number, intervals: number): number {
  const step = (to - from) / intervals;
  let sum = density(from) + density(to);
  for (let i = 1; i < intervals; i++) sum += (i % 2 === 1 ? 4 : 2) * density(from + i * step);
  return (sum * step) / 3;
}
