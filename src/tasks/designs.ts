// What tasks of exact moments share: sample sets whose second moments hold to rounding, not on average. Holds no task of its own.

import { haarFrame } from '../core/haar.ts';
import type { RandomSource } from '../core/random.ts';
import type { Samples } from '../core/task.ts';

/** Most samples on which kernels are measured; larger training sets get a probe set of the same moments. */
export const MOST_PROBES = 256;

/** `count` ≥ inputDim inputs x, rows of (count, inputDim), with Σ x xᵀ / count = 1: √count times a Haar frame. */
export function whitenedInputs(count: number, inputDim: number, random: RandomSource): Float64Array {
  return haarFrame(count, inputDim, random).map((value) => value * Math.sqrt(count));
}

/** `count` inputs √count · e_n, (count, count): the whitened inputs that show one item each. */
export function oneHotInputs(count: number): Float64Array {
  return Float64Array.from({ length: count * count }, (_, at) => (at % (count + 1) === 0 ? Math.sqrt(count) : 0));
}

/** Targets of the linear map `teacher` (outputDim, inputDim) on rows of (count, inputDim): (count, outputDim). */
export function targetsOf(teacher: Float64Array, inputs: Float64Array, inputDim: number): Float64Array {
  const outputDim = teacher.length / inputDim;
  const count = inputs.length / inputDim;
  const targets = new Float64Array(count * outputDim);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < outputDim; c++) {
      let sum = 0;
      for (let i = 0; i < inputDim; i++) sum += teacher[c * inputDim + i] * inputs[n * inputDim + i];
      targets[n * outputDim + c] = sum;
    }
  }
  return targets;
}

/** Samples of a linear map without noise. */
export function samplesOf(teacher: Float64Array, inputs: Float64Array, inputDim: number): Samples {
  return { count: inputs.length / inputDim, inputs, targets: targetsOf(teacher, inputs, inputDim) };
}
