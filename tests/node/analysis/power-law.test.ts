// Fits and intervals against laws whose exponents are known.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossings, valueAt } from '../../../src/analysis/contour.ts';
import { bootstrapInterval, fitPowerLaw } from '../../../src/analysis/power-law.ts';
import { randomSource } from '../../../src/core/random.ts';

describe('power laws', () => {
  test('an exact law is found exactly', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (p, c) => {
        const xs = [1e-3, 0.1, 1, 7, 1e4];
        const fit = fitPowerLaw(
          xs,
          xs.map((x) => c * x ** p),
        );
        expect(Math.abs(fit.exponent - p)).toBeLessThan(1e-9);
        expect(Math.abs(fit.prefactor / c - 1)).toBeLessThan(1e-9);
        expect(fit.standardError).toBeLessThan(1e-9);
      }),
      { seed: 1 },
    );
  });

  test('the standard error is that of least squares', () => {
    // ln y = 0, 1, 0 at ln x = 0, 1, 2: slope 0, residuals −1/3, 2/3, −1/3, so s² = 2/3 and error √(s²/2).
    const fit = fitPowerLaw([1, Math.E, Math.E ** 2], [1, Math.E, 1]);
    expect(fit.exponent).toBeCloseTo(0, 12);
    expect(fit.standardError).toBeCloseTo(Math.sqrt(1 / 3), 12);
  });

  test('points without a logarithm are left out', () => {
    const fit = fitPowerLaw([1, 2, 4, 8, 0], [1, Number.NaN, 16, 0, 5]);
    expect(fit.exponent).toBeCloseTo(2, 12);
    expect(fit.points).toBe(2);
    expect(fit.standardError).toBeNaN();
    expect(fitPowerLaw([1], [1]).exponent).toBeNaN();
  });

  test('a bootstrap interval of a mean has the width of the normal one, and repeats', () => {
    const source = randomSource(3, 2);
    const values = source.normals(200);
    const mean = (chosen: readonly number[]) => chosen.reduce((sum, m) => sum + values[m], 0) / chosen.length;
    const [low, high] = bootstrapInterval(200, mean, { replicates: 2000 }) ?? [0, 0];
    expect((high - low) / (2 * 1.96 * Math.sqrt(1 / 200))).toBeGreaterThan(0.85);
    expect((high - low) / (2 * 1.96 * Math.sqrt(1 / 200))).toBeLessThan(1.15);
    expect(bootstrapInterval(200, mean, { replicates: 2000 })).toEqual([low, high]);
    expect(bootstrapInterval(2, mean)).toBeNull();
  });
});

describe('crossings', () => {
  test('of a power law are exact under log-log interpolation', () => {
    const xs = [0.01, 1, 100];
    const [x] = crossings(
      xs,
      xs.map((value) => 5 * value ** -1.5),
      1,
    );
    expect(x).toBeCloseTo(5 ** (1 / 1.5), 12);
  });

  test('all are found, once each, in order; points on the threshold count', () => {
    expect(crossings([1, 2, 3, 4], [0, 2, 0, 2], 1, { x: 'linear', y: 'linear' })).toEqual([1.5, 2.5, 3.5]);
    expect(crossings([1, 2, 3], [0, 1, 2], 1, { x: 'linear', y: 'linear' })).toEqual([2]);
    expect(crossings([1, 2, 3], [2, 3, 4], 1)).toEqual([]);
  });

  test('missing points are bridged', () => {
    expect(crossings([1, 2, 3], [0, Number.NaN, 2], 1, { x: 'linear', y: 'linear' })).toEqual([2]);
  });

  test('a curve is read between its points and not beyond', () => {
    expect(valueAt([1, 100], [1, 1e4], 10)).toBeCloseTo(100, 10);
    expect(valueAt([1, 100], [1, 1e4], 100)).toBeCloseTo(1e4, 8);
    expect(valueAt([1, 100], [1, 1e4], 101)).toBeNaN();
  });
});
