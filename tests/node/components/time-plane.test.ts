// Planes over training time, classes, and theories as pictures: what stands where, what is said of it.

import { describe, expect, test } from 'vitest';
import { residualExtent, residualView, theoryRemarks } from '../../../src/components/atlas-theory.ts';
import { colourScale } from '../../../src/components/colour-scale.ts';
import { curvesOf, onTimes, theoryCurvesOf } from '../../../src/components/curve-data.ts';
import { DiagramCache } from '../../../src/components/diagram-cache.ts';
import { emptyView, fittingSlice, type ObservableView, placeOf, REFUSED, TIME } from '../../../src/components/diagram-view.ts';
import { theoryOverlay } from '../../../src/components/heatmap-theory.ts';
import { nearestKnown, textureOf } from '../../../src/components/paint.ts';
import { axisViewOf, scaleOf } from '../../../src/components/scale.ts';
import { cellReport, spokenCell, summaryOf } from '../../../src/components/summary.ts';
import { classTexture } from '../../../src/components/textures.ts';
import { createFilm, UNKNOWN } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import type { Axis, Sweep } from '../../../src/core/sweep.ts';
import type { Theory } from '../../../src/core/theory.ts';
import { chooseTheory } from '../../../src/engine/theory-choice.ts';
import { createTheoryFilm, enterPrediction } from '../../../src/engine/theory-film.ts';

const balance: Axis = { parameter: 'balance', scale: 'linear', values: [-1, 0, 1] };
const width: Axis = { parameter: 'width', scale: 'log', values: [8, 16] };

const sweepOf = (axes: readonly Axis[]): Sweep => ({
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', settings: {} },
  axes,
  fixed: {},
  seeds: 2,
  seed: 0,
  independentSeeds: false,
  training: {
    method: 'flow',
    maxTime: 100,
    maxSteps: 10,
    stop: {},
    checkpoints: [1, 10, 100],
    integrator: 'euler',
    tolerance: 1,
    outputTolerance: 1,
  },
  stages: [],
  observables: ['distance'],
});

const distance: ObservableView = {
  id: 'distance',
  label: 'kernel distance',
  symbol: 'S',
  description: '',
  range: [0, 2],
  scale: 'log',
  role: 'order',
  threshold: 0.01,
  richSide: 'above',
  per: 'network',
};
const mechanism: ObservableView = {
  ...distance,
  label: 'mechanism',
  symbol: 'M',
  scale: 'class',
  role: 'quantity',
  classes: [{ label: 'static' }, { label: 'kernel' }, { label: 'alignment' }],
};

/** A film of one axis, known up to frame `upTo`: value(frame, cell, seed). */
function filmOf(upTo: number, value: (frame: number, cell: number, seed: number) => number) {
  const film = createFilm(sweepOf([balance]), () => false);
  for (let i = 0; i < (upTo + 1) * 6; i++) {
    film.network.distance[i] = value(Math.floor(i / 6), Math.floor((i % 6) / 2), i % 2);
    film.outcomes[i] = outcomeCode.running;
  }
  return film;
}

const slice = fittingSlice({ axes: [balance] }, { y: TIME });
const x = axisViewOf(sweepOf([balance]), 'balance', [{ id: 'balance', label: 'balance', symbol: 'λ' }]);
const t = axisViewOf(sweepOf([balance]), TIME, []);
if (x === null || t === null) throw new Error('the axes are there');

