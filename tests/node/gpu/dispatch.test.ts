// Folding workgroups into two dimensions. Needs no GPU.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_GROUPS_PER_DIMENSION, foldWorkgroups } from '../../../src/gpu/dispatch.ts';

const limit = fc.constantFrom(1, 2, 7, 256, DEFAULT_GROUPS_PER_DIMENSION);

test('a folded grid covers all workgroups, stays within the limit and wastes less than one per row', () => {
  fc.assert(
    fc.property(limit, fc.double({ min: 0, max: 1, noNaN: true }), (most, share) => {
      const groups = Math.round(share * most * most);
      const [x, y] = foldWorkgroups(groups, most);
      expect(x).toBeLessThanOrEqual(most);
      expect(y).toBeLessThanOrEqual(most);
      expect(x * y).toBeGreaterThanOrEqual(groups);
      expect(x * y - groups).toBeLessThan(Math.max(1, y));
      // No grid of fewer rows would do.
      expect((y - 1) * most).toBeLessThan(Math.max(1, groups));
    }),
    { numRuns: 500 },
  );
});

test('up to the limit a grid is a single row without waste', () => {
  expect(foldWorkgroups(0)).toEqual([0, 0]);
  expect(foldWorkgroups(1)).toEqual([1, 1]);
  expect(foldWorkgroups(65_535)).toEqual([65_535, 1]);
  expect(foldWorkgroups(65_536)).toEqual([32_768, 2]);
  expect(foldWorkgroups(70_000)).toEqual([35_000, 2]);
});

test('beyond the square of the limit, and for anything but a count, folding is refused', () => {
  expect(foldWorkgroups(49, 7)).toEqual([7, 7]);
  expect(() => foldWorkgroups(50, 7)).toThrow('workgroups must be at most 7 × 7, got 50');
  for (const wrong of [-1, 1.5, NaN, Infinity]) expect(() => foldWorkgroups(wrong)).toThrow(/integer ≥ 0/);
});
