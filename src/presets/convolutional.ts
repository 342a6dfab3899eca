// Preset: convolutional networks on images from rich to lazy.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const convolutional: Preset = {
  id: 'convolutional',
  paper: 'Geiger et al. 2020',
  title: 'Convolutions, rich and lazy',
  claim:
    'The tangent kernel of a convolutional network is rebuilt at small output scales and stands still at large ones; on 64 digits its test error does not tell the two apart yet.',
  citation: GEIGER,
  lookFor:
    'Read upwards, in time: rich networks learn late and at once, lazy ones early, and both end at one error in five. Switch to kernel change: several hundred on the left, a few hundredths on the right.',
  explain:
    'Two $5\\times5$ convolutions of $8$ channels and an average over all pixels see digits of $14\\times14$ pixels. In the [rich](rich) regime their filters adapt and the [tangent kernel](tangent-kernel) grows; in the [lazy](lazy) one the random filters stay, and only their mixture is learned. The paper finds that convolutional networks do better when they learn features, with thousands of images: here the difference is within the spread over [seeds](seed).',
  sweep: {
    version: 1,
    title: 'MNIST parity, output scale of convolutional networks',
    family: 'convolutional',
    task: { kind: 'mnist-parity', features: 'pixels', imageSide: '14', samples: 64, testSamples: 1000, probeSamples: 8 },
    axes: [{ parameter: 'outputScale', scale: 'log', from: 0.1, to: 100, steps: 4 }],
    fixed: { width: 8, blocks: 1, activation: 'softplus', loss: 'softHinge' },
    seeds: 4,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 1500,
      checkpoints: [0.03, 0.1, 0.3, 1, 3, 10, 30, 1000],
    },
    observables: ['testError', 'ensembleError', 'kernelChange', 'trainingLoss'],
  },
  view: { observable: 'testError', x: 'outputScale', y: 'time' },
};
