// An observable along one axis, one curve per value of another, seeds kept apart: what boundaries and fits are made from.
// Takes every cell at its last measured frame.

import { latestFrame, memberValues } from '../core/diagram.ts';
import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { isAveraged } from '../core/statistics.ts';
import type { Sweep } from '../core/sweep.ts';

export interface Curves {
  /** Values of the axis along the curves, ascending. */
  readonly along: readonly number[];
  /** One value per curve, ascending. */
  readonly against: readonly number[];
  /** Members per point: the seeds, or 1 for an observable per cell. */
  readonly members: number;
  /** (against, along, member): x, or ln x on a log scale; NaN where there is none. */
  readonly values: Float64Array;
  readonly scale: 'linear' | 'log';
}

export interface CurvesOptions {
  /** Parameter along the curves: an axis, or a fixed number (curves of one point). */
  readonly along: string;
  /** Parameter that tells the curves apart: an axis or a fixed number. */
  readonly against: string;
  /** Index on each other axis, by parameter. Defaults to 0. */
  readonly pinned?: Readonly<Record<string, number>>;
  /** Last frame to look at. Defaults to the last of the film. */
  readonly frame?: number;
}

/** The axis of a parameter with its indices in ascending order of value, or its fixed value as an axis of one. */
function ascending(sweep: Sweep, parameter: string): { axis: number; indices: number[]; values: number[] } {
  const axis = sweep.axes.findIndex((candidate) => candidate.parameter === parameter);
  const all = axis < 0 ? [sweep.fixed[parameter]] : sweep.axes[axis].values;
  const numbers = all.map((value) => {
    if (typeof value !== 'number') throw new Error(`curves: parameter ${parameter} has no number: ${String(value)}`);
    return value;
  });
  const indices = numbers.map((_, i) => i).sort((i, j) => numbers[i] - numbers[j]);
  return { axis, indices, values: indices.map((i) => numbers[i]) };
}

/** Cuts the curves of an observable out of a film. */
export function curvesOf(film: Film, observable: Pick<Observable, 'id' | 'scale' | 'per'>, options: CurvesOptions): Curves {
  const { sweep } = film;
  const along = ascending(sweep, options.along);
  const against = ascending(sweep, options.against);
  const strides = sweep.axes.map((_, a) => sweep.axes.slice(a + 1).reduce((product, axis) => product * axis.values.length, 1));
  const base = sweep.axes.reduce((sum, { parameter }, a) => {
    return a === along.axis || a === against.axis ? sum : sum + strides[a] * (options.pinned?.[parameter] ?? 0);
  }, 0);
  const offset = (axis: number, index: number) => (axis < 0 ? 0 : strides[axis] * index);
  const members = observable.per === 'cell' ? 1 : film.seeds;
  const values = new Float64Array(against.values.length * along.values.length * members).fill(Number.NaN);
  against.indices.forEach((j, row) => {
    along.indices.forEach((i, column) => {
      const cell = base + offset(against.axis, j) + offset(along.axis, i);
      const frame = latestFrame(film, cell, options.frame);
      if (frame < 0) return;
      const found =
        observable.per === 'cell'
          ? [film.cell[observable.id][frame * film.cells + cell]]
          : memberValues(film, observable.id, frame, cell);
      for (let m = 0; m < members; m++) {
        const value = found[m];
        const at = (row * along.values.length + column) * members + m;
        if (isAveraged(value, observable.scale)) values[at] = observable.scale === 'log' ? Math.log(value) : value;
      }
    });
  });
  return { along: along.values, against: against.values, members, values, scale: observable.scale === 'log' ? 'log' : 'linear' };
}

/** 0 … members − 1: everyone once. */
export function everyone(curves: Pick<Curves, 'members'>): number[] {
  return Array.from({ length: curves.members }, (_, m) => m);
}

/**
 * Mean of curve `row` over `chosen` members (repetitions count), geometric on a log scale; NaN where none has a value: (along).
 */
export function meanCurve(curves: Curves, row: number, chosen: readonly number[] = everyone(curves)): number[] {
  const { along, members, values, scale } = curves;
  return along.map((_, column) => {
    const first = (row * along.length + column) * members;
    let sum = 0;
    let count = 0;
    for (const m of chosen) {
      const value = values[first + m];
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    if (count === 0) return Number.NaN;
    return scale === 'log' ? Math.exp(sum / count) : sum / count;
  });
}
