// Factors the product of two weight matrices anew so that the layers have a given balance. The function
// stays, the geometry changes.

import { type BalancedStart, balancedStart } from './balanced-start.ts';
import type { RandomSource } from './random.ts';
import { svd } from './svd.ts';

export interface RebalanceOptions {
  /** W₁, (width, inputDim), row-major. */
  readonly input: Float64Array;
  /** W₂, (outputDim, width), row-major. */
  readonly output: Float64Array;
  readonly width: number;
  /** λ of the new weights, any sign, dimensionless. */
  readonly balance: number;
  /** For the frame in hidden space, which no function and no kernel of a linear network depends on. */
  readonly random: RandomSource;
}

/**
 * Weights of the same product W₂W₁ = U S Vᵀ, to rounding, with W₂ᵀW₂ − W₁W₁ᵀ = λ on the units in use:
 * W₁ = R a Vᵀ, W₂ = U b Rᵀ with b² − a² = λ and ab = S. Dominé et al. 2025, appendix D.4. Exact in all of hidden space where
 * `balancedObstacle` finds none.
 */
export function rebalance({ input, output, width, balance, random }: RebalanceOptions): BalancedStart {
  const inputDim = input.length / width;
  const outputDim = output.length / width;
  const product = new Float64Array(outputDim * inputDim);
  for (let c = 0; c < outputDim; c++) {
    for (let j = 0; j < width; j++) {
      const weight = output[c * width + j];
      for (let i = 0; i < inputDim; i++) product[c * inputDim + i] += weight * input[j * inputDim + i];
    }
  }
  const { left, values, right } = svd(product, outputDim, inputDim);
  const singularValues = values.subarray(0, Math.min(values.length, width));
  return balancedStart({ inputDim, width, outputDim, balance, singularValues, frames: { left, right }, random });
}
