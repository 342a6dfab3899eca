// Deep balanced linear networks: one equation per mode, conserved balances, and which layers make learning rich.

import { describe, expect, test } from 'vitest';
import { haarFrame } from '../../../src/core/haar.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { alignedValue } from '../../../src/theory/lambda-balanced/aligned.ts';
import { solveDeepMode, vanishingLayers } from '../../../src/theory/lambda-balanced/deep.ts';
import { expectClose } from '../reference/expect-close.ts';
import {
  diagonal,
  flipped,
  less,
  type Matrix,
  matrixOf,
  norm,
  scaled,
  simulate,
  steps,
  taskOf,
  times,
  traceOf,
} from './linear-network.ts';

const SIZE = 4;

/** Singular values of the three layers: a₁² = x, a₂² = x + λ₁, a₃² = x + λ₁ + λ₂, with the smallest √0.01. */
function layerValues(first: number, second: number): [number, number, number] {
  const offsets = [0, first, first + second];
  const least = Math.min(...offsets);
  return offsets.map((offset) => Math.sqrt(0.01 + offset - least)) as [number, number, number];
}

/** Three square layers with these values in all modes, in Haar frames. */
function network(values: readonly number[], seed: number): Matrix[] {
  const frames = [0, 1, 2, 3].map((k) => matrixOf(haarFrame(SIZE, SIZE, randomSource(seed, STREAMS.weights, k)), SIZE));
  return values.map((value, l) => scaled(times(frames[l + 1], flipped(frames[l])), value));
}

/** Parts (W_L…W_{l+1})(·)ᵀ and (W_{l−1}…W_1)ᵀ(·) of the tangent kernel of whitened inputs, by layer. */
function kernelParts(layers: readonly Matrix[]): [Matrix, Matrix][] {
  return layers.map((_, l) => {
    const above = layers.slice(l + 1).reduce((product, layer) => times(layer, product), diagonal(new Array(SIZE).fill(1)));
    const below = layers.slice(0, l).reduce((product, layer) => times(layer, product), diagonal(new Array(SIZE).fill(1)));
    return [times(above, flipped(above)), times(flipped(below), below)];
  });
}

function kernelDistance(now: readonly Matrix[], start: readonly Matrix[]): number {
  const pairing = (a: [Matrix, Matrix][], b: [Matrix, Matrix][]) =>
    a.reduce((sum, [u, v]) => b.reduce((own, [w, x]) => own + traceOf(times(u, w)) * traceOf(times(v, x)), sum), 0);
  const [a, b] = [kernelParts(now), kernelParts(start)];
  return 1 - pairing(a, b) / Math.sqrt(pairing(a, a) * pairing(b, b));
}

describe('a deep mode', () => {
  const target = 1.3;
  test.each([
    ['two layers, balanced', [0.1, 0.1]],
    ['three layers with one small', layerValues(3, 0)],
    ['three layers with two small', layerValues(0, 3)],
    ['three equal layers', [0.2, 0.2, 0.2]],
    ['four layers', [0.3, 0.9, 0.31, 1.2]],
    ['one layer at zero', [0, 1.5, 1.2]],
  ])('follows the integrated weights: %s', (_, weights) => {
    const layers = weights.map((weight) => matrixOf(Float64Array.of(weight), 1));
    const course = solveDeepMode({ target, weights });
    const at = [0.1, 0.5, 2, 6, 20];
    simulate(matrixOf(Float64Array.of(target), 1), layers, at).forEach((simulated, n) => {
      expectClose(
        course.weights(at[n]),
        simulated.map(({ values }) => values[0]),
        1e-9,
      );
    });
    expectClose([course.product(1e4)], [target], 1e-9);
    expectClose([course.product(0)], [weights.reduce((product, weight) => product * weight, 1)], 1e-14, 1e-3);
  });

  test('of two layers is the closed form', () => {
    const course = solveDeepMode({ target: 0.8, weights: [0.05, 1.2] });
    const mode = { target: 0.8, start: 0.06, balance: 1.2 ** 2 - 0.05 ** 2 };
    for (const time of [0.2, 1, 3, 9]) expectClose([course.product(time)], [alignedValue(mode, time)], 1e-11);
  });

  test('on a saddle rests: two layers at zero', () => {
    expect(solveDeepMode({ target: 1, weights: [0, 1, 0] }).product(100)).toBe(0);
  });
});

describe('deep networks', () => {
  const sigma = taskOf(steps(1.5, 0.5, SIZE), SIZE, SIZE, 2);

  test('conserve the balance of every interface', () => {
    const layers = network([0.5, 0.9, 1.1], 1);
    const gap = (weights: readonly Matrix[], l: number) =>
      less(times(flipped(weights[l + 1]), weights[l + 1]), times(weights[l], flipped(weights[l])));
    for (const now of simulate(sigma, layers, [1, 5, 20])) {
      for (const l of [0, 1]) expect(norm(less(gap(now, l), gap(layers, l)))).toBeLessThan(1e-9);
    }
  });

  test('are lazy with exactly one small layer and rich with two: kernel distance below 0.01 and above 0.03', () => {
    for (const [first, second, small] of [
      [3, 0, 1],
      [0, 3, 2],
      [3, -3, 2],
    ]) {
      const values = layerValues(first, second);
      expect(vanishingLayers(values)).toBe(small);
      const layers = network(values, 4);
      const [final] = simulate(sigma, layers, [60], 1e-12);
      const moved = kernelDistance(final, layers);
      if (small === 1) expect(moved).toBeLessThan(0.01);
      else expect(moved).toBeGreaterThan(0.03);
    }
  });
});
