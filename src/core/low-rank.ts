// Matrices of low rank and held norm: a matrix cut by its singular values, and Gaussian ones drawn so without decomposing anything.

import { columnsOf, orthonormalise } from './orthonormal.ts';
import type { RandomSource } from './random.ts';
import type { ThinSvd } from './svd.ts';

/**
 * What a cut keeps: `fro`, the Frobenius norm, by a common factor; `spec`, the largest singular value, and `none`, every one that remains:
 * both leave what remains as it is. Liu et al. 2024 (arXiv:2310.08513), code: fro.
 */
export type RankNorm = 'fro' | 'spec' | 'none';

/** Σ_{k < rank} s_k u_k v_kᵀ as (rows, columns) row-major; vectors are columns of row-major (rows, any) and (columns, any) frames. */
function assembled(parts: ThinSvd, rank: number, factor: number): Float64Array {
  const { rows, columns, left, values, right } = parts;
  const [leftStride, rightStride] = [left.length / rows, right.length / columns];
  const matrix = new Float64Array(rows * columns);
  for (let k = 0; k < Math.min(rank, values.length); k++) {
    for (let i = 0; i < rows; i++) {
      const scaled = factor * values[k] * left[i * leftStride + k];
      for (let j = 0; j < columns; j++) matrix[i * columns + j] += scaled * right[j * rightStride + k];
    }
  }
  return matrix;
}

const squareOf = (values: Float64Array, count: number) => values.subarray(0, count).reduce((sum, s) => sum + s * s, 0);

/** The best approximation of rank ≤ `rank` of a decomposed matrix, (rows, columns) row-major; for `fro` times ‖W‖_F/‖W_r‖_F. */
export function cutToRank(parts: ThinSvd, rank: number, norm: RankNorm = 'fro'): Float64Array {
  const kept = squareOf(parts.values, rank);
  return assembled(parts, rank, norm === 'fro' && kept > 0 ? Math.sqrt(squareOf(parts.values, parts.values.length) / kept) : 1);
}

/** √χ² with `degrees` degrees of freedom. */
function chi(degrees: number, source: RandomSource): number {
  let square = 0;
  for (let n = 0; n < degrees; n++) square += source.normal() ** 2;
  return Math.sqrt(square);
}

/**
 * The `count` largest singular values of the upper bidiagonal matrix with these diagonals, descending, by bisection: the tridiagonal
 * matrix with zero diagonal and d₁, e₁, d₂, e₂, … beside it has ± the singular values as eigenvalues. Golub and Kahan 1965.
 */
export function bidiagonalSingularValues(diagonal: Float64Array, above: Float64Array, count: number): Float64Array {
  const size = diagonal.length;
  const squares = new Float64Array(2 * size - 1);
  diagonal.forEach((d, k) => {
    squares[2 * k] = d * d;
    if (k < size - 1) squares[2 * k + 1] = above[k] * above[k];
  });
  const tiny = Number.MIN_VALUE / Number.EPSILON;
  /** How many singular values are ≥ x > 0: Sturm's count of pivots. */
  const countFrom = (x: number) => {
    let pivot = -x;
    let below = 1;
    for (const square of squares) {
      pivot = -x - square / (Math.abs(pivot) < tiny ? -tiny : pivot);
      if (pivot < 0) below++;
    }
    return 2 * size - below;
  };
  const most = diagonal.reduce((bound, d, k) => Math.max(bound, Math.abs(d) + Math.abs(above[k] ?? 0)), 0);
  let ceiling = 2 * most;
  return Float64Array.from({ length: Math.min(count, size) }, (_, k) => {
    let [low, high] = [0, ceiling];
    while (high - low > 2 * Number.EPSILON * high) {
      const middle = (low + high) / 2;
      if (middle === low || middle === high) break;
      if (countFrom(middle) > k) low = middle;
      else high = middle;
    }
    ceiling = high;
    return (low + high) / 2;
  });
}

export interface LowRankGaussian {
  readonly rows: number;
  readonly columns: number;
  /** 1 … min(rows, columns). */
  readonly rank: number;
  readonly norm: RankNorm;
  readonly source: RandomSource;
}

/**
 * A matrix with the law of `cutToRank` of one with independent standard normal elements, without its decomposition: singular values of a
 * Gaussian matrix are those of a bidiagonal matrix of χ variables, its frames are Haar's. (rows, columns) row-major; another rank from an
 * equal source is another cut of the same matrix. Dumitriu and Edelman 2002 (doi:10.1063/1.1507823).
 */
export function lowRankGaussian({ rows, columns, rank, norm, source }: LowRankGaussian): Float64Array {
  const [long, short] = [Math.max(rows, columns), Math.min(rows, columns)];
  const diagonal = Float64Array.from({ length: short }, (_, k) => chi(long - k, source));
  const above = Float64Array.from({ length: short - 1 }, (_, k) => chi(short - 1 - k, source));
  const values = bidiagonalSingularValues(diagonal, above, rank);
  const pairs = Array.from({ length: rank }, () => [source.normals(rows), source.normals(columns)]);
  const frame = (side: 0 | 1, size: number) => columnsOf(orthonormalise(pairs.map((pair) => pair[side])), size);
  const parts = { rows, columns, left: frame(0, rows), values, right: frame(1, columns) };
  const whole = squareOf(diagonal, short) + squareOf(above, short - 1);
  const factor = norm === 'fro' ? Math.sqrt(whole / squareOf(values, rank)) : 1;
  return assembled(parts, rank, factor);
}
