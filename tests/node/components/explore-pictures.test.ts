// Pictures taken from pictures: differences, ratios, seeds, spreads, and the band in which the boundary lies.
// And what undo goes back to.

import { describe, expect, test } from 'vitest';
import { boundaryScaling, lineExponent } from '../../../src/analysis/boundary-scaling.ts';
import { curvesOf } from '../../../src/analysis/curves.ts';
import { acrossSlice, turnedSlice } from '../../../src/components/atlas-axes.ts';
import { bandOf, bandRegions, bandWords } from '../../../src/components/boundary-band.ts';
import { levelRegions } from '../../../src/components/contour-regions.ts';
import { DerivedCache } from '../../../src/components/derived-cache.ts';
import { DiagramCache } from '../../../src/components/diagram-cache.ts';
import { TIME } from '../../../src/components/diagram-view.ts';
import {
  type Compared,
  differenceMeasure,
  differenceObservable,
  differenceView,
  differenceWords,
} from '../../../src/components/difference-view.ts';
import { scaleOf } from '../../../src/components/scale.ts';
import { collapsedColumns } from '../../../src/components/scaling-data.ts';
import { fittingSeeds, seedPictures, spreadObservable } from '../../../src/components/seed-view.ts';
import { keptRefusal } from '../../../src/components/shown-changes.ts';
import { ViewHistory } from '../../../src/components/view-history.ts';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { summarise } from '../../../src/core/statistics.ts';
import type { Axis, Sweep } from '../../../src/core/sweep.ts';
import { FIRST_VIEW } from '../../../src/core/view-state.ts';

const change: Compared = {
  id: 'kernelChange',
  label: 'relative kernel change',
  symbol: 'ΔΘ',
  description: '',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'order',
  threshold: 1,
  richSide: 'above',
  per: 'network',
  unit: 'dimensionless',
};
const alpha: Axis = { parameter: 'outputScale', scale: 'log', values: [0.1, 1, 10, 100] };
const width: Axis = { parameter: 'width', scale: 'log', values: [8, 16, 32] };
const SEEDS = 5;

/** ΔΘ = t · α⁻¹ √(8/h) · (a factor of the seed): the boundary α* moves as h to the power −1/2. */
const truth = (alphaValue: number, widthValue: number, seed: number, time: number) =>
  ((time * 3) / alphaValue) * Math.sqrt(8 / widthValue) * Math.exp(0.2 * (seed - 2));

function filmOf(axes: readonly Axis[] = [alpha, width]): Film {
  const sweep = {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe', settings: {} },
    axes,
    fixed: {},
    seeds: SEEDS,
    seed: 0,
    independentSeeds: false,
    training: { checkpoints: [1, 2] },
    stages: [],
    observables: ['kernelChange'],
  } as unknown as Sweep;
  const film = createFilm(sweep, () => false);
  for (let t = 0; t < 3; t++) {
    for (let cell = 0; cell < film.cells; cell++) {
      for (let s = 0; s < SEEDS; s++) {
        const at = (t * film.cells + cell) * SEEDS + s;
        film.outcomes[at] = outcomeCode.converged;
        film.network.kernelChange[at] = truth(Number(alpha.values[Math.floor(cell / 3)]), Number(width.values[cell % 3]), s, t);
      }
    }
  }
  return film;
}

const film = filmOf();
const slice = { x: 'outputScale', y: 'width', at: {} };
const cache = new DiagramCache(film, change, slice);

