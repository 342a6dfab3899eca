// Statistics over seeds against closed forms.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentsOf, quantile, summarise } from '../../../src/core/statistics.ts';

describe('statistics over seeds', () => {
  test('mean and unbiased standard deviation of 1 … n', () => {
    for (const n of [2, 3, 10, 101]) {
      const values = Array.from({ length: n }, (_, i) => i + 1);
      const { mean, std } = momentsOf(values);
      expect(mean).toBeCloseTo((n + 1) / 2, 12);
      expect(std ** 2).toBeCloseTo((n * (n + 1)) / 12, 9);
    }
  });

  test('on a log scale the mean is geometric and the spread is that of ln', () => {
    const { mean, std, quantiles } = summarise([1e-3, 1, 1e3], 'log');
    expect(mean).toBeCloseTo(1, 12);
    expect(std).toBeCloseTo(Math.log(1e3), 12);
    expect(quantiles[1]).toBe(1);
  });

  test('quantiles interpolate between order statistics', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([1, 1.75, 2.5, 3.25, 4]);
    expect(quantile([7], 0.3)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test('what is not finite, or negative on a log scale, is left out and shows in the count', () => {
    expect(summarise([1, Number.NaN, 3, Number.POSITIVE_INFINITY], 'linear')).toMatchObject({ mean: 2, count: 2 });
    expect(summarise([-1, 4], 'log')).toMatchObject({ mean: 4, std: Number.NaN, count: 1 });
    expect(summarise([], 'linear')).toMatchObject({ mean: Number.NaN, std: Number.NaN, count: 0 });
  });

  test('classes have a mode, the lower of equals, and a share of others', () => {
    expect(summarise([3, 1, 3, 2, 3, 0], 'class')).toMatchObject({ mean: 3, std: 0.5, count: 6 });
    expect(summarise([4, 2, 4, 2], 'class')).toMatchObject({ mean: 2, std: 0.5 });
    expect(summarise([1], 'class')).toMatchObject({ mean: 1, std: 0, quantiles: [Number.NaN, Number.NaN, Number.NaN] });
    expect(summarise([0.5, -1, Number.NaN], 'class')).toMatchObject({ mean: Number.NaN, std: Number.NaN, count: 0 });
  });

  test('a zero makes a geometric mean zero', () => {
    expect(summarise([0, 1], 'log')).toMatchObject({ mean: 0, std: Number.NaN, count: 2 });
    expect(summarise([0, 0], 'log')).toMatchObject({ mean: 0, std: 0, count: 2 });
  });

  test('shifting adds to the mean, scaling multiplies it; the order of seeds does not matter', () => {
    const numbers = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.1, max: 10, noNaN: true }), (values, factor) => {
        const plain = summarise(values, 'linear');
        const moved = summarise(
          values.map((value) => value + factor),
          'linear',
        );
        const scaled = summarise(
          values.map((value) => value * factor),
          'log',
        );
        const close = (got: number, expected: number) =>
          expect(Math.abs(got - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)));
        close(moved.mean, plain.mean + factor);
        close(moved.std, plain.std);
        close(scaled.mean, summarise(values, 'log').mean * factor);
        close(scaled.std, summarise(values, 'log').std);
        expect(summarise([...values].reverse(), 'linear')).toEqual(plain);
      }),
      { seed: 1 },
    );
  });
});
