// A film over output scale and width, cut where it has other axes, and estimates with errors from it.
// What is estimated: report.ts.

import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { momentsOf } from '../core/statistics.ts';
import { cellValues } from '../core/sweep.ts';
import { type Curves, curvesOf, everyone, meanCurve } from './curves.ts';
import type { Finding } from './finding.ts';
import { type BootstrapOptions, bootstrapInterval, fitPowerLaw, type PowerLaw } from './power-law.ts';
import { type Scaling, scalingOf } from './scaling.ts';

/** Ends of axes are meant to be inside their windows in spite of rounding. */
const SLACK = 1 + 1e-9;
/** Most slices (combinations of the axes besides output scale and width) that are reported. */
const MAX_SLICES = 12;
/** Most widths that have lines of their own. */
const MAX_LISTED = 8;

export interface Slice {
  readonly film: Film;
  readonly observables: readonly Observable[];
  readonly pinned: Readonly<Record<string, number>>;
  readonly where: string;
  readonly scaling: Scaling;
  readonly bootstrap: BootstrapOptions;
}

/** Closed range of α̃. */
export type Window = readonly [number, number];
export const inside = (value: number, [low, high]: Window) => value >= low / SLACK && value <= high * SLACK;
/** A band about a known value; null where it is not known. */
export const around = (center: number | null, margin: number): Window | null =>
  center === null ? null : [center - margin, center + margin];

/** The curves of an observable over output scale, one per width; null where it was not measured. */
export function curves(slice: Slice, id: string): Curves | null {
  const observable = slice.observables.find((candidate) => candidate.id === id);
  if (observable === undefined || !slice.film.sweep.observables.includes(id)) return null;
  return curvesOf(slice.film, observable, { along: 'outputScale', against: 'width', pinned: slice.pinned });
}

/** Mean over the fits that exist, with their spread, or with the fit's own error where there is one fit. */
export function averaged(fits: readonly PowerLaw[]): { value: number; error: number } {
  const found = fits.filter(({ exponent }) => Number.isFinite(exponent));
  if (found.length === 1) return { value: found[0].exponent, error: found[0].standardError };
  const { mean, std } = momentsOf(found.map(({ exponent }) => exponent));
  return { value: mean, error: std };
}

export interface Estimated extends Pick<Finding, 'id' | 'name'> {
  readonly theory?: number | null;
  readonly band?: Window | null;
  readonly where?: string;
}

/** A finding from a statistic over members: its value, its error and its bootstrap interval. Nothing where it has no value. */
export function estimate(
  slice: Slice,
  from: Pick<Curves, 'members'>,
  { id, name, where = '', theory = null, band = null }: Estimated,
  statistic: (chosen: readonly number[]) => { value: number; error: number },
): Finding[] {
  const { value, error } = statistic(everyone(from));
  if (!Number.isFinite(value)) return [];
  const interval = bootstrapInterval(from.members, (chosen) => statistic(chosen).value, slice.bootstrap);
  return [
    { id, name, where: [where, slice.where].filter((text) => text !== '').join(', '), value, error, interval, theory, band },
  ];
}

/** Exponent of a curve against α̃ inside a window, averaged over widths. */
export function slope(
  slice: Slice,
  source: Curves,
  window: Window,
  about: Estimated,
  pick: (value: number, rescaled: number) => number = (value) => value,
): Finding[] {
  return estimate(slice, source, about, (chosen) =>
    averaged(
      source.against.map((width, row) => {
        const scales = source.along.map((scale) => slice.scaling.rescaled(scale, width));
        const ys = meanCurve(source, row, chosen).map((y, i) => (inside(scales[i], window) ? pick(y, scales[i]) : Number.NaN));
        return fitPowerLaw(scales, ys);
      }),
    ),
  );
}

/** Rows of at most eight widths, evenly taken, the narrowest and the widest among them: more would not be read. */
export function listedRows({ against }: Pick<Curves, 'against'>): number[] {
  const listed = Math.min(against.length, MAX_LISTED);
  return Array.from({ length: listed }, (_, i) => (listed === 1 ? 0 : Math.round((i * (against.length - 1)) / (listed - 1))));
}

/** One number per listed width. */
export function perWidth(
  slice: Slice,
  source: Curves,
  about: Pick<Finding, 'id' | 'name'>,
  read: (rescaled: readonly number[], ys: readonly number[], width: number) => number,
): Finding[] {
  return listedRows(source).flatMap((row) => {
    const width = source.against[row];
    const scales = source.along.map((scale) => slice.scaling.rescaled(scale, width));
    return estimate(slice, source, { ...about, where: `width = ${width}` }, (chosen) => ({
      value: read(scales, meanCurve(source, row, chosen), width),
      error: Number.NaN,
    }));
  });
}

/** All slices of a film that theory's units apply to, the first 12. */
export function slicesOf(film: Film, observables: readonly Observable[], bootstrap: BootstrapOptions): Slice[] {
  const { sweep } = film;
  const others = sweep.axes.filter(({ parameter }) => parameter !== 'outputScale' && parameter !== 'width');
  const count = others.reduce((product, { values }) => product * values.length, 1);
  return Array.from({ length: Math.min(count, MAX_SLICES) }, (_, slice) => {
    let rest = slice;
    const pinned: Record<string, number> = {};
    for (const { parameter, values } of [...others].reverse()) {
      pinned[parameter] = rest % values.length;
      rest = Math.floor(rest / values.length);
    }
    const where = others.map(({ parameter, values }) => `${parameter} = ${values[pinned[parameter]]}`).join(', ');
    const own = Object.fromEntries(others.map(({ parameter, values }) => [parameter, values[pinned[parameter]]]));
    const scaling = scalingOf(sweep, { ...cellValues(sweep, 0), ...own });
    return scaling === null ? null : { film, observables, pinned, where, scaling, bootstrap };
  }).filter((slice) => slice !== null);
}