describe('a difference', () => {
  const linear: Compared = { ...change, id: 'error', label: 'test error', scale: 'linear', unit: 'dimensionless' };

  test('is one of numbers in one unit, a ratio of those that span decades, and refused in words where it means nothing', () => {
    expect(differenceMeasure(linear, linear)).toEqual({ measure: 'difference' });
    expect(differenceMeasure(change, change)).toEqual({ measure: 'ratio' });
    expect(differenceMeasure(change, linear)).toEqual({ measure: 'ratio' });
    expect(differenceMeasure(linear, { ...linear, unit: 's' })).toEqual({ refusal: expect.stringMatching(/different units/) });
    expect(differenceMeasure(change, { ...linear, range: [-1, 1] })).toEqual({
      refusal: expect.stringMatching(/can be negative/),
    });
    expect(differenceMeasure(linear, { ...linear, scale: 'class' })).toEqual({ refusal: expect.stringMatching(/names classes/) });
  });

  test('of times is exact, knows what is unknown, and is the same object until something is measured', () => {
    const own = filmOf();
    const source = new DiagramCache(own, change, slice);
    own.outcomes.fill(255, 2 * own.cells * SEEDS, 2 * own.cells * SEEDS + SEEDS);
    const ratio = new DerivedCache({
      frames: 3,
      plane: false,
      scale: 'log',
      sources: (frame) => [source.strip(frame), source.strip(1)],
      derive: ([a, b]) => differenceView(a, b, 'ratio'),
    });
    const view = ratio.view(2);
    expect(view.measured[0]).toBe(0);
    expect(view.values[0]).toBeNaN();
    for (let i = 1; i < view.values.length; i++) expect(view.values[i]).toBeCloseTo(2, 12);
    expect(ratio.view(2)).toBe(view);
    own.outcomes.fill(outcomeCode.converged, 2 * own.cells * SEEDS, 2 * own.cells * SEEDS + SEEDS);
    expect(ratio.view(2).values[0]).toBeCloseTo(2, 12);
    expect(ratio.extent(1)).toEqual([expect.closeTo(1, 12), expect.closeTo(2, 12)]);
  });

  test('is told in words', () => {
    const told = (values: number[], measure: 'difference' | 'ratio') =>
      differenceWords({ values: Float64Array.from(values) }, measure);
    expect(told([1, -1, 2, 0, Number.NaN], 'difference')).toBe('Larger in 2 of 4 cells, smaller in 1, the same in 1.');
    expect(told([1, 1], 'ratio')).toBe('The same in every known cell.');
    expect(told([Number.NaN], 'ratio')).toBe('');
    const since = differenceObservable(linear, 'difference', { from: 'frame', when: 't = 1' });
    expect(since.label).toBe('change of test error since t = 1');
    expect([since.centre, since.threshold, since.role]).toEqual([0, undefined, 'quantity']);
    expect(differenceObservable(change, 'ratio', { from: 'observable', label: 'test error' }).label).toBe(
      'relative kernel change ÷ test error',
    );
  });

  test('to a kept run needs the same axes and times', () => {
    expect(keptRefusal(null, film, change)).toMatch(/No run/);
    expect(keptRefusal({ film: filmOf(), name: 'it' }, film, change)).toBe('');
    expect(keptRefusal({ film: filmOf([alpha, { ...width, values: [8, 16, 64] }]), name: 'it' }, film, change)).toMatch(
      /other axes/,
    );
    expect(keptRefusal({ film, name: 'it' }, film, { id: 'testError', label: 'test error' })).toMatch(
      /did not measure test error/,
    );
  });
});

describe('seeds', () => {
  test('one by one are what their networks measured', () => {
    const { cache: one, observable } = seedPictures(cache, film, change, 3, false);
    const view = one.view(2);
    view.cells.forEach((cell, place) => {
      expect(view.values[place]).toBe(truth(Number(alpha.values[Math.floor(cell / 3)]), Number(width.values[cell % 3]), 3, 2));
    });
    expect(Array.from(view.measured)).toEqual(new Array(12).fill(1));
    expect(observable.label).toBe('relative kernel change, seed 4');
    expect(one.extent()).toEqual(cache.extent());
  });

  test('have a spread that is a picture of its own', () => {
    const { cache: spread } = seedPictures(cache, film, change, 'spread', false);
    const expected = summarise(
      [0, 1, 2, 3, 4].map((s) => Math.exp(0.2 * (s - 2))),
      'log',
    ).std;
    for (const value of spread.view(1).values) expect(value).toBeCloseTo(expected, 12);
    expect(spreadObservable(change).threshold).toBeUndefined();
    expect(spreadObservable(change)).toMatchObject({ role: 'quantity', scale: 'linear' });
  });

  test('that do not exist fall back to the mean', () => {
    expect(fittingSeeds(film, change, 9)).toBe('mean');
    expect(fittingSeeds(film, change, undefined)).toBe('mean');
    expect(fittingSeeds(film, { ...change, id: 'per-cell' }, 'spread')).toBe('mean');
    expect(fittingSeeds(film, change, 4)).toBe(4);
  });
});

