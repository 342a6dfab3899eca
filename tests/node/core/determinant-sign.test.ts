// The sign of a determinant is what row swaps, scalings and transposes say it is, at any size and scale.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { determinantSign } from '../../../src/core/determinant-sign.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';

describe('the sign of a determinant', () => {
  test.each([
    [[0, 1, 1, 0], 2, -1],
    [[1e-9, 0, 0, 1e-9], 2, 1],
    [[1e-200, 0, 0, -1e-200], 2, -1],
    [[1, 2, 2, 4], 2, 0],
    [[0, 0, 0, 0], 2, 0],
    [[0, 0, 1, 1, 0, 0, 0, 1, 0], 3, 1],
    [[-3], 1, -1],
  ] as const)('of %j', (entries, size, sign) => {
    expect(determinantSign(Float64Array.from(entries), size)).toBe(sign);
  });

  test('of U diag(s) Vᵀ: that of Π s, and none once an s is zero', () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const property = fc.property(seeds, fc.integer({ min: 1, max: 24 }), fc.boolean(), (seed, size, singular) => {
      const random = randomSource(seed, STREAMS.weights);
      const frame = haarFrame(size, size, random);
      const of = (values: readonly number[]) =>
        Float64Array.from({ length: size * size }, (_, at) => {
          const [row, column] = [Math.floor(at / size) * size, (at % size) * size];
          return values.reduce((sum, value, k) => sum + frame[row + k] * value * frame[column + k], 0);
        });
      const values = Array.from({ length: size }, (_, k) => (k % 3 === 1 ? -1 : 1) * 10 ** -(k % 5));
      if (singular) values[size - 1] = 0;
      const sign = singular ? 0 : values.reduce((product, value) => product * Math.sign(value), 1);
      expect(determinantSign(of(values), size)).toBe(sign);
    });
    fc.assert(property, { seed: 7, numRuns: 60 });
  });
});
