// Statistics over the seeds of a cell, float64. Knows numbers only: what counts as a number of a cell is diagram.ts.

import type { Observable } from './observable.ts';

type Scale = Observable['scale'];

/** The quantiles that diagrams and results carry. */
const QUANTILES = [0.25, 0.5, 0.75] as const;

export interface Summary {
  /**
   * Arithmetic mean; geometric where `scale` is `log`; of classes the most frequent, the lower of equals.
   * NaN where there is no value.
   */
  readonly mean: number;
  /**
   * Unbiased standard deviation (n − 1); of ln x where `scale` is `log`, so that exp(std) is a factor. NaN below two values, and
   * on a log scale where some values are zero and others not. Of classes: the share of values in other classes, 0 … 1.
   */
  readonly std: number;
  /** Values that entered. */
  readonly count: number;
  /** Values at QUANTILES, of x itself on both scales; NaN for classes, which have no order. */
  readonly quantiles: readonly [number, number, number];
}

/** True where a value can enter a mean on that scale: finite, not negative on a log scale, a whole number ≥ 0 for classes. */
export function isAveraged(value: number, scale: Scale): boolean {
  return Number.isFinite(value) && (scale === 'linear' || (value >= 0 && (scale === 'log' || Number.isInteger(value))));
}

/**
 * Value at share `share` (0 … 1) of `sorted` (ascending), linear between neighbours: position share·(n − 1), type 7 of Hyndman
 * and Fan 1996. NaN where there is none.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const lower = Math.floor(position);
  const low = sorted[lower];
  const rest = position - lower;
  return rest === 0 ? low : low + rest * (sorted[lower + 1] - low);
}

/** Mean and unbiased standard deviation by two passes. */
export function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  const { length } = values;
  if (length === 0) return { mean: Number.NaN, std: Number.NaN };
  let sum = 0;
  for (let i = 0; i < length; i++) sum += values[i];
  const mean = sum / length;
  let squares = 0;
  for (let i = 0; i < length; i++) squares += (values[i] - mean) ** 2;
  return { mean, std: length > 1 ? Math.sqrt(squares / (length - 1)) : Number.NaN };
}

/** The class of most values, and what share of them is in others. `sorted` ascending, not empty. */
function modeOf(sorted: Float64Array): { mean: number; std: number } {
  let most = 0;
  let mode = sorted[0];
  for (let first = 0, i = 0; i < sorted.length; i++) {
    if (sorted[i] !== sorted[first]) first = i;
    if (i - first + 1 > most) {
      most = i - first + 1;
      mode = sorted[i];
    }
  }
  return { mean: mode, std: 1 - most / sorted.length };
}

/**
 * Summary of the values that can be averaged; the others are left out (and show in `count`). On a log scale one zero makes the
 * geometric mean 0.
 */
export function summarise(values: Iterable<number>, scale: Scale): Summary {
  const kept = Float64Array.from([...values].filter((value) => isAveraged(value, scale))).sort();
  if (scale === 'class') {
    const { mean, std } = kept.length > 0 ? modeOf(kept) : { mean: Number.NaN, std: Number.NaN };
    return { mean, std, count: kept.length, quantiles: [Number.NaN, Number.NaN, Number.NaN] };
  }
  const quantiles = [quantile(kept, QUANTILES[0]), quantile(kept, QUANTILES[1]), quantile(kept, QUANTILES[2])] as const;
  if (scale === 'linear') return { ...momentsOf(kept), count: kept.length, quantiles };
  if (kept.length > 0 && kept[0] === 0) {
    const allZero = kept.length > 1 && kept[kept.length - 1] === 0;
    return { mean: 0, std: allZero ? 0 : Number.NaN, count: kept.length, quantiles };
  }
  const { mean, std } = momentsOf(kept.map(Math.log));
  return { mean: Math.exp(mean), std, count: kept.length, quantiles };
}
