// Losses and margins of sequences in float64, made of the losses per step. A row is (steps, outputs).
// Kernels do the same step by step.

import type { Sequence } from '../../src/core/task.ts';
import { type Loss, marginOf } from './losses.ts';

/** ℓ of a trial: Σ_t weight_t ℓ(F_t, y_t). Without a sequence the loss itself. */
export function sequenceLoss(loss: Loss, sequence: Sequence | undefined): Loss {
  if (sequence === undefined) return loss;
  const { stepWeights, outputs: columns } = sequence;
  const step = (values: ArrayLike<number>, t: number) =>
    Float64Array.from({ length: columns }, (_, c) => values[t * columns + c]);
  return {
    ...loss,
    value(outputs, target, beta) {
      let sum = 0;
      stepWeights.forEach((weight, t) => {
        if (weight !== 0) sum += weight * loss.value(step(outputs, t), step(target, t), beta);
      });
      return sum;
    },
    slope(outputs, target, beta, slope) {
      const own = new Float64Array(columns);
      stepWeights.forEach((weight, t) => {
        loss.slope(step(outputs, t), step(target, t), beta, own);
        for (let c = 0; c < columns; c++) slope[t * columns + c] = weight === 0 ? 0 : weight * own[c];
      });
    },
  };
}

/** Margin of a sample: of sequences at the decision step. See `marginOf`. */
export function sampleMargin(outputs: Float64Array, target: Float64Array, sequence: Sequence | undefined): number {
  if (sequence === undefined) return marginOf(outputs, target);
  const first = sequence.decisionStep * sequence.outputs;
  return marginOf(outputs.subarray(first, first + sequence.outputs), target.subarray(first, first + sequence.outputs));
}
