// Everything a sweep has measured so far: all observables at all checkpoints, unreduced. Filled while the sweep runs.

import { cellCount, type Sweep } from './sweep.ts';

/** Marks a network that has not been measured at a checkpoint yet. */
export const UNKNOWN = 255;

/** `Known` is what is known of the sweep: all of it, but for stored results that are only drawn. */
export interface Film<Known = Sweep> {
  readonly sweep: Known;
  /** Checkpoints, ascending; times[0] = 0. */
  readonly times: readonly number[];
  readonly cells: number;
  readonly seeds: number;
  /** Per-network observables by id: (time, cell, seed), NaN where unknown. */
  readonly network: Readonly<Record<string, Float64Array>>;
  /** Per-cell observables by id: (time, cell), NaN where unknown. */
  readonly cell: Readonly<Record<string, Float64Array>>;
  /** Codes of core/outcome or UNKNOWN: (time, cell, seed). */
  readonly outcomes: Uint8Array;
}

/** All that drawing needs. */
export type DrawnFilm = Film<Pick<Sweep, 'axes'>>;

/** An empty film for a sweep; `perCell` says which observables are per cell. */
export function createFilm(sweep: Sweep, perCell: (observable: string) => boolean): Film {
  const times = [0, ...sweep.training.checkpoints];
  const cells = cellCount(sweep);
  const filled = (length: number) => new Float64Array(length).fill(Number.NaN);
  const network: Record<string, Float64Array> = {};
  const cell: Record<string, Float64Array> = {};
  for (const id of sweep.observables) {
    if (perCell(id)) cell[id] = filled(times.length * cells);
    else network[id] = filled(times.length * cells * sweep.seeds);
  }
  return {
    sweep,
    times,
    cells,
    seeds: sweep.seeds,
    network,
    cell,
    outcomes: new Uint8Array(times.length * cells * sweep.seeds).fill(UNKNOWN),
  };
}
