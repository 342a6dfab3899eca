// Cuts to a rank: what they keep. Singular values without vectors and tails of normals beside it.

import { describe, expect, test } from 'vitest';
import { bidiagonalSingularValues } from '../../../src/core/bidiagonal.ts';
import { cutToRank, type RankNorm } from '../../../src/core/low-rank.ts';
import { jointTailAtAngle, jointTailCorrelation, tailThreshold, upperTail } from '../../../src/core/normal-tail.ts';
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

test('the singular values of a bidiagonal matrix are those of its decomposition', () => {
  const [diagonal, above] = [Float64Array.of(3, 0.5, -2, 1e-6, 4), Float64Array.of(1, -2, 0, 0.3)];
  const matrix = new Float64Array(25);
  diagonal.forEach((value, k) => {
    matrix[6 * k] = value;
    if (k < 4) matrix[6 * k + 1] = above[k];
  });
  expectClose(bidiagonalSingularValues(diagonal, above), singularValues(matrix, 5, 5), 1e-14);
  expect(bidiagonalSingularValues(new Float64Array(3), new Float64Array(2))).toEqual(new Float64Array(3));
});

describe('tails of normals', () => {
  const jointTail = (threshold: number, correlation: number) => jointTailAtAngle(threshold, Math.asin(correlation));

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
