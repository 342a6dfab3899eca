// The only importer of wgsl-preprocessor: a typed tag that refuses what would be pasted as nonsense.

import { wgsl as preprocess } from 'wgsl-preprocessor/wgsl-preprocessor.js';

/** A number as a WGSL f32 literal. Throws where WGSL has none. */
export function f32(value: number): string {
  if (!Number.isFinite(value) || Math.abs(value) > 3.4028234663852886e38) {
    throw new RangeError(`wgsl: f32 literal must be finite in float32, got ${value}`);
  }
  const text = String(Math.fround(value));
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

/** A number as a WGSL u32 literal. */
export function u32(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 4294967295) {
    throw new RangeError(`wgsl: u32 literal must be an integer 0 … 2^32−1, got ${value}`);
  }
  return `${value}u`;
}

/**
 * WGSL text with the preprocessor's `#if/#elif/#else/#endif` (conditions are `${boolean}`). Interpolations are strings (chunks and
 * typed literals) or booleans; bare numbers are refused: say `f32(x)` or `u32(n)`.
 */
export function wgsl(strings: TemplateStringsArray, ...values: readonly (string | boolean)[]): string {
  for (const value of values) {
    if (typeof value !== 'string' && typeof value !== 'boolean') {
      throw new TypeError(`wgsl: interpolations must be strings or booleans, got ${String(value)}`);
    }
  }
  return preprocess(strings, ...values);
}
