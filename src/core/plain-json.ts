// The first gate for untrusted JSON: a bounded deep copy, and readers that name the place of a fault.
// Knows no sweep and no result: see parse-sweep.ts and result.ts.

import { InputError, quoted } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Most characters of any text, and of any key. */
const MAX_TEXT = 4096;
const MAX_DEPTH = 12;
/** Most values in one document: a connectivity matrix or a small data set fits, and its copy is made within a second. */
const MAX_NODES = 1_000_000;
const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** True for `{}`-like objects and those without a prototype, of any realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Deep copy of JSON with own, enumerable, harmless keys only. Refuses, before it reads further: more than 1,000,000 values, 12
 * levels or 4,096 characters, keys that reach prototypes, numbers that are not finite, and everything that JSON cannot say.
 * `where` names the document.
 */
export function copyPlain(value: unknown, where: string): Json {
  let nodes = 0;
  const copy = (part: unknown, place: string, depth: number): Json => {
    nodes += 1;
    if (nodes > MAX_NODES) throw new InputError(where, `expected at most ${MAX_NODES} values, got more`, 'Shorten its lists.');
    if (part === null || typeof part === 'boolean') return part;
    if (typeof part === 'number') {
      if (!Number.isFinite(part)) throw new InputError(place, `expected a finite number, got ${part}`);
      return part === 0 ? 0 : part; // JSON text does not keep −0
    }
    if (typeof part === 'string') {
      if (part.length > MAX_TEXT) {
        throw new InputError(place, `expected at most ${MAX_TEXT} characters, got ${part.length}`, 'Shorten the text.');
      }
      return part;
    }
    if (typeof part !== 'object') throw new InputError(place, `expected JSON, got ${typeof part}`);
    if (depth >= MAX_DEPTH) throw new InputError(where, `expected at most ${MAX_DEPTH} levels, got more`);
    if (Array.isArray(part)) {
      if (part.length > MAX_NODES) {
        throw new InputError(place, `expected at most ${MAX_NODES} entries, got ${part.length}`, 'Shorten the list.');
      }
      return Array.from(part, (entry: unknown, i) => copy(entry, `${place}[${i}]`, depth + 1));
    }
    if (!isPlain(part)) throw new InputError(place, 'expected a plain object, got an instance or an object with a prototype');
    const result: Record<string, Json> = {};
    for (const [key, entry] of Object.entries(part)) {
      if (FORBIDDEN_KEYS.includes(key)) throw new InputError(place, `key "${key}" is not allowed`);
      if (key.length > MAX_TEXT)
        throw new InputError(place, `expected keys of at most ${MAX_TEXT} characters, got ${key.length}`);
      if (entry !== undefined) result[key] = copy(entry, `${place}.${key}`, depth + 1);
    }
    return result;
  };
  return copy(value, where, 0);
}

/** Number of single-character edits between two words. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/** The error for a name that is not known: suggests the nearest where one is near, and lists all. */
export function unknownName(where: string, noun: string, name: string, known: readonly string[]): InputError {
  const short = name.slice(0, 60).toLowerCase();
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: editDistance(short, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const near = nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(nearest.candidate.length / 3));
  const hint = `${near ? `Did you mean "${nearest.candidate}"? ` : ''}Known: ${known.length === 0 ? 'none' : known.join(', ')}.`;
  return new InputError(where, `expected a known ${noun}, got ${quoted(name)}`, hint);
}

/** An object, and with `keys` nothing but those keys. */
export function readObject(value: Json | undefined, where: string, keys?: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(where, `expected an object, got ${quoted(value)}`);
  }
  const object = value as JsonObject;
  if (keys !== undefined) {
    for (const key of Object.keys(object)) if (!keys.includes(key)) throw unknownName(where, 'key', key, keys);
  }
  return object;
}

export function readList(value: Json | undefined, where: string, least: number, most: number): readonly Json[] {
  if (!Array.isArray(value)) throw new InputError(where, `expected a list, got ${quoted(value)}`);
  if (value.length < least || value.length > most) {
    throw new InputError(where, `expected ${least} to ${most} entries, got ${value.length}`);
  }
  return value as readonly Json[];
}

export function readText(value: Json | undefined, where: string, most = MAX_TEXT): string {
  if (typeof value !== 'string') throw new InputError(where, `expected text, got ${quoted(value)}`);
  if (value.length > most) throw new InputError(where, `expected at most ${most} characters, got ${value.length}`);
  return value;
}

export function readBoolean(value: Json | undefined, where: string): boolean {
  if (typeof value !== 'boolean') throw new InputError(where, `expected true or false, got ${quoted(value)}`);
  return value;
}

/** Bounds of a number. `above` excludes its end, `below` too. */
export interface Bounds {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
  readonly integer?: boolean;
}

function boundsText({ least, above, most, below, integer }: Bounds): string {
  const noun = integer === true ? 'an integer' : 'a number';
  const low = above !== undefined ? `> ${above}` : least !== undefined ? `≥ ${least}` : '';
  const high = below !== undefined ? `< ${below}` : most !== undefined ? `≤ ${most}` : '';
  return [noun, [low, high].filter((text) => text !== '').join(' and ')].filter((text) => text !== '').join(' ');
}

export function readNumber(value: Json | undefined, where: string, bounds: Bounds, hint = ''): number {
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    !(bounds.integer === true && !Number.isSafeInteger(value)) &&
    !(bounds.least !== undefined && value < bounds.least) &&
    !(bounds.above !== undefined && value <= bounds.above) &&
    !(bounds.most !== undefined && value > bounds.most) &&
    !(bounds.below !== undefined && value >= bounds.below);
  if (!fits) throw new InputError(where, `expected ${boundsText(bounds)}, got ${quoted(value)}`, hint);
  return value;
}

/** One of some names. */
export function readName<Name extends string>(
  value: Json | undefined,
  where: string,
  noun: string,
  known: readonly Name[],
): Name {
  if (typeof value !== 'string') {
    throw new InputError(where, `expected the name of a ${noun}, got ${quoted(value)}`, `Known: ${known.join(', ')}.`);
  }
  const found = known.find((name) => name === value);
  if (found === undefined) throw unknownName(where, noun, value, known);
  return found;
}
