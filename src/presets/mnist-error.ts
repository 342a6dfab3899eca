// Preset: test error of networks and of their ensemble on MNIST, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const mnistError: Preset = {
  id: 'mnist-error',
  paper: 'Geiger et al. 2020',
  title: 'Digits: the worst of both worlds lies between',
  claim:
    'On the pixels of MNIST a single network errs most at the crossover, and the ensemble of lazy networks errs least of all.',
  citation: GEIGER,
  lookFor:
    'A ridge of test error near α̃ = 10, a per cent and a half above the left end. Switch to ensemble error: the ridge is gone, and the lowest error stands on the right.',
  explain:
    'Here the networks see pixels, where a fixed [kernel](tangent-kernel) of a fully connected network already does well. Near $\\tilde\\alpha=10$ the features have moved but not settled, and the variance over [seeds](seed) is largest: a ridge of test error. The [ensemble](ensemble) average $\\bar f$ takes that variance away, and what is left favours the [lazy](lazy) side.',
  sweep: {
    version: 1,
    title: 'MNIST parity, output scale × width',
    family: 'fully-connected',
    task: { kind: 'mnist-parity', features: 'pixels', imageSide: '7', samples: 256, testSamples: 2000, probeSamples: 32 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e4, steps: 13 },
      { parameter: 'width', scale: 'log', values: [16, 32, 64] },
    ],
    fixed: { depth: 2, activation: 'softplus' },
    seeds: 8,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 5000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['testError', 'ensembleError', 'seedVariance', 'kernelChange', 'trainingLoss'],
  },
  view: { observable: 'testError', x: 'outputScale', y: 'width' },
};
