// One picture: a film's frame reduced over seeds and cut to two axes. Draws nothing: see phase-heatmap.ts.

import { memberValues } from '../core/diagram.ts';
import { type DrawnFilm, UNKNOWN } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { OUTCOMES, type Outcome, outcomeCode } from '../core/outcome.ts';
import { summarise } from '../core/statistics.ts';
import type { Axis, Sweep } from '../core/sweep.ts';
import { placeOf, REFUSED, TIME } from './diagram-place.ts';

/** What drawing needs to know of an observable. */
export type ObservableView = Pick<
  Observable,
  'id' | 'label' | 'symbol' | 'description' | 'range' | 'scale' | 'role' | 'threshold' | 'richSide' | 'per' | 'classes'
> & {
  /** Of differences: the value of no difference, 0 or on a logarithmic scale 1. Colours are symmetric about it. */
  readonly centre?: number;
};

export { placeOf, REFUSED, TIME };

/** All arrays are (rows, columns), row-major, row 0 at the bottom. */
export interface DiagramView {
  readonly columns: number;
  readonly rows: number;
  /** Index of the sweep's cell behind each place. */
  readonly cells: Int32Array;
  /** In planes over training time the film's frame behind each place; left out where all places show one frame. */
  readonly frames?: Int32Array;
  /** Mean over seeds, geometric for logarithmic observables, the class of most seeds; NaN where nothing is known or finite. */
  readonly values: Float64Array;
  /**
   * Standard deviation over seeds; of ln for logarithmic observables, share of other classes for classes. NaN below two values.
   */
  readonly spread: Float64Array;
  /** Finite values behind each mean. */
  readonly counts: Uint16Array;
  /** Networks measured, finite or not; 0 marks an unknown cell. */
  readonly measured: Uint16Array;
  /**
   * Code of the outcome that marks the cell: the worst that at least half of its networks share. UNKNOWN where unknown, REFUSED.
   */
  readonly outcomes: Uint8Array;
}

/** Which two axes are drawn and where the others are cut. */
export interface Slice {
  /** Parameter on the horizontal axis. */
  readonly x: string;
  /** Parameter on the vertical axis, or TIME; null draws one row. */
  readonly y: string | null;
  /** Index along every axis that is not drawn, by parameter; 0 where left out. */
  readonly at: Readonly<Record<string, number>>;
}

/** A slice that exists in the sweep, as close to `wish` as possible. */
export function fittingSlice(sweep: Pick<Sweep, 'axes'>, wish: Partial<Slice>): Slice {
  const names = sweep.axes.map((axis) => axis.parameter);
  const x = wish.x !== undefined && names.includes(wish.x) ? wish.x : names[0];
  const rest = names.filter((name) => name !== x);
  const y = wish.y != null && (wish.y === TIME || rest.includes(wish.y)) ? wish.y : (rest[0] ?? null);
  return { x, y, at: wish.at ?? {} };
}

export function axisOf(sweep: Pick<Sweep, 'axes'>, parameter: string): Axis {
  const axis = sweep.axes.find((candidate) => candidate.parameter === parameter);
  if (axis === undefined) throw new Error(`no axis ${parameter} in this sweep`);
  return axis;
}

/** Cells of a slice, (rows, columns), row-major; one row over training time, which is no axis of the sweep. */
export function sliceCells(sweep: Pick<Sweep, 'axes'>, slice: Slice): { columns: number; rows: number; cells: Int32Array } {
  const strides = new Map<string, number>();
  let stride = 1;
  for (let a = sweep.axes.length - 1; a >= 0; a--) {
    strides.set(sweep.axes[a].parameter, stride);
    stride *= sweep.axes[a].values.length;
  }
  const y = slice.y === TIME ? null : slice.y;
  const columns = axisOf(sweep, slice.x).values.length;
  const rows = y === null ? 1 : axisOf(sweep, y).values.length;
  let origin = 0;
  for (const axis of sweep.axes) {
    if (axis.parameter === slice.x || axis.parameter === y) continue;
    origin += Math.min(axis.values.length - 1, slice.at[axis.parameter] ?? 0) * (strides.get(axis.parameter) ?? 0);
  }
  const [dx, dy] = [strides.get(slice.x) ?? 0, y === null ? 0 : (strides.get(y) ?? 0)];
  const cells = new Int32Array(columns * rows);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) cells[r * columns + c] = origin + r * dy + c * dx;
  return { columns, rows, cells };
}

/** Outcomes that mark a cell, worst first. */
const MARKS: readonly Outcome[] = ['diverged', 'stalled', 'obstructed', 'out-of-budget', 'running', 'converged'];

