// Curves that are one curve on rescaled axes: the collapse must find the rescaling, and say how far
// apart curves are that are not.

import { describe, expect, test } from 'vitest';
import { bestCollapse, collapseCost } from '../../../src/analysis/collapse.ts';
import type { Curves } from '../../../src/analysis/curves.ts';
import { bootstrapInterval } from '../../../src/analysis/power-law.ts';
import { randomSource } from '../../../src/core/random.ts';

const ALONG = Array.from({ length: 25 }, (_, i) => 10 ** (-4 + i / 3));
const AGAINST = [16, 32, 64, 128, 256];

/** ln y = ln g(x h^exponent) + noise, `members` times. */
function curvesOf(g: (u: number) => number, exponent: number, noise = 0, members = 1, scale: 'linear' | 'log' = 'log'): Curves {
  const source = randomSource(7, 2);
  const values = AGAINST.flatMap((h) =>
    ALONG.flatMap((x) =>
      Array.from(
        { length: members },
        () => (scale === 'log' ? Math.log(g(x * h ** exponent)) : g(x * h ** exponent)) + noise * source.normal(),
      ),
    ),
  );
  return { along: ALONG, against: AGAINST, members, values: Float64Array.from(values), scale };
}

/** The crossover of the kernel change: α^−4/3 below 10, 1/α above, smooth between. */
const crossover = (u: number) => 1 / ((u / 10) ** (4 / 3) / (1 + u / 10) ** (1 / 3));

describe('scaling collapse', () => {
  test.each([0.5, -0.25, 1])('finds the exponent %f of curves that are one', (exponent) => {
    const { exponent: found, cost } = bestCollapse(curvesOf(crossover, exponent));
    expect(found).toBeCloseTo(exponent, 2);
    expect(cost).toBeLessThan(0.01);
  });

  test('finds it for a step in linear values, such as errors', () => {
    const step = (u: number) => 0.14 + 0.14 / (1 + 10 / u);
    const { exponent, cost } = bestCollapse(curvesOf(step, 0.5, 0, 1, 'linear'));
    expect(exponent).toBeCloseTo(0.5, 2);
    expect(cost).toBeLessThan(1e-3);
  });

  test('the cost of a power law on the wrong axis is its exponent times the shift', () => {
    // ln y = −a ln u: curves of h and 2h lie a · 0.5 · ln 2 apart when the axis is not rescaled, and so on.
    const cost = collapseCost(
      curvesOf((u) => u ** -2, 0.5),
      0,
    );
    const logs = AGAINST.map(Math.log);
    const squares = logs.flatMap((a) => logs.filter((b) => b !== a).map((b) => (a - b) ** 2));
    expect(cost).toBeCloseTo(2 * 0.5 * Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / squares.length), 9);
  });

  test('the cost of noise is the noise: √2 of it between points, less between interpolated ones', () => {
    const noise = 0.1;
    const cost = collapseCost(curvesOf(crossover, 0, noise), 0);
    expect(cost).toBeGreaterThan(noise);
    expect(cost).toBeLessThan(1.6 * noise);
  });

  test('an interval over seeds holds the exponent', () => {
    const curves = curvesOf(crossover, 0.5, 0.2, 10);
    const interval = bootstrapInterval(10, (chosen) => bestCollapse(curves, { chosen, range: [0, 1] }).exponent, {
      replicates: 100,
    });
    expect(interval?.[0]).toBeLessThan(0.5);
    expect(interval?.[1]).toBeGreaterThan(0.5);
    expect((interval?.[1] ?? 9) - (interval?.[0] ?? 0)).toBeLessThan(0.1);
  });

  test('curves that cannot meet have none', () => {
    const one: Curves = { along: [1, 2], against: [8], members: 1, values: Float64Array.of(0, 1), scale: 'log' };
    expect(bestCollapse(one)).toEqual({ exponent: Number.NaN, cost: Number.NaN });
    const empty: Curves = { ...one, against: [8, 16], values: new Float64Array(4).fill(Number.NaN) };
    expect(bestCollapse(empty).exponent).toBeNaN();
    expect(collapseCost(curvesOf(crossover, 0), 20)).toBe(Number.POSITIVE_INFINITY);
  });
});
