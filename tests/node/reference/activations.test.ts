// Activations and losses in float64: derivatives, normalisation, known values.

import { describe, expect, test } from 'vitest';
import { activationFactor, activationOf, activations } from '../../../shaders/lib/activations.ts';
import { erf, erfc } from '../../../shaders/lib/error-function.ts';
import { losses, marginOf } from '../../../shaders/lib/losses.ts';
import { expectClose } from './expect-close.ts';

const points = [-30, -4.2, -1.3, -0.4, -1e-3, 1e-3, 0.3, 0.9, 2.6, 30];

/** Central difference with its rounding balanced against its truncation: about 1e-10. */
const derivative = (f: (x: number) => number, x: number, step = 1e-5) => (f(x + step) - f(x - step)) / (2 * step);

describe('activations', () => {
  test('the error function has its tabulated values', () => {
    expectClose([erf(0), erf(0.5), erf(1), erf(-2)], [0, 0.5204998778130465, 0.8427007929497149, -0.9953222650189527], 2e-15);
    expect(Math.abs(erfc(3) / 2.209049699858544e-5 - 1)).toBeLessThan(1e-13);
    expect(Math.abs(erfc(10) / 2.088487583762545e-45 - 1)).toBeLessThan(1e-13);
  });

  test.each(activations.map(({ id }) => id))('%s: the slope is the derivative of the value', (id) => {
    const { value, slope } = activationOf(id);
    for (const beta of [1, 5]) {
      expectClose(
        points.map((z) => slope(z, beta)),
        points.map((z) => derivative((x) => value(x, beta), z)),
        1e-8,
      );
    }
  });

  test.each(['linear', 'relu', 'leakyRelu'])('%s scales with its input', (id) => {
    const { value } = activationOf(id);
    expectClose(
      points.map((z) => value(3 * z, 2)),
      points.map((z) => 3 * value(z, 2)),
      1e-15,
    );
  });

  // Constants of Geiger et al. 2020 (code): E[σ(z)²] = 1 for a standard normal z.
  test.each([
    ['linear', 1, 1],
    ['relu', 1, Math.SQRT2],
    ['softplus', 5, 1.404383],
    ['softplus', 1, 1.041867],
    ['silu', 1, 1.676532],
    ['silu', 10, 1.415954],
    ['gelu', 1, 1.53353],
    ['tanh', 1, 1.592537],
  ] as const)('the factor of %s with β = %d is %d', (id, beta, expected) => {
    expect(Math.abs(activationFactor(id, beta) / expected - 1)).toBeLessThan(5e-7);
  });

  test('a sharp softplus has the factor of ReLU', () => {
    expect(Math.abs(activationFactor('softplus', 1000) / Math.SQRT2 - 1)).toBeLessThan(1e-5);
  });
});

const cases = [
  { outputs: [0.7], target: [-1] },
  { outputs: [-2.5], target: [-1] },
  { outputs: [0.3, -0.2, 1.1], target: [0, 1, 0] },
  { outputs: [4, -3, 0.1], target: [1, 0, 0] },
];

describe('losses', () => {
  test.each(losses.map(({ id }) => id))('%s: the slope is the derivative of the value', (id) => {
    const loss = losses.find((one) => one.id === id) as (typeof losses)[number];
    for (const { outputs, target } of cases) {
      const slope = new Float64Array(outputs.length);
      loss.slope(outputs, target, 20, slope);
      const expected = outputs.map((output, c) => derivative((x) => loss.value(outputs.with(c, x), target, 20), output, 1e-6));
      expectClose(slope, expected, 1e-7, 1);
    }
  });

  test('have their definitions’ values', () => {
    const value = (id: string, outputs: number[], target: number[]) =>
      losses.find((one) => one.id === id)?.value(outputs, target, 20);
    expect(value('squared', [1, 2], [0, 4])).toBe(2.5);
    expect(value('hinge', [0.25], [-1])).toBe(1.25);
    expect(value('hinge', [0.5, -2], [1, 0])).toBe(0.5);
    expect(value('softHinge', [1], [1])).toBeCloseTo(Math.log(2) / 20, 15);
    expect(value('crossEntropy', [0, 0, 0], [0, 1, 0])).toBeCloseTo(Math.log(3), 15);
    expect(value('crossEntropy', [0], [1])).toBeCloseTo(Math.log(2), 15);
  });

  test('stay finite and exact at extreme outputs', () => {
    for (const { value } of losses) expect(Number.isFinite(value([1e6], [-1], 20))).toBe(true);
    const entropy = losses.find(({ id }) => id === 'crossEntropy');
    expect(entropy?.value([40, 0], [1, 0], 1)).toBeCloseTo(Math.exp(-40), 30);
    expect(entropy?.value([1e6, -1e6], [0, 1], 1)).toBe(2e6);
  });

  test('margins are y·F for one output and the lead over the best rival for several', () => {
    expect(marginOf([0.5], [-1])).toBe(-0.5);
    expect(marginOf([3, 1, 2.5], [1, 0, 0])).toBe(0.5);
    expect(marginOf([3, 1, 2.5], [0, 1, 0])).toBe(-2);
  });
});
