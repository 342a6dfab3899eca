// What a sweep may vary in a recurrent network. Data only.

import { connectivities, connectivityParameters } from '../../../src/core/connectivity/registry.ts';
import type { Parameter } from '../../../src/core/parameter.ts';
import { OWN } from '../../../src/core/parse-connectivity.ts';

const LIU = 'Liu et al. 2024 (arXiv:2310.08513)';

export const ACTIVATIONS = ['relu', 'tanh', 'softplus'] as const;
export const LOSSES = ['crossEntropy', 'squared'] as const;

export const recurrentParameters: readonly Parameter[] = [
  {
    id: 'width',
    label: 'units',
    symbol: 'N',
    description: 'Recurrent units, dimensionless.',
    source: LIU,
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 1024,
    default: 64,
  },
  {
    id: 'activation',
    label: 'activation',
    symbol: 'φ',
    description: 'Nonlinearity of the units; softplus with sharpness 5.',
    source: LIU,
    scope: 'shape',
    kind: 'choice',
    choices: ACTIVATIONS,
    default: 'relu',
  },
  {
    id: 'leakPlacement',
    label: 'placement of the leak',
    symbol: '',
    description:
      'inside: h_t = φ((1 − α)h_{t−1} + α(Wx x_t + Wh h_{t−1})). outside: u_t = (1 − α)u_{t−1} + α(Wx x_t + Wh φ(u_{t−1})), h = φ(u). ' +
      'α = dt/τ comes with the task’s time step.',
    source: LIU,
    scope: 'shape',
    kind: 'choice',
    choices: ['inside', 'outside'],
    default: 'inside',
  },
  {
    id: 'loss',
    label: 'loss',
    symbol: 'ℓ',
    description: 'Loss per step of a trial; training minimises its mean over trials and the steps that the task weighs.',
    source: LIU,
    scope: 'shape',
    kind: 'choice',
    choices: LOSSES,
    default: 'crossEntropy',
  },
  {
    id: 'outputScale',
    label: 'output scale',
    symbol: 'α̃',
    description: 'α̃ in F = α̃ Wo h, dimensionless, > 0; the equation of motion carries no α̃.',
    source: 'Chizat et al. 2019',
    scope: 'network',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e6,
    default: 1,
  },
  {
    id: 'connectivity',
    label: 'connectivity',
    symbol: 'W₀',
    description:
      'Structure from which the initial recurrent weights are drawn; own: the matrix under the key `connectivity` of the sweep, ' +
      'the same for all seeds.',
    source: LIU,
    scope: 'start',
    kind: 'choice',
    choices: [...connectivities.map(({ id }) => id), OWN],
    default: 'gauss',
  },
  ...connectivityParameters,
  {
    id: 'gain',
    label: 'gain',
    symbol: 'g',
    description:
      'Factor on the initial recurrent weights, which without it have the norm 1 that `gainNorm` names; dimensionless, ≥ 0. At 0 nothing ' +
      'recurs.',
    source: LIU,
    scope: 'start',
    kind: 'number',
    minimum: 0,
    maximum: 100,
    default: 1.25,
  },
  {
    id: 'gainNorm',
    label: 'norm that the gain sets',
    symbol: '',
    description:
      'fro: ‖W₀‖_F = g√N before a cut to `initRank`, which `rankNorm` follows. radius: the spectral radius of the initial weights, cut or ' +
      'not, is g; there `rankNorm` makes no difference.',
    source: LIU,
    scope: 'start',
    kind: 'choice',
    choices: ['fro', 'radius'],
    default: 'fro',
  },
  {
    id: 'initRank',
    label: 'initial rank',
    symbol: 'r',
    description: 'Rank to which the initial recurrent weights are cut by their singular values, dimensionless; 0 for full rank.',
    source: LIU,
    scope: 'start',
    kind: 'integer',
    minimum: 0,
    maximum: 1024,
    default: 0,
  },
  {
    id: 'rankNorm',
    label: 'norm kept by the cut',
    symbol: '',
    description:
      'What the cut to a rank keeps: fro, the Frobenius norm, by a common factor; spec, the largest singular value, and none, all ' +
      'that are kept: both leave them as they are.',
    source: LIU,
    scope: 'start',
    kind: 'choice',
    choices: ['fro', 'spec', 'none'],
    default: 'fro',
  },
  {
    id: 'laterRank',
    label: 'rank of later stages',
    symbol: 'r′',
    description: 'Rank to which a stage with `recut` cuts the recurrent weights, dimensionless; 0 for full rank.',
    source: LIU,
    scope: 'network',
    kind: 'integer',
    minimum: 0,
    maximum: 1024,
    default: 0,
  },
  {
    id: 'laterConnectivity',
    label: 'connectivity of later stages',
    symbol: '',
    description:
      'What a stage with `recut` cuts. trained: the recurrent weights that it finds, of which only the ratios count. random: another draw ' +
      'of `connectivity`, apart from the first. Both have the gain and norms of the start.',
    source: LIU,
    scope: 'network',
    kind: 'choice',
    choices: ['trained', 'random'],
    default: 'trained',
  },
];
