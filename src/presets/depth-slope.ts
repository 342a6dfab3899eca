// Preset: the slope of the kernel change on the rich side grows with depth.

import type { Preset } from '../core/preset.ts';

export const depthSlope: Preset = {
  id: 'depth-slope',
  paper: 'Geiger et al. 2020',
  title: 'Deeper networks change more',
  claim: 'On the rich side the kernel change grows as α̃ to the power −2L/(L + 1): from −1 for one hidden layer towards −2 for many.',
  citation: {
    authors: 'Geiger, Spigler, Jacot and Wyart',
    title: 'Disentangling feature and lazy training in deep neural networks',
    year: 2020,
    url: 'https://arxiv.org/abs/1906.08034',
  },
  lookFor: 'The orange deepens faster from row to row, while the boundary hardly moves.',
  sweep: {
    version: 1,
    title: 'Stripe, output scale × depth',
    family: 'fully-connected',
    task: { kind: 'stripe', samples: 64, testSamples: 512, probeSamples: 32, inputDim: 8 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 22 },
      { parameter: 'depth', values: [1, 2, 3, 4] },
    ],
    fixed: { width: 24, activation: 'softplus', activationBeta: 5, loss: 'softHinge', lossBeta: 20 },
    seeds: 3,
    training: { method: 'flow', maxTime: 30, stop: { margins: true }, checkpoints: 24 },
    observables: ['kernelChange', 'testError', 'trainingLoss'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'depth' },
};
