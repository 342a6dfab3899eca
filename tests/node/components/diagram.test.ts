// From film to picture: reduction, slices, boundary, words.

import { describe, expect, test } from 'vitest';
import { colourScale, sideOf } from '../../../src/components/colour-scale.ts';
import { levelLines } from '../../../src/components/contour.ts';
import { DiagramCache } from '../../../src/components/diagram-cache.ts';
import {
  diagramView,
  fittingSlice,
  lastKnownFrame,
  type ObservableView,
  sliceCells,
} from '../../../src/components/diagram-view.ts';
import { cursorAfter } from '../../../src/components/keys.ts';
import { nearestKnown, textureOf } from '../../../src/components/paint.ts';
import { regionLabels } from '../../../src/components/region-labels.ts';
import { type AxisView, scaleOf } from '../../../src/components/scale.ts';
import { cellReport, crossing, spokenCell, summaryOf } from '../../../src/components/summary.ts';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import type { Axis, Sweep } from '../../../src/core/sweep.ts';

const change: ObservableView = {
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
};
const alpha: Axis = { parameter: 'outputScale', scale: 'log', values: [0.1, 1, 10, 100] };
const width: Axis = { parameter: 'width', scale: 'log', values: [8, 16, 32] };

function sweepOf(axes: readonly Axis[], seeds = 2): Sweep {
  return {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe', settings: {} },
    axes,
    fixed: {},
    seeds,
    seed: 0,
    independentSeeds: false,
    training: {
      method: 'flow',
      maxTime: 1,
      maxSteps: 10,
      stop: {},
      checkpoints: [1],
      integrator: 'euler',
      tolerance: 1,
      outputTolerance: 1,
    },
    stages: [],
    observables: ['kernelChange'],
  };
}

/** A film whose last frame is filled by `value(alpha, width)`, NaN meaning diverged. */
function filmOf(value: (a: number, h: number) => number, axes: readonly Axis[] = [alpha, width]): Film {
  const film = createFilm(sweepOf(axes), () => false);
  const widths = axes.length > 1 ? axes[1].values.length : 1;
  for (let cell = 0; cell < film.cells; cell++) {
    for (let seed = 0; seed < film.seeds; seed++) {
      const at = (film.cells + cell) * film.seeds + seed;
      const a = axes[0].values[Math.floor(cell / widths)] as number;
      const h = axes.length > 1 ? (axes[1].values[cell % widths] as number) : 1;
      const v = value(a, h) * (seed === 0 ? 0.5 : 2);
      film.network.kernelChange[at] = v;
      film.outcomes[at] = outcomeCode[Number.isNaN(v) ? 'diverged' : 'converged'];
    }
  }
  return film;
}

const slice = fittingSlice({ axes: [alpha, width] }, {});
const x: AxisView = { axis: alpha, label: 'output scale', symbol: 'α' };
const y: AxisView = { axis: width, label: 'width', symbol: 'h' };
/** Kernel change 4/α: the boundary stands at α = 4 for every width. */
const upright = filmOf((a) => 4 / a);

describe('reduction', () => {
  const view = diagramView(upright, 1, change, slice);
  test('averages logarithmic observables geometrically and turns rows upwards', () => {
    expect([view.columns, view.rows]).toEqual([4, 3]);
    expect(Array.from(view.values.subarray(0, 4))).toEqual([40, 4, 0.4, 0.04].map((value) => expect.closeTo(value, 9)));
    expect(view.cells[1]).toBe(3);
    expect(view.spread[0]).toBeCloseTo(Math.log(4) / Math.SQRT2, 9);
  });
  test('knows nothing of frames that were not measured', () => {
    expect(Array.from(diagramView(upright, 0, change, slice).measured)).toEqual(new Array(12).fill(0));
    expect(lastKnownFrame(upright)).toBe(1);
  });
  test('marks cells whose networks diverged and keeps them out of the mean', () => {
    const film = filmOf((a, h) => (a < 1 && h < 10 ? Number.NaN : 1));
    const diverged = diagramView(film, 1, change, slice);
    expect(textureOf(diverged, 0)).toBe('diverged');
    expect(diverged.counts[0]).toBe(0);
    expect(textureOf(diverged, 1)).toBe(null);
    expect(cellReport(diverged, 0, change).outcome).toMatch(/^The loss stopped being finite/);
  });
  test('is kept until the film grows', () => {
    const film = filmOf((a) => 4 / a);
    const cache = new DiagramCache(film, change, slice);
    const first = cache.view(0);
    expect(cache.view(0)).toBe(first);
    film.outcomes[0] = outcomeCode.running;
    film.network.kernelChange[0] = 7;
    expect(cache.view(0)).not.toBe(first);
    expect(cache.extent()).toEqual([expect.closeTo(0.02, 9), expect.closeTo(80, 9)]);
  });
});

