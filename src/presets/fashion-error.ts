// Preset: test error of networks and of their ensemble on Fashion-MNIST, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const fashionError: Preset = {
  id: 'fashion-error',
  paper: 'Geiger et al. 2020',
  title: 'Clothes: features pay for one network',
  claim:
    'On Fashion-MNIST parity a single network does best when it learns features; averaging over seeds helps the others, most of all at the crossover.',
  citation: GEIGER,
  lookFor:
    'Test error is lower on the left by half a per cent. Switch to ensemble error: on the left nothing changes, and the lowest error now stands near α̃ = 10.',
  explain:
    'Colour is the test error of one network, averaged over seeds; the ensemble error is that of the averaged predictor $\\bar f=\\frac1n\\sum_s f_s$. A single [lazy](lazy) network carries the noise of its random [kernel](tangent-kernel), which averaging removes; a [rich](rich) one carries less of it from the start. So the best single networks learn features, while among [ensembles](ensemble) the lead shrinks or changes sides near the [crossover](crossover).',
  sweep: {
    version: 1,
    title: 'Fashion-MNIST parity, output scale × width',
    family: 'fully-connected',
    task: { kind: 'fashion-parity', features: 'pixels', imageSide: '7', samples: 256, testSamples: 2000, probeSamples: 32 },
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
