// Square linear maps that cannot be learned: on balanced weights with λ = 0 gradient flow keeps the sign of det(W₂W₁),
// so that a start with the wrong sign ends at a saddle of rank m − 1. Dominé et al. 2025; see also Braun et al. 2022.
// Reads weights, trains nothing.

import { determinantSign } from '../../../src/core/determinant-sign.ts';
import { choiceOf, numberOf, type Values } from '../../../src/core/parameter.ts';
import { scalingOf } from '../../../src/core/scalings.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { type FullyConnectedShape, layerScale } from './layout.ts';
import { inputOutputCorrelation } from './starts.ts';

/**
 * Largest element of W₂ᵀW₂/r₂ − W₁W₁ᵀ/r₁ over the largest of its two parts up to which weights count as
 * balanced: float32's rounding.
 */
const BALANCED = 1e-6;
/** The same for weights that began at λ = 0 and have trained since, in an earlier stage: what their integrator may have added. */
const KEPT_BALANCED = 0.05;

/** True where W₂ᵀW₂/r₂ = W₁W₁ᵀ/r₁ to rounding: what the flow keeps, whatever the data. */
function isBalanced(
  input: Float64Array,
  output: Float64Array,
  size: number,
  width: number,
  rates: readonly [number, number],
  tolerance: number,
): boolean {
  const above = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += output[k * width + i] * output[k * width + j];
    return sum / rates[1];
  };
  const below = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += input[i * size + k] * input[j * size + k];
    return sum / rates[0];
  };
  // The largest elements of positive semidefinite matrices stand on their diagonals.
  let largest = 0;
  for (let i = 0; i < width; i++) largest = Math.max(largest, above(i, i), below(i, i));
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) if (!(Math.abs(above(i, j) - below(i, j)) <= tolerance * largest)) return false;
  }
  return true;
}

/** The map that training ends at, as far as its determinant's sign goes: (Σ/(α s₁ s₂) + c W₂W₁ Σxx), for F = α (f − c f₀). */
function goal(shape: FullyConnectedShape, values: Values, product: Float64Array, data: TaskData): Float64Array {
  const size = shape.inputDim;
  const scale = scalingOf(values).outputScale * layerScale(shape, 0) * layerScale(shape, 1) * shape.activationFactor;
  const sums = inputOutputCorrelation(data).map((value) => value / scale);
  if (choiceOf(values, 'predictor') !== 'centred') return sums;
  const { count, inputs } = data.train;
  const second = new Float64Array(size * size);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) second[i * size + j] += (inputs[p * size + i] * inputs[p * size + j]) / count;
    }
  }
  return sums.map((sum, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    let kept = 0;
    for (let k = 0; k < size; k++) kept += product[row * size + k] * second[k * size + column];
    return sum + kept;
  });
}

/**
 * Whether a network of one linear hidden layer starts on the wrong side; false for all others. `weights` is flat, W₁ and then W₂.
 */
export function isObstructed(shape: FullyConnectedShape, values: Values, weights: Float64Array, data: TaskData): boolean {
  const { depth, activation, inputDim: size, outputDim, width, biasScale } = shape;
  if (depth !== 1 || activation !== 'linear' || size !== outputDim || biasScale > 0) return false;
  if (choiceOf(values, 'loss') !== 'squared' || width < size) return false;
  const { hiddenRate, outputRate } = scalingOf(values);
  if (hiddenRate === 0 || outputRate === 0) return false;
  const input = weights.subarray(0, width * size);
  const output = weights.subarray(width * size);
  const began = ['balanced', 'aligned'].includes(choiceOf(values, 'initialisation')) && numberOf(values, 'balance') === 0;
  if (!isBalanced(input, output, size, width, [hiddenRate, outputRate], began ? KEPT_BALANCED : BALANCED)) return false;
  const product = new Float64Array(size * size);
  for (let c = 0; c < size; c++) {
    for (let j = 0; j < width; j++) {
      for (let i = 0; i < size; i++) product[c * size + i] += output[c * width + j] * input[j * size + i];
    }
  }
  return determinantSign(product, size) * determinantSign(goal(shape, values, product, data), size) === -1;
}
