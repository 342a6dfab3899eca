// Preset: kernel change against width in nine parametrisations.

import type { Preset } from '../core/preset.ts';
import { XU_ZIYIN } from './citations.ts';
import { decades, exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const parametrisations: Preset = {
  id: 'parametrisations',
  paper: 'Xu and Ziyin 2024',
  title: 'Nine parametrisations',
  claim:
    'As the width grows the kernel change vanishes in standard and NTK parametrisation, stays of order one in mean-field, muP and Xavier, and grows from small starts.',
  citation: XU_ZIYIN,
  lookFor: 'Read along a row: it cools, keeps its colour, or warms. The exponents are −2, −1, 0 and +1.',
  explain:
    'A parametrisation says with which powers of the width $h$ the weights begin and the layers learn. By the one-dimensional theory the relative [kernel change](kernel-change) goes as $h^{a}$, with $a=-2,-1,0$ or $+1$. Standard and [NTK](ntk-parametrisation) parametrisation become [lazy](lazy) as networks widen, [mean-field](mean-field) and muP keep learning features at any width.',
  sweep: {
    version: 1,
    title: 'Parametrisation × width',
    family: 'fully-connected',
    task: { kind: 'line', samples: 4, testSamples: 4, probeSamples: 4 },
    axes: [
      { parameter: 'width', scale: 'log', values: [16, 32, 64, 128, 256, 512, 1024] },
      {
        parameter: 'scaling',
        values: ['standard', 'kaiming', 'ntk', 'mean-field', 'mup', 'xavier', 'mup-equal-rates', 'unscaled', 'small'],
      },
    ],
    fixed: { ...LINEAR_NETWORK, motion: 'plain' },
    seeds: 16,
    training: { ...exactFlow(300, decades(-4, 2, 2)), stop: { loss: 1e-9 } },
    observables: [
      'kernelRatio',
      'kernelChange',
      'trainingLoss',
      'alignmentCosine',
      'mechanism',
      'inputWeightNorm',
      'outputWeightNorm',
    ],
  },
  view: { observable: 'kernelChange', x: 'width', y: 'scaling', theory: 'one-dimensional' },
};
