// The exact solution of λ-balanced networks: against case files, numerical integration, and identities.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { singularValues } from '../../../src/core/svd.ts';
import { expectClose } from '../reference/expect-close.ts';
import {
  diagonal,
  distance,
  flipped,
  type Matrix,
  matrixOf,
  measuresAt,
  type Network,
  networkOf,
  norm,
  plainMeasures,
  scaled,
  simulate,
  solveWeights,
  steps,
  taskOf,
  times,
} from './linear-network.ts';

interface GoldenCase {
  readonly name: string;
  readonly Nh: number;
  readonly lambda: number;
  readonly tau: number;
  readonly Sigma_yx: number[][];
  readonly W1_0: number[][];
  readonly W2_0: number[][];
  readonly times: number[];
  readonly W1: number[][][];
  readonly W2: number[][][];
  readonly W2W1: number[][][];
  readonly W1tW1: number[][][];
  readonly W2W2t: number[][][];
  readonly ntk_distance: number[];
  readonly ntk_trace_over_P: number[];
  readonly loss: number[];
  readonly rtol_suggested: number;
}

const { cases } = JSON.parse(readFileSync(new URL('../../expected/lambda_balanced.json', import.meta.url), 'utf8')) as {
  cases: GoldenCase[];
};

const read = (rows: number[][]): Matrix => matrixOf(Float64Array.from(rows.flat()), rows.length);
const goldenNetwork = (own: GoldenCase) => solveWeights(read(own.Sigma_yx), [read(own.W1_0), read(own.W2_0)], own.lambda);

/** Product, input Gram and output Gram matrix at T. */
function matricesAt({ sigma, solution }: Network, time: number): readonly [Matrix, Matrix, Matrix] {
  const { product, inputGram, outputGram } = solution.matrices(time);
  return [matrixOf(product, sigma.rows), matrixOf(inputGram, sigma.columns), matrixOf(outputGram, sigma.rows)];
}

const matricesOf = ([first, second]: readonly Matrix[]) =>
  [times(second, first), times(flipped(first), first), times(second, flipped(second))] as const;

const NAMES = ['W₂W₁', 'W₁ᵀW₁', 'W₂W₂ᵀ'];

/** Relative Frobenius distances of matrices, each below `tolerance`. */
function expectMatrices(found: readonly Matrix[], expected: readonly Matrix[], tolerance: number): void {
  const errors = expected.map((matrix, which) => ({ matrix: NAMES[which], error: distance(found[which], matrix) }));
  expect(errors.filter(({ error }) => !(error < tolerance))).toEqual([]);
}

/** Sizes (Ni, Nh, No). */
const SIZES = [
  [4, 4, 4],
  [8, 8, 8],
  [3, 3, 7],
  [7, 3, 3],
  [3, 5, 7],
  [7, 5, 3],
  [6, 2, 5],
  [4, 12, 4],
  [3, 16, 6],
] as const;
const BALANCES = [-5, -2, -0.5, 0, 0.5, 2, 5, 20] as const;

/** Singular values 1.5 … 0.5 of the task and half of them at the start, as many as the sizes carry. */
function usualNetwork([inputDim, width, outputDim]: readonly number[], balance: number, seed = 3): Network {
  const rank = Math.min(inputDim, width, outputDim);
  return networkOf({
    sigma: taskOf(steps(1.5, 0.5, Math.min(inputDim, outputDim)), inputDim, outputDim, seed),
    width,
    balance,
    singularValues: steps(0.3, 0.05, rank),
    seed,
  });
}

