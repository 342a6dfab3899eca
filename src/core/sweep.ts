// A Sweep as everything behind the border sees it: complete, checked, with defaults filled in. See parse-sweep.ts.

import type { FrozenLayers } from './family.ts';
import type { Value, Values } from './parameter.ts';
import type { GivenConnectivity } from './parse-connectivity.ts';
import type { Training } from './training.ts';

/** One swept parameter and its values, in the order in which they are drawn. */
export interface Axis {
  readonly parameter: string;
  /** How ticks and interpolation treat the values; `list` for named choices and irregular numbers. */
  readonly scale: 'linear' | 'log' | 'list';
  readonly values: readonly Value[];
}

/**
 * A change of task during training: from time `from` on the networks go on, from the weights they have, with changed data.
 * Momentum, adaptive steps, step counts and halving times begin anew, stop rules and `maxSteps` hold for each stage by itself,
 * and whatever is measured against the start (kernel change, weight change, …) is measured against the stage's start.
 */
export interface Stage {
  /** Training time at which it begins, 0 < from < maxTime; ascending. */
  readonly from: number;
  /**
   * What differs from the sweep's own task (not from the stage before): scalar options by id, and settings that are no scalars.
   */
  readonly task: { readonly values: Values; readonly settings: Readonly<Record<string, unknown>> };
  /** Layers that do not move during this stage. */
  readonly frozen: readonly FrozenLayers[];
  /**
   * `keep`: the output layer as it is. `new`: an output layer of zeros, for as many outputs as the stage's task has. `extended`:
   * the output layer as it is, and zeros for the outputs that the stage's task has more.
   */
  readonly head: 'keep' | 'new' | 'extended';
  /**
   * Whether both layers are first factored anew, their product kept, to the balance `laterBalance`.
   * Dominé et al. 2025, appendix D.4.
   */
  readonly rebalance: boolean;
  /**
   * Whether recurrent weights are first set anew, all others kept: to the rank `laterRank`, at the gain, from what
   * `laterConnectivity` says. Liu et al. 2024 (arXiv:2310.08513).
   */
  readonly recut: boolean;
  /** Test set: the stage's own, or the training set of the sweep's own task (for forgetting). */
  readonly test: 'own' | 'first';
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
  /** The user's own initial recurrent weights, for networks whose `connectivity` is "own". Left out: none. */
  readonly connectivity?: GivenConnectivity;
  readonly training: Training;
  /** Later tasks, in order of time; empty for most sweeps. */
  readonly stages: readonly Stage[];
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

/** Values of the swept parameters of cell `cell`. */
export function sweptValues(sweep: Pick<Sweep, 'axes'>, cell: number): Values {
  const indices = cellIndices(sweep, cell);
  return Object.fromEntries(sweep.axes.map(({ parameter, values }, a) => [parameter, values[indices[a]]]));
}

/** All parameter values of cell `cell`. */
export function cellValues(sweep: Pick<Sweep, 'axes' | 'fixed'>, cell: number): Values {
  return { ...sweep.fixed, ...sweptValues(sweep, cell) };
}
