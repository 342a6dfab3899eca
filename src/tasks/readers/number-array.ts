// What every reader of data files gives: numbers with a shape. Reads nothing itself.

import { InputError } from '../../core/errors.ts';

/** Row-major numbers, all finite. */
export interface NumberArray {
  /** One to eight sizes. */
  readonly shape: readonly number[];
  readonly values: Float64Array | Uint8Array | Int8Array;
}

/** Most entries of an array that is widened to float64: 512 MiB. */
export const MAXIMUM_ENTRIES = 2 ** 26;

const MAXIMUM_DIMENSIONS = 8;

/**
 * Number of entries of a shape that a header claims. Throws InputError before anything is allocated when the shape is empty,
 * too large, or does not need exactly `available` bytes at `size` bytes each.
 */
export function entriesOf(shape: readonly number[], size: number, available: number, where: string): number {
  if (shape.length === 0 || shape.length > MAXIMUM_DIMENSIONS) {
    throw new InputError(where, `expected 1 to ${MAXIMUM_DIMENSIONS} dimensions, got ${shape.length}`);
  }
  let entries = 1;
  for (const length of shape) {
    entries *= length;
    if (length < 1 || !Number.isSafeInteger(entries))
      throw new InputError(where, `expected sizes of at least 1, got shape ${shape.join(' × ')}`);
  }
  if (entries * size !== available) {
    const hint = entries * size > available ? 'The file is cut short.' : 'The file holds more than its header says.';
    throw new InputError(where, `expected ${entries * size} bytes for shape ${shape.join(' × ')}, got ${available}`, hint);
  }
  if (size > 1 && entries > MAXIMUM_ENTRIES) {
    throw new InputError(where, `expected at most ${MAXIMUM_ENTRIES} entries, got ${entries}`, 'Use a part of the data set.');
  }
  return entries;
}

/** Throws InputError at the first entry that is NaN or infinite. */
export function requireFinite(values: Float64Array, where: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new InputError(where, `expected finite numbers, got ${values[i]} at entry ${i}`);
  }
}
