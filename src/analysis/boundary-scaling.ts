// The boundary against any numeric axis: where it lies, with intervals over seeds, and the exponent of its power law. Reads
// theories' exponents out of their lines; drawing is the interface's business.

import { lastCrossings } from './contour.ts';
import type { Curves } from './curves.ts';
import { type BootstrapOptions, bootstrapIntervals, fitPowerLaw } from './power-law.ts';

/** One value of the axis, and where the boundary lies there. */
export interface BoundaryPoint {
  readonly against: number;
  /** NaN where the curve does not cross. */
  readonly at: number;
  /** Bootstrap interval over seeds; null where there is none. */
  readonly interval: readonly [number, number] | null;
}

export interface BoundaryScaling {
  readonly points: readonly BoundaryPoint[];
  /** p in at = c · against^p; NaN below two points. */
  readonly exponent: number;
  /** c. */
  readonly prefactor: number;
  /** Bootstrap interval of the exponent over seeds; null with fewer than three. */
  readonly interval: readonly [number, number] | null;
  /** Standard error of the fit; NaN below three points. */
  readonly standardError: number;
}

/** Where the means over seeds cross `threshold` last, and the power law through these points. Both axes positive. */
export function boundaryScaling(curves: Curves, threshold: number, options?: BootstrapOptions): BoundaryScaling {
  const { against, members } = curves;
  const at = lastCrossings(curves, threshold);
  const fit = fitPowerLaw(against, at);
  const intervals = bootstrapIntervals(
    members,
    (chosen) => {
      const moved = lastCrossings(curves, threshold, chosen);
      return [...moved, fitPowerLaw(against, moved).exponent];
    },
    options,
  );
  return {
    points: against.map((value, i) => ({ against: value, at: at[i], interval: intervals[i] })),
    exponent: fit.exponent,
    prefactor: fit.prefactor,
    interval: intervals[against.length],
    standardError: fit.standardError,
  };
}

/** A line that bends more than this, by the standard error of its exponent, has none. */
const STRAIGHT = 0.02;

/** p of a theory's line x ∝ y^p, points (x, y); NaN where it is no power law. */
export function lineExponent(points: readonly (readonly [number, number])[]): number {
  const usable = points.filter((point) => point.every((value) => value > 0 && Number.isFinite(value)));
  const fit = fitPowerLaw(
    usable.map(([, y]) => y),
    usable.map(([x]) => x),
  );
  return fit.points > 2 && fit.standardError <= STRAIGHT * Math.max(1, Math.abs(fit.exponent)) ? fit.exponent : Number.NaN;
}
