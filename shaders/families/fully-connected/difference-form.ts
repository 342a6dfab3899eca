// When networks are trained and measured in differences from their start. Pure arithmetic on a batch's values.
//
// In the difference form the buffer `weights` holds U = W − W₀, exactly 0 at first, and f is never formed: with A₀,
// Z₀ the values at the start,
//
//   δZ¹ = s U⁰x,  δA = σ(Z₀+δZ) − σ(Z₀),  δZ^{l+1} = s (W₀δA + UA),  f − f₀ = s (w₀·δA + u·A)
//
// with σ's difference from lib/activation-differences; backward products use W₀ + U.

import type { Batch } from '../../../src/core/family.ts';
import { choiceOf, type Values } from '../../../src/core/parameter.ts';
import { scalingOf } from '../../../src/core/scalings.ts';
import { NETWORK, NETWORK_WORDS } from '../../lib/training/network-record.ts';
import type { FullyConnectedShape } from './layout.ts';

/**
 * Effective output scale α̃ from which the difference form is used. f in float32 has granularity 6e-8, so F = α̃ (f − f₀) has
 * about α̃ · 6e-8/√h, and of a lazy network's motion, |ΔW| ~ |W|/α̃, each step loses what is below 6e-8 |W|. Measured against
 * float64 (two hidden layers of 64, 128 samples): F is off by 3e-4 at 1e3, by 0.3 % at 1e4, and beyond 1e5 the step rule never
 * accepts. The difference form costs up to 5/3 of a step and holds 3e-4 up to 1e8.
 */
const DIFFERENCE_FROM = 1e3;

/** α of a network as if its f carried 1/h, as the mean-field f does: the other parametrisations' f is √h times as large. */
function effectiveScale(
  { parametrisation, width }: Pick<FullyConnectedShape, 'parametrisation' | 'width'>,
  outputScale: number,
): number {
  return parametrisation === 'mean-field' ? outputScale : outputScale * Math.sqrt(width);
}

/** True for a centred predictor of large output scale. Plain ones contain f₀ itself, whose granularity no algebra takes away. */
export function asksForDifferences(values: Values, shape: Pick<FullyConnectedShape, 'parametrisation' | 'width'>): boolean {
  if (choiceOf(values, 'predictor') !== 'centred') return false;
  return effectiveScale(shape, scalingOf(values).outputScale) >= DIFFERENCE_FROM;
}

/** True where one of the batch's networks asks for differences: then all are trained in them. */
export function needsDifferences({ networks }: Batch, shape: FullyConnectedShape): boolean {
  return networks.some(({ values }) => asksForDifferences(values, shape));
}

/**
 * The buffer `networks` for kernels whose outputs are f − f₀: of F = α ((f − f₀) − c′ f₀) the centred predictor has c′ = 0, the
 * plain one c′ = −1. Changes `records` in place.
 */
export function recordsOfDifferences(records: Uint32Array): Uint32Array {
  const numbers = new Float32Array(records.buffer, records.byteOffset, records.length);
  for (let record = 0; record < records.length; record += NETWORK_WORDS) numbers[record + NETWORK.centred] -= 1;
  return records;
}
