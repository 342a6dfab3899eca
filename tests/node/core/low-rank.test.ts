// Cuts to a rank: what they keep, and that the sampler without decomposition has the same law. Tails of normals beside it.

import { describe, expect, test } from 'vitest';
import { matrixParticipationRatio } from '../../../src/core/effective-rank.ts';
import { bidiagonalSingularValues, cutToRank, lowRankGaussian, type RankNorm } from '../../../src/core/low-rank.ts';
import { jointTail, jointTailCorrelation, tailThreshold, upperTail } from '../../../src/core/normal-tail.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { singularValues, svd, thinSvd } from '../../../src/core/svd.ts';
import { expectClose } from '../reference/expect-close.ts';

const gaussian = (rows: number, columns: number, seed = 0) => randomSource(seed, STREAMS.weights).normals(rows * columns);
const norm = (matrix: Float64Array) => Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0));

const sizes: readonly (readonly [number, number])[] = [
  [12, 5],
  [5, 12],
  [8, 8],
];

describe.each(sizes)('a cut matrix of %d × %d', (rows, columns) => {
  const matrix = gaussian(rows, columns);
  const parts = thinSvd(matrix, rows, columns);

  test('of full rank is the matrix', () => {
    expectClose(cutToRank(parts, Math.min(rows, columns)), matrix, 1e-13);
    expectClose(cutToRank(svd(matrix, rows, columns), 100), matrix, 1e-13);
  });

  test('has the rank, and keeps what it is told to keep', () => {
    for (const rank of [1, 2, 4]) {
      const kept = (how: RankNorm) => singularValues(cutToRank(parts, rank, how), rows, columns);
      const expected = parts.values.map((value, k) => (k < rank ? value : 0));
      expectClose(kept('none'), expected, 1e-13);
      expectClose(kept('spec'), expected, 1e-13);
      const factor = norm(matrix) / norm(expected);
      expectClose(
        kept('fro'),
        expected.map((value) => factor * value),
        1e-13,
      );
      expectClose([norm(cutToRank(parts, rank))], [norm(matrix)], 1e-13);
    }
  });

  test('is zero where the matrix is', () => {
    expect(cutToRank(thinSvd(new Float64Array(rows * columns), rows, columns), 2)).toEqual(new Float64Array(rows * columns));
  });
});

describe('the sampler without decomposition', () => {
  test('finds the singular values of a bidiagonal matrix', () => {
    const [diagonal, above] = [Float64Array.of(3, 0.5, -2, 1e-6, 4), Float64Array.of(1, -2, 0, 0.3)];
    const matrix = new Float64Array(25);
    diagonal.forEach((value, k) => {
      matrix[6 * k] = value;
      if (k < 4) matrix[6 * k + 1] = above[k];
    });
    expectClose(bidiagonalSingularValues(diagonal, above, 5), singularValues(matrix, 5, 5), 1e-14);
    expectClose(bidiagonalSingularValues(diagonal, above, 2), singularValues(matrix, 5, 5).subarray(0, 2), 1e-14);
    expect(bidiagonalSingularValues(new Float64Array(3), new Float64Array(2), 3)).toEqual(new Float64Array(3));
  });

  test.each(sizes)('gives cuts of one matrix of %d × %d for one seed', (rows, columns) => {
    const drawn = (rank: number, how: RankNorm) =>
      lowRankGaussian({ rows, columns, rank, norm: how, source: randomSource(3, 1) });
    const parts = thinSvd(drawn(5, 'none'), rows, columns);
    for (const rank of [1, 3]) {
      expectClose(drawn(rank, 'none'), cutToRank(parts, rank, 'none'), 1e-12);
      expectClose([norm(drawn(rank, 'fro'))], [norm(drawn(Math.min(rows, columns), 'fro'))], 1e-13);
    }
  });

  test.each(sizes)('has the moments of Gaussian matrices of %d × %d', (rows, columns) => {
    const draws = 400;
    const means = [0, 0, 0, 0];
    for (let seed = 0; seed < draws; seed++) {
      const exact = thinSvd(gaussian(rows, columns, seed), rows, columns).values;
      const matrix = lowRankGaussian({ rows, columns, rank: 5, norm: 'none', source: randomSource(seed, STREAMS.data) });
      const sampled = singularValues(matrix, rows, columns);
      [exact[0] - sampled[0], exact[4] - sampled[4], matrix[0], matrix[3] ** 2].forEach((value, k) => {
        means[k] += value / draws;
      });
    }
    // Four standard errors: singular values spread by about 0.5, elements by 1, their squares by √2.
    expect(Math.abs(means[0])).toBeLessThan(4 * 0.8 * Math.sqrt(1 / draws));
    expect(Math.abs(means[1])).toBeLessThan(4 * 0.8 * Math.sqrt(1 / draws));
    expect(Math.abs(means[2])).toBeLessThan(4 / Math.sqrt(draws));
    // Five of eight singular values hold less than all of the norm.
    if (Math.min(rows, columns) === 5) expect(Math.abs(means[3] - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
  });

  // Liu et al. 2024: N = 300, one draw cut to ranks.
  test.each([
    [1, 1],
    [4, 4],
    [8, 8],
    [16, 15.9],
    [30, 29.6],
    [100, 90.7],
    [300, 149.9],
  ])('cuts 300 units to rank %d of participation ratio %d', (rank, expected) => {
    const matrix = lowRankGaussian({ rows: 300, columns: 300, rank, norm: 'fro', source: randomSource(0, 1) });
    expect(matrixParticipationRatio(matrix, 300, 300) / expected).toBeCloseTo(1, 1.5);
    expect(norm(matrix) / 300).toBeCloseTo(1, 1.9);
  });
});

describe('tails of normals', () => {
  test('of one are those of the tables', () => {
    expectClose(
      [upperTail(0), upperTail(1), upperTail(-1.5), upperTail(3)],
      [0.5, 0.15865525393145705, 0.9331927987311419, 0.0013498980316300946],
      1e-11,
    );
    for (const probability of [1e-3, 0.1157, 0.5, 0.97])
      expectClose([upperTail(tailThreshold(probability))], [probability], 1e-12);
  });

  test('of two at 0 have Sheppard’s angle, at the ends are those of one', () => {
    for (const correlation of [-0.9, -0.3, 0, 0.5, 0.99]) {
      expectClose([jointTail(0, correlation)], [0.25 + Math.asin(correlation) / (2 * Math.PI)], 1e-12);
    }
    for (const threshold of [0.4, 1.2, 2.5]) {
      expectClose([jointTail(threshold, 1), jointTail(threshold, 0)], [upperTail(threshold), upperTail(threshold) ** 2], 1e-10);
      expect(Math.abs(jointTail(threshold, -1))).toBeLessThan(1e-11);
      expectClose([jointTailCorrelation(threshold, jointTail(threshold, 0.37))], [0.37], 1e-9);
    }
  });
});
