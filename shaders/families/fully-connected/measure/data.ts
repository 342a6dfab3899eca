// What measuring kernels of fully connected networks read besides their samples, made on the CPU. Touches no GPU.

import type { Samples } from '../../../../src/core/task.ts';
import type { ActivationOptions } from '../../../lib/activations.ts';
import type { FullyConnectedShape } from '../layout.ts';

export function activationOptions({ activation, activationBeta, activationFactor }: FullyConnectedShape): ActivationOptions {
  return { activation, beta: activationBeta, factor: activationFactor };
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
