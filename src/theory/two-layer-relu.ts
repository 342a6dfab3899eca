// Regimes of wide two-layer ReLU networks: whether input weights move in relative terms as width grows.
// Boundaries and slopes only.
//
//   f = (1/α) Σ_k a_k ReLU(w_k·x),  a_k ~ N(0, β₁²),  w_k ~ N(0, β₂² I),  κ = β₁β₂/α ~ m^{−γ},  κ' = β₁/β₂ ~ m^{−γ'}
// Luo, Xu, Ma and Zhang 2021 (arXiv:2007.07497). RD = |w(t*) − w(0)|/|w(0)| over all input weights, at the end of training.

import type { ScalingExponents } from '../core/scalings.ts';
import type { Theory } from '../core/theory.ts';
import { levelLine } from './level-line.ts';
import { EXPONENT_PARAMETERS, twoLayerRefusal, widthExponentsOf } from './two-layer.ts';

/** The two coordinates of the phase diagram. */
export interface ReluExponents {
  /** γ: smaller means a larger output. */
  readonly scale: number;
  /** γ': larger means output weights that are small beside the input weights. */
  readonly imbalance: number;
}

/** `linear`: RD → 0 as width grows; `critical`: RD = O(1); `condensed`: RD → ∞. */
export type ReluRegime = 'linear' | 'critical' | 'condensed';

/** Exponents closer than this to a boundary are on it: they are sums of decimal fractions. */
const SLACK = 1e-9;

/** γ = −(c_γ + c_u + c_w) and γ' = c_w − c_u of a scaling with equal rates. */
export function reluExponentsOf({ outputScale, outputWeights, hiddenWeights }: ScalingExponents): ReluExponents {
  return { scale: -(outputScale + outputWeights + hiddenWeights), imbalance: hiddenWeights - outputWeights };
}

/** > 0 in the linear regime, < 0 in the condensed one: max(1 − γ, γ' − γ + 1). */
function distance({ scale, imbalance }: ReluExponents): number {
  return Math.max(1 - scale, imbalance - scale + 1);
}

export function reluRegime(exponents: ReluExponents): ReluRegime {
  const own = distance(exponents);
  return own > SLACK ? 'linear' : own < -SLACK ? 'condensed' : 'critical';
}

/**
 * Slope of ln RD against ln m that the linear model predicts from zero initial output; zero exactly on the boundary.
 * ReLU networks of widths 128 … 1024 follow it within 0.1 where the target lies along leading modes of the output layer's
 * kernel; where slow modes take part and γ' > 0, the input layer's kernel helps them up to very large widths: −0.33 for −0.5 at
 * (1.25, 0.5), still so at width 8192. Our derivation.
 */
export function movementSlope({ scale, imbalance }: ReluExponents): number {
  const kernel = 1 - scale + Math.abs(imbalance);
  if (kernel < 0) return 0.5 * (scale - 1 - imbalance);
  if (imbalance < 0) return scale - 1;
  return Math.max(scale - 1 - 2 * imbalance, 2 * (scale - 1 - imbalance));
}

export const twoLayerRelu: Theory = {
  id: 'two-layer-relu',
  label: 'regimes of wide two-layer ReLU networks',
  description:
    'Where the input weights of wide two-layer ReLU networks stand still (linear regime) or condense, under gradient flow.',
  source: 'Luo et al. 2021 (arXiv:2007.07497)',
  observables: [],
  reach: 'limit',
  refusal({ family, values, training }) {
    const refusal = twoLayerRefusal(family, { ...values, bias: 0 }, 'relu');
    if (refusal !== null) return refusal;
    if (training.method !== 'flow') return 'It holds for gradient flow, not for gradient descent.';
    const { outputRate, hiddenRate } = widthExponentsOf(values);
    return Math.abs(outputRate - hiddenRate) < SLACK ? null : 'It holds for layers whose rates go alike with the width.';
  },
  solve: () => ({
    at(_, into) {
      into.fill(Number.NaN);
    },
    exception: null,
  }),
  boundaries(plane) {
    const { x, y, values } = plane;
    if (!EXPONENT_PARAMETERS.includes(x) || !EXPONENT_PARAMETERS.includes(y)) return [];
    return levelLine(plane, 'linear | condensed', (atX, atY) =>
      distance(reluExponentsOf(widthExponentsOf({ ...values, [x]: atX, [y]: atY }))),
    );
  },
};