describe('a plane over training time', () => {
  test('has one row per checkpoint after 0, the earliest at the bottom, and fills as the film does', () => {
    const film = filmOf(2, (frame, cell) => 10 ** (frame - 3) * (cell + 1));
    const cache = new DiagramCache(film, distance, slice);
    const view = cache.view(3);
    expect([view.columns, view.rows]).toEqual([3, 3]);
    expect(Array.from(view.values.subarray(0, 6))).toEqual([0.01, 0.02, 0.03, 0.1, 0.2, 0.3].map((v) => expect.closeTo(v, 9)));
    expect(Array.from(view.outcomes.subarray(6))).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
    expect(cache.view(1)).toBe(view);
    film.outcomes.fill(outcomeCode.converged, 18);
    film.network.distance.fill(1, 18);
    expect(Array.from(cache.view(1).values.subarray(6))).toEqual([1, 1, 1]);
    expect(cache.strip(1).rows).toBe(1);
  });

  test('guesses nothing about times that have not come', () => {
    const nearest = nearestKnown(
      new DiagramCache(
        filmOf(2, () => 1),
        distance,
        slice,
      ).view(0),
    );
    expect(Array.from(nearest)).toEqual([0, 1, 2, 3, 4, 5, -1, -1, -1]);
  });

  test('finds a cell at its frame', () => {
    const view = new DiagramCache(
      filmOf(3, () => 1),
      distance,
      slice,
    ).view(0);
    expect(placeOf(view, 1, 2)).toBe(4);
    expect(placeOf(view, 1, 0)).toBe(-1);
    expect(emptyView(sweepOf([balance]), slice).rows).toBe(3);
  });

  test('is spoken of with its times', () => {
    const view = new DiagramCache(
      filmOf(3, (frame, cell) => 10 ** (cell - 3) * frame),
      distance,
      slice,
    ).view(0);
    expect(t.axis.scale).toBe('log');
    expect(spokenCell(view, 4, distance, x, t, 0.01)).toMatch(/^balance 0, training time 10: kernel distance 0\.02, rich/);
    expect(summaryOf(view, distance, x, t, scaleOf(x.axis), 0.01)).toMatch(/at training time 1; .*at training time 100\.$/);
  });
});

describe('classes', () => {
  const film = filmOf(3, (_, cell, seed) => (cell === 1 && seed === 1 ? 1 : 2 * Math.min(1, cell)));
  const view = new DiagramCache(film, mechanism, { x: 'balance', y: null, at: {} }).view(3);

  test('are named, not measured', () => {
    expect(cellReport(view, 0, mechanism)).toMatchObject({ value: 'static', spread: '', side: null });
    expect(cellReport(view, 1, mechanism)).toMatchObject({ value: 'kernel', spread: '50 % of seeds' });
    expect(summaryOf(view, mechanism, x, null, scaleOf(x.axis), undefined)).toBe(
      'Of 3 cells static in 1, kernel in 1, alignment in 1. Middle row: static from balance minus 1, kernel from balance 0, alignment from balance 1.',
    );
  });

  test('have fields of their own in colour and texture', () => {
    const scale = colourScale(mechanism, null);
    expect([0, 1, 2].map((value) => scale.position(value))).toEqual([1 / 6, 3 / 6, 5 / 6].map((p) => expect.closeTo(p, 12)));
    const looks = [0, 1, 2, 3, 4].map((value) => `${classTexture(value)}`);
    expect(new Set(looks.slice(2)).size).toBe(3);
  });
});

const holds = (id: string, refuses: (lambda: unknown) => string | null): Theory => ({
  id,
  label: id,
  description: '',
  source: '',
  observables: ['distance'],
  reach: 'trajectory',
  refusal: ({ values }) => refuses(values.balance),
  solve: () => ({ at: () => undefined, exception: null }),
  boundaries: () => [],
});

