// The picture of a connectivity holds what linear algebra says: spectra agree with another implementation,
// ranks with their definitions.

import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import { connectivityPicture } from '../../../src/analysis/connectivity-picture.ts';
import { bidiagonalValues } from '../../../src/core/bidiagonal.ts';
import { connectivities } from '../../../src/core/connectivity/registry.ts';
import { eigenvalues, spectralRadius } from '../../../src/core/eigenvalues.ts';
import { InputError } from '../../../src/core/errors.ts';
import { cutToRank } from '../../../src/core/low-rank.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { singularValues, thinSvd } from '../../../src/core/svd.ts';

const gaussian = (seed: number, size: number) => randomSource(seed, STREAMS.weights).normals(size * size);

/** The largest distance between two spectra, each eigenvalue to its nearest not yet taken. */
function apart(
  real: Float64Array,
  imaginary: Float64Array,
  otherReal: readonly number[],
  otherImaginary: readonly number[],
): number {
  const left = otherReal.map((re, k) => [re, otherImaginary[k]]);
  return real.reduce((most, re, k) => {
    const distances = left.map(([a, b]) => Math.hypot(a - re, b - imaginary[k]));
    const nearest = distances.indexOf(Math.min(...distances));
    left.splice(nearest, 1);
    return Math.max(most, distances[nearest]);
  }, 0);
}

describe('eigenvalues', () => {
  test.each([
    ['a rotation', [0, -1, 1, 0], 2, [0, 0], [1, -1]],
    ['a triangle', [1, 5, 7, 0, -3, 2, 0, 0, 2], 3, [-3, 2, 1], [0, 0, 0]],
    ['a cycle of four', [0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], 4, [1, 0, 0, -1], [0, 1, -1, 0]],
    ['zeros', [0, 0, 0, 0, 0, 0, 0, 0, 0], 3, [0, 0, 0], [0, 0, 0]],
    ['one number', [-4], 1, [-4], [0]],
    ['huge numbers', [2e300, 0, 0, 1e300], 2, [2e300, 1e300], [0, 0]],
    ['equal ones', [2, 0, 0, 0, 2, 0, 0, 0, 2], 3, [2, 2, 2], [0, 0, 0]],
  ] as const)('of %s', (_, matrix, size, real, imaginary) => {
    const found = eigenvalues(Float64Array.from(matrix), size);
    const scale = Math.max(1, ...matrix.map(Math.abs));
    expect(apart(found.real, found.imaginary, [...real], [...imaginary]) / scale).toBeLessThan(1e-14);
  });

  test('of random matrices agree with another implementation', () => {
    const property = fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 40 }), (seed, size) => {
      const matrix = gaussian(seed, size);
      const { real, imaginary } = eigenvalues(matrix, size);
      const other = new EigenvalueDecomposition(Matrix.from1DArray(size, size, matrix));
      expect(apart(real, imaginary, other.realEigenvalues, other.imaginaryEigenvalues)).toBeLessThan(1e-9 * Math.sqrt(size));
    });
    fc.assert(property, { numRuns: 40 });
  });

  test('sum to the trace, and their squares to that of the square', () => {
    const size = 128;
    const matrix = gaussian(3, size);
    const { real, imaginary } = eigenvalues(matrix, size);
    let [trace, square] = [0, 0];
    for (let i = 0; i < size; i++) {
      trace += matrix[i * size + i];
      for (let j = 0; j < size; j++) square += matrix[i * size + j] * matrix[j * size + i];
    }
    expect(Math.abs(real.reduce((sum, re) => sum + re, 0) - trace)).toBeLessThan(1e-10);
    expect(Math.abs(real.reduce((sum, re, k) => sum + re ** 2 - imaginary[k] ** 2, 0) - square)).toBeLessThan(1e-8);
  });

  test('are exactly 0 where connections close no loop, and as good as 0 where loops cancel', () => {
    const size = 7;
    // j → (j + 1) ordered anew, so that it is no triangle.
    const shift = new Float64Array(size * size);
    for (let j = 0; j + 1 < size; j++) shift[((5 * (j + 1)) % size) * size + ((5 * j) % size)] = 1 + j;
    expect([...eigenvalues(shift, size).real, ...eigenvalues(shift, size).imaginary].every((part) => part === 0)).toBe(true);
    // (1, −1; 1, −1) has a double eigenvalue 0, of which rounding takes the root.
    expect(spectralRadius(Float64Array.of(1, -1, 1, -1), 2)).toBeLessThan(1e-7);
  });
});