describe('the exact solution', () => {
  test.each(cases)('agrees with the case $name in all matrices and measures', (own) => {
    const network = goldenNetwork(own);
    own.times.forEach((time, n) => {
      const found = matricesAt(network, time / own.tau);
      const expected = [own.W2W1[n], own.W1tW1[n], own.W2W2t[n]].map(read);
      expectMatrices(found, expected, own.rtol_suggested);
      const { loss, kernelDistance, kernelTrace } = measuresAt(network, time / own.tau);
      expect(Math.abs(kernelDistance - own.ntk_distance[n])).toBeLessThanOrEqual(1e-11 + 1e-9 * own.ntk_distance[n]);
      expectClose([kernelTrace], [own.ntk_trace_over_P[n]], own.rtol_suggested);
      expect(Math.abs(loss - own.loss[n])).toBeLessThan(1e-11 * Math.max(1, own.loss[0]));
      const [first, second] = network.solution.spectrum(time / own.tau);
      const values = (matrix: Matrix) => singularValues(matrix.values, matrix.rows, matrix.columns);
      expectClose(first, values(read(own.W1[n])), 1e-9);
      expectClose(second, values(read(own.W2[n])), 1e-9);
    });
  });

  test.each(SIZES)('follows the integrated flow for sizes %d-%d-%d at any balance', (...sizes) => {
    const at = [0.05, 0.3, 1, 4, 12];
    for (const balance of BALANCES) {
      const network = usualNetwork(sizes, balance);
      const simulated = simulate(network.sigma, network.layers, at);
      at.forEach((time, n) => {
        const found = matricesAt(network, time);
        expectMatrices(found, matricesOf(simulated[n]), 1e-9);
        const wanted = plainMeasures(network.sigma, network.layers, simulated[n]);
        const measured = measuresAt(network, time);
        expectClose([measured.kernelTrace], [wanted.kernelTrace], 1e-9);
        for (const key of ['kernelDistance', 'inputDistance', 'outputDistance', 'loss'] as const) {
          expect(Math.abs(measured[key] - wanted[key])).toBeLessThan(1e-11 + 1e-9 * wanted[key]);
        }
      });
    }
  });
});

describe('identities', () => {
  test('PᵀP = λA + A² and PPᵀ = C² − λC at all times', () => {
    for (const sizes of SIZES) {
      for (const balance of BALANCES) {
        const network = usualNetwork(sizes, balance);
        for (const time of [0.2, 3, 50]) {
          const [product, a, c] = matricesAt(network, time);
          const sum = (m: Matrix, other: Matrix, factor: number) =>
            m.values.map((value, at) => value + factor * other.values[at]);
          const bound = (m: Matrix) => norm(times(m, m)) + Math.abs(balance) * norm(m);
          expectClose(times(flipped(product), product).values, sum(times(a, a), a, balance), 1e-12, bound(a));
          expectClose(times(product, flipped(product)).values, sum(times(c, c), c, -balance), 1e-12, bound(c));
        }
      }
    }
  });

  test('a transposed network with −λ runs through the transposed matrices', () => {
    for (const sizes of SIZES) {
      for (const balance of [-2, 0.5, 20]) {
        const network = usualNetwork(sizes, balance);
        const [first, second] = network.layers;
        const dual = solveWeights(flipped(network.sigma), [flipped(second), flipped(first)], -balance);
        for (const time of [0.2, 3, 50]) {
          const [product, a, c] = matricesAt(network, time);
          const [other, b, d] = matricesAt(dual, time);
          expect(distance(flipped(other), product)).toBeLessThan(1e-12);
          expect(distance(b, c)).toBeLessThan(1e-12);
          expect(distance(d, a)).toBeLessThan(1e-12);
        }
      }
    }
  });

  test('at λ = 0 the width does not matter: a start embedded in more hidden units has the same function, kernels and loss', () => {
    const narrow = usualNetwork([4, 4, 4], 0);
    const [first, second] = narrow.layers;
    for (const width of [8, 64]) {
      const frame = matrixOf(orthonormalColumns(width, 4), width);
      const wide = solveWeights(narrow.sigma, [times(frame, first), times(second, flipped(frame))], 0);
      for (const time of [0.2, 3, 50]) {
        expectMatrices(matricesAt(wide, time), matricesAt(narrow, time), 1e-12);
        expectClose(Object.values(measuresAt(wide, time)), Object.values(measuresAt(narrow, time)), 1e-12);
      }
    }
  });

  test('square networks learn alike for λ and −λ: loss and kernel distance to nine digits', () => {
    const sigma = taskOf(steps(1.5, 0.5, 5), 5, 5, 4);
    for (const balance of [0.3, 1, 7]) {
      const setup = { sigma, width: 5, singularValues: steps(0.4, 0.1, 5), seed: 8 };
      const [above, below] = [networkOf({ ...setup, balance }), networkOf({ ...setup, balance: -balance })];
      for (const time of [0.1, 0.7, 3, 20]) {
        const [p, m] = [measuresAt(above, time), measuresAt(below, time)];
        expect(Math.abs(p.loss - m.loss)).toBeLessThan(1e-9 * p.loss + 1e-24);
        expectClose([m.kernelDistance], [p.kernelDistance], 1e-9);
      }
    }
  });
});

function orthonormalColumns(size: number, count: number): Float64Array {
  // Normalised cosines of a discrete cosine transform.
  return Float64Array.from({ length: size * count }, (_, at) => {
    const [i, k] = [Math.floor(at / count), at % count];
    return Math.sqrt((k === 0 ? 1 : 2) / size) * Math.cos((Math.PI * (i + 0.5) * k) / size);
  });
}

