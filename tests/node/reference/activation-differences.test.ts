// Differences of activations in float64 are those of the activations: against plain subtraction where it is good,
// against slopes elsewhere.

import { describe, expect, test } from 'vitest';
import { activationDifference } from '../../../shaders/lib/activation-differences.ts';
import { activations } from '../../../shaders/lib/activations.ts';

const arguments_ = Array.from({ length: 161 }, (_, k) => -8.05 + 0.1 * k);

describe.each(activations.map((activation) => [activation.id, activation] as const))('%s', (id, activation) => {
  const beta = 1.3;
  const options = { activation: id, beta, factor: 1.7 };

  test('a difference is the value there less the value here', () => {
    for (const z of arguments_) {
      for (const delta of [-3, -0.4, -0.01, 0.02, 0.7, 11]) {
        const found = activationDifference(options, z, delta);
        const value = 1.7 * (activation.value(z + delta, beta) - activation.value(z, beta));
        const slope = 1.7 * (activation.slope(z + delta, beta) - activation.slope(z, beta));
        expect(
          Math.abs(found.value - value),
          `value at z = ${z}, δ = ${delta}: expected ${value}, got ${found.value}`,
        ).toBeLessThan(4e-14);
        expect(
          Math.abs(found.slope - slope),
          `slope at z = ${z}, δ = ${delta}: expected ${slope}, got ${found.slope}`,
        ).toBeLessThan(4e-14);
      }
    }
  });

  test('a tiny difference is the slope midway times δ, to a part in 10¹⁰', () => {
    for (const z of arguments_) {
      for (const delta of [-1e-7, 1e-6, 1e-12]) {
        const expected = 1.7 * activation.slope(z + delta / 2, beta) * delta;
        const found = activationDifference(options, z, delta).value;
        const share = Math.abs(found - expected) / (1e-10 * Math.abs(delta));
        expect(share, `z = ${z}, δ = ${delta}: expected ${expected}, got ${found}, share of tolerance ${share}`).toBeLessThan(1);
      }
    }
  });
});

test('a unit that changes sides moves by what lies on the positive side', () => {
  const relu = { activation: 'relu', beta: 1, factor: 1 };
  expect(activationDifference(relu, -1e-9, 3e-9)).toEqual({ value: 3e-9 - 1e-9, slope: 1 });
  expect(activationDifference(relu, 1e-9, -3e-9)).toEqual({ value: -1e-9, slope: -1 });
});
