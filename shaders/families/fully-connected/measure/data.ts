// Data sets as the measuring kernels read them, made on the CPU: feature-major float32, padded with zeros. Touches no GPU.

import type { Samples } from '../../../../src/core/task.ts';
import type { ActivationOptions } from '../../../lib/activations.ts';
import type { FullyConnectedShape } from '../layout.ts';

export function activationOptions({ activation, activationBeta, activationFactor }: FullyConnectedShape): ActivationOptions {
  return { activation, beta: activationBeta, factor: activationFactor };
}

/** (count, columns) row-major to (rows, padded): row i holds column i of all samples; zeros elsewhere. */
export function featureMajor(values: Float64Array, count: number, columns: number, rows: number, padded: number): Float32Array {
  const turned = new Float32Array(rows * padded);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < columns; i++) turned[i * padded + p] = values[p * columns + i];
  }
  return turned;
}

/** Gram matrix of the inputs in float64, rounded once: (padded, padded), zeros in the padding. No scale, no bias. */
export function inputGram({ inputs, count }: Samples, inputDim: number, padded: number): Float32Array {
  const gram = new Float32Array(padded * padded);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let i = 0; i < inputDim; i++) sum += inputs[p * inputDim + i] * inputs[q * inputDim + i];
      gram[p * padded + q] = sum;
      gram[q * padded + p] = sum;
    }
  }
  return gram;
}
