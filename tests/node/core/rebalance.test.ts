// Factoring a product anew: the function stays, the balance is the one asked for.

import { describe, expect, test } from 'vitest';
import { randomSource } from '../../../src/core/random.ts';
import { rebalance } from '../../../src/core/rebalance.ts';
import { expectClose } from '../reference/expect-close.ts';

const random = (substream: number) => randomSource(7, 1, substream);

/** a (m, k) times b (k, n). */
function times(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const [m, n] = [a.length / k, b.length / k];
  return Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[Math.floor(at / n) * k + l] * b[l * n + (at % n)];
    return sum;
  });
}

const transposed = (a: Float64Array, rows: number) =>
  Float64Array.from(a, (_, at) => a[(at % rows) * (a.length / rows) + Math.floor(at / rows)]);

const sizes = [
  [5, 5, 5],
  [3, 6, 9],
  [9, 6, 3],
  [7, 3, 6],
  [2, 12, 4],
  [1, 1, 1],
] as const;

for (const [inputDim, width, outputDim] of sizes) {
  describe(`${inputDim}-${width}-${outputDim}`, () => {
    const input = random(0).normals(width * inputDim);
    const output = random(1).normals(outputDim * width);
    for (const balance of [0, 0.5, -0.5, 100, -100]) {
      test(`keeps W₂W₁ and has balance ${balance}`, () => {
        const fresh = rebalance({ input, output, width, balance, random: random(2) });
        expectClose(times(fresh.output, fresh.input, width), times(output, input, width), 1e-13);
        const difference = times(transposed(fresh.output, outputDim), fresh.output, outputDim).map(
          (value, at) => value - times(fresh.input, transposed(fresh.input, width), inputDim)[at],
        );
        const exact = balance === 0 || (balance > 0 ? width <= outputDim : width <= inputDim);
        expect(fresh.embedded).toBe(!exact);
        // λ on the units in use, nothing elsewhere: (B − λ)B = 0.
        const unit = Float64Array.from({ length: width * width }, (_, at) => (at % (width + 1) === 0 ? balance : 0));
        const scale = Math.abs(balance) + Math.max(...times(output, input, width).map(Math.abs));
        if (exact) expectClose(difference, unit, 1e-13, scale);
        else
          expectClose(
            times(difference, difference, width),
            difference.map((value) => value * balance),
            1e-12,
            scale * scale,
          );
      });
    }
  });
}

test('a product of zero gives the weights that the balance alone demands', () => {
  const none = { input: new Float64Array(6), output: new Float64Array(6), width: 2, random: random(2) };
  const { input, output } = rebalance({ ...none, balance: 4 });
  expect(input.every((weight) => weight === 0)).toBe(true);
  expectClose(times(transposed(output, 3), output, 3), [4, 0, 0, 4], 1e-14);
});
