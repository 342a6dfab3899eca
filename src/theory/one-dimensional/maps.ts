// Other papers' networks written as one-dimensional ones: the output scale of Geiger et al. 2020, the balance of Dominé et al. 2025.
// Changes coordinates only; solving is flow.ts.

import { InputError } from '../../core/errors.ts';
import type { OneDimensionalNetwork } from './network.ts';

/**
 * The network F = α(f − f₀), f = Σu_i w_i x/√d, trained on loss/α² (Geiger et al. 2020, section 2), as a one-dimensional one:
 * γ = α/√d, η_u = η_w = 1/α², centred. `outputScale` α > 0.
 */
export function fromGeiger(
  start: Pick<OneDimensionalNetwork, 'output' | 'input' | 'moments'>,
  outputScale: number,
): OneDimensionalNetwork {
  if (!(outputScale > 0)) throw new InputError('output scale', `expected α > 0, got ${outputScale}`);
  return {
    ...start,
    outputScale: outputScale / Math.sqrt(start.output.length),
    outputRate: 1 / outputScale ** 2,
    inputRate: 1 / outputScale ** 2,
    centred: true,
  };
}

/** δ of a λ-balanced start, W₂ᵀW₂ − W₁W₁ᵀ = λI, of one hidden unit with equal rates η > 0. Dominé et al. 2025, Assumption 2. */
export function imbalanceOf(balance: number, rate: number): number {
  return balance / rate;
}

/**
 * Θ_∞/Θ₀ of one hidden unit with balance λ: lazy where |γλ| ≫ 2|φ*|, rich at λ = 0. NaN where both kernels vanish.
 */
export function kernelRatioOf(balance: number, outputScale: number, slope: number, start: number): number {
  const scaled = outputScale * balance;
  return Math.hypot(2 * slope, scaled) / Math.hypot(2 * start, scaled);
}

/** The conserved δ_K = η_w u² − η_u w² of Kunin et al. 2024 from ours, u²/η_u − w²/η_w. */
export function kuninImbalanceOf(imbalance: number, outputRate: number, inputRate: number): number {
  return outputRate * inputRate * imbalance;
}