describe('edges', () => {
  test('at T = 0 the matrices are those of the start, and nothing has moved', () => {
    const network = usualNetwork([3, 5, 7], 2);
    expectMatrices(matricesAt(network, 0), matricesOf(network.layers), 1e-14);
    const { kernelDistance, inputDistance, outputDistance } = measuresAt(network, 0);
    expect(Math.max(kernelDistance, inputDistance, outputDistance)).toBeLessThan(1e-30);
    // No jump where the formula takes over.
    expect(distance(matricesAt(network, 1e-12)[0], matricesAt(network, 0)[0])).toBeLessThan(1e-10);
  });

  test('after any time, however long, the task is learned: T = 1e6 and 1e12', () => {
    for (const sizes of SIZES.filter(([i, h, o]) => h >= Math.min(i, o))) {
      for (const balance of [-20, -0.5, 0.5, 20, 1000]) {
        const network = usualNetwork(sizes, balance);
        for (const time of [1e6, 1e12]) {
          expect(distance(matricesAt(network, time)[0], network.sigma)).toBeLessThan(1e-9);
        }
      }
    }
  });

  test('|λ| = 1000 keeps its digits: the product decays as e^{−|λ|T} to the task, and the small layer follows it', () => {
    const network = usualNetwork([4, 4, 4], 1000);
    const at = [1e-4, 1e-3, 3e-3, 1e-2];
    simulate(network.sigma, network.layers, at).forEach((layers, n) => {
      expectMatrices(matricesAt(network, at[n]), matricesOf(layers), 1e-10);
    });
  });

  test.each([
    ['one hidden unit', [5, 1, 4], 1.5],
    ['one input', [1, 1, 6], -0.7],
    ['one input, many hidden units', [1, 6, 6], 3],
    ['one output', [5, 1, 1], 0],
    ['one of each', [1, 1, 1], -2],
  ] as const)('%s', (_, sizes, balance) => {
    const network = usualNetwork(sizes, balance);
    const at = [0.1, 1, 10];
    simulate(network.sigma, network.layers, at).forEach((layers, n) => {
      expectMatrices(matricesAt(network, at[n]), matricesOf(layers), 1e-10);
    });
  });

  test.each([
    ['a singular task', [1.2, 0.6, 0, 0], [0.3, 0.2, 0.1, 0.1]],
    ['a degenerate task', [1, 1, 0.5, 0.5], [0.3, 0.2, 0.1, 0.1]],
    ['a nearly degenerate task', [1, 1 - 1e-13, 0.5, 0.5 - 1e-9], [0.3, 0.2, 0.1, 0.1]],
    ['no task at all', [0, 0, 0, 0], [0.5, 0.4, 0.3, 0.2]],
    ['a start of rank 2', [1.2, 1, 0.8, 0.6], [0.3, 0.2]],
    ['a start without product', [1.2, 1, 0.8, 0.6], []],
  ] as const)('%s is solved at any balance', (_, values, start) => {
    for (const balance of [-3, 0, 1e-3, 3]) {
      if (balance === 0 && start.length === 0) continue;
      const network = networkOf({ sigma: taskOf(values, 4, 4, 2), width: 4, balance, singularValues: start, seed: 5 });
      const at = [0.2, 2, 15];
      simulate(network.sigma, network.layers, at).forEach((layers, n) => {
        const found = matricesAt(network, at[n]);
        // What has vanished is compared with the weights that are left.
        const [, a, c] = matricesOf(layers);
        const size = norm(a) + norm(c);
        for (const [which, matrix] of matricesOf(layers).entries()) expectClose(found[which].values, matrix.values, 1e-10, size);
      });
    }
  });

  test('all weights zero stay zero', () => {
    const zero = solveWeights(taskOf([1, 0.5], 2, 2, 0), [diagonal([0, 0]), diagonal([0, 0])]);
    expect([...zero.solution.matrices(5).product]).toEqual([0, 0, 0, 0]);
    expect(measuresAt(zero, 5).loss).toBeCloseTo(0.625, 14);
  });

  test('a start that is not balanced shows a residual, a balanced one none', () => {
    const network = usualNetwork([4, 4, 4], 1);
    expect(network.solution.measured.residual).toBeLessThan(1e-14);
    expect(network.solution.measured.balance).toBeCloseTo(1, 13);
    const [first, second] = network.layers;
    const other = solveWeights(network.sigma, [scaled(first, 1.1), second]);
    expect(other.solution.measured.residual).toBeGreaterThan(1e-3);
  });
});
