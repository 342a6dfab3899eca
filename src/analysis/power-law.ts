// Exponents: least squares in log-log, and bootstrap intervals over seeds.

import { randomSource, STREAMS } from '../core/random.ts';
import { quantile } from '../core/statistics.ts';

export interface PowerLaw {
  /** p in y = c x^p; NaN below two points. */
  readonly exponent: number;
  /** c, in the units of y at x = 1. */
  readonly prefactor: number;
  /** Standard error of the exponent from the residuals, n − 2 degrees of freedom; NaN below three points. */
  readonly standardError: number;
  /** Points that entered. */
  readonly points: number;
}

/**
 * Least-squares line through (ln x, ln y), every point with the same weight. Points that are not
 * positive and finite are left out.
 */
export function fitPowerLaw(xs: ArrayLike<number>, ys: ArrayLike<number>): PowerLaw {
  const u: number[] = [];
  const v: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    const lnX = Math.log(xs[i]);
    const lnY = Math.log(ys[i]);
    if (!Number.isFinite(lnX) || !Number.isFinite(lnY)) continue;
    u.push(lnX);
    v.push(lnY);
  }
  const points = u.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / points;
  const meanU = mean(u);
  const meanV = mean(v);
  let uu = 0;
  let uv = 0;
  for (let i = 0; i < points; i++) {
    uu += (u[i] - meanU) ** 2;
    uv += (u[i] - meanU) * (v[i] - meanV);
  }
  if (points < 2 || uu === 0) return { exponent: Number.NaN, prefactor: Number.NaN, standardError: Number.NaN, points };
  const exponent = uv / uu;
  const intercept = meanV - exponent * meanU;
  const residual = u.reduce((sum, lnX, i) => sum + (v[i] - intercept - exponent * lnX) ** 2, 0);
  const standardError = points < 3 ? Number.NaN : Math.sqrt(residual / (points - 2) / uu);
  return { exponent, prefactor: Math.exp(intercept), standardError, points };
}

export interface BootstrapOptions {
  /** Resamples; 0 for no intervals. Defaults to 400. */
  readonly replicates?: number;
  /** Probability inside the interval, 0 … 1. Defaults to 0.95. */
  readonly level?: number;
  /** Defaults to 0. */
  readonly seed?: number;
}

/**
 * Percentile intervals (Efron 1979) of statistics over seeds. `statistics` gets the members of one resample: `members` draws with
 * replacement from 0 … members − 1, the same in all cells, since cells share the luck of a seed; it gives any number of values.
 * Values that are not finite are left out; the interval is null with fewer than three members, or where fewer than half of
 * the resamples gave a value.
 */
export function bootstrapIntervals(
  members: number,
  statistics: (chosen: readonly number[]) => readonly number[],
  { replicates = 400, level = 0.95, seed = 0 }: BootstrapOptions = {},
): (readonly [number, number] | null)[] {
  const count = statistics(Array.from({ length: members }, (_, m) => m)).length;
  if (members < 3 || replicates < 1) return new Array<null>(count).fill(null);
  const source = randomSource(seed, STREAMS.bootstrap);
  const drawn: number[][] = Array.from({ length: count }, () => []);
  for (let r = 0; r < replicates; r++) {
    const chosen = Array.from({ length: members }, () => source.below(members));
    statistics(chosen).forEach((value, i) => {
      if (Number.isFinite(value)) drawn[i].push(value);
    });
  }
  return drawn.map((values) => {
    if (values.length < replicates / 2) return null;
    const sorted = Float64Array.from(values).sort();
    return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
  });
}

/** `bootstrapIntervals` of one statistic. */
export function bootstrapInterval(
  members: number,
  statistic: (chosen: readonly number[]) => number,
  options?: BootstrapOptions,
): readonly [number, number] | null {
  return bootstrapIntervals(members, (chosen) => [statistic(chosen)], options)[0];
}
