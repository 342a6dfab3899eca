// A rectangle on the diagram becomes a sweep that the parser accepts, inside the one it was drawn on and within the caps.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { fittingSlice, TIME } from '../../../src/components/diagram-view.ts';
import { axisViewOf, scaleOf } from '../../../src/components/scale.ts';
import { boundaryArea, cellSpan, isWhole, spanOf, WHOLE, zoomedAxis, zoomOf, zoomWords } from '../../../src/components/zoom.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parametersOf } from '../../../src/core/catalog.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { type Axis, cellCount } from '../../../src/core/sweep.ts';

const SWEEP = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'stripe', samples: 16, testSamples: 32, probeSamples: 8, inputDim: 4 },
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 6 },
    { parameter: 'width', scale: 'log', values: [4, 8, 16, 64] },
    { parameter: 'activation', values: ['relu', 'softplus', 'linear'] },
  ],
  fixed: { depth: 1 },
  seeds: 2,
  training: { method: 'flow', maxTime: 30, checkpoints: 8 },
  observables: ['kernelChange', 'trainingLoss'],
};
const sweep = parseSweep(SWEEP, catalog);
const records = parametersOf(
  catalog.families.find(({ id }) => id === 'fully-connected') as never,
  catalog.tasks.find(({ kind }) => kind === 'stripe') as never,
);
const axisView = (parameter: string) => axisViewOf(sweep, parameter, records);
const span = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([a, b]) => spanOf(a, b));
const numbers = (axis: Axis) => axis.values as readonly number[];

describe('an axis inside a span', () => {
  const axis = fc
    .record({
      log: fc.boolean(),
      integer: fc.boolean(),
      from: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      ratio: fc.double({ min: 1.5, max: 1e6, noNaN: true }),
      steps: fc.integer({ min: 2, max: 40 }),
    })
    .map(({ log, integer, from, ratio, steps }) => {
      const ends = integer
        ? [Math.max(1, Math.round(from)), Math.max(2, Math.round(from)) + Math.round(ratio)]
        : [from, from * ratio];
      const values = Array.from({ length: steps }, (_, i) => {
        const share = i / (steps - 1);
        const value = log ? ends[0] * (ends[1] / ends[0]) ** share : ends[0] + (ends[1] - ends[0]) * share;
        return integer ? Math.round(value) : value;
      });
      return { integer, axis: { parameter: 'p', scale: log ? 'log' : 'linear', values: [...new Set(values)] } as Axis };
    })
    .filter(({ axis: made }) => made.values.length > 1);

  test('stays inside the values it had, ascends, keeps whole numbers whole and has no fewer steps than there is room for', () => {
    fc.assert(
      fc.property(axis, span, fc.integer({ min: 2, max: 64 }), ({ axis: whole, integer }, part, steps) => {
        const values = numbers(zoomedAxis(whole, part, steps, integer));
        const [first, last] = [numbers(whole)[0], numbers(whole)[whole.values.length - 1]];
        expect(values.length).toBeGreaterThan(0);
        for (const [i, value] of values.entries()) {
          expect(value).toBeGreaterThanOrEqual(first);
          expect(value).toBeLessThanOrEqual(last);
          if (i > 0) expect(value).toBeGreaterThan(values[i - 1]);
          if (integer) expect(Number.isInteger(value)).toBe(true);
        }
        expect(values.length).toBeLessThanOrEqual(Math.max(steps, whole.values.length));
      }),
      { numRuns: 300 },
    );
  });

  test('has exactly the steps asked for where numbers are not whole', () => {
    fc.assert(
      fc.property(
        axis.filter(({ integer }) => !integer),
        fc.double({ min: 0.25, max: 0.6, noNaN: true }).map((low) => ({ low, high: low + 0.1 })),
        fc.integer({ min: 2, max: 64 }),
        ({ axis: whole }, part, steps) => {
          expect(zoomedAxis(whole, part, steps, false).values).toHaveLength(steps);
        },
      ),
    );
  });

  test('of whole numbers names each of them where there are few', () => {
    const width: Axis = { parameter: 'width', scale: 'log', values: [4, 8, 16, 64] };
    const scale = scaleOf(width);
    const part = { low: scale.position(8), high: scale.position(13) };
    expect(zoomedAxis(width, part, 7, true).values).toEqual([8, 9, 10, 11, 12, 13]);
    expect(zoomedAxis(width, { low: scale.position(8.2), high: scale.position(8.4) }, 7, true).values).toEqual([8]);
  });

  test('of a list keeps the listed values inside, or the one it lies in', () => {
    const list: Axis = { parameter: 'activation', scale: 'list', values: ['a', 'b', 'c', 'd'] };
    expect(zoomedAxis(list, { low: 0.3, high: 0.7 }, 9, false).values).toEqual(['b', 'c']);
    expect(zoomedAxis(list, { low: 0.55, high: 0.6 }, 9, false).values).toEqual(['c']);
    const descending: Axis = { parameter: 'width', scale: 'linear', values: [8, 4, 2] };
    expect(zoomedAxis(descending, { low: 0, high: 0.5 }, 9, true).values).toEqual([8, 4]);
  });

  test('that no number can divide further keeps what it has', () => {
    const narrow: Axis = { parameter: 'p', scale: 'linear', values: [1, 1 + 1e-12, 1 + 2e-12] };
    expect(zoomedAxis(narrow, { low: 0.4, high: 0.6 }, 9, false).values).toEqual([1 + 1e-12]);
  });
});