test('a slice of three axes takes the cells it says', () => {
  const axes = [alpha, width, { parameter: 'depth', scale: 'list', values: [1, 2] } as const];
  const { cells } = sliceCells({ axes }, { x: 'width', y: 'outputScale', at: { depth: 1 } });
  expect(Array.from(cells.subarray(0, 6))).toEqual([1, 3, 5, 7, 9, 11]);
});

test('unknown places borrow the nearest known one', () => {
  const view = { ...diagramView(upright, 1, change, slice) };
  view.values.fill(Number.NaN, 4);
  expect(Array.from(nearestKnown(view))).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
});

describe('the boundary', () => {
  const [sx, sy] = [scaleOf(alpha), scaleOf(width)];
  test('of an upright crossover is one straight line from edge to edge', () => {
    const view = diagramView(upright, 1, change, slice);
    const lines = levelLines(view.values.map(Math.log), sx.centres, sy.centres, 0);
    expect(lines).toHaveLength(1);
    const xs = lines[0].filter((_, i) => i % 2 === 0);
    const ys = lines[0].filter((_, i) => i % 2 === 1);
    for (const at of xs) expect(sx.value(at)).toBeCloseTo(4, 9);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([0, 1]);
  });
  test('around a peak closes upon itself', () => {
    const values = [0, 0, 0, 0, 5, 0, 0, 0, 0];
    const third = [1 / 6, 1 / 2, 5 / 6];
    const [line, ...others] = levelLines(values, third, third, 1);
    expect(others).toHaveLength(0);
    expect(line.slice(0, 2)).toEqual(line.slice(-2));
  });
  test('leaves out what is not known', () => {
    expect(levelLines([Number.NaN, 1, Number.NaN, 0], [0.25, 0.75], [0.25, 0.75], 0.5)).toEqual(
      [[expect.closeTo(1), expect.closeTo(0.5), expect.closeTo(0.75), expect.closeTo(0.5)]].map((line) =>
        expect.arrayContaining(line),
      ),
    );
  });
  test('parts the words of both regions', () => {
    const view = diagramView(upright, 1, change, slice);
    const labels = regionLabels(view, nearestKnown(view), change, 1, sx.centres, sy.centres, 400, 300);
    expect(labels.map(({ side }) => side)).toEqual(['rich', 'lazy']);
    expect(labels[0].x).toBeLessThan(labels[1].x);
  });
});

describe('words', () => {
  const view = diagramView(upright, 1, change, slice);
  test('say on which side of which value networks are lazy', () => {
    expect(crossing(view, 1, scaleOf(alpha), change, 1)).toEqual({ at: expect.closeTo(4, 9), above: 'lazy' });
    expect(summaryOf(view, change, x, y, scaleOf(alpha), 1)).toBe(
      'Lazy above output scale 4, rich below at width 8; lazy above output scale 4, rich below at width 16; lazy above output scale 4, rich below at width 32.',
    );
  });
  test('describe one cell with place, value, side and count', () => {
    expect(spokenCell(view, 2, change, x, y)).toBe('output scale 10, width 8: relative kernel change 0.4, lazy, 2 of 2 networks');
  });
  test('admit when all cells are on one side, or none is known', () => {
    expect(
      summaryOf(
        diagramView(
          filmOf(() => 0.01),
          1,
          change,
          slice,
        ),
        change,
        x,
        y,
        scaleOf(alpha),
        1,
      ),
    ).toBe('All known cells are lazy.');
    expect(summaryOf(diagramView(upright, 0, change, slice), change, x, y, scaleOf(alpha), 1)).toBe(
      'Nothing has been trained yet.',
    );
  });
});

describe('colours', () => {
  test('of an order parameter are centred on its threshold, whole decades wide, at most four', () => {
    const scale = colourScale(change, [3e-3, 1e9]);
    expect(scale.position(1)).toBeCloseTo(0.5, 12);
    expect(scale.ends).toEqual([1e-4, 1e4]);
  });
  test('run backwards where small values are rich, so that rich is always orange', () => {
    const alignment: ObservableView = { ...change, id: 'alignment', scale: 'linear', threshold: 0.8, richSide: 'below' };
    const scale = colourScale(alignment, [0.2, 1]);
    expect(scale.position(0.2)).toBeCloseTo(1, 12);
    expect(sideOf(alignment, 0.2)).toBe('rich');
  });
  test('of no change at all are those of the laziest', () => {
    expect(colourScale(change, [1e-2, 10]).position(0)).toBe(Number.NEGATIVE_INFINITY);
  });
});

test('keys move the cursor and never leave the diagram', () => {
  expect(cursorAfter('ArrowRight', false, 0, 4, 3)).toBe(1);
  expect(cursorAfter('ArrowUp', false, 0, 4, 3)).toBe(4);
  expect(cursorAfter('ArrowDown', false, 0, 4, 3)).toBe(0);
  expect(cursorAfter('End', false, 5, 4, 3)).toBe(7);
  expect(cursorAfter('Home', true, 5, 4, 3)).toBe(8);
  expect(cursorAfter('PageUp', false, 11, 4, 3)).toBe(11);
  expect(cursorAfter('x', false, 0, 4, 3)).toBe(null);
});
