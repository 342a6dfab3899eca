// Where an observable crosses a threshold along one axis, curve by curve: the boundary between lazy and rich with its
// uncertainty. Lines to draw through a heatmap are the interface's business.

import { type Curves, meanCurve } from './curves.ts';
import { type BootstrapOptions, bootstrapIntervals } from './power-law.ts';

/** How values are interpolated between neighbours. */
export interface Interpolation {
  readonly x: 'linear' | 'log';
  readonly y: 'linear' | 'log';
}

const forward = { linear: (value: number) => value, log: Math.log };
const backward = { linear: (value: number) => value, log: Math.exp };

/** Points whose coordinates are finite in the chosen scales, in order. */
function usable(xs: ArrayLike<number>, ys: ArrayLike<number>, scales: Interpolation): { u: number; v: number }[] {
  return Array.from({ length: xs.length }, (_, i) => ({ u: forward[scales.x](xs[i]), v: forward[scales.y](ys[i]) })).filter(
    ({ u, v }) => Number.isFinite(u) && Number.isFinite(v),
  );
}

/**
 * All x at which the curve through (xs, ys), xs ascending, takes the value `threshold`. Points without a finite value (not
 * positive on a log scale) are left out and bridged.
 */
export function crossings(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  threshold: number,
  scales: Interpolation = { x: 'log', y: 'log' },
): number[] {
  const level = forward[scales.y](threshold);
  const points = usable(xs, ys, scales);
  const found: number[] = [];
  points.forEach(({ u, v }, i) => {
    if (v === level) found.push(backward[scales.x](u));
    else if (i > 0 && points[i - 1].v !== level && v > level !== points[i - 1].v > level) {
      const before = points[i - 1];
      found.push(backward[scales.x](before.u + ((level - before.v) / (v - before.v)) * (u - before.u)));
    }
  });
  return found;
}

/** Value of the curve at `x`, between its neighbours; NaN outside of the curve. */
export function valueAt(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  x: number,
  scales: Interpolation = { x: 'log', y: 'log' },
): number {
  const at = forward[scales.x](x);
  const points = usable(xs, ys, scales);
  // The ends of an axis are meant to be reached in spite of rounding.
  const slack = 1e-9 * (1 + Math.abs(at));
  for (let i = 0; i < points.length; i++) {
    const { u, v } = points[i];
    if (Math.abs(u - at) <= slack) return backward[scales.y](v);
    if (i > 0 && points[i - 1].u < at && at < u) {
      const before = points[i - 1];
      return backward[scales.y](before.v + ((at - before.u) / (u - before.u)) * (v - before.v));
    }
  }
  return Number.NaN;
}

export interface Boundary {
  /** One value per curve, ascending. */
  readonly against: readonly number[];
  /** Where the mean over seeds crosses, the last crossing along the curve; NaN where it does not: (against). */
  readonly at: readonly number[];
  /** Bootstrap interval over seeds, null where there is none: (against). */
  readonly intervals: readonly (readonly [number, number] | null)[];
}

/** The last crossing of each curve's mean over `chosen` members: beyond it the curve stays on one side. */
export function lastCrossings(curves: Curves, threshold: number, chosen?: readonly number[]): number[] {
  const scales: Interpolation = { x: curves.along.every((x) => x > 0) ? 'log' : 'linear', y: curves.scale };
  return curves.against.map(
    (_, row) => crossings(curves.along, meanCurve(curves, row, chosen), threshold, scales).at(-1) ?? Number.NaN,
  );
}

/**
 * The boundary at `threshold`: interpolated in log-log (linear where the axis or the observable is linear), on means over seeds.
 */
export function boundaryOf(curves: Curves, threshold: number, options?: BootstrapOptions): Boundary {
  return {
    against: curves.against,
    at: lastCrossings(curves, threshold),
    intervals: bootstrapIntervals(curves.members, (chosen) => lastCrossings(curves, threshold, chosen), options),
  };
}
