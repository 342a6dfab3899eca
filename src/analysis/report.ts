// Reads boundaries and exponents out of a film that varies output scale or width. Units and theory are scaling.ts's.

import { latestFrames } from '../core/diagram.ts';
import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { outcomeCode } from '../core/outcome.ts';
import { momentsOf } from '../core/statistics.ts';
import { bestCollapse, collapseCost } from './collapse.ts';
import { boundaryOf, lastCrossings, valueAt } from './contour.ts';
import { meanCurve } from './curves.ts';
import type { Finding } from './finding.ts';
import { type BootstrapOptions, fitPowerLaw } from './power-law.ts';
import {
  around,
  averaged,
  curves,
  type Estimated,
  estimate,
  inside,
  listedRows,
  perWidth,
  type Slice,
  slicesOf,
  slope,
  type Window,
} from './slice.ts';

/** α̃ well inside the rich regime: the exponents of Geiger et al. 2020 are read between these. */
const RICH_WINDOW = [1e-3, 1e-1] as const;
/** α̃ from which on networks are lazy whatever their width. */
const LAZY_WINDOW = [1e3, Number.POSITIVE_INFINITY] as const;
/** A kernel that changed more than this is not in the linear regime yet. */
const LAZY_KERNEL_CHANGE = 0.1;
/** α̃ at which plateaus of the rich side are quoted. */
const PLATEAU_SCALE = 1e-2;
/** Below this width the crossover has visible finite-width corrections. */
const WIDE = 64;
/** Widths and seeds that an exponent of the variance needs to be trusted within its band. */
const VARIANCE_WIDTH = 32;
const VARIANCE_SEEDS = 16;

/** Thresholds of kernel change whose exponents have known bands. Geiger et al. 2020 draw 1. */
const THRESHOLDS: readonly number[] = [1, 0.5];

/** Curves bend too much between neighbours further apart than this factor for a boundary between them to be held to a band. */
const COARSE = 10;

/** True where a neighbour on each side of `at` is near enough to tell the boundary from the bend of the curve. */
function isResolved(along: readonly number[], at: number): boolean {
  const after = along.findIndex((x) => x >= at);
  return after <= 0 || along[after] / along[after - 1] <= COARSE * (1 + 1e-9);
}

/** α* ∝ h^p for each threshold of kernel change; α̃* width by width for 1, or for all that were asked for. */
function crossover(slice: Slice, asked: readonly number[] | undefined): Finding[] {
  const change = curves(slice, 'kernelChange');
  if (change === null) return [];
  const { article, rescaled } = slice.scaling;
  const exponent = (threshold: number, least: number, about: Estimated) => {
    const rows = change.against.map((width, row) => ({ width, row })).filter(({ width }) => width >= least);
    if (rows.length < 3) return [];
    const boundary = lastCrossings(change, threshold);
    const resolved = rows.every(({ row }) => isResolved(change.along, boundary[row]));
    return estimate(slice, change, { theory: -0.5, ...about, band: resolved ? about.band : null }, (chosen) => {
      const at = lastCrossings(change, threshold, chosen);
      const fit = fitPowerLaw(
        rows.map(({ width }) => width),
        rows.map(({ width, row }) => article(at[row], width)),
      );
      return fit.points < 3 ? { value: Number.NaN, error: Number.NaN } : averaged([fit]);
    });
  };
  const exponents = (asked ?? THRESHOLDS).flatMap((threshold) => {
    const known = THRESHOLDS.includes(threshold);
    return [
      ...exponent(threshold, 0, {
        id: `crossover-exponent-${threshold}`,
        name: `p in α* ∝ h^p, kernel change ${threshold}`,
        band: known ? [-0.65, -0.45] : null,
      }),
      ...(change.against[0] < WIDE
        ? exponent(threshold, WIDE, {
            id: `crossover-exponent-${threshold}-wide`,
            name: `p in α* ∝ h^p, kernel change ${threshold}, h ≥ ${WIDE}`,
            band: known ? [-0.57, -0.45] : null,
          })
        : []),
    ];
  });
  const points = (asked ?? [1]).flatMap((threshold) => {
    const boundary = boundaryOf(change, threshold, slice.bootstrap);
    return listedRows(change).flatMap((row): Finding[] => {
      const width = change.against[row];
      const interval = boundary.intervals[row];
      if (Number.isNaN(boundary.at[row])) return [];
      return [
        {
          id: threshold === 1 ? 'crossover' : `crossover-${threshold}`,
          name: `α̃* where kernel change is ${threshold}`,
          where: [`width = ${width}`, slice.where].filter((text) => text !== '').join(', '),
          value: rescaled(boundary.at[row], width),
          error: Number.NaN,
          interval: interval === null ? null : [rescaled(interval[0], width), rescaled(interval[1], width)],
          theory: null,
          band: null,
        },
      ];
    });
  });
  return [...exponents, ...points];
}

