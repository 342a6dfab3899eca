// The random numbers on which both engines agree.

import { describe, expect, test } from 'vitest';
import { batchSample } from '../../../src/core/batches.ts';
import { philox, randomSource, STREAMS } from '../../../src/core/random.ts';

const hex = (words: readonly number[]) => words.map((word) => word.toString(16).padStart(8, '0')).join(' ');
const ONES = 0xffffffff;

describe('Philox4x32-10', () => {
  // Known answers of the Random123 distribution, kat_vectors.
  test.each([
    ['zeros', [0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ones', [ONES, ONES, ONES, ONES], [ONES, ONES], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    [
      'digits of pi',
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ] as const)('gives the published answer for %s', (_, counter, key, answer) => {
    expect(hex(philox(counter, key))).toBe(answer);
  });
});

describe('normals', () => {
  test('have the moments of a standard normal distribution', () => {
    const count = 100_000;
    const draws = randomSource(5, STREAMS.weights).normals(count);
    const moment = (power: number) => draws.reduce((sum, z) => sum + z ** power, 0) / count;
    // Four standard errors of each sample moment: √(Var zᵏ / n).
    for (const [power, expected, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ]) {
      expect(Math.abs(moment(power) - expected), `moment ${power}`).toBeLessThan(4 * Math.sqrt(variance / count));
    }
  });

  test('of different seeds, streams and substreams differ; of the same are the same', () => {
    const first = (seed: number, stream: number, substream: number) => randomSource(seed, stream, substream).normal();
    const draws = [first(1, 1, 0), first(2, 1, 0), first(1, 2, 0), first(1, 1, 1)];
    expect(new Set(draws).size).toBe(4);
    expect(first(1, 1, 0)).toBe(draws[0]);
  });
});

describe('mini-batches', () => {
  test('draw every sample about equally often, and depend on seed, step and slot', () => {
    const samples = 10;
    const counts = new Array<number>(samples).fill(0);
    for (let step = 0; step < 2000; step++) for (let slot = 0; slot < 5; slot++) counts[batchSample(7, step, slot, samples)]++;
    // χ² with 9 degrees of freedom exceeds 33.7 once in ten thousand.
    expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(33.7);
    const many = 1_000_000_007;
    const draws = [
      batchSample(7, 0, 0, many),
      batchSample(8, 0, 0, many),
      batchSample(7, 1, 0, many),
      batchSample(7, 0, 1, many),
    ];
    expect(new Set(draws).size).toBe(4);
  });
});
