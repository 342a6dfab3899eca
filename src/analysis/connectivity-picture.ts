// What there is to see of a connectivity: its weights, eigenvalues, singular values and effective ranks,
// as numbers. Draws nothing.

import { bidiagonalValues } from '../core/bidiagonal.ts';
import { entropyRank, participationRatio, stableRank } from '../core/effective-rank.ts';
import { eigenvalues } from '../core/eigenvalues.ts';
import { InputError } from '../core/errors.ts';

/**
 * A square matrix W[target, source] and its spectra, float64. All numbers are in the units of the weights unless said otherwise.
 */
export interface ConnectivityPicture {
  /** N. */
  readonly size: number;
  /** (N, N) row-major, row = target (post), column = source (pre). */
  readonly weights: Float64Array;
  /** Largest |weight|: the ends of a colour scale about 0. 0 for a matrix of zeros. */
  readonly largest: number;
  /** Eigenvalues by modulus, descending, N each; complex pairs side by side. */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  /** Largest modulus of an eigenvalue; 0 where the connections close no loop. */
  readonly spectralRadius: number;
  /** Descending, N of them. */
  readonly singularValues: Float64Array;
  /** √Σs². */
  readonly frobeniusNorm: number;
  /** Singular values above N ε max s, 0 … N. */
  readonly rank: number;
  /**
   * Effective ranks, dimensionless, 1 … rank; NaN for a matrix of zeros: Σs²/max s², (Σs²)²/Σs⁴, exp(−Σ p ln p) with p = s/Σs.
   */
  readonly stableRank: number;
  readonly participationRatio: number;
  readonly entropyRank: number;
}

/**
 * The picture of a row-major (size, size) matrix, which it keeps, unchanged. About 15 size³ operations:
 * milliseconds at 64 units, half a second at 300. Throws InputError where the matrix has another length or a number that is not
 * finite (an exploded network).
 */
export function connectivityPicture(matrix: Float64Array, size: number): ConnectivityPicture {
  const where = 'connectivity';
  if (!Number.isInteger(size) || size < 1) throw new InputError(where, `expected a size of at least 1, got ${size}`);
  if (matrix.length !== size * size) throw new InputError(where, `expected ${size * size} weights, got ${matrix.length}`);
  const odd = matrix.findIndex((weight) => !Number.isFinite(weight));
  if (odd >= 0) {
    const place = `row ${Math.floor(odd / size) + 1}, column ${(odd % size) + 1}`;
    throw new InputError(`${where}: ${place}`, `expected a finite number, got ${matrix[odd]}`);
  }
  const { real, imaginary } = eigenvalues(matrix, size);
  const singularValues = bidiagonalValues(matrix, size);
  const effective = (rank: (values: Float64Array) => number) => (singularValues[0] > 0 ? rank(singularValues) : Number.NaN);
  return {
    size,
    weights: matrix,
    largest: matrix.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0),
    real,
    imaginary,
    spectralRadius: Math.hypot(real[0], imaginary[0]),
    singularValues,
    frobeniusNorm: Math.hypot(...singularValues),
    rank: singularValues.filter((s) => s > size * Number.EPSILON * singularValues[0]).length,
    stableRank: effective(stableRank),
    participationRatio: effective(participationRatio),
    entropyRank: effective(entropyRank),
  };
}