describe('theories', () => {
  const sweep = sweepOf([balance, width]);
  const never = holds('never', () => 'It never holds.');
  const zero = holds('zero', (lambda) => (lambda === 0 ? null : 'Only zero.'));

  test('the one that is wished for is taken where it holds anywhere; else one that does; else it says why not', () => {
    expect(chooseTheory(sweep, [never, zero], 'zero')).toEqual({ theory: zero, refusal: null });
    expect(chooseTheory(sweep, [never, zero], 'never')).toEqual({ theory: zero, refusal: null });
    expect(chooseTheory(sweep, [never, zero])).toEqual({ theory: zero, refusal: null });
    expect(chooseTheory(sweep, [never], 'never')).toEqual({ theory: never, refusal: 'It never holds.' });
    expect(chooseTheory(sweep, [never])).toBeNull();
  });

  test('refused cells have a texture of their own, and refusals and exceptions are said with their numbers', () => {
    const film = createTheoryFilm(sweepOf([balance]), zero);
    const values = new Float64Array(8).fill(0.5);
    enterPrediction(film, { cell: 0, refusal: 'Only zero.', values: new Float64Array(0), exceptions: [] });
    enterPrediction(film, { cell: 1, refusal: null, values, exceptions: [null, 'Its sign is wrong.'] });
    const refused = (cell: number) => film.refusals[cell] !== null;
    const view = new DiagramCache(film, distance, { x: 'balance', y: null, at: {} }, { refused }).view(1);
    expect(Array.from(view.outcomes)).toEqual([REFUSED, outcomeCode.running, UNKNOWN]);
    expect([0, 1, 2].map((place) => textureOf(view, place))).toEqual(['refused', null, 'unknown']);
    expect(view.counts[1]).toBe(1);
    expect(theoryRemarks(film)).toEqual([
      '1 of 3 cells are left to the simulation: only zero.',
      '1 of 2 networks are counted, not averaged, each because its sign is wrong.',
    ]);
  });

  test('residuals are errors on a logarithmic scale of at most six decades; of classes shares', () => {
    const view = residualView(distance);
    expect([view.scale, view.role, view.threshold, view.richSide]).toEqual(['log', 'error', undefined, undefined]);
    expect(residualExtent([1e-16, 1e-3], distance)).toEqual([1e-9, 1e-3]);
    expect(residualView(mechanism)).toMatchObject({ scale: 'linear', range: [0, 1] });
    expect(residualExtent(null, mechanism)).toEqual([0, 1]);
    // What spans decades is compared by its ratio, and the words say so.
    expect(view.label).toBe(`|ln simulation − ln theory| of ${distance.label}`);
    expect(residualView({ ...distance, scale: 'linear' }).label).toBe(`|simulation − theory| of ${distance.label}`);
  });

  test('lines carry words inside the plot, never on top of each other', () => {
    const box = { left: 50, top: 30, width: 600, height: 400 };
    const [sx, sy] = [scaleOf(balance), scaleOf(t.axis)];
    const line = (label: string, y: number) => ({ label, points: [[-1.5, y] as const, [1.5, y] as const] });
    const overlay = theoryOverlay([
      line('first of two', 10),
      line('second of two', 11),
      {
        label: 'gone',
        points: [
          [5, 1],
          [6, 1],
        ],
      },
    ]);
    expect(overlay?.words).toBe('Lines of the theory: first of two; second of two; gone.');
    const text = JSON.stringify(overlay?.marks(sx, sy, box));
    expect(text).toContain('first of two');
    expect(text).toContain('second of two');
    expect(text).not.toContain('"gone"');
    expect(theoryOverlay([])).toBeNull();
  });
});

test('curves leave out of the mean what the theory leaves out, and stand at their own times', () => {
  const film = filmOf(3, (frame, _, seed) => (seed === 0 ? frame : 50));
  expect(curvesOf(film, 0, { id: 'distance', scale: 'linear' }, [false, true]).mean).toEqual([1, 2, 3]);
  const detail = {
    cell: 0,
    times: Float64Array.of(1, 3, 10),
    curves: { distance: Float64Array.of(1, 50, 1.5, 50, 2, 50) },
    exceptions: [null, 'odd'],
    spectrum: null,
  };
  expect(theoryCurvesOf(detail, { id: 'distance', scale: 'linear' })?.mean).toEqual([1, 1.5, 2]);
  expect(theoryCurvesOf(detail, { id: 'other', scale: 'linear' })).toBeNull();
  expect(onTimes([7, 8], [1, 10], [1, 3, 10])).toEqual([7, null, 8]);
});
