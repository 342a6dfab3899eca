// Square networks with λ = 0 that cannot learn their task: the flow conserves the sign of det(W₂W₁). Braun et al. 2022.

import { determinantSign } from '../../core/determinant-sign.ts';
import type { TaskFrames } from './eigen-system.ts';
import type { FramedWeights } from './framed-weights.ts';

/** Singular values below this share of the largest leave a task's rank open. */
const SINGULAR = 1e-13;

/**
 * True for a square task of full rank and a start with λ = 0 whose product has a determinant of the other sign: the network ends
 * on a saddle with one mode unlearned. `weights` are in the task's frames, in which the task's determinant is positive.
 */
export function isObstructed(frames: TaskFrames, weights: FramedWeights, balance: number): boolean {
  const { inputDim: size, outputDim, values } = frames;
  if (balance !== 0 || outputDim !== size || !(values[size - 1] > SINGULAR * values[0])) return false;
  const { columns, input, output } = weights;
  if (columns < size) return false;
  const product = Float64Array.from({ length: size * size }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += output[Math.floor(at / size) * columns + k] * input[(at % size) * columns + k];
    return sum;
  });
  return determinantSign(product, size) < 0;
}
