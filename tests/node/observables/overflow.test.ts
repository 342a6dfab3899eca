// Alignments of matrices whose squares single precision cannot hold: no value, rather than a wrong one.

import { expect, test } from 'vitest';
import { alignmentOf, kernelProducts } from '../../../shaders/observables/terms.ts';
import type { Sums, Term } from '../../../src/core/observable.ts';

function alignment(nowNow: number, nowStart: number, startStart: number): number {
  const values: Readonly<Record<string, number>> = {
    kernelNowNow: nowNow,
    kernelNowStart: nowStart,
    kernelStartStart: startStart,
  };
  const sums: Pick<Sums, 'of'> = { of: ({ id }: Term) => values[id] };
  return alignmentOf(sums, kernelProducts);
}

test('an alignment with an overflowed square has no value', () => {
  expect(alignment(4, 3, 9)).toBe(0.5);
  expect(alignment(Number.POSITIVE_INFINITY, 3, 9)).toBeNaN();
  expect(alignment(0, 0, 9)).toBeNaN();
});
