// A Sweep as everything behind the border sees it: complete, checked, with defaults filled in. See parse-sweep.ts.

import type { Value, Values } from './parameter.ts';
import type { Training } from './training.ts';

/** One swept parameter and its values, in the order in which they are drawn. */
export interface Axis {
  readonly parameter: string;
  /** How ticks and interpolation treat the values; `list` for named choices and irregular numbers. */
  readonly scale: 'linear' | 'log' | 'list';
  readonly values: readonly Value[];
}

/** A complete experiment. Only `parseSweep` makes one. */
export interface Sweep {
  readonly version: 1;
  /** Optional human title. */
  readonly title?: string;
  readonly family: string;
  readonly task: { readonly kind: string; readonly settings: Readonly<Record<string, unknown>> };
  /** One to four. Arrays over cells are row-major in this order. */
  readonly axes: readonly Axis[];
  /** Every parameter that is not swept: family, task and training parameters, defaults filled in. */
  readonly fixed: Values;
  /** Networks per cell, ≥ 1. */
  readonly seeds: number;
  /** First seed; the cell's networks use seed, seed + 1, … */
  readonly seed: number;
  /** True: every cell draws its own weights. False: cells of one shape share them (common random numbers). */
  readonly independentSeeds: boolean;
  readonly training: Training;
  /** Ids of the observables to measure. */
  readonly observables: readonly string[];
}

/** Number of cells of a sweep. */
export function cellCount(sweep: Pick<Sweep, 'axes'>): number {
  return sweep.axes.reduce((count, axis) => count * axis.values.length, 1);
}

/** Index along every axis of cell `cell` (row-major, last axis fastest). */
export function cellIndices(sweep: Pick<Sweep, 'axes'>, cell: number): number[] {
  const indices = new Array<number>(sweep.axes.length);
  for (let a = sweep.axes.length - 1, rest = cell; a >= 0; a--) {
    const steps = sweep.axes[a].values.length;
    indices[a] = rest % steps;
    rest = Math.floor(rest / steps);
  }
  return indices;
}

/** All parameter values of cell `cell`. */
export function cellValues(sweep: Pick<Sweep, 'axes' | 'fixed'>, cell: number): Values {
  const values: Record<string, Value> = { ...sweep.fixed };
  const indices = cellIndices(sweep, cell);
  sweep.axes.forEach((axis, a) => {
    values[axis.parameter] = axis.values[indices[a]];
  });
  return values;
}
