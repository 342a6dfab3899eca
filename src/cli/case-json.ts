// Reads numbers and arrays out of case files, with errors that name the place. Knows no schema.

import { InputError, quoted } from '../core/errors.ts';

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A place in a case file: its value and how an error calls it. */
export interface Place {
  readonly where: string;
  readonly value: unknown;
}

/** Member `key` of an object. */
export function memberOf({ where, value }: Place, key: string): Place {
  const place = `${where}.${key}`;
  if (!isObject(value) || !(key in value)) throw new InputError(place, 'expected a value, got none');
  return { where: place, value: value[key] };
}

export function objectOf({ where, value }: Place): Json {
  if (!isObject(value)) throw new InputError(where, `expected an object, got ${quoted(value)}`);
  return value;
}

/** The items of an array. */
export function itemsOf({ where, value }: Place): Place[] {
  if (!Array.isArray(value)) throw new InputError(where, `expected an array, got ${quoted(value)}`);
  return value.map((item: unknown, index) => ({ where: `${where}[${index}]`, value: item }));
}

export function stringOf({ where, value }: Place): string {
  if (typeof value !== 'string') throw new InputError(where, `expected a string, got ${quoted(value)}`);
  return value;
}

/** A finite number. */
export function numberOf({ where, value }: Place): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new InputError(where, `expected a finite number, got ${quoted(value)}`);
  return value;
}

export function integerOf(place: Place, minimum: number): number {
  const value = numberOf(place);
  if (!Number.isInteger(value) || value < minimum) {
    throw new InputError(place.where, `expected an integer of at least ${minimum}, got ${quoted(value)}`);
  }
  return value;
}

/** All numbers of an array of arrays (or an array, or one number), in reading order. */
export function numbersOf(place: Place): Float64Array {
  const numbers: number[] = [];
  const gather = (part: Place): void => {
    if (Array.isArray(part.value)) itemsOf(part).forEach(gather);
    else numbers.push(numberOf(part));
  };
  gather(place);
  return Float64Array.from(numbers);
}

/** A matrix of `rows` × `columns` numbers, row-major. */
export function matrixOf(place: Place, rows: number, columns: number): Float64Array {
  const lines = itemsOf(place);
  const wrong = lines.find((line) => itemsOf(line).length !== columns);
  if (lines.length !== rows || wrong !== undefined) {
    const got = wrong === undefined ? `${lines.length} rows` : `a row of ${itemsOf(wrong).length}`;
    throw new InputError(place.where, `expected ${rows} × ${columns} numbers, got ${got}`);
  }
  return numbersOf(place);
}

/** A vector of `length` numbers. */
export function vectorOf(place: Place, length: number): Float64Array {
  const numbers = numbersOf(place);
  if (numbers.length !== length) throw new InputError(place.where, `expected ${length} numbers, got ${numbers.length}`);
  return numbers;
}
