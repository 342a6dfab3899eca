// Weights of deep linear networks whose every interface has the same balance: W_{l+1}ᵀW_{l+1} − W_l W_lᵀ = λI, with the product
// W_{L+1}…W_1 diagonal in given frames. Dominé et al. 2025 treat two matrices (core/balanced-start); this is the same for more.
//
// In the frames every mode is a chain of numbers a_0 … a_L with a_{l+1}² − a_l² = λ and Π a_l = s.

import type { Frames } from '../../../src/core/balanced-start.ts';
import { haarFrame } from '../../../src/core/haar.ts';
import type { RandomSource } from '../../../src/core/random.ts';

/**
 * Singular values a_0 … a_{layers−1} of one mode with product s ≥ 0. Their squares are y + l|λ| from the smaller end, and y
 * solves Σ ln(y + l|λ|) = 2 ln s: Newton's method in ln y from above, where the sum is convex and increasing.
 */
export function chainWeights(layers: number, balance: number, product: number): Float64Array {
  const steps = Float64Array.from({ length: layers }, (_, l) => Math.abs(balance) * (balance >= 0 ? l : layers - 1 - l));
  if (product === 0) return steps.map(Math.sqrt);
  const goal = 2 * Math.log(product);
  let log = goal / layers;
  for (let round = 0; round < 100; round++) {
    const y = Math.exp(log);
    const excess = steps.reduce((sum, step) => sum + Math.log(y + step), -goal);
    const slope = steps.reduce((sum, step) => sum + y / (y + step), 0);
    const next = log - excess / slope;
    if (!(Math.abs(next - log) > 1e-16 * Math.abs(log))) break;
    log = next;
  }
  return steps.map((step) => Math.sqrt(Math.exp(log) + step));
}

export interface DeepBalancedOptions {
  readonly inputDim: number;
  readonly width: number;
  readonly outputDim: number;
  /** Matrices, ≥ 2. */
  readonly layers: number;
  readonly balance: number;
  /** Singular values of the product, at most min(inputDim, width, outputDim); the others are 0. */
  readonly singularValues: ArrayLike<number>;
  readonly frames: Frames;
  readonly random: RandomSource;
}

/**
 * The matrices from input to output, row-major (rows, columns). Where no exactly balanced weights exist (λ > 0
 * needs width ≤ outputDim, λ < 0 width ≤ inputDim) those of a network with outputDim or inputDim hidden units are
 * embedded in the hidden spaces.
 */
export function deepBalancedStart(options: DeepBalancedOptions): Float64Array[] {
  const { inputDim, width, outputDim, layers, balance, singularValues, frames, random } = options;
  const core = balance === 0 ? singularValues.length : Math.min(width, balance > 0 ? outputDim : inputDim);
  const hidden = Array.from({ length: layers - 1 }, () => haarFrame(width, core, random));
  const chains = Array.from({ length: core }, (_, mode) => chainWeights(layers, balance, singularValues[mode] ?? 0));
  // Element (row, mode) of the frame on either side of a matrix; modes beyond an outer frame carry no weight there.
  const frameAt = (side: number, row: number, mode: number): number => {
    if (side === 0) return mode < inputDim ? frames.right[row * inputDim + mode] : 0;
    if (side === layers) return mode < outputDim ? frames.left[row * outputDim + mode] : 0;
    return hidden[side - 1][row * core + mode];
  };
  return Array.from({ length: layers }, (_, layer) => {
    const rows = layer === layers - 1 ? outputDim : width;
    const columns = layer === 0 ? inputDim : width;
    const matrix = new Float64Array(rows * columns);
    for (let mode = 0; mode < core; mode++) {
      const weight = chains[mode][layer];
      if (weight === 0) continue;
      for (let i = 0; i < rows; i++) {
        const value = frameAt(layer + 1, i, mode) * weight;
        for (let j = 0; j < columns; j++) matrix[i * columns + j] += value * frameAt(layer, j, mode);
      }
    }
    return matrix;
  });
}
