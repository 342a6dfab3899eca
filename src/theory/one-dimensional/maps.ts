// The networks of Geiger et al. 2020 written as one-dimensional ones. Changes coordinates only; solving is flow.ts.

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
