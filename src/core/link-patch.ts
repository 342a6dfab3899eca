// The difference between two JSON values, and its application. Pure; knows neither sweeps nor links.
// A patch is 0 (the key is gone), [value] (another value) or { key: patch } (an object or a list of the
// same length, changed inside).

import { InputError } from './errors.ts';
import type { Json, JsonObject } from './plain-json.ts';

export type Patch = Json;

const isBranch = (value: Json | undefined): value is JsonObject | readonly Json[] => typeof value === 'object' && value !== null;

/** True where both are lists of one length, or both are plain objects: then their parts are compared. */
function matches(a: Json | undefined, b: Json): boolean {
  if (!isBranch(a) || !isBranch(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  return !Array.isArray(a) || a.length === (b as readonly Json[]).length;
}

/** What turns `from` into `to`; undefined where they are equal. Order of keys does not count. */
export function patchOf(from: Json | undefined, to: Json): Patch | undefined {
  if (from === to) return undefined;
  if (!matches(from, to)) return [to];
  const [a, b] = [from as JsonObject, to as JsonObject];
  const patch: Record<string, Patch> = {};
  for (const key of Object.keys(a)) if (!Object.hasOwn(b, key)) patch[key] = 0;
  for (const [key, value] of Object.entries(b)) {
    const part = Object.hasOwn(a, key) ? patchOf(a[key], value) : [value];
    if (part !== undefined) patch[key] = part;
  }
  if (Object.keys(patch).length === 0) return undefined;
  // Where everything has changed, the value itself is shorter.
  return JSON.stringify(patch).length < JSON.stringify(to).length + 2 ? patch : [to];
}

/**
 * The value that `patchOf` was given. Throws InputError at `where` for a patch that does not fit.
 * `patch` holds harmless keys only.
 */
export function applyPatch(from: Json | undefined, patch: Patch | undefined, where: string): Json | undefined {
  if (patch === undefined) return from;
  if (patch === 0) return undefined;
  if (Array.isArray(patch)) {
    if (patch.length !== 1) throw new InputError(where, `expected one value, got ${patch.length}`, 'The link is damaged.');
    return (patch as readonly Json[])[0];
  }
  if (!isBranch(patch) || !isBranch(from)) {
    throw new InputError(where, 'expected a change of something that is there, got another', 'The link is damaged.');
  }
  if (Array.isArray(from)) {
    const list: Json[] = [...from];
    for (const [key, part] of Object.entries(patch)) {
      const entry = /^\d{1,6}$/.test(key) && Number(key) < list.length ? applyPatch(list[Number(key)], part, where) : undefined;
      if (entry === undefined) throw new InputError(where, `expected an entry of a list, got "${key}"`, 'The link is damaged.');
      list[Number(key)] = entry;
    }
    return list;
  }
  const object: Record<string, Json> = { ...(from as JsonObject) };
  for (const [key, part] of Object.entries(patch)) {
    const value = applyPatch(Object.hasOwn(object, key) ? object[key] : undefined, part, where);
    if (value === undefined) delete object[key];
    else object[key] = value;
  }
  return object;
}
