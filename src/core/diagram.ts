// A film reduced over seeds: the phase diagram of one observable at one time. Arrays are flat over cells,
// row-major over the sweep's axes.

import { type DrawnFilm, UNKNOWN } from './film.ts';
import type { Observable } from './observable.ts';
import { isExcluded, OUTCOMES, type Outcome } from './outcome.ts';
import { summarise } from './statistics.ts';
import type { Axis } from './sweep.ts';

export interface PhaseDiagram {
  /** Id of the observable. */
  readonly observable: string;
  readonly axes: readonly Axis[];
  readonly cells: number;
  /** Frame shown in each cell, −1 where nothing has been measured: (cell). */
  readonly frames: Int32Array;
  /**
   * Arithmetic mean over seeds, geometric for `log` observables, the most frequent class for `class`;
   * NaN where there is none: (cell).
   */
  readonly mean: Float64Array;
  /** Unbiased standard deviation over seeds, of ln for `log` observables; share of seeds in other classes for `class`: (cell). */
  readonly std: Float64Array;
  /** Networks in the mean: (cell). */
  readonly count: Uint32Array;
  /** Networks left out of it because they diverged, are obstructed, have not been measured, or have no finite value: (cell). */
  readonly excluded: Uint32Array;
  /** Values at 0.25, 0.5 and 0.75, NaN for `class`: (cell) each. */
  readonly quantiles: readonly [Float64Array, Float64Array, Float64Array];
  /** Networks per outcome: (cell) each. Networks that have not been measured are in none. */
  readonly outcomes: Readonly<Record<Outcome, Uint32Array>>;
}

/** The reduction needs these of an observable. */
export type Reduced = Pick<Observable, 'id' | 'scale' | 'per'>;

/** Last frame at or before `frame` at which any network of the cell has been measured; −1 where there is none. */
export function latestFrame(film: DrawnFilm, cell: number, frame = film.times.length - 1): number {
  for (let t = frame; t >= 0; t--) {
    const first = (t * film.cells + cell) * film.seeds;
    for (let s = 0; s < film.seeds; s++) if (film.outcomes[first + s] !== UNKNOWN) return t;
  }
  return -1;
}

/** `latestFrame` of every cell. */
export function latestFrames(film: DrawnFilm, frame = film.times.length - 1): Int32Array {
  return Int32Array.from({ length: film.cells }, (_, cell) => latestFrame(film, cell, frame));
}

/**
 * Values of a cell's networks at a frame, in the order of seeds; NaN for those that have diverged, are obstructed,
 * or have not been measured.
 */
export function memberValues(film: DrawnFilm, observable: string, frame: number, cell: number): Float64Array {
  const all = film.network[observable];
  const values = new Float64Array(film.seeds).fill(Number.NaN);
  if (frame < 0 || all === undefined) return values;
  const first = (frame * film.cells + cell) * film.seeds;
  for (let s = 0; s < film.seeds; s++) {
    const code = film.outcomes[first + s];
    if (code !== UNKNOWN && !isExcluded(OUTCOMES[code])) values[s] = all[first + s];
  }
  return values;
}

/**
 * The phase diagram of `observable` with cell c at frame `frames[c]`. An observable per cell has its value as mean,
 * no spread, and count 1 or 0.
 */
export function reduceFrames(film: DrawnFilm, frames: Int32Array, observable: Reduced): PhaseDiagram {
  const { cells, seeds } = film;
  if (film.network[observable.id] === undefined && film.cell[observable.id] === undefined) {
    throw new Error(`diagram: the film holds no observable ${observable.id}`);
  }
  const mean = new Float64Array(cells).fill(Number.NaN);
  const std = new Float64Array(cells).fill(Number.NaN);
  const count = new Uint32Array(cells);
  const excluded = new Uint32Array(cells);
  const quantiles = [mean.slice(), mean.slice(), mean.slice()] as const;
  const tallies = OUTCOMES.map(() => new Uint32Array(cells));
  for (let cell = 0; cell < cells; cell++) {
    const frame = frames[cell];
    if (frame >= 0) {
      const first = (frame * cells + cell) * seeds;
      for (let s = 0; s < seeds; s++) {
        const code = film.outcomes[first + s];
        if (code !== UNKNOWN) tallies[code][cell] += 1;
      }
    }
    const perCell = observable.per === 'cell';
    const members = perCell
      ? [frame < 0 ? Number.NaN : film.cell[observable.id][frame * cells + cell]]
      : memberValues(film, observable.id, frame, cell);
    const summary = summarise(members, observable.scale);
    mean[cell] = perCell && summary.count === 1 ? members[0] : summary.mean;
    std[cell] = summary.std;
    count[cell] = summary.count;
    excluded[cell] = members.length - summary.count;
    summary.quantiles.forEach((value, q) => {
      quantiles[q][cell] = value;
    });
  }
  const outcomes = Object.fromEntries(OUTCOMES.map((outcome, code) => [outcome, tallies[code]])) as Record<Outcome, Uint32Array>;
  return { observable: observable.id, axes: film.sweep.axes, cells, frames, mean, std, count, excluded, quantiles, outcomes };
}

/** The phase diagram of `observable` at `frame` exactly: cells that have not been measured there are empty. */
export function reduceFrame(film: DrawnFilm, frame: number, observable: Reduced): PhaseDiagram {
  return reduceFrames(film, new Int32Array(film.cells).fill(frame), observable);
}
