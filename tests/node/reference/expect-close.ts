// Comparison of number lists that says where it failed: index, expected, got, share of the tolerance.

import { expect } from 'vitest';

/** Fails where any |got − expected| exceeds `tolerance` × scale; scale is the largest |expected|, at least `floor`. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, floor = 1e-300): void {
  expect(got.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), floor);
  const wrong = Array.from(expected).flatMap((value, index) => {
    const share = Math.abs(got[index] - value) / (tolerance * scale);
    return share <= 1 ? [] : [`index ${index}: expected ${value}, got ${got[index]}, ${share.toPrecision(3)} of the tolerance`];
  });
  expect(wrong.slice(0, 5)).toEqual([]);
}
