// What a sweep may vary in a convolutional network. Data only. What it has in common with fully connected networks is taken
// from there.

import type { Parameter } from '../../../src/core/parameter.ts';
import { fullyConnectedParameters } from '../fully-connected/parameters.ts';

const GEIGER = 'Geiger et al. 2020 (arXiv:1906.08034)';

/** A parameter of fully connected networks that means the same here. */
function shared(id: string): Parameter {
  const found = fullyConnectedParameters.find((parameter) => parameter.id === id);
  if (found === undefined) throw new Error(`convolutional: fully connected networks have no parameter ${id}`);
  return found;
}

/** The same with another default. */
function sharedChoice(id: string, usual: string): Parameter {
  const parameter = shared(id);
  if (parameter.kind !== 'choice') throw new Error(`convolutional: expected a choice, got ${id}`);
  return { ...parameter, default: usual };
}

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
  sharedChoice('activation', 'softplus'),
  shared('activationBeta'),
  shared('normalisation'),
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
  shared('predictor'),
  shared('motion'),
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
  sharedChoice('loss', 'hinge'),
  shared('lossBeta'),
];