/** Kernel changes below this belong to the lazy side, whose curves also go with h^−1/2 upwards. Geiger et al. 2020, figure 3. */
const COLLAPSE_FROM = 0.1;
/** Resamples look for the exponent so far around the best one. */
const COLLAPSE_NEIGHBOURHOOD = 0.5;

/**
 * x in h^x α on whose axis the curves of all widths fall onto one, and how far apart they are at x = 1/2, that is over α̃. Of
 * times only the distance: they are level on the rich side, so that x would answer for the heights of the plateaus.
 */
function collapse(slice: Slice): Finding[] {
  const about = [
    { id: 'kernelChange', name: 'kernel change', level: false, keep: (y: number) => y >= COLLAPSE_FROM },
    { id: 'halvingTime', name: 't₁/(√h α)', level: true, keep: () => true },
  ];
  // Axes may be α̃ or the article's α: α = outputScale · h^unit.
  const unit = Math.log(slice.scaling.article(1, Math.E));
  return about.flatMap(({ id, name, level, keep }) => {
    const source = curves(slice, id);
    if (source === null || source.against.length < 3) return [];
    const best = bestCollapse(source, { keep });
    if (Number.isNaN(best.exponent)) return [];
    const range = [best.exponent - COLLAPSE_NEIGHBOURHOOD, best.exponent + COLLAPSE_NEIGHBOURHOOD] as const;
    const exponent = { id: `collapse-exponent-${id}`, name: `x that lays ${name} over h^x α`, theory: 0.5 };
    const cost = { id: `collapse-cost-${id}`, name: `rms distance of ln ${name} over √h α` };
    return [
      ...(level
        ? []
        : estimate(slice, source, exponent, (chosen) => ({
            value: bestCollapse(source, { keep, chosen, range }).exponent - unit,
            error: Number.NaN,
          }))),
      ...estimate(slice, source, cost, (chosen) => ({
        value: collapseCost(source, 0.5 + unit, { keep, chosen }),
        error: Number.NaN,
      })),
    ];
  });
}

/** ΔΘ/Θ₀ ∝ α̃^−a on both sides. */
function kernelSlopes(slice: Slice): Finding[] {
  const change = curves(slice, 'kernelChange');
  if (change === null) return [];
  const { richKernel, lazyKernel } = slice.scaling;
  const rich = {
    id: 'rich-kernel-exponent',
    name: 'a in kernel change ∝ α̃^−a, rich',
    theory: richKernel,
    band: around(richKernel, 0.08),
  };
  const lazy = {
    id: 'lazy-kernel-exponent',
    name: 'a in kernel change ∝ α̃^−a, lazy',
    theory: lazyKernel,
    band: around(lazyKernel, 0.01),
  };
  return [
    ...slope(slice, change, RICH_WINDOW, rich, (y) => 1 / y),
    ...slope(slice, change, LAZY_WINDOW, lazy, (y) => (y < LAZY_KERNEL_CHANGE ? 1 / y : Number.NaN)),
  ];
}

/** ‖Δw‖/‖w₀‖ on the rich side; √h times it is a number of order one from two hidden layers on. */
function weights(slice: Slice): Finding[] {
  const change = curves(slice, 'weightChange');
  if (change === null) return [];
  const { richWeights, lazyKernel, depth } = slice.scaling;
  const about = {
    id: 'rich-weight-exponent',
    name: 'exponent of ‖Δw‖/‖w₀‖ in α̃, rich',
    theory: richWeights,
    band: around(richWeights, 0.05),
  };
  const lazy = { id: 'lazy-weight-exponent', name: 'exponent of ‖Δw‖/‖w₀‖ in α̃, lazy', theory: lazyKernel === null ? null : -1 };
  const factor = depth > 1 ? '√h' : '';
  return [
    ...slope(slice, change, RICH_WINDOW, about),
    ...slope(slice, change, LAZY_WINDOW, lazy),
    ...perWidth(
      slice,
      change,
      { id: 'weight-change', name: `${factor}‖Δw‖/‖w₀‖ at α̃ = ${PLATEAU_SCALE}` },
      (scales, ys, width) => {
        return valueAt(scales, ys, PLATEAU_SCALE) * (depth > 1 ? Math.sqrt(width) : 1);
      },
    ),
  ];
}

