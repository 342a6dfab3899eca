// Eigenvalues against what is known of them: roots of polynomials, rotations, triangles, defective blocks, sums of powers.

import { describe, expect, test } from 'vitest';
import { entropyRank, matrixParticipationRatio, participationRatio } from '../../../src/core/effective-rank.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { singularValues } from '../../../src/core/svd.ts';
import { eigenvalues, spectralRadius } from '../../../src/theory/spectrum.ts';
import { expectClose } from '../reference/expect-close.ts';
import { matrixOf, times, traceOf } from './linear-network.ts';

const gaussian = (size: number, seed = 0) => randomSource(seed, STREAMS.weights).normals(size * size);

/** Sorted by real, then imaginary part, [re, im, re, im, …]. */
function sorted(matrix: Float64Array, size: number): number[] {
  const { real, imaginary } = eigenvalues(matrix, size);
  return Array.from(real, (value, k) => [value, imaginary[k]])
    .sort((a, b) => (Math.abs(a[0] - b[0]) > 1e-6 ? a[0] - b[0] : a[1] - b[1]))
    .flat();
}

/** The matrix with this characteristic polynomial x^n + Σ c_k x^k. */
function companion(coefficients: readonly number[]): Float64Array {
  const size = coefficients.length;
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return j === size - 1 ? -coefficients[i] : i === j + 1 ? 1 : 0;
  });
}

describe('eigenvalues', () => {
  test('are the roots of a polynomial in its companion matrix', () => {
    // (x − 1)(x − 2)(x² + 1)
    expectClose(sorted(companion([2, -3, 3, -3]), 4), [0, -1, 0, 1, 1, 0, 2, 0], 1e-13);
  });

  test('of a triangle are its diagonal, of a scaled matrix scaled', () => {
    const triangle = Float64Array.from([3, 5, -2, 0, -1, 4, 0, 0, 2]);
    expectClose(sorted(triangle, 3), [-1, 0, 2, 0, 3, 0], 1e-15);
    for (const scale of [1e-100, 1e100]) {
      expectClose(
        sorted(
          triangle.map((value) => value * scale),
          3,
        )
          .map(Math.abs)
          .sort(),
        [0, 0, 0, 1, 2, 3].map((v) => v * scale),
        1e-14,
      );
    }
  });

  test.each([2, 3, 7, 40])('of a rotation of %d dimensions have modulus 1 and come as conjugates', (size) => {
    const { real, imaginary } = eigenvalues(haarFrame(size, size, randomSource(1, STREAMS.data)), size);
    expectClose(
      real.map((value, k) => Math.hypot(value, imaginary[k])),
      new Float64Array(size).fill(1),
      1e-13,
    );
    expect(Math.abs(imaginary.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-13);
  });

  test('of a permutation of n in a circle are the roots of unity, which plain shifts never find', () => {
    for (const size of [3, 4, 8]) {
      const circle = Float64Array.from({ length: size * size }, (_, at) =>
        (Math.floor(at / size) + 1) % size === at % size ? 1 : 0,
      );
      const roots = Array.from({ length: size }, (_, k) => [
        Math.cos((2 * Math.PI * k) / size),
        Math.sin((2 * Math.PI * k) / size),
      ])
        .sort((a, b) => (Math.abs(a[0] - b[0]) > 1e-6 ? a[0] - b[0] : a[1] - b[1]))
        .flat();
      expectClose(sorted(circle, size), roots, 1e-13);
    }
  });

  test('of a defective block are all the same, as closely as rounding allows', () => {
    const block = Float64Array.from([2, 1, 0, 0, 2, 1, 0, 0, 2]);
    expectClose(sorted(block, 3), [2, 0, 2, 0, 2, 0], 1e-4);
  });

  test.each([5, 30, 120])('of a random matrix of %d units have its trace and that of its square', (size) => {
    const matrix = gaussian(size);
    const { real, imaginary } = eigenvalues(matrix, size);
    const own = matrixOf(matrix, size);
    const squares = real.reduce((sum, value, k) => sum + value * value - imaginary[k] * imaginary[k], 0);
    expectClose([real.reduce((sum, value) => sum + value, 0), squares], [traceOf(own), traceOf(times(own, own))], 1e-12, size);
  });

  test('fill the circle of Girko: radius √N of independent standard normals', () => {
    expect(spectralRadius(gaussian(200), 200) / Math.sqrt(200)).toBeCloseTo(1, 1);
  });

  test('of nothing are none, of zeros zero', () => {
    expect(spectralRadius(new Float64Array(0), 0)).toBe(0);
    expect(spectralRadius(new Float64Array(16), 4)).toBe(0);
  });

  test('of a matrix that is not finite are refused', () => {
    expect(() => eigenvalues(new Float64Array(9).fill(Number.NaN), 3)).toThrow('no convergence');
  });
});

describe('effective ranks', () => {
  test('the participation ratio needs no singular values', () => {
    for (const [rows, columns] of [
      [4, 9],
      [9, 4],
      [6, 6],
    ]) {
      const matrix = randomSource(rows, STREAMS.data).normals(rows * columns);
      expectClose(
        [matrixParticipationRatio(matrix, rows, columns)],
        [participationRatio(singularValues(matrix, rows, columns))],
        1e-13,
      );
    }
  });

  test('all equal the number of values where these are equal', () => {
    const values = new Float64Array(7).fill(0.3, 0, 5);
    expectClose([entropyRank(values), participationRatio(values)], [5, 5], 1e-14);
  });
});
