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

/** One of `known` names, or of `aliases` for them. */
export function nameOf<Name extends string>(
  place: Place,
  known: readonly Name[],
  aliases: Readonly<Record<string, Name>> = {},
): Name {
  const text = stringOf(place);
  const name = Object.hasOwn(aliases, text) ? aliases[text] : known.find((own) => own === text);
  if (name === undefined) throw new InputError(place.where, `expected one of ${known.join(', ')}, got ${quoted(text)}`);
  return name;
}

/** A finite number. */
export function numberOf({ where, value }: Place): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new InputError(where, `expected a finite number, got ${quoted(value)}`);
  return value;
}

export function positiveOf(place: Place): number {
  const value = numberOf(place);
  if (!(value > 0)) throw new InputError(place.where, `expected a number above 0, got ${value}`);
  return value;
}

export function integerOf(place: Place, minimum: number): number {
  const value = numberOf(place);
  if (!Number.isInteger(value) || value < minimum) {
    throw new InputError(place.where, `expected an integer of at least ${minimum}, got ${quoted(value)}`);
  }
  return value;
}

/** Levels of arrays in arrays: (time, trial, row, column) are four. */
const MOST_LEVELS = 8;

/** All numbers of an array of arrays (or an array, or one number), in reading order. */
export function numbersOf(place: Place): Float64Array {
  const numbers: number[] = [];
  const gather = (part: Place, level: number): void => {
    if (level > MOST_LEVELS) throw new InputError(place.where, `expected at most ${MOST_LEVELS} levels of arrays, got more`);
    if (!Array.isArray(part.value)) numbers.push(numberOf(part));
    else for (const item of itemsOf(part)) gather(item, level + 1);
  };
  gather(place, 0);
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
  return vectorOf(place, rows * columns);
}

/** Times ≥ 0, ascending, at least one. */
export function timesOf(place: Place): Float64Array {
  const times = numbersOf(place);
  if (times.length === 0) throw new InputError(place.where, 'expected at least one time, got none');
  const wrong = times.findIndex((time, i) => time < 0 || (i > 0 && time <= times[i - 1]));
  if (wrong >= 0) throw new InputError(`${place.where}[${wrong}]`, `expected ascending times from 0 on, got ${times[wrong]}`);
  return times;
}

/** A vector of `length` numbers. */
export function vectorOf(place: Place, length: number): Float64Array {
  const numbers = numbersOf(place);
  if (numbers.length !== length) throw new InputError(place.where, `expected ${length} numbers, got ${numbers.length}`);
  return numbers;
}
