// A connectivity of the user's own: a matrix of numbers, checked. Reads no files and draws nothing.

import { InputError, quoted } from '../errors.ts';
import type { Connectivity } from './connectivity.ts';
import { atUnitGain } from './populations.ts';

/** Most units of an own matrix. */
export const MOST_OWN_UNITS = 1024;

/** Rows and columns for messages: counted from 1, as tables are. */
const place = (row: number, column: number) => `row ${row + 1}, column ${column + 1}`;

/**
 * The connectivity with the weights of `matrix`: a list of 1 … 1024 rows of as many finite numbers, row = target (post),
 * column = source (pre), at least one of them not 0. Only their ratios matter: the family's gain sets the norm. Serves networks
 * of exactly as many units. Throws InputError; `where` names the matrix in messages.
 */
export function ownConnectivity(matrix: unknown, where = 'connectivity "own"'): Connectivity {
  const { weights, size } = readMatrix(matrix, where);
  if (weights.every((value) => value === 0)) {
    throw new InputError(where, `expected connections, got ${size} × ${size} zeros`);
  }
  const scaled = atUnitGain(weights, size, 'own');
  return {
    id: 'own',
    label: 'own matrix',
    description: `A given matrix of ${size} units, scaled to the chosen gain.`,
    source: 'given by the user',
    generate(units) {
      if (units !== size) {
        throw new InputError(where, `expected a width of ${size}, that of the matrix, got ${units}`, `Set width to ${size}.`);
      }
      return scaled.slice();
    },
  };
}

function readMatrix(matrix: unknown, where: string): { readonly weights: Float64Array; readonly size: number } {
  if (!Array.isArray(matrix)) throw new InputError(where, `expected a list of rows of numbers, got ${quoted(matrix)}`);
  const rows: readonly unknown[] = matrix;
  const size = rows.length;
  if (size < 1 || size > MOST_OWN_UNITS) {
    throw new InputError(where, `expected 1 to ${MOST_OWN_UNITS} rows, got ${size}`);
  }
  const weights = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = rows[i];
    if (!Array.isArray(row) && !ArrayBuffer.isView(row)) {
      throw new InputError(`${where}: row ${i + 1}`, `expected a list of ${size} numbers, got ${quoted(row)}`);
    }
    const numbers = row as ArrayLike<unknown>;
    if (numbers.length !== size) {
      const hint = 'A connectivity has as many columns as rows.';
      throw new InputError(`${where}: row ${i + 1}`, `expected ${size} numbers, got ${quoted(numbers.length)}`, hint);
    }
    for (let j = 0; j < size; j++) {
      const value = numbers[j];
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw new InputError(`${where}: ${place(i, j)}`, `expected a finite number, got ${quoted(value)}`);
      }
      weights[i * size + j] = value;
    }
  }
  return { weights, size };
}