describe('singular values without vectors', () => {
  test.each([1, 2, 3, 17, 37])('agree with rotations at size %i', (size) => {
    const matrix = gaussian(size, size);
    const expected = singularValues(matrix, size, size);
    const found = bidiagonalValues(matrix, size);
    expected.forEach((value, k) => {
      expect(Math.abs(found[k] - value), `value ${k}: expected ${value}, got ${found[k]}`).toBeLessThan(1e-13 * expected[0]);
    });
  });

  test('stay right where values repeat or vanish', () => {
    const size = 12;
    const cut = cutToRank(thinSvd(gaussian(5, size), size, size), 3);
    expect([...bidiagonalValues(cut, size).subarray(3)].every((value) => value < 1e-13)).toBe(true);
    const identity = Float64Array.from({ length: 25 }, (_, n) => (n % 6 === 0 ? 2 : 0));
    for (const value of bidiagonalValues(identity, 5)) expect(value).toBeCloseTo(2, 14);
    expect([...bidiagonalValues(new Float64Array(9), 3)]).toEqual([0, 0, 0]);
  });
});

describe('the picture of a connectivity', () => {
  test.each(connectivities.map(({ id }) => id))('%s: ranks below one another, radius below the norm', (id) => {
    const size = 40;
    const connectivity = connectivities.find((one) => one.id === id);
    const matrix = connectivity?.generate(size, randomSource(1, STREAMS.weights)) ?? new Float64Array(0);
    const picture = connectivityPicture(matrix, size);
    expect(picture.weights).toBe(matrix);
    expect(picture.stableRank).toBeLessThanOrEqual(picture.participationRatio + 1e-12);
    expect(picture.participationRatio).toBeLessThanOrEqual(picture.rank + 1e-12);
    expect(picture.entropyRank).toBeLessThanOrEqual(picture.rank + 1e-12);
    expect(picture.spectralRadius).toBeLessThanOrEqual(picture.singularValues[0] + 1e-12);
    expect(picture.frobeniusNorm).toBeCloseTo(Math.sqrt(matrix.reduce((sum, weight) => sum + weight * weight, 0)), 10);
  });

  test('a matrix of rank one has rank one in every sense and one eigenvalue', () => {
    const [u, v] = [
      [1, 2, -1],
      [3, 0, 1],
    ];
    const picture = connectivityPicture(Float64Array.from(u.flatMap((a) => v.map((b) => a * b))), 3);
    expect(picture.rank).toBe(1);
    for (const id of ['stableRank', 'participationRatio', 'entropyRank'] as const) expect(picture[id]).toBeCloseTo(1, 12);
    expect(picture.spectralRadius).toBeCloseTo(2, 12);
    expect(picture.real[0]).toBeCloseTo(2, 12);
    expect(picture.largest).toBe(6);
  });

  test('zeros have no effective rank', () => {
    const { rank, stableRank, participationRatio, entropyRank, spectralRadius } = connectivityPicture(new Float64Array(16), 4);
    expect([rank, stableRank, participationRatio, entropyRank, spectralRadius]).toEqual([0, NaN, NaN, NaN, 0]);
  });

  test('what is no matrix is refused', () => {
    expect(() => connectivityPicture(new Float64Array(5), 2)).toThrow(InputError);
    expect(() => connectivityPicture(new Float64Array(5), 2)).toThrow('expected 4 weights, got 5');
    expect(() => connectivityPicture(Float64Array.from([1, 2, Number.NaN, 4]), 2)).toThrow('row 2, column 1');
    expect(() => connectivityPicture(new Float64Array(0), 0)).toThrow('expected a size of at least 1');
  });
});
