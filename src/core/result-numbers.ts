// Numbers and records as results write and read them, in bulk: lengths first, and nothing is copied. Knows no film and no sweep.

import { InputError, quoted } from './errors.ts';
import { unknownName } from './plain-json.ts';

/** Numbers as JSON writes them; null stands for NaN. */
export type Numbers = readonly (number | null)[];

export function toNumbers(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : null));
}

/** A list of exactly `length` numbers or nulls, unchecked otherwise; nothing is copied. */
export function readNumbers(value: unknown, where: string, length: number): Numbers {
  if (!Array.isArray(value)) throw new InputError(where, `expected a list, got ${quoted(value)}`);
  if (value.length !== length) {
    throw new InputError(where, `expected ${length} numbers, got ${value.length}`, 'The file may be truncated.');
  }
  for (let i = 0; i < length; i++) {
    const entry: unknown = value[i];
    if (entry !== null && !(typeof entry === 'number' && Number.isFinite(entry))) {
      throw new InputError(`${where}[${i}]`, `expected a finite number or null, got ${quoted(entry)}`);
    }
  }
  return value as Numbers;
}

/** The own keys of an object: exactly `keys`, and any of `optional`. Does not look into their values. */
export function readRecord(
  value: unknown,
  where: string,
  keys: readonly string[],
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(where, `expected an object, got ${quoted(value)}`, 'The file may be truncated.');
  }
  const known = [...keys, ...optional];
  for (const key of Object.keys(value)) if (!known.includes(key)) throw unknownName(where, 'key', key, known);
  for (const key of keys) {
    if (!Object.hasOwn(value, key)) throw new InputError(where, `expected "${key}", got none`, 'The file may be truncated.');
  }
  return value as Readonly<Record<string, unknown>>;
}

export function fill(target: Float64Array, numbers: Numbers): void {
  for (let i = 0; i < target.length; i++) target[i] = numbers[i] ?? Number.NaN;
}
