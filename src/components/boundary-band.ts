// How well the seeds pin the boundary down: where it would lie had other seeds been drawn, as a soft band and in words. Resamples
// in small portions, away from painting; the boundary itself is heatmap-boundary.ts.

import { type SVGTemplateResult, svg } from 'lit';
import { crossings } from '../analysis/contour.ts';
import { bootstrapIntervals } from '../analysis/power-law.ts';
import type { DrawnFilm } from '../core/film.ts';
import { isAveraged } from '../core/statistics.ts';
import { type Polyline, pathData } from './contour.ts';
import { levelRegions } from './contour-regions.ts';
import { type DiagramView, type ObservableView, seedValues } from './diagram-view.ts';
import type { Overlay } from './heatmap-marks.ts';
import { spokenNumber } from './numbers.ts';
import { nearestKnown } from './paint.ts';
import { type AxisScale, type AxisView, scaleOf } from './scale.ts';

/** Fewest seeds that can be resampled. */
export const LEAST_SEEDS = 3;
const REPLICATES = 200;
const LEVEL = 0.95;

/** Ends of the interval of every place's mean over resampled seeds; the mean itself where nothing is in doubt. */
export interface Band {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Places next to the boundary, or whose seeds lie on both sides of it: elsewhere no resample can move it. */
function doubtful(view: DiagramView, members: (place: number) => readonly number[], threshold: number): number[] {
  const { columns, rows, values } = view;
  const above = (value: number) => value >= threshold;
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const [r, c] = [Math.floor(i / columns), i % columns];
    let near = members(i).some((value) => Number.isFinite(value) && above(value) !== above(values[i]));
    for (let dr = -1; dr <= 1 && !near; dr++) {
      for (let dc = -1; dc <= 1; dc++) {
        const [nr, nc] = [r + dr, c + dc];
        if (nr < 0 || nc < 0 || nr >= rows || nc >= columns) continue;
        const value = values[nr * columns + nc];
        if (!Number.isNaN(value) && above(value) !== above(values[i])) near = true;
      }
    }
    if (near) places.push(i);
  }
  return places;
}

/**
 * The band of a picture of means over seeds: 95 % percentile intervals of every mean, over resamples of seeds that all places
 * share. Null with fewer than three seeds, for observables per cell, or where no boundary runs.
 */
export function bandOf(
  film: DrawnFilm,
  frame: number,
  view: DiagramView,
  observable: Pick<ObservableView, 'id' | 'scale'>,
  threshold: number,
): Band | null {
  if (film.seeds < LEAST_SEEDS || film.network[observable.id] === undefined) return null;
  const log = observable.scale === 'log';
  const members = (place: number) => seedValues(film, view.frames?.[place] ?? frame, view.cells[place], observable.id);
  const places = doubtful(view, members, threshold);
  if (places.length === 0) return null;
  const columns = places.map((place) =>
    members(place).map((value) => (isAveraged(value, observable.scale) ? (log ? Math.log(value) : value) : Number.NaN)),
  );
  const mean = (column: readonly number[], chosen: readonly number[]) => {
    let [sum, count] = [0, 0];
    for (const member of chosen) {
      if (Number.isNaN(column[member])) continue;
      sum += column[member];
      count++;
    }
    return sum / count;
  };
  const intervals = bootstrapIntervals(film.seeds, (chosen) => columns.map((column) => mean(column, chosen)), {
    replicates: REPLICATES,
    level: LEVEL,
  });
  const [low, high] = [view.values.slice(), view.values.slice()];
  places.forEach((place, k) => {
    const interval = intervals[k];
    if (interval === null) return;
    [low[place], high[place]] = log ? [Math.exp(interval[0]), Math.exp(interval[1])] : interval;
  });
  return { low, high };
}

/**
 * Where the boundary of the middle row lies, from end to end of the band; where it does not cross that row
 * once, how many cells it holds.
 */
export function bandWords(
  view: DiagramView,
  band: Band,
  observable: ObservableView,
  x: AxisView,
  y: AxisView | null,
  threshold: number,
): string {
  const row = (view.rows - 1) >> 1;
  const scale = scaleOf(x.axis);
  const ends = [band.low, band.high].map((values) => {
    const along = values.subarray(row * view.columns, (row + 1) * view.columns);
    const found = crossings(scale.centres, along, threshold, { x: 'linear', y: observable.scale === 'log' ? 'log' : 'linear' });
    return found.length === 1 ? scale.value(found[0]) : Number.NaN;
  });
  const [one, other] = ends;
  if (!Number.isFinite(one + other)) {
    const open = band.low.filter((low, i) => low < threshold && band.high[i] >= threshold).length;
    return open === 0 ? '' : `In ${open} of ${view.cells.length} cells other seeds may put the mean on the other side, 95 %.`;
  }
  const value = y?.axis.values[row];
  const at = y === null ? '' : ` at ${y.label} ${typeof value === 'number' ? spokenNumber(value) : value}`;
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  return `By its seeds the boundary lies between ${x.label} ${spokenNumber(low, 3)} and ${spokenNumber(high, 3)}${at}, 95 %.`;
}

/** Outlines of the places that some resample puts on the other side, to be filled by the even-odd rule. */
export function bandRegions(
  view: DiagramView,
  band: Band,
  { scale }: Pick<ObservableView, 'scale'>,
  threshold: number,
): (x: AxisScale, y: AxisScale) => Polyline[] {
  const nearest = nearestKnown(view);
  const measure = scale === 'log' ? Math.log : (value: number) => value;
  const filled = (values: Float64Array) => Float64Array.from(nearest, (i) => (i < 0 ? Number.NaN : measure(values[i])));
  const fields = [band.low, band.high].map(filled);
  return (x, y) => fields.flatMap((field) => levelRegions(field, x.centres, y.centres, measure(threshold)));
}

/** What a band lies over. */
export interface BandedPicture {
  readonly view: DiagramView;
  readonly frame: number;
  readonly observable: ObservableView;
  readonly x: AxisView;
  /** Null for one row. */
  readonly y: AxisView | null;
}

/** The band of a picture as something to lay over its cells; null where there is none, or the picture is not whole. */
export function bandOver(
  film: DrawnFilm,
  { view, frame, observable, x, y }: BandedPicture,
  threshold: number | undefined,
): Overlay | null {
  if (threshold === undefined || view.measured.some((networks) => networks === 0)) return null;
  const band = bandOf(film, frame, view, observable, threshold);
  if (band === null) return null;
  const regions = bandRegions(view, band, observable, threshold);
  return {
    marks: (xs, ys, box): SVGTemplateResult[] => {
      const path = pathData(regions(xs, ys), box.width, box.height);
      return [
        svg`<clipPath id="band"><rect width=${box.width} height=${box.height} /></clipPath>
        <path part="band" class="band" transform="translate(${box.left} ${box.top})" clip-path="url(#band)" d=${path}
          fill="#14161a" fill-opacity="0.2" fill-rule="evenodd" stroke="none" />`,
      ];
    },
    words: bandWords(view, band, observable, x, y, threshold),
  };
}
