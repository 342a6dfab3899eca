// Rank of the start and laziness of two-layer linear networks: closed forms against integrated gradient flow. Liu et al. 2024.
// The numbers quoted are those of an independent float64 implementation, d = 20, h = 40, 100 tasks.

import { describe, expect, test } from 'vitest';
import { participationRatio } from '../../../src/core/effective-rank.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import { cutToRank } from '../../../src/core/low-rank.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { thinSvd } from '../../../src/core/svd.ts';
import { featureTargets } from '../../../src/tasks/features.ts';
import {
  balancedKernelAlignment,
  bestKernelAlignment,
  leadingCosineSquare,
  unreadKernelAlignment,
} from '../../../src/theory/connectivity-rank/aligned-starts.ts';
import {
  kernelAlignment,
  meanKernelAlignment,
  meanRepresentationAlignment,
  relativeKernelChange,
  representationAlignment,
} from '../../../src/theory/connectivity-rank/alignments.ts';
import { startCore } from '../../../src/theory/connectivity-rank/start-core.ts';
import { expectClose } from '../reference/expect-close.ts';
import { integrate } from './integrate.ts';

const d = 20;
const h = 40;
const RANKS = [1, 2, 5, 10, 20];

interface Weights {
  /** (width, d). */
  readonly input: Float64Array;
  readonly output: Float64Array;
}

/** Ẇ₁ = w₂ eᵀ, ẇ₂ = W₁ e with e = β − W₁ᵀw₂, until the loss is gone. */
function trained({ input, output }: Weights, target: Float64Array): Weights {
  const width = output.length;
  const dims = target.length;
  const flat = new Float64Array(width * (dims + 1));
  flat.set(input);
  flat.set(output, width * dims);
  const error = new Float64Array(dims);
  const field = (y: Float64Array, slope: Float64Array) => {
    error.set(target);
    for (let i = 0; i < width; i++) for (let k = 0; k < dims; k++) error[k] -= y[width * dims + i] * y[i * dims + k];
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let k = 0; k < dims; k++) {
        slope[i * dims + k] = y[width * dims + i] * error[k];
        sum += y[i * dims + k] * error[k];
      }
      slope[width * dims + i] = sum;
    }
  };
  const [end] = integrate(field, flat, [60 / Math.hypot(...target)], 1e-10);
  return { input: end.subarray(0, width * dims), output: end.subarray(width * dims) };
}

/** M + c 1 with M = W₁ᵀW₁; c = 0 for the representation. */
function core({ input, output }: Weights, dims: number, kernel: boolean): Float64Array {
  const matrix = new Float64Array(dims * dims);
  for (let i = 0; i < output.length; i++) {
    for (let k = 0; k < dims; k++)
      for (let l = 0; l < dims; l++) matrix[k * dims + l] += input[i * dims + k] * input[i * dims + l];
    if (kernel) for (let k = 0; k < dims; k++) matrix[k * (dims + 1)] += output[i] ** 2;
  }
  return matrix;
}

