// Decompositions and balanced starts: identities that hold to rounding for any sizes, ranks and scales.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balancedObstacle, balancedStart } from '../../../src/core/balanced-start.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { singularValues, svd } from '../../../src/core/svd.ts';
import { expectClose } from '../reference/expect-close.ts';

const identity = (size: number) => Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));

/** a (rows, inner) times b (inner, columns). */
function multiply(a: Float64Array, b: Float64Array, inner: number): Float64Array {
  const rows = a.length / inner;
  const columns = b.length / inner;
  return Float64Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += a[Math.floor(at / columns) * inner + k] * b[k * columns + (at % columns)];
    return sum;
  });
}

const transposed = (m: Float64Array, rows: number): Float64Array =>
  Float64Array.from(m, (_, at) => m[(at % rows) * (m.length / rows) + Math.floor(at / rows)]);

const sizes = fc.integer({ min: 1, max: 7 });

describe('the decomposition', () => {
  test('rebuilds the matrix from orthogonal frames, also where rank or spread are extreme', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.integer({ min: -120, max: 120 }), fc.integer(), (rows, columns, rank, power, seed) => {
        const random = randomSource(seed, STREAMS.data);
        const inner = Math.min(rank, rows, columns);
        const factor = random.normals(rows * inner).map((value, at) => value * 10 ** (-3 * (at % inner)));
        const matrix = multiply(factor, random.normals(inner * columns), inner).map((value) => value * 10 ** power);
        const { left, values, right } = svd(matrix, rows, columns);
        expectClose(multiply(transposed(left, rows), left, rows), identity(rows), 1e-14);
        expectClose(multiply(transposed(right, columns), right, columns), identity(columns), 1e-14);
        const middle = Float64Array.from({ length: rows * columns }, (_, at) =>
          Math.floor(at / columns) === at % columns ? values[at % columns] : 0,
        );
        expectClose(multiply(multiply(left, middle, rows), transposed(right, columns), columns), matrix, 3e-15);
        expectClose(singularValues(matrix, rows, columns), values, 1e-15);
        expect(Array.from(values)).toEqual(Array.from(values).sort((a, b) => b - a));
      }),
    );
  });

  test('of a zero matrix has zero values and orthogonal frames', () => {
    const { left, values, right } = svd(new Float64Array(6), 2, 3);
    expect([...values]).toEqual([0, 0]);
    expectClose(left, identity(2), 1e-16);
    expectClose(right, identity(3), 1e-16);
  });
});

describe('frames from Haar’s measure', () => {
  test('are orthogonal, and their entries have mean 0 and variance 1/n', () => {
    const draws = Array.from({ length: 400 }, (_, seed) => haarFrame(4, 4, randomSource(seed, STREAMS.weights)));
    for (const draw of draws) expectClose(multiply(transposed(draw, 4), draw, 4), identity(4), 1e-14);
    for (let at = 0; at < 16; at++) {
      const mean = draws.reduce((sum, draw) => sum + draw[at], 0) / draws.length;
      const variance = draws.reduce((sum, draw) => sum + draw[at] ** 2, 0) / draws.length;
      // Three and a half standard errors of 400 draws.
      expect(Math.abs(mean)).toBeLessThan((3.5 * 0.5) / 20);
      expect(Math.abs(variance - 0.25)).toBeLessThan(0.06);
    }
  });
});

describe('a balanced start', () => {
  const balances = fc.constantFrom(-1000, -2, -1e-3, 0, 1e-3, 2, 1000);

  test('has W₂ᵀW₂ − W₁W₁ᵀ = λI where that exists and λ times a projector elsewhere, and the product asked for', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, balances, fc.integer({ min: 0, max: 7 }), fc.integer(), (...drawn) => {
        const [inputDim, width, outputDim, balance, rank, seed] = drawn;
        const modes = Math.min(rank, inputDim, width, outputDim);
        const wanted = Array.from({ length: modes }, (_, k) => 2 * 10 ** (-2 * k));
        const { input, output, embedded } = balancedStart({
          inputDim,
          width,
          outputDim,
          balance,
          singularValues: wanted,
          frames: 'haar',
          random: randomSource(seed, STREAMS.weights),
        });
        expect(embedded).toBe(balancedObstacle({ inputDim, width, outputDim, balance }) !== null);
        const found = multiply(transposed(output, outputDim), output, outputDim);
        const first = multiply(input, transposed(input, width), inputDim);
        const difference = found.map((value, at) => value - first[at]);
        const scale = Math.max(1, Math.abs(balance));
        if (!embedded) {
          const exact = identity(width).map((value) => value * balance);
          expectClose(difference, exact, 1e-14, scale);
        }
        // Q𝓑 = λQ on the row space, whatever the sizes.
        for (const [side, rows] of [
          [transposed(input, width), inputDim],
          [output, outputDim],
        ] as const) {
          expectClose(
            multiply(side, difference, width),
            side.map((value) => value * balance),
            1e-14,
            scale * rows,
          );
        }
        const product = singularValues(multiply(output, input, width), outputDim, inputDim);
        expectClose(product.subarray(0, modes), wanted, 1e-14, scale);
      }),
    );
  });

  test('is refused with the reason where none exists and embedding is not wanted', () => {
    const start = (balance: number, embed: boolean) =>
      balancedStart({
        inputDim: 3,
        width: 8,
        outputDim: 4,
        balance,
        singularValues: [1],
        frames: 'haar',
        random: randomSource(0, STREAMS.weights),
        embed,
      });
    expect(() => start(1, false)).toThrow('a positive balance needs at most outputDim = 4 hidden units, got width 8');
    expect(() => start(-1, false)).toThrow('a negative balance needs at most inputDim = 3 hidden units');
    expect(start(0, false).embedded).toBe(false);
  });

  test('shares its frames over balances and scales of one seed', () => {
    const frame = (balance: number, scale: number) => {
      const { input, output } = balancedStart({
        inputDim: 4,
        width: 4,
        outputDim: 4,
        balance,
        singularValues: [scale, scale, scale, scale],
        frames: 'haar',
        random: randomSource(5, STREAMS.weights),
      });
      return multiply(output, input, 4).map((value) => value / scale);
    };
    expectClose(frame(3, 0.1), frame(-20, 1), 1e-12);
    expectClose(frame(0, 0.1), frame(-20, 1), 1e-12);
  });
});