describe('a rectangle', () => {
  const slices = fc.constantFrom(
    fittingSlice(sweep, { x: 'outputScale', y: 'width' }),
    fittingSlice(sweep, { x: 'width', y: 'outputScale' }),
    fittingSlice(sweep, { x: 'activation', y: 'outputScale' }),
    fittingSlice(sweep, { x: 'outputScale', y: TIME }),
  );

  test('always gives a sweep that is accepted, differs in the drawn axes only, and lies within the caps', () => {
    fc.assert(
      fc.property(slices, span, span, (slice, x, y) => {
        const zoom = zoomOf(SWEEP, sweep, slice, axisView, records, { x, y }, PAGE_CAPS);
        if (zoom === null) return;
        const next = parseSweep(zoom.json, catalog);
        expect(cellCount(next)).toBe(zoom.cells);
        expect(next.fixed).toEqual(sweep.fixed);
        expect(next.task).toEqual(sweep.task);
        for (const [a, { parameter, values }] of next.axes.entries()) {
          expect(parameter).toBe(sweep.axes[a].parameter);
          if (parameter !== slice.x && parameter !== slice.y) expect(values).toEqual(sweep.axes[a].values);
        }
        expect(next.training.maxTime).toBeLessThanOrEqual(sweep.training.maxTime);
      }),
      { numRuns: 60 },
    );
  });

  test('around everything is no zoom once the axes have as many steps as they can', () => {
    const five = { ...SWEEP, axes: [{ parameter: 'activation', values: ['relu', 'linear'] }] };
    const own = parseSweep(five, catalog);
    const view = (parameter: string) => axisViewOf(own, parameter, records);
    expect(zoomOf(five, own, fittingSlice(own, {}), view, records, { x: WHOLE, y: WHOLE }, PAGE_CAPS)).toBeNull();
  });

  test('never takes more steps than the caps allow', () => {
    const slice = fittingSlice(sweep, { x: 'outputScale', y: 'width' });
    const area = { x: { low: 0.2, high: 0.6 }, y: { low: 0.3, high: 0.9 } };
    const free = zoomOf(SWEEP, sweep, slice, axisView, records, area, PAGE_CAPS);
    const tight = zoomOf(SWEEP, sweep, slice, axisView, records, area, { cells: cellCount(sweep), networks: 1e6 });
    expect(free?.cells).toBe(6 * 5 * 3);
    expect(tight?.cells).toBe(6 * 4 * 3);
  });

  test('is said in words before it runs', () => {
    const slice = fittingSlice(sweep, { x: 'outputScale', y: 'activation' });
    const zoom = zoomOf(
      SWEEP,
      sweep,
      slice,
      axisView,
      records,
      { x: { low: 0.25, high: 0.75 }, y: { low: 0, high: 0.3 } },
      PAGE_CAPS,
    );
    expect(zoom).not.toBeNull();
    if (zoom !== null) {
      expect(zoomWords(zoom, axisView, 2, String)).toBe(
        'output scale 0.1 to 100 in 6 steps, activation relu: 24 cells, 48 networks'.replace(
          '0.1 to 100',
          `${zoom.axes[0].values[0]} to ${zoom.axes[0].values[5]}`,
        ),
      );
    }
  });
});

test('the neighbourhood of a boundary holds it, and a cell more', () => {
  const x = scaleOf({ parameter: 'a', scale: 'linear', values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
  const y = scaleOf({ parameter: 'b', scale: 'linear', values: [0, 1, 2] });
  const values = Float64Array.from({ length: 30 }, (_, i) => (i % 10 < 4 ? 0 : 1));
  const view = { columns: 10, rows: 3, values } as never;
  expect(boundaryArea(view, 0.5, x, y)).toEqual({ x: cellSpan(x, 2, 5), y: WHOLE });
  expect(boundaryArea(view, 2, x, y)).toBeNull();
  expect(isWhole({ x: WHOLE, y: WHOLE })).toBe(true);
  expect(isWhole({ x: { low: 0, high: 0.5 }, y: WHOLE })).toBe(false);
});