describe('the band', () => {
  test('holds the mean, leaves alone what no seed doubts, and says where the boundary lies', () => {
    const view = cache.view(1);
    const band = bandOf(film, 1, view, change, 1);
    if (band === null) throw new Error('no band');
    view.values.forEach((value, i) => {
      expect(band.low[i]).toBeLessThanOrEqual(value);
      expect(band.high[i]).toBeGreaterThanOrEqual(value);
    });
    expect(band.low.filter((value, i) => value < view.values[i]).length).toBeGreaterThan(0);
    // α = 0.1 and 100 are no neighbours of the boundary at α* = 3 √(8/h).
    expect([band.low[0], band.high[3]]).toEqual([view.values[0], view.values[3]]);
    const axis = (which: Axis, label: string) => ({ axis: which, label, symbol: '' });
    const words = bandWords(view, band, change, axis(alpha, 'output scale'), axis(width, 'width'), 1);
    const [low, high] = (words.match(/output scale ([\d.]+) and ([\d.]+) at width 16/) ?? []).slice(1).map(Number);
    const exact = 3 * Math.sqrt(8 / 16);
    expect(low).toBeLessThan(exact);
    expect(high).toBeGreaterThan(exact);
    expect(high / low).toBeLessThan(Math.exp(0.8));
  });

  test('is drawn as the cells between two closed outlines', () => {
    const view = cache.view(1);
    const band = bandOf(film, 1, view, change, 1);
    if (band === null) throw new Error('no band');
    const outlines = bandRegions(view, band, change, 1)(scaleOf(alpha), scaleOf(width));
    expect(outlines).toHaveLength(2);
    for (const outline of outlines) expect(outline.slice(0, 2)).toEqual(outline.slice(-2));
    const [narrow, wide] = outlines.map((outline) => Math.max(...outline.filter((x, i) => i % 2 === 0 && x < 1)));
    expect(narrow).toBeLessThan(wide);
  });

  test('needs three seeds and a boundary', () => {
    expect(bandOf({ ...film, seeds: 2 }, 1, cache.view(1), change, 1)).toBeNull();
    expect(bandOf(film, 1, cache.view(1), change, 1e6)).toBeNull();
  });

  test('is bounded by closed outlines, also where it reaches the border', () => {
    const x = [0.25, 0.75];
    const whole = levelRegions([1, 1, 1, 1], x, x, 0.5);
    expect(whole).toHaveLength(1);
    expect(whole[0].slice(0, 2)).toEqual(whole[0].slice(-2));
    expect(Math.min(...whole[0])).toBeLessThan(0);
    expect(Math.max(...whole[0])).toBeGreaterThan(1);
    expect(levelRegions([0, 0, 0, 0], x, x, 0.5)).toEqual([]);
    const [half] = levelRegions([0, 1, 0, 1], x, x, 0.5);
    expect(Math.min(...half.filter((_, i) => i % 2 === 0))).toBeCloseTo(0.5, 12);
  });
});

describe('scaling', () => {
  const curves = curvesOf(film, change, { along: 'outputScale', against: 'width', frame: 1 });

  test('finds the exponent that was put in, for every choice of seeds', () => {
    const { points, exponent, prefactor, interval } = boundaryScaling(curves, 1, { replicates: 60 });
    expect(exponent).toBeCloseTo(-0.5, 10);
    expect(prefactor).toBeCloseTo(3 * Math.sqrt(8), 10);
    for (const end of interval ?? [0, 0]) expect(end).toBeCloseTo(-0.5, 10);
    for (const { against, at, interval: range } of points) {
      expect(at).toBeCloseTo(3 * Math.sqrt(8 / against), 10);
      if (range === null) throw new Error('no interval');
      expect(range[0]).toBeLessThan(at);
      expect(range[1]).toBeGreaterThan(at);
    }
  });

  test('reads theory’s exponent off a straight line, and none off a bent one', () => {
    const ys = [8, 16, 32, 64];
    expect(lineExponent(ys.map((y) => [2 / Math.sqrt(y), y] as const))).toBeCloseTo(-0.5, 12);
    expect(lineExponent(ys.map((y) => [1 + Math.log(y) ** 4, y] as const))).toBeNaN();
    expect(lineExponent([[1, 8]])).toBeNaN();
  });

  test('lays curves onto one over the right axis', () => {
    const { x, columns } = collapsedColumns(curves, 0.5);
    for (const column of columns) {
      column.forEach((value, i) => {
        if (value !== null) expect(value * x[i]).toBeCloseTo(3 * Math.sqrt(8), 8);
      });
    }
    expect([...x].sort((a, b) => a - b)).toEqual(x);
  });
});

test('axes change places', () => {
  expect(acrossSlice(slice, 'width')).toEqual({ x: 'width', y: 'outputScale', at: {} });
  expect(turnedSlice(slice)).toEqual({ x: 'width', y: 'outputScale', at: {} });
  expect(turnedSlice({ ...slice, y: TIME })).toBeNull();
});

test('undo goes back over choices one by one, and over a drag at once', () => {
  const history = new ViewHistory();
  const states = [0, 1, 2, 3].map((i) => ({ ...FIRST_VIEW, threshold: i }));
  history.record(FIRST_VIEW, ['colours']);
  history.record(states[0], ['threshold']);
  history.record(states[1], ['threshold']);
  history.record(states[2], ['frame']);
  expect(history.undo(states[3])).toBe(states[0]);
  expect(history.undo(states[0])).toBe(FIRST_VIEW);
  expect(history.canUndo).toBe(false);
  expect(history.redo(FIRST_VIEW)).toBe(states[0]);
  expect(history.redo(states[0])).toBe(states[3]);
  expect(history.canRedo).toBe(false);
  history.undo(states[3]);
  history.record(states[1], ['colours']);
  expect(history.canRedo).toBe(false);
});
