// How fully connected networks start and how their scales go with the width: parameters. Data only; starts.ts draws,
// core/scalings.ts multiplies.

import type { NumberParameter, Parameter } from '../../../src/core/parameter.ts';
import { NO_SCALING, SCALINGS } from '../../../src/core/scalings.ts';

const DOMINE = 'Dominé et al. 2025 (arXiv:2409.14623)';
const LIU = 'Liu et al. 2024 (arXiv:2310.08513)';
const XU_ZIYIN = 'Xu and Ziyin 2024 (arXiv:2401.07085)';

/** Parameters of the initial weights. */
export const startParameters: readonly Parameter[] = [
  {
    id: 'initialisation',
    label: 'initialisation',
    symbol: 'W(0)',
    description:
      'gaussian: independent normal weights. balanced: λ-balanced weights, W₂ᵀW₂ − W₁W₁ᵀ = λI, in random frames, for one hidden layer. ' +
      'aligned: λ-balanced at every interface, in the singular frames of the training set’s Σ = YXᵀ/P. low-rank: Gaussian weights with ' +
      'input weights cut to a rank, their Frobenius norm kept, for one hidden layer.',
    source: `${DOMINE}, Assumption 2; ${LIU}`,
    scope: 'start',
    kind: 'choice',
    choices: ['gaussian', 'balanced', 'aligned', 'low-rank'],
    default: 'gaussian',
  },
  {
    id: 'initScale',
    label: 'initial scale',
    symbol: 'κ',
    description:
      'Factor on all Gaussian initial weights, also of low rank, dimensionless, > 0; balanced and aligned starts have a product scale instead.',
    source: 'Woodworth et al. 2020',
    scope: 'start',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e6,
    default: 1,
  },
  {
    id: 'initScaleOutput',
    label: 'initial scale of the output layer',
    symbol: 'κ_out',
    description: 'Further factor on the initial weights of the output layer, dimensionless; 0 starts it at zero.',
    source: 'Xu and Ziyin 2024 (arXiv:2401.07085)',
    scope: 'start',
    kind: 'number',
    minimum: 0,
    maximum: 1e6,
    default: 1,
  },
  {
    id: 'balance',
    label: 'balance',
    symbol: 'λ',
    description:
      'λ in W_{l+1}ᵀW_{l+1} − W_l W_lᵀ = λI of balanced and aligned starts, dimensionless. Where no such weights exist (λ > 0 with more ' +
      'hidden units than outputs, λ < 0 with more than inputs) those of a narrower network are embedded: balanced on the units in use.',
    source: `${DOMINE}, Assumption 2`,
    scope: 'start',
    kind: 'number',
    minimum: -1e4,
    maximum: 1e4,
    default: 0,
  },
  {
    id: 'productScale',
    label: 'scale of the initial product',
    symbol: 's₀',
    description:
      'Initial singular values of the product of all weight matrices of a balanced or aligned start, dimensionless, > 0.',
    source: DOMINE,
    scope: 'start',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e6,
    default: 0.01,
  },
  {
    id: 'productSpectrum',
    label: 'spectrum of the initial product',
    symbol: 's(0)',
    description:
      'flat: all singular values are s₀. gaussian: those of s₀ times the product of two standard Gaussian matrices of the layers’ sizes. ' +
      'Of a low-rank start, the input weights’ own. flat: equal ones. gaussian: the largest of the draw.',
    source: `${DOMINE}; ${LIU}`,
    scope: 'start',
    kind: 'choice',
    choices: ['flat', 'gaussian'],
    default: 'flat',
  },
  {
    id: 'initRank',
    label: 'initial rank',
    symbol: 'r',
    description:
      'Rank of the initial product of a balanced or aligned start, of the input weights of a low-rank one, dimensionless; 0, and more ' +
      'than input, width and (for a product) output allow, stand for full rank.',
    source: `${DOMINE}; ${LIU}`,
    scope: 'start',
    kind: 'integer',
    minimum: 0,
    maximum: 4096,
    default: 0,
  },
  {
    id: 'initDirection',
    label: 'direction of the start',
    symbol: 'v₁',
    description:
      'Leading right singular vector of the input weights of a low-rank start. random: the draw’s own. task: that of Σ = YXᵀ/P. ' +
      'leading-features: that of what the leading features of the task give alone (task features). All others turn with it.',
    source: `${LIU}, figure 3`,
    scope: 'start',
    kind: 'choice',
    choices: ['random', 'task', 'leading-features'],
    default: 'random',
  },
  {
    id: 'initAlignment',
    label: 'alignment of the start',
    symbol: 'cos θ',
    description: 'Cosine between that vector and the direction it is turned to, dimensionless; without effect on a random one.',
    source: LIU,
    scope: 'start',
    kind: 'number',
    minimum: 0,
    maximum: 1,
    default: 1,
  },
  {
    id: 'initOutput',
    label: 'output weights of the start',
    symbol: 'W₂(0)',
    description:
      'Of a low-rank start. gaussian: independent of the input weights (initScaleOutput 0 starts them at zero). balanced: ' +
      'W₂ᵀW₂ = W₁W₁ᵀ on as many leading modes as there are outputs.',
    source: LIU,
    scope: 'start',
    kind: 'choice',
    choices: ['gaussian', 'balanced'],
    default: 'gaussian',
  },
  {
    id: 'weightCorrelation',
    label: 'correlation of the layers',
    symbol: 'ρ',
    description:
      'Correlation of each Gaussian output weight with its hidden unit’s input weights along the direction of Σ y x of the training set ' +
      '(with one input: with the input weight itself), for one hidden layer. Dimensionless.',
    source: XU_ZIYIN,
    scope: 'start',
    kind: 'number',
    minimum: -1,
    maximum: 1,
    default: 0,
  },
];