function markOf(tally: ArrayLike<number>, measured: number): number {
  if (measured === 0) return UNKNOWN;
  let seen = 0;
  for (const outcome of MARKS) {
    seen += tally[outcomeCode[outcome]];
    if (2 * seen >= measured) return outcomeCode[outcome];
  }
  return outcomeCode.converged;
}

/** Reduces one frame over seeds and cuts it. */
export function diagramView(
  film: DrawnFilm,
  frame: number,
  observable: Pick<ObservableView, 'id' | 'scale'>,
  slice: Slice,
): DiagramView {
  const { columns, rows, cells } = sliceCells(film.sweep, slice);
  const size = cells.length;
  const values = new Float64Array(size).fill(Number.NaN);
  const spread = new Float64Array(size).fill(Number.NaN);
  const counts = new Uint16Array(size);
  const measured = new Uint16Array(size);
  const outcomes = new Uint8Array(size).fill(UNKNOWN);
  const perCell = film.cell[observable.id];
  const tally = new Uint16Array(OUTCOMES.length);
  for (let i = 0; i < size; i++) {
    const base = (frame * film.cells + cells[i]) * film.seeds;
    tally.fill(0);
    for (let s = 0; s < film.seeds; s++) {
      const code = film.outcomes[base + s];
      if (code === UNKNOWN) continue;
      measured[i]++;
      tally[code]++;
    }
    outcomes[i] = markOf(tally, measured[i]);
    if (measured[i] === 0) continue;
    if (perCell !== undefined) {
      values[i] = perCell[frame * film.cells + cells[i]];
      counts[i] = Number.isFinite(values[i]) ? measured[i] : 0;
      continue;
    }
    const summary = summarise(memberValues(film, observable.id, frame, cells[i]), observable.scale);
    values[i] = summary.mean;
    spread[i] = summary.std;
    counts[i] = summary.count;
  }
  return { columns, rows, cells, values, spread, counts, measured, outcomes };
}

/** Rows of a plane over training time, one picture of one row per frame from frame 1 on, the earliest at the bottom. */
export function timeView(rows: readonly DiagramView[]): DiagramView {
  const columns = rows[0].columns;
  const size = rows.length * columns;
  const plane = {
    columns,
    rows: rows.length,
    cells: new Int32Array(size),
    frames: new Int32Array(size),
    values: new Float64Array(size),
    spread: new Float64Array(size),
    counts: new Uint16Array(size),
    measured: new Uint16Array(size),
    outcomes: new Uint8Array(size),
  };
  rows.forEach((row, r) => {
    for (const part of ['cells', 'values', 'spread', 'counts', 'measured', 'outcomes'] as const)
      plane[part].set(row[part], r * columns);
    plane.frames.fill(r + 1, r * columns, (r + 1) * columns);
  });
  return plane;
}

/** Values of an observable over the seeds of one cell at one frame; NaN where unknown. */
export function seedValues(film: DrawnFilm, frame: number, cell: number, observable: string): number[] {
  const perCell = film.cell[observable];
  if (perCell !== undefined) return [perCell[frame * film.cells + cell]];
  const perNetwork = film.network[observable];
  if (perNetwork === undefined) return [];
  const base = (frame * film.cells + cell) * film.seeds;
  return Array.from(perNetwork.subarray(base, base + film.seeds));
}

/** Number of networks measured at a frame. Grows only, so it tells whether a reduction of the frame is stale. */
export function measuredAt(film: DrawnFilm, frame: number): number {
  const size = film.cells * film.seeds;
  let count = 0;
  for (let i = frame * size; i < (frame + 1) * size; i++) if (film.outcomes[i] !== UNKNOWN) count++;
  return count;
}

/** The picture of a sweep of which nothing is known yet. */
export function emptyView(sweep: Pick<Sweep, 'axes' | 'training'>, slice: Slice): DiagramView {
  if (slice.y === TIME) {
    const row = emptyView(sweep, { ...slice, y: null });
    return timeView(sweep.training.checkpoints.map(() => row));
  }
  const { columns, rows, cells } = sliceCells(sweep, slice);
  const size = cells.length;
  return {
    columns,
    rows,
    cells,
    values: new Float64Array(size).fill(Number.NaN),
    spread: new Float64Array(size).fill(Number.NaN),
    counts: new Uint16Array(size),
    measured: new Uint16Array(size),
    outcomes: new Uint8Array(size).fill(UNKNOWN),
  };
}

/** Last frame at which anything is known; −1 before the first. */
export function lastKnownFrame(film: DrawnFilm): number {
  for (let frame = film.times.length - 1; frame >= 0; frame--) {
    const size = film.cells * film.seeds;
    for (let i = frame * size; i < (frame + 1) * size; i++) if (film.outcomes[i] !== UNKNOWN) return frame;
  }
  return -1;
}
