// What a sweep may vary in networks of several families, with the same meaning in all of them. Data only.

import type { ChoiceParameter, NumberParameter } from '../../src/core/parameter.ts';
import { activationIds } from './activations.ts';
import { lossIds } from './losses.ts';

const GEIGER = 'Geiger et al. 2020 (arXiv:1906.08034)';

export const activation = (usual: string): ChoiceParameter => ({
  id: 'activation',
  label: 'activation',
  symbol: 'σ',
  description: 'Activation of all hidden layers, σ(z) = c·act(βz)/β.',
  source: GEIGER,
  scope: 'shape',
  kind: 'choice',
  choices: activationIds,
  default: usual,
});

export const activationBeta: NumberParameter = {
  id: 'activationBeta',
  label: 'activation sharpness',
  symbol: 'β',
  description:
    'β in σ(z) = c·act(βz)/β, dimensionless; 0 stands for the usual choice (softplus 5, all others 1). Linear, ReLU and leaky ReLU ' +
    'do not depend on it.',
  source: GEIGER,
  scope: 'shape',
  kind: 'number',
  minimum: 0,
  maximum: 1000,
  default: 0,
};

export const normalisation: ChoiceParameter = {
  id: 'normalisation',
  label: 'activation normalisation',
  symbol: 'c',
  description: 'unit: c gives σ of a standard normal input a unit second moment. none: c = 1.',
  source: GEIGER,
  scope: 'shape',
  kind: 'choice',
  choices: ['unit', 'none'],
  default: 'unit',
};

export const predictor: ChoiceParameter = {
  id: 'predictor',
  label: 'predictor',
  symbol: 'F',
  description: 'centred: F = α̃ (f(w) − f(w₀)). plain: F = α̃ f(w).',
  source: 'Geiger et al. 2020 (arXiv:1906.08034, code)',
  scope: 'network',
  kind: 'choice',
  choices: ['centred', 'plain'],
  default: 'centred',
};

export const motion: ChoiceParameter = {
  id: 'motion',
  label: 'motion',
  symbol: 'dW/dt',
  description:
    'per-output-scale: the equation of motion carries no α̃, so that lazy networks learn at a pace that does not depend on it. plain: ' +
    'rates carry α̃, as in plain gradient flow or descent on the loss of F.',
  source: `${GEIGER}; Xu and Ziyin 2024 (arXiv:2401.07085)`,
  scope: 'network',
  kind: 'choice',
  choices: ['per-output-scale', 'plain'],
  default: 'per-output-scale',
};

export const loss = (usual: string): ChoiceParameter => ({
  id: 'loss',
  label: 'loss',
  symbol: 'ℓ',
  description: 'Loss per sample; training minimises its mean.',
  source: GEIGER,
  scope: 'shape',
  kind: 'choice',
  choices: lossIds,
  default: usual,
});

export const lossBeta: NumberParameter = {
  id: 'lossBeta',
  label: 'sharpness of the soft hinge',
  symbol: 'β_ℓ',
  description: 'β in ln(1 + e^{β(1 − yF)})/β, dimensionless; the other losses do not use it.',
  source: `${GEIGER}; its code uses 20, and 10 for EMNIST`,
  scope: 'shape',
  kind: 'number',
  minimum: 0,
  exclusiveMinimum: true,
  maximum: 1000,
  default: 20,
};
