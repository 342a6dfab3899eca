// What structured connectivities share: sizes of populations, signs by source, balance of signs, norm. Draws nothing but
// lognormals. Matrices are W[post, pre], (size, size) row-major.

import { InputError } from '../errors.ts';
import type { RandomSource } from '../random.ts';

/** Share of inhibitory units where a structure names no populations, as in cortex. */
const INHIBITORY_SHARE = 0.2;
/** Standard deviation of the logarithm of synaptic strengths. Song et al. 2005. */
const LOG_STRENGTH_STD = 0.9355;

/**
 * The population of each unit, in order of `shares` (any positive numbers): as close to them as whole units
 * come (largest remainders).
 */
export function populationsOf(size: number, shares: readonly number[]): Uint8Array {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const exact = shares.map((share) => (share / total) * size);
  const sizes = exact.map(Math.floor);
  const missing = size - sizes.reduce((sum, count) => sum + count, 0);
  const order = exact.map((_, k) => k).sort((a, b) => exact[b] - sizes[b] - (exact[a] - sizes[a]) || a - b);
  for (const k of order.slice(0, missing)) sizes[k]++;
  const populations = new Uint8Array(size);
  let at = 0;
  sizes.forEach((count, k) => {
    populations.fill(k, at, at + count);
    at += count;
  });
  return populations;
}

/** 1 for each inhibitory unit: the last 20 %, rounded. */
export function lastInhibitory(size: number): Uint8Array {
  return populationsOf(size, [1 - INHIBITORY_SHARE, INHIBITORY_SHARE]);
}

/** Strength e^{σ z}/E, mean 1. */
export function lognormal(source: RandomSource): number {
  return Math.exp(LOG_STRENGTH_STD * source.normal() - LOG_STRENGTH_STD ** 2 / 2);
}

/**
 * Turns magnitudes into weights: columns of inhibitory units become negative, multiplied by the one factor that makes the sum of
 * all weights 0. Where either sign is missing there is nothing to balance, and the factor is 1.
 */
export function signAndBalance(magnitudes: Float64Array, inhibitory: Uint8Array): Float64Array {
  const size = inhibitory.length;
  const sums = [0, 0];
  magnitudes.forEach((value, at) => {
    sums[inhibitory[at % size]] += value;
  });
  const factor = sums[0] > 0 && sums[1] > 0 ? sums[0] / sums[1] : 1;
  return magnitudes.map((value, at) => (inhibitory[at % size] === 1 ? -factor * value : value));
}

/** Takes out connections of units with themselves. */
export function withoutSelf(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, at) => (at % (size + 1) === 0 ? 0 : value));
}

/** The matrix scaled to Frobenius norm √size. Throws InputError where it has no weights. */
export function atUnitGain(matrix: Float64Array, size: number, id: string): Float64Array {
  // Scaled by its largest element first, so that no square overflows or vanishes.
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0)) {
    throw new InputError(`connectivity "${id}"`, `expected connections, got none among ${size} units`, 'Use more units.');
  }
  const square = matrix.reduce((sum, value) => sum + (value / largest) ** 2, 0);
  const norm = Math.sqrt(square / size);
  return matrix.map((value) => value / largest / norm);
}