/** t₁ in the article's time, α̃ s₁: ∝ α̃ on the rich side, constant on the lazy one. */
function halvingTimes(slice: Slice): Finding[] {
  const time = curves(slice, 'halvingTime');
  if (time === null) return [];
  const { richTime } = slice.scaling;
  const articleTime = (s: number, rescaled: number) => s * rescaled;
  const rich = { id: 'rich-time-exponent', name: 'exponent of t₁ in α̃, rich', theory: richTime, band: around(richTime, 0.06) };
  const lazy = { id: 'lazy-time-exponent', name: 'exponent of t₁ in α̃, lazy', theory: 0, band: around(0, 0.01) };
  return [
    ...slope(slice, time, RICH_WINDOW, rich, articleTime),
    ...slope(slice, time, LAZY_WINDOW, lazy, articleTime),
    ...perWidth(slice, time, { id: 'rich-time', name: `t₁/α̃ at α̃ = ${PLATEAU_SCALE}` }, (scales, ys) =>
      valueAt(scales, ys, PLATEAU_SCALE),
    ),
    ...perWidth(slice, time, { id: 'lazy-time', name: 't₁, lazy' }, (scales, ys) => {
      const logs = ys
        .map((s, i) => (inside(scales[i], LAZY_WINDOW) ? Math.log(s * scales[i]) : Number.NaN))
        .filter(Number.isFinite);
      return Math.exp(momentsOf(logs).mean);
    }),
  ];
}

/** δF = √Var F against width, at each output scale of a regime. */
function spread(slice: Slice): Finding[] {
  const variance = curves(slice, 'seedVariance');
  if (variance === null || variance.against.length < 3) return [];
  const wide = variance.against.filter((width) => width >= VARIANCE_WIDTH);
  const least = wide.length >= 3 ? VARIANCE_WIDTH : 0;
  const trusted = least > 0 && slice.film.seeds >= VARIANCE_SEEDS;
  const rows = variance.against.map((_, row) => meanCurve(variance, row));
  const regime = (id: string, name: string, window: Window) =>
    estimate(slice, variance, { id, name, theory: -0.5, band: trusted ? around(-0.5, 0.08) : null }, () =>
      averaged(
        variance.along.map((scale, column) => {
          const kept = rows.map((row, r) => {
            const width = variance.against[r];
            return width >= least && inside(slice.scaling.rescaled(scale, width), window) ? Math.sqrt(row[column]) : Number.NaN;
          });
          const fit = fitPowerLaw(variance.against, kept);
          return fit.points < 3 ? { ...fit, exponent: Number.NaN } : fit;
        }),
      ),
    );
  return [
    ...regime('rich-spread-exponent', 'exponent of δF in h, rich', [0, RICH_WINDOW[1]]),
    ...regime('lazy-spread-exponent', 'exponent of δF in h, lazy', LAZY_WINDOW),
  ];
}

/** How many networks reached their stop rule: what all other numbers stand on. */
function converged(film: Film): Finding {
  const frames = latestFrames(film);
  let met = 0;
  for (let cell = 0; cell < film.cells; cell++) {
    const first = (frames[cell] * film.cells + cell) * film.seeds;
    for (let s = 0; frames[cell] >= 0 && s < film.seeds; s++) if (film.outcomes[first + s] === outcomeCode.converged) met += 1;
  }
  return {
    id: 'converged',
    name: 'share of networks that converged',
    where: '',
    value: met / (film.cells * film.seeds),
    error: Number.NaN,
    interval: null,
    theory: null,
    band: null,
  };
}

export interface AnalysisOptions extends BootstrapOptions {
  /** Kernel changes at which the boundary is read, each > 0. Defaults to 1 and 0.5, with the points of 1. */
  readonly thresholds?: readonly number[];
}

/**
 * Everything that can be read from a film over output scale and width: crossover and its exponent, how well widths collapse,
 * exponents and plateaus of both sides, widths' effect on the spread over seeds; slice by slice where there are other axes
 * (the first 12). Means over seeds are geometric. Empty where neither is swept, or where theory's units do not apply (see
 * `scalingOf`). Deterministic: the bootstrap has its own seed; `replicates: 0` leaves it out, for films that are still forming.
 */
export function analyse(film: Film, observables: readonly Observable[], options: AnalysisOptions = {}): Finding[] {
  const { axes, fixed } = film.sweep;
  const swept = (id: string) => axes.some(({ parameter }) => parameter === id);
  const has = (id: string) => swept(id) || typeof fixed[id] === 'number';
  if (!(swept('outputScale') || swept('width')) || !has('outputScale') || !has('width')) return [];
  const { thresholds, ...bootstrap } = options;
  const findings = slicesOf(film, observables, bootstrap).flatMap((slice) => [
    ...crossover(slice, thresholds),
    ...collapse(slice),
    ...kernelSlopes(slice),
    ...weights(slice),
    ...halvingTimes(slice),
    ...spread(slice),
  ]);
  return findings.length === 0 ? [] : [...findings, converged(film)];
}
