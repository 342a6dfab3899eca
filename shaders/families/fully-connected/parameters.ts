// What a sweep may vary in a fully connected network. Data only.

import type { Parameter } from '../../../src/core/parameter.ts';
import { activation, activationBeta, loss, lossBeta, motion, normalisation, predictor } from '../../lib/parameters.ts';
import { scalingParameters, startParameters } from './start-parameters.ts';

const GEIGER = 'Geiger et al. 2020 (arXiv:1906.08034)';

export const fullyConnectedParameters: readonly Parameter[] = [
  {
    id: 'width',
    label: 'width',
    symbol: 'h',
    description: 'Hidden units per layer, dimensionless.',
    source: GEIGER,
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 4096,
    default: 64,
  },
  {
    id: 'depth',
    label: 'hidden layers',
    symbol: 'L',
    description: 'Number of hidden layers, dimensionless; the network has L + 1 weight matrices.',
    source: GEIGER,
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 6,
    default: 2,
  },
  activation('softplus'),
  activationBeta,
  normalisation,
  {
    id: 'parametrisation',
    label: 'parametrisation',
    symbol: 's_l',
    description:
      'Factor of each layer’s product. mean-field: 1/√d, 1/√h, …, 1/h with weights N(0, 1). ntk: the same with 1/√h at the output. ' +
      'standard: 1, with weights of variance 1/fan-in.',
    source: 'Geiger et al. 2020 (arXiv:1906.08034); Jacot et al. 2018; LeCun et al. 1998',
    scope: 'shape',
    kind: 'choice',
    choices: ['mean-field', 'ntk', 'standard'],
    default: 'mean-field',
  },
  {
    id: 'bias',
    label: 'bias scale',
    symbol: 'b',
    description: 'Scale b of the term b·B added to each layer’s product, B trained from 0; dimensionless, 0 for no bias.',
    source: `${GEIGER}; its code uses 0.1`,
    scope: 'shape',
    kind: 'number',
    minimum: 0,
    maximum: 1000,
    default: 0,
  },
  {
    id: 'outputScale',
    label: 'output scale',
    symbol: 'α̃',
    description:
      'α̃ in F = α̃ (f(w) − f(w₀)), dimensionless, > 0. With the mean-field f, which carries 1/h, the article’s α is α̃/√h; ' +
      'with the ntk f, which carries 1/√h, it is the article’s α itself.',
    source: 'Geiger et al. 2020 (arXiv:1906.08034); Chizat et al. 2019',
    scope: 'network',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e12,
    default: 1,
  },
  predictor,
  motion,
  ...startParameters,
  ...scalingParameters,
  loss('softHinge'),
  lossBeta,
];
