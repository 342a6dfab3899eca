// How output scale, rates and initial scales go with the width: named rows of exponents, free exponents on top, and what
// they make of one network's numbers. Pure arithmetic on parameter values; families, trainers and theories share it.
// Weights are drawn elsewhere.
//
// Exponents are powers of the width h, standard deviations and not variances. With u the output layer and w all layers below it:
//   γ ~ h^{c_γ},  std(u) ~ h^{c_u},  std(w) ~ h^{c_w},  η_u ~ h^{c_ηu},  η_w ~ h^{c_ηw}              Xu and Ziyin 2024, section 2

import type { Value, Values } from './parameter.ts';

/** Five exponents of the width. */
export interface ScalingExponents {
  /** c_γ, of the output scale. */
  readonly outputScale: number;
  /** c_u, of the output layer's initial weights. */
  readonly outputWeights: number;
  /** c_w, of all other initial weights. */
  readonly hiddenWeights: number;
  /** c_ηu, of the output layer's rate. */
  readonly outputRate: number;
  /** c_ηw, of all other rates. */
  readonly hiddenRate: number;
}

/** A named row. */
export interface ScalingRow {
  /** Value of the parameter `scaling`. */
  readonly id: string;
  readonly label: string;
  readonly exponents: ScalingExponents;
}

function row(id: string, label: string, gamma: number, u: number, w: number, etaU: number, etaW: number): ScalingRow {
  return {
    id,
    label,
    exponents: { outputScale: gamma, outputWeights: u, hiddenWeights: w, outputRate: etaU, hiddenRate: etaW },
  };
}

/** Parametrisations of networks with one hidden layer in the exponents (c_γ, c_u, c_w, c_ηu, c_ηw). Xu and Ziyin 2024. */
export const SCALINGS: readonly ScalingRow[] = [
  row('standard', 'standard', 0, -0.5, 0, 0, 0),
  row('kaiming', 'Kaiming', 0, -0.5, 0, 0, 0),
  row('ntk', 'NTK', -0.5, 0, 0, 0, 0),
  row('mean-field', 'mean-field', -1, 0, 0, 1, 1),
  row('mup', 'muP', 0, -1, 0, -1, 1),
  row('xavier', 'Xavier', 0, -0.5, -0.5, 0, 0),
  row('mup-equal-rates', 'muP start, equal rates', 0, -1, 0, 0, 0),
  row('unscaled', 'unscaled', 0, 0, 0, 0, 0),
  row('small', 'small start', 0, -1, -1, 0, 0),
];

/** Value of the parameter `scaling` that sets no exponents: the parametrisation's own scales hold. */
export const NO_SCALING = 'none';

const NO_EXPONENTS: ScalingExponents = { outputScale: 0, outputWeights: 0, hiddenWeights: 0, outputRate: 0, hiddenRate: 0 };

function numberOr(value: Value | undefined, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

/**
 * The exponents of a network: those of its row plus the free ones, `outputScaleExponent`, `weightExponent` c and
 * `weightImbalanceExponent` b (c_u + c − b/2, c_w + c + b/2), `rateExponent` and `rateImbalanceExponent` in the same way.
 * Parameters that a family does not have count as 0. Throws where the row is unknown.
 */
export function exponentsOf(values: Values): ScalingExponents {
  const { scaling = NO_SCALING } = values;
  const base = scaling === NO_SCALING ? NO_EXPONENTS : SCALINGS.find(({ id }) => id === scaling)?.exponents;
  if (base === undefined) throw new Error(`scaling: expected one of ${SCALINGS.map(({ id }) => id).join(', ')}, got ${scaling}`);
  const weight = numberOr(values.weightExponent, 0);
  const weightImbalance = numberOr(values.weightImbalanceExponent, 0) / 2;
  const rate = numberOr(values.rateExponent, 0);
  const rateImbalance = numberOr(values.rateImbalanceExponent, 0) / 2;
  return {
    outputScale: base.outputScale + numberOr(values.outputScaleExponent, 0),
    outputWeights: base.outputWeights + weight - weightImbalance,
    hiddenWeights: base.hiddenWeights + weight + weightImbalance,
    outputRate: base.outputRate + rate - rateImbalance,
    hiddenRate: base.hiddenRate + rate + rateImbalance,
  };
}

/** What training reads of a network's values. */
export interface Scaling {
  /** α of F = α (f − c f₀): `outputScale` · h^{c_γ}. */
  readonly outputScale: number;
  /** Factor on the motion of all layers below the output: `hiddenRate` · h^{c_ηw}, times α where `motion` is `plain`. */
  readonly hiddenRate: number;
  /** Factor on the motion of the output layer: `learningRateRatio` · h^{c_ηu}, times α where `motion` is `plain`. */
  readonly outputRate: number;
  /** h^{c_u} and h^{c_w}: factors on the initial weights of the output layer and of all others. */
  readonly outputWeights: number;
  readonly hiddenWeights: number;
}

/**
 * The numbers of a network: dW_l/dt = −gain · rate_l · ∂(mean ℓ)/∂F · ∂f/∂W_l with F = α (f − c f₀), where `gain` is
 * `Model.gain`. Parameters that a family does not have take their neutral values, a missing width counts as 1.
 */
export function scalingOf(values: Values): Scaling {
  const exponents = exponentsOf(values);
  const width = numberOr(values.width, 1);
  const power = (exponent: number) => (exponent === 0 ? 1 : width ** exponent);
  const outputScale = numberOr(values.outputScale, 1) * power(exponents.outputScale);
  const motion = values.motion === 'plain' ? outputScale : 1;
  return {
    outputScale,
    hiddenRate: numberOr(values.hiddenRate, 1) * power(exponents.hiddenRate) * motion,
    outputRate: numberOr(values.learningRateRatio, 1) * power(exponents.outputRate) * motion,
    outputWeights: power(exponents.outputWeights),
    hiddenWeights: power(exponents.hiddenWeights),
  };
}
