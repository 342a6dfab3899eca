// From the weights of a two-layer linear network and the map it learns to the numbers of alignments.ts.

import type { StartCore } from './alignments.ts';

/**
 * `input` is W₁ (width, inputDim), `output` w₂ (width), `target` β (inputDim), not 0. ‖W₁W₁ᵀ‖_F or ‖W₁ᵀW₁‖_F, whichever is the
 * smaller matrix, gives Tr M₀².
 */
export function startCore(input: Float64Array, output: Float64Array, target: Float64Array): StartCore {
  const [width, inputDim] = [output.length, target.length];
  const norm = Math.hypot(...target);
  let overlap = 0;
  let trace = 0;
  for (let i = 0; i < width; i++) {
    let along = 0;
    for (let k = 0; k < inputDim; k++) {
      const weight = input[i * inputDim + k];
      along += (weight * target[k]) / norm;
      trace += weight * weight;
    }
    overlap += along * along;
  }
  const squareTrace =
    width <= inputDim
      ? gramSquare(width, inputDim, (p, k) => input[p * inputDim + k])
      : gramSquare(inputDim, width, (p, k) => input[k * inputDim + p]);
  return { inputDim, trace, squareTrace, output: output.reduce((sum, weight) => sum + weight * weight, 0), overlap };
}

/** Σ_pq (a_p·a_q)² over `count` vectors of `length` elements. */
function gramSquare(count: number, length: number, element: (p: number, k: number) => number): number {
  let total = 0;
  for (let p = 0; p < count; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += element(p, k) * element(q, k);
      total += (p === q ? 1 : 2) * sum * sum;
    }
  }
  return total;
}
