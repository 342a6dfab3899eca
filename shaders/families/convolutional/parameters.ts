// What a sweep may vary in a convolutional network. Data only.

import type { Parameter } from '../../../src/core/parameter.ts';
import { activation, activationBeta, loss, lossBeta, motion, normalisation, predictor } from '../../lib/parameters.ts';

const GEIGER = 'Geiger et al. 2020 (arXiv:1906.08034)';

export const convolutionalParameters: readonly Parameter[] = [
  {
    id: 'width',
    label: 'channels',
    symbol: 'h',
    description: 'Channels of every convolution, dimensionless.',
    source: `${GEIGER}; its networks have 50`,
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 512,
    default: 16,
  },
  {
    id: 'blocks',
    label: 'blocks',
    symbol: '',
    description:
      'Blocks of two 5 × 5 convolutions, of which the first has stride 2; dimensionless. Two blocks need images of 19 × 19 ' +
      'pixels, one block 7 × 7.',
    source: `${GEIGER}; its networks have 2`,
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 3,
    default: 2,
  },
  activation('softplus'),
  activationBeta,
  normalisation,
  {
    id: 'outputScale',
    label: 'output scale',
    symbol: 'α̃',
    description: 'α̃ in F = α̃ (f(w) − f(w₀)), dimensionless, > 0. f carries the factor 1/h, so that the article’s α is α̃/√h.',
    source: `${GEIGER}; Chizat et al. 2019`,
    scope: 'network',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e12,
    default: 1,
  },
  predictor,
  motion,
  {
    id: 'initScale',
    label: 'initial scale',
    symbol: 'κ',
    description: 'Factor on all initial weights, which are standard normal without it; dimensionless, > 0.',
    source: GEIGER,
    scope: 'start',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e6,
    default: 1,
  },
  loss('hinge'),
  lossBeta,
];
