// What theory says about a fully connected network, and in which units: the conventions of Geiger et al. 2020.
// α̃ multiplies f with its 1/h; the article's α multiplies √h f, so α = α̃/√h. t is the simulator time s = t_article/α̃.

import type { Value, Values } from '../core/parameter.ts';
import type { Sweep } from '../core/sweep.ts';

/** Growing like a power of their input, so that scaling all weights by λ scales f by λ^(L+1). */
const HOMOGENEOUS: readonly Value[] = ['linear', 'relu', 'leakyRelu', 'softplus', 'gelu', 'silu'];
const KINKED: readonly Value[] = ['relu', 'leakyRelu'];
/** Parameters that change the units, with the values at which they do not. */
const NEUTRAL: readonly (readonly [string, Value])[] = [
  ['learningRateRatio', 1],
  ['hiddenRate', 1],
  ['outputScaleExponent', 0],
  ['weightExponent', 0],
  ['weightImbalanceExponent', 0],
  ['rateExponent', 0],
  ['rateImbalanceExponent', 0],
  ['weightCorrelation', 0],
];

export interface Scaling {
  /** Hidden layers L. */
  readonly depth: number;
  /** α̃ of an output scale at width h. */
  readonly rescaled: (outputScale: number, width: number) => number;
  /** The article's α. */
  readonly article: (outputScale: number, width: number) => number;
  /** a in ΔΘ/Θ₀ ∝ α̃^−a on the rich side: 2L/(L+1), from f ~ λ^(L+1) ~ 1/α̃ and Θ ~ λ^(2L). Null where f is not homogeneous. */
  readonly richKernel: number | null;
  /** Exponent of ‖Δw‖/‖w₀‖ on the rich side: −1/(L+1). */
  readonly richWeights: number | null;
  /** ΔΘ/Θ₀ ∝ α̃^−1 on the lazy side. Null with kinks, where flipping units add to it. */
  readonly lazyKernel: number | null;
  /** t₁(article) ∝ α̃ on the rich side; null at L = 1, where the escape from the saddle adds a logarithm. */
  readonly richTime: number | null;
}

/**
 * The scaling of a fully connected network with these values trained by gradient flow with the centred predictor; null for all
 * others, for which the units below have not been derived.
 */
export function scalingOf(sweep: Pick<Sweep, 'family' | 'training'>, values: Values): Scaling | null {
  const {
    parametrisation,
    depth,
    activation,
    predictor = 'centred',
    motion = 'per-output-scale',
    initialisation = 'gaussian',
  } = values;
  if (sweep.family !== 'fully-connected' || sweep.training.method !== 'flow' || typeof depth !== 'number') return null;
  if (predictor !== 'centred' || motion !== 'per-output-scale' || initialisation !== 'gaussian') return null;
  if (!NEUTRAL.every(([id, neutral]) => (values[id] ?? neutral) === neutral)) return null;
  if (parametrisation !== 'mean-field' && parametrisation !== 'ntk') return null;
  const power = parametrisation === 'mean-field' ? 0 : 0.5;
  const homogeneous = HOMOGENEOUS.includes(activation);
  return {
    depth,
    rescaled: (outputScale, width) => outputScale * width ** power,
    article: (outputScale, width) => outputScale * width ** (power - 0.5),
    richKernel: homogeneous ? (2 * depth) / (depth + 1) : null,
    richWeights: homogeneous ? -1 / (depth + 1) : null,
    lazyKernel: KINKED.includes(activation) ? null : 1,
    richTime: depth > 1 ? 1 : null,
  };
}
