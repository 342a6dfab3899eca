// Recurrent weights at the start of training, and of stages that set them anew: a structure at a gain and a rank.
// Draws no structure itself.

import { atUnitGain } from '../../../src/core/connectivity/populations.ts';
import { connectivityOf } from '../../../src/core/connectivity/registry.ts';
import { spectralRadius } from '../../../src/core/eigenvalues.ts';
import { InputError } from '../../../src/core/errors.ts';
import type { Renewal } from '../../../src/core/family.ts';
import { cutToRank, type RankNorm } from '../../../src/core/low-rank.ts';
import { choiceOf, numberOf, type Values } from '../../../src/core/parameter.ts';
import { type ThinSvd, thinSvd } from '../../../src/core/svd.ts';

/** Scales (size, size) weights in place to a spectral radius. Throws InputError where it is 0. */
function scaleToRadius(weights: Float64Array, size: number, radius: number): void {
  const own = spectralRadius(weights, size);
  if (!(own > 0)) {
    const what = 'expected connections that close a loop, so that their spectral radius can be the gain, got none';
    throw new InputError('sweep: gainNorm', what, 'Use gainNorm "fro".');
  }
  for (let n = 0; n < weights.length; n++) weights[n] *= radius / own;
}

/** A structure at gain 1, (size, size) row-major, and its decomposition, where a cut asks for it. */
export interface Structure {
  readonly size: number;
  make(): Float64Array;
  decompose(): ThinSvd;
}

/** The structure cut to `rank` (0: not at all) as `rankNorm` says, times `gain` as `gainNorm` says; (size, size) row-major. */
export function recurrentWeights({ size, make, decompose }: Structure, rank: number, values: Values): Float64Array {
  const gain = numberOf(values, 'gain');
  if (gain === 0) return new Float64Array(size * size);
  const cut = rank > 0 && rank < size;
  const unit = cut ? cutToRank(decompose(), rank, choiceOf(values, 'rankNorm') as RankNorm) : make();
  const weights = unit.map((value) => gain * value);
  if (choiceOf(values, 'gainNorm') === 'radius') scaleToRadius(weights, size, gain);
  return weights;
}

/**
 * The recurrent weights of a start of rank `laterRank`, whose structure is the trained recurrent matrix, of which only
 * the ratios count, or another draw of `connectivity`; Wx and Wo as they are. Liu et al. 2024: low-rank starts that are
 * aligned with the task, or not.
 */
export const recut: Renewal = {
  renew({ weights, values, model, random }) {
    const [, { offset, length }] = model.layers;
    const size = Math.sqrt(length);
    const trained = weights.subarray(offset, offset + length);
    const make = () =>
      choiceOf(values, 'laterConnectivity') === 'trained'
        ? atUnitGain(trained, size, 'trained')
        : connectivityOf(choiceOf(values, 'connectivity')).generate(size, random, values);
    const structure = { size, make, decompose: () => thinSvd(make(), size, size) };
    const renewed = weights.slice();
    renewed.set(recurrentWeights(structure, numberOf(values, 'laterRank'), values), offset);
    return { weights: renewed, values };
  },
};