function cosine(a: Float64Array, b: Float64Array): number {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, at) => sum + value * y[at], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function alignments(start: Weights, target: Float64Array) {
  const end = trained(start, target);
  const dims = target.length;
  const of = (kernel: boolean) => cosine(core(start, dims, kernel), core(end, dims, kernel));
  return { kernel: of(true), representation: of(false), end };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Targets of length 1 whose mean of β̂β̂ᵀ is isotropic exactly: columns of orthogonal matrices. */
function tasks(bases: number, seed = 0): Float64Array[] {
  return Array.from({ length: bases }, (_, n) => haarFrame(d, d, randomSource(seed + n, STREAMS.teacher))).flatMap((frame) =>
    Array.from({ length: d }, (_, column) => Float64Array.from({ length: d }, (__, i) => frame[i * d + column])),
  );
}

/**
 * W₁ with these singular values and Haar right vectors, w₂ of norm `outputNorm`. Hidden units are rotated so that only r + 1 of
 * the h = 40 are in use: one per left singular vector and one for what w₂ has beside them.
 */
function startOf(values: ArrayLike<number>, outputNorm: number, seed: number): Weights {
  const rank = values.length;
  const right = haarFrame(d, rank, randomSource(seed, STREAMS.weights, 0));
  const input = new Float64Array((rank + 1) * d);
  for (let k = 0; k < rank; k++) for (let i = 0; i < d; i++) input[k * d + i] = values[k] * right[i * rank + k];
  const drawn = randomSource(seed, STREAMS.weights, 1).normals(h);
  const factor = outputNorm / Math.hypot(...drawn);
  const output = Float64Array.from(
    { length: rank + 1 },
    (_, k) => factor * (k < rank ? drawn[k] : Math.hypot(...drawn.subarray(rank))),
  );
  return { input, output };
}

const flat = (rank: number, norm: number) => new Float64Array(rank).fill(norm / Math.sqrt(rank));

describe('the mean over tasks', () => {
  const expectedFlat = [0.2189, 0.3096, 0.4896, 0.6923, 0.9791];
  const expectedRead = [0.4083, 0.5431, 0.7402, 0.8758, 0.9791];

  test('of flat spectra is the quoted one, with and without output weights', () => {
    expectClose(
      RANKS.map((rank) => meanKernelAlignment(d, rank)),
      expectedFlat,
      6e-5,
      1,
    );
    expectClose(
      RANKS.map((rank) => meanKernelAlignment(d, rank, 1)),
      expectedRead,
      6e-5,
      1,
    );
  });

  test.each(RANKS.map((rank, n) => [rank, expectedFlat[n], expectedRead[n]]))(
    'of networks trained from rank %d and norm 1e-3 is %d without and %d with output weights',
    { timeout: 30_000 },
    (rank, unread, read) => {
      const own = tasks(1, rank);
      const of = (outputNorm: number) => {
        const start = startOf(flat(rank, 1e-3), outputNorm, rank);
        return own.map((target) => alignments(start, target));
      };
      const [without, withOutput] = [of(0), of(1e-3 / Math.sqrt(d))];
      const tolerance = rank === d ? 1e-4 : 1e-3;
      expectClose([mean(without.map(({ kernel }) => kernel))], [unread], tolerance, 1);
      expectClose([mean(withOutput.map(({ kernel }) => kernel))], [read], tolerance, 1);
      expectClose([mean(without.map(({ representation }) => representation))], [meanRepresentationAlignment(d, rank)], 1e-3, 1);
      const [{ end }] = without;
      const start = startOf(flat(rank, 1e-3), 0, rank);
      // √|β|: it knows nothing of the rank.
      expectClose([Math.hypot(...end.input.map((value, at) => value - start.input[at]))], [1], 2e-3);
      const [before, after] = [core(start, d, true), core(end, d, true)];
      const change = Math.hypot(...after.map((value, at) => value - before[at])) / Math.hypot(...before);
      expectClose([change], [relativeKernelChange(d, rank, 1, 1e-3)], 2e-3);
    },
  );

  test.each([
    [1, 0.2173],
    [2, 0.3069],
    [5, 0.4798],
    [10, 0.6545],
    [20, 0.7955],
  ])(
    'of Gaussian weights cut to rank %d is that of their own participation ratio, about %d',
    { timeout: 30_000 },
    (rank, about) => {
      const drawn = thinSvd(randomSource(rank, STREAMS.weights).normals(h * d), h, d);
      const norm = Math.hypot(...drawn.values.subarray(0, rank));
      const values = drawn.values.slice(0, rank).map((value) => (1e-3 * value) / norm);
      const got = mean(tasks(1, rank).map((target) => alignments(startOf(values, 0, rank), target).kernel));
      expectClose([got], [meanKernelAlignment(d, participationRatio(values))], 1e-3, 1);
      // Participation ratios differ between draws.
      expect(Math.abs(got - about)).toBeLessThan(0.012);
      // The cut itself has these values.
      const cut = thinSvd(cutToRank(drawn, rank), h, d).values.subarray(0, rank);
      expectClose(
        cut.map((value) => (1e-3 * value) / Math.hypot(...drawn.values)),
        values,
        1e-12,
      );
    },
  );

  test('grows with the participation ratio at every ratio of output to input weights', () => {
    for (const ratio of [0, 0.1, 1, 10]) {
      const curve = RANKS.map((rank) => meanKernelAlignment(d, rank, ratio));
      expect(curve.every((value, n) => n === 0 || value > curve[n - 1])).toBe(true);
      expect(curve[4]).toBeLessThanOrEqual((d + 1) / Math.sqrt(d * (d + 3)) + 1e-12);
    }
    // All of the norm in the output weights: the kernel starts isotropic whatever the rank.
    expectClose([meanKernelAlignment(d, 1, 1e9)], [meanKernelAlignment(d, d, 0)], 1e-8);
  });

  test('orders relative kernel changes the other way round', () => {
    const changes = RANKS.map((rank) => relativeKernelChange(d, rank, 1, 1e-3));
    expect(changes.every((value, n) => n === 0 || value > changes[n - 1])).toBe(true);
  });

  test('is the mean of the formula for single tasks', () => {
    for (const outputNorm of [0, 0.3, 2]) {
      const start = startOf([3, 1, 0.5], outputNorm, 7);
      const cores = tasks(1).map((target) => startCore(start.input, start.output, target));
      const ratio = (d * cores[0].output) / cores[0].trace;
      const participation = participationRatio(Float64Array.of(3, 1, 0.5));
      expectClose([cores[0].trace ** 2 / cores[0].squareTrace], [participation], 1e-12);
      expectClose([mean(cores.map(kernelAlignment))], [meanKernelAlignment(d, participation, ratio)], 1e-12);
      expectClose([mean(cores.map(representationAlignment))], [meanRepresentationAlignment(d, participation)], 1e-12);
    }
  });
});

describe('rank one', () => {
  test.each([
    [1e-3, 0, 0.217, 0.01],
    [2, 0, 0.09, 0.03],
    [1e-3, 1, 0.407, 0.01],
    [2, 1, 0.838, 0.03],
  ])('of norm %d and output ratio %d has mean kernel alignment %d', { timeout: 30_000 }, (norm, ratio, expected, tolerance) => {
    const got = [1, 2].flatMap((seed) => {
      const start = startOf([norm], norm * Math.sqrt(ratio / d), seed);
      return tasks(1, seed).map((target) => alignments(start, target).kernel);
    });
    expect(Math.abs(mean(got) - expected), `expected ${expected}, got ${mean(got)}`).toBeLessThan(tolerance);
  });

  const [target] = tasks(1);
  const along = (direction: Float64Array, sigma: number, output: number): Weights => ({
    input: direction.map((value) => sigma * value),
    output: Float64Array.of(output),
  });

  test('balanced along the task does not turn at all, at any size', () => {
    for (const sigma of [1e-3, 0.1, 0.5]) {
      const { kernel, representation } = alignments(along(target, sigma, sigma), target);
      expectClose([kernel, representation], [1, 1], 1e-9);
    }
    expectClose([balancedKernelAlignment(d, 1)], [1], 1e-15);
  });

  test('along the task with no output weights: KA 2/√23, RA 1', () => {
    const { kernel, representation } = alignments(along(target, 1e-3, 0), target);
    expectClose([kernel, representation], [0.41703, 1], 1e-3, 1);
    expectClose([unreadKernelAlignment(d, 1)], [0.41703], 1e-5);
  });

  test('partly along the task lies between, balanced or not', () => {
    const other = tasks(1)[1];
    for (const cosine of [0.3, 0.6, 0.9]) {
      const direction = target.map((value, i) => cosine * value + Math.sqrt(1 - cosine * cosine) * other[i]);
      const [unread, balanced] = [0, 1e-3].map((output) => alignments(along(direction, 1e-3, output), target));
      expectClose([unread.kernel, unread.representation], [unreadKernelAlignment(d, cosine ** 2), cosine ** 2], 3e-3, 1);
      expectClose([balanced.kernel, balanced.representation], [balancedKernelAlignment(d, cosine ** 2), cosine ** 2], 3e-3, 1);
      for (const [output, closed] of [
        [0, unreadKernelAlignment],
        [1, balancedKernelAlignment],
      ] as const) {
        const { input } = along(direction, 1, 0);
        expectClose([kernelAlignment(startCore(input, Float64Array.of(output), target))], [closed(d, cosine ** 2)], 1e-12);
      }
    }
    // The mean of cos² over random directions is 1/d.
    expectClose([unreadKernelAlignment(d, 1 / d)], [meanKernelAlignment(d, 1)], 1e-14);
  });

  test('is matched and surpassed by the best start of higher rank', () => {
    for (const rank of RANKS) {
      const input = new Float64Array(rank * d);
      tasks(1)
        .slice(0, rank)
        .forEach((direction, k) => {
          input.set(k === 0 ? direction.map((value) => Math.SQRT2 * value) : direction, k * d);
        });
      const best = kernelAlignment(startCore(input, new Float64Array(rank), target));
      expectClose([best], [bestKernelAlignment(d, rank)], 1e-12);
      // Any other weighing of these directions is worse.
      for (const factor of [0.8, 1.25]) {
        const worse = input.map((value, at) => (at < d ? factor * value : value));
        const got = kernelAlignment(startCore(worse, new Float64Array(rank), target));
        if (rank > 1) expect(got).toBeLessThan(best);
      }
    }
  });
});

describe('a start along the leading features of the task', () => {
  const cosineOf = (conditionNumber: number, seed: number) => {
    const { target, leading } = featureTargets(d, conditionNumber, seed);
    return { target, leading, square: cosine(target, leading) ** 2 };
  };

  test.each([
    [1, 0.31, 0.02, 0.47],
    [2, 0.37, 0.015, 0.78],
    [5, 0.41, 0.006, 0.95],
    [10, 0.415, 0.003, 0.99],
  ])('of condition number %d turns its kernel less: KA %d', (conditionNumber, expected, tolerance, representation) => {
    const squares = Array.from({ length: 400 }, (_, seed) => cosineOf(conditionNumber, seed).square);
    expect(Math.abs(mean(squares.map((square) => unreadKernelAlignment(d, square))) - expected)).toBeLessThan(tolerance);
    expect(Math.abs(mean(squares) - representation)).toBeLessThan(0.05);
    expect(Math.abs(mean(squares) - leadingCosineSquare(conditionNumber))).toBeLessThan(0.03);
  });

  test('ends where its angle says, draw by draw', () => {
    for (const [conditionNumber, seed] of [
      [1, 0],
      [2, 1],
      [5, 2],
    ]) {
      const { target, leading, square } = cosineOf(conditionNumber, seed);
      const norm = Math.hypot(...leading);
      const start = { input: leading.map((value) => (1e-3 * value) / norm), output: new Float64Array(1) };
      const unit = target.map((value) => value / Math.hypot(...target));
      const { kernel, representation } = alignments(start, unit);
      expectClose([kernel, representation], [unreadKernelAlignment(d, square), square], 3e-3, 1);
    }
  });
});