function exponent(scope: 'start' | 'network', id: string, label: string, symbol: string, description: string): NumberParameter {
  return { id, label, symbol, description, source: XU_ZIYIN, scope, kind: 'number', minimum: -8, maximum: 8, default: 0 };
}

/** Powers of the width in scales and rates, and the balance that a stage of training may restore. */
export const scalingParameters: readonly Parameter[] = [
  {
    id: 'scaling',
    label: 'scaling with the width',
    symbol: 'c',
    description:
      `Exponents of the width in output scale, initial weights and rates, by name: ${SCALINGS.map(({ id }) => id).join(', ')}. Weights ` +
      'then have exactly these powers as standard deviations, without 1/√fan-in; for the standard parametrisation with one hidden ' +
      'layer. none: only the free exponents.',
    source: XU_ZIYIN,
    scope: 'start',
    kind: 'choice',
    choices: [NO_SCALING, ...SCALINGS.map(({ id }) => id)],
    default: NO_SCALING,
  },
  exponent('network', 'outputScaleExponent', 'exponent of the output scale', 'c_γ', 'The output scale is multiplied by h^{c_γ}.'),
  exponent('start', 'weightExponent', 'exponent of the initial weights', 'c', 'Gaussian initial weights are multiplied by h^c.'),
  exponent(
    'start',
    'weightImbalanceExponent',
    'exponent of the imbalance of initial weights',
    'c_w − c_u',
    'b: Gaussian initial weights of the output layer are multiplied by h^{−b/2}, all others by h^{b/2}.',
  ),
  exponent('network', 'rateExponent', 'exponent of the rates', 'c_η', 'Rates of all layers are multiplied by h^{c_η}.'),
  exponent(
    'network',
    'rateImbalanceExponent',
    'exponent of the imbalance of rates',
    'c_ηw − c_ηu',
    'b: the rate of the output layer is multiplied by h^{−b/2}, all others by h^{b/2}.',
  ),
  {
    id: 'laterBalance',
    label: 'balance of later stages',
    symbol: 'λ_FT',
    description: 'Balance that a stage with `rebalance` gives the weights it goes on from, their product kept; dimensionless.',
    source: `${DOMINE}, appendix D`,
    scope: 'network',
    kind: 'number',
    minimum: -1e4,
    maximum: 1e4,
    default: 0,
  },
];
