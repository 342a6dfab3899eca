// What a sweep may vary in a diagonal network. Data only.

import type { Parameter } from '../../../src/core/parameter.ts';
import { loss, lossBeta } from '../../lib/parameters.ts';

const WOODWORTH = 'Woodworth et al. 2020 (arXiv:2002.09277)';

export const diagonalParameters: readonly Parameter[] = [
  {
    id: 'depth',
    label: 'factors',
    symbol: 'D',
    description: 'Number of equal factors of each coordinate, β = w₊^D − w₋^D, dimensionless.',
    source: `${WOODWORTH}, sections 2 and 5`,
    scope: 'shape',
    kind: 'integer',
    minimum: 2,
    maximum: 8,
    default: 2,
  },
  {
    id: 'initScale',
    label: 'initial scale',
    symbol: 'α',
    description:
      'Every weight starts at α, so that β starts at 0; dimensionless, > 0. Large α is the kernel regime (least ‖β‖₂), small α the rich ' +
      'one (least ‖β‖₁).',
    source: `${WOODWORTH}, section 2`,
    scope: 'start',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e6,
    default: 1,
  },
  {
    id: 'initSpread',
    label: 'spread of the initial scale',
    symbol: 'σ_α',
    description:
      'Standard deviation of ln(w₀/α) over coordinates, drawn under the network’s seed; w₊ and w₋ of a coordinate start alike. ' +
      'Dimensionless; 0 starts all at α, and then all seeds are one network.',
    source: `${WOODWORTH}, section 3, shape of the initialisation`,
    scope: 'start',
    kind: 'number',
    minimum: 0,
    maximum: 10,
    default: 0,
  },
  {
    id: 'outputScale',
    label: 'output scale',
    symbol: 'α̃',
    description: 'α̃ in F = α̃ β·x, dimensionless, > 0.',
    source: 'Chizat et al. 2019',
    scope: 'network',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e12,
    default: 1,
  },
  {
    id: 'predictor',
    label: 'predictor',
    symbol: 'F',
    description: 'plain: F = α̃ β·x. centred: F = α̃ (β − β₀)·x; the same here, where β₀ = 0, unless weights are given.',
    source: 'Geiger et al. 2020 (arXiv:1906.08034, code)',
    scope: 'network',
    kind: 'choice',
    choices: ['plain', 'centred'],
    default: 'plain',
  },
  {
    id: 'motion',
    label: 'motion',
    symbol: 'dw/dt',
    description:
      'per-output-scale: dw/dt = −∂ℓ/∂F ∂f/∂w, free of α̃. plain: gradient flow or descent on the loss of F = α̃ f, which carries α̃.',
    source: 'Geiger et al. 2020 (arXiv:1906.08034, code); Chizat et al. 2019',
    scope: 'network',
    kind: 'choice',
    choices: ['per-output-scale', 'plain'],
    default: 'per-output-scale',
  },
  { ...loss('squared'), source: WOODWORTH },
  { ...lossBeta, source: 'Geiger et al. 2020 (arXiv:1906.08034, code)' },
];
