// Square networks with λ = 0 that cannot learn their task: the flow conserves the sign of det(W₂W₁). Braun et al. 2022.

import type { TaskFrames } from './eigen-system.ts';
import type { FramedWeights } from './framed-weights.ts';

/** Pivots below this share of the largest entry leave the determinant's sign open. */
const SINGULAR = 1e-13;

/** Sign of the determinant of a row-major square matrix, by elimination with full pivoting; 0 where it is singular to rounding. */
function determinantSign(matrix: Float64Array, size: number): number {
  const work = matrix.slice();
  const zero = SINGULAR * work.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let sign = 1;
  for (let k = 0; k < size; k++) {
    let row = k;
    for (let i = k; i < size; i++) if (Math.abs(work[i * size + k]) > Math.abs(work[row * size + k])) row = i;
    const pivot = work[row * size + k];
    if (!(Math.abs(pivot) > zero)) return 0;
    if (pivot < 0) sign = -sign;
    if (row !== k) {
      sign = -sign;
      for (let j = k; j < size; j++) {
        const kept = work[k * size + j];
        work[k * size + j] = work[row * size + j];
        work[row * size + j] = kept;
      }
    }
    for (let i = k + 1; i < size; i++) {
      const factor = work[i * size + k] / pivot;
      for (let j = k + 1; j < size; j++) work[i * size + j] -= factor * work[k * size + j];
    }
  }
  return sign;
}

/**
 * True for a square task of full rank and a start with λ = 0 whose product has a determinant of the other sign: the network ends on a
 * saddle with one mode unlearned. `weights` are in the task's frames, in which the task's determinant is positive.
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
