// Where cells lie, what their axes say, and which cell a pointer is over.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatNumber, formatSeconds, spokenNumber } from '../../../src/components/numbers.ts';
import { indexAt, scaleOf } from '../../../src/components/scale.ts';
import { axisTicks, logTicks, plainTicks } from '../../../src/components/ticks.ts';

const log = (values: number[]) => scaleOf({ parameter: 'outputScale', scale: 'log', values });

describe('cell edges', () => {
  test('of a logarithmic axis lie at geometric means', () => {
    const scale = log([1, 10, 100]);
    expect(Array.from(scale.edges)).toEqual([0, 1 / 3, 2 / 3, 1].map((edge) => expect.closeTo(edge, 12)));
    expect(scale.value(scale.edges[1])).toBeCloseTo(Math.sqrt(10), 10);
  });
  test('of a list are equally far apart, whatever its values', () => {
    const scale = scaleOf({ parameter: 'activation', scale: 'list', values: ['relu', 'tanh', 'linear', 'gelu'] });
    expect(Array.from(scale.edges)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
  test('of an axis with one value are those of the plot', () => {
    expect(Array.from(log([3]).edges)).toEqual([0, 1]);
  });
  test('ascend and contain their values', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 }), (values) => {
        const sorted = values.sort((a, b) => a - b).filter((value, i, all) => i === 0 || value > all[i - 1] * 1.001);
        const { edges, centres } = log(sorted);
        centres.forEach((centre, i) => {
          expect(edges[i]).toBeLessThanOrEqual(centre);
          expect(edges[i + 1]).toBeGreaterThanOrEqual(centre);
        });
      }),
    );
  });
});

test('a pointer over the middle of a cell is over that cell', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (count, share) => {
      const { edges } = scaleOf({ parameter: 'a', scale: 'list', values: Array.from({ length: count }, (_, i) => `v${i}`) });
      for (const i of [0, count >> 1, count - 1]) expect(indexAt(edges, edges[i] + share * (edges[i + 1] - edges[i]))).toBe(i);
    }),
  );
  expect(indexAt(log([1, 10, 100]).edges, -0.2)).toBe(0);
  expect(indexAt(log([1, 10, 100]).edges, 1.2)).toBe(2);
});

describe('ticks', () => {
  const text = (ticks: ReturnType<typeof axisTicks>) =>
    ticks.flatMap(({ label }) =>
      label === undefined ? [] : [label.exponent === undefined ? label.mantissa : `10^${label.exponent}`],
    );
  test('of seven decades are powers of ten with minor ticks between', () => {
    const scale = log(Array.from({ length: 29 }, (_, i) => 10 ** (-3 + i / 4)));
    const ticks = axisTicks(scale, 12);
    expect(text(ticks)).toEqual(['10^−3', '10^−2', '10^−1', '10^0', '10^1', '10^2', '10^3', '10^4']);
    expect(ticks.filter(({ label }) => label === undefined).length).toBeGreaterThan(50);
  });
  test('never exceed the room there is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -9, max: 4 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 3, max: 16 }),
        (from, decades, room) => {
          const [low, high] = [10 ** from, 10 ** (from + decades)];
          expect(text(logTicks(low, high, room, Math.log10)).length).toBeLessThanOrEqual(room);
          expect(text(plainTicks(low, high, room, Number)).length).toBeLessThanOrEqual(room);
        },
      ),
    );
  });
  test('of a linear range are round and lie inside it', () => {
    expect(text(plainTicks(-4.25, 4.25, 10, Number))).toEqual(['−4', '−3', '−2', '−1', '0', '1', '2', '3', '4']);
    expect(text(plainTicks(0, 0.7, 8, Number))).toEqual(['0', '0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7']);
    expect(text(plainTicks(120, 1080, 5, Number))).toEqual(['200', '400', '600', '800', '1000']);
    fc.assert(
      fc.property(
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        (low, span) => {
          for (const { position } of plainTicks(low, low + span, 6, Number)) {
            expect(position).toBeGreaterThanOrEqual(low - 1e-6 * span);
            expect(position).toBeLessThanOrEqual(low + span * (1 + 1e-6));
          }
        },
      ),
    );
  });
  test('of a few widths are the widths', () => {
    expect(text(axisTicks(log([8, 16, 32, 64]), 10))).toEqual(['8', '16', '32', '64']);
  });
  test('of named choices are their names', () => {
    expect(text(axisTicks(scaleOf({ parameter: 'activation', scale: 'list', values: ['relu', 'tanh'] }), 10))).toEqual([
      'relu',
      'tanh',
    ]);
  });
});

test('numbers are short and typographic', () => {
  expect([0, 1, -2.5, 64, 0.0316227766, 12345, 1e5, 2.5e-4, -1e-7].map((value) => formatNumber(value))).toEqual([
    '0',
    '1',
    '−2.5',
    '64',
    '0.0316',
    '12345',
    '10⁵',
    '2.5×10⁻⁴',
    '−10⁻⁷',
  ]);
  expect(formatNumber(Number.NaN)).toBe('–');
  expect(spokenNumber(2.5e-4)).toBe('2.5 times 10 to the minus 4');
  expect([4.4, 65, 120, 3599.6, 3700].map(formatSeconds)).toEqual(['4 s', '1 min 5 s', '2 min', '1 h', '1 h 1 min']);
});
