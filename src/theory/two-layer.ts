// A two-layer network of family `fully-connected` in the coordinates of its theories: γ, layer-wise rates, widths of the start.
// Reads parameter values; draws and solves nothing. The factors are those of the family's own layout,
// which theories do not import.

import type { Value, Values } from '../core/parameter.ts';
import { exponentsOf, NO_SCALING, type ScalingExponents, scalingOf } from '../core/scalings.ts';

/** u̇ = η_u γ s w, ẇ = η_w γ s u with s = mean x(y − F): units of Xu and Ziyin 2024 (arXiv:2401.07085). */
export interface TwoLayerUnits {
  /** α of F = α (f − c f₀). */
  readonly alpha: number;
  /** γ: slope of α f over Σ u_i w_i. */
  readonly gamma: number;
  /** η_u and η_w in training time. */
  readonly outputRate: number;
  readonly inputRate: number;
}

/** Second moments of a Gaussian start with one input. */
export interface TwoLayerStart {
  readonly width: number;
  /** Standard deviations of u and w. */
  readonly outputStd: number;
  readonly inputStd: number;
  /** Correlation of u_i with w_i. */
  readonly correlation: number;
}

/** A number among parameter values, or what stands for it where the family or task has no such parameter. */
export function numberAmong(values: Values, id: string, fallback: number): number {
  const value: Value | undefined = values[id];
  return typeof value === 'number' ? value : fallback;
}

/** Powers of the width in the product's factor s₀s₁ and in the gain that makes training time the paper's. */
const FACTOR_EXPONENTS = {
  'mean-field': { product: -1, gain: 1 },
  ntk: { product: -0.5, gain: 0.5 },
  standard: { product: 0, gain: 0 },
} as const;

function factorsOf({ parametrisation }: Values): (typeof FACTOR_EXPONENTS)[keyof typeof FACTOR_EXPONENTS] {
  if (parametrisation === 'mean-field' || parametrisation === 'ntk') return FACTOR_EXPONENTS[parametrisation];
  return FACTOR_EXPONENTS.standard;
}

/** Units of one network with `inputDim` inputs. */
export function unitsOf(values: Values, inputDim: number): TwoLayerUnits {
  const { outputScale: alpha, outputRate, hiddenRate } = scalingOf(values);
  const width = numberAmong(values, 'width', 1);
  const { product, gain } = factorsOf(values);
  const perInput = values.parametrisation === 'standard' ? 1 : 1 / Math.sqrt(inputDim);
  const perRate = width ** gain / alpha;
  return {
    alpha,
    gamma: alpha * width ** product * perInput,
    outputRate: outputRate * perRate,
    inputRate: hiddenRate * perRate,
  };
}

/** The start that a network with one input is drawn from. */
export function startOf(values: Values): TwoLayerStart {
  const { outputWeights, hiddenWeights } = scalingOf(values);
  const width = numberAmong(values, 'width', 1);
  const scale = numberAmong(values, 'initScale', 1);
  // A named scaling states standard deviations itself; without one, standard weights have variance 1/fan-in.
  const fanIn = values.parametrisation === 'standard' && (values.scaling ?? NO_SCALING) === NO_SCALING ? width : 1;
  return {
    width,
    outputStd: (scale * numberAmong(values, 'initScaleOutput', 1) * outputWeights) / Math.sqrt(fanIn),
    inputStd: scale * hiddenWeights,
    correlation: numberAmong(values, 'weightCorrelation', 0),
  };
}

/** Exponents of γ, the start and the rates with the width, the parametrisation's own factors included. */
export function widthExponentsOf(values: Values): ScalingExponents {
  const own = exponentsOf(values);
  const { product, gain } = factorsOf(values);
  const fanIn = values.parametrisation === 'standard' && (values.scaling ?? NO_SCALING) === NO_SCALING ? -0.5 : 0;
  const rate = gain - (values.motion === 'plain' ? 0 : own.outputScale);
  return {
    outputScale: own.outputScale + product,
    outputWeights: own.outputWeights + fanIn,
    hiddenWeights: own.hiddenWeights,
    outputRate: own.outputRate + rate,
    hiddenRate: own.hiddenRate + rate,
  };
}

/** Parameters that are exponents of the width. */
export const EXPONENT_PARAMETERS: readonly string[] = [
  'outputScaleExponent',
  'weightExponent',
  'weightImbalanceExponent',
  'rateExponent',
  'rateImbalanceExponent',
];

/**
 * Why a cell is no two-layer network with one bias-free hidden layer, one input and one output under squared loss; null where it
 * is. One sentence for the screen.
 */
export function twoLayerRefusal(family: string, values: Values, activation: string): string | null {
  if (family !== 'fully-connected') return `It holds for fully connected networks, not for the family ${family}.`;
  const depth = numberAmong(values, 'depth', 1);
  if (depth !== 1) return `It holds for one hidden layer, and this network has ${depth}.`;
  if (values.activation !== activation) return `It holds for the activation ${activation}, not for ${String(values.activation)}.`;
  if (numberAmong(values, 'bias', 0) !== 0) return 'It holds for networks without bias.';
  if (values.loss !== 'squared') return `It holds for the squared loss, not for ${String(values.loss)}.`;
  return null;
}
