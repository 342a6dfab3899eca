// Preset: the crossover between lazy and rich on MNIST parity, output scale × width.

import type { Preset } from '../core/preset.ts';

export const mnistAlphaWidth: Preset = {
  id: 'mnist-alpha-width',
  paper: 'Geiger et al. 2020',
  title: 'One output scale decides: lazy or rich',
  claim: 'On MNIST parity the product √h α alone separates networks that rebuild their tangent kernel from networks that keep it.',
  citation: {
    authors: 'Geiger, Spigler, Jacot and Wyart',
    title: 'Disentangling feature and lazy training in deep neural networks',
    year: 2020,
    url: 'https://arxiv.org/abs/1906.08034',
  },
  lookFor: 'On the rich side the kernel change falls with a slope near −4/3, on the lazy side with slope −1; switch to test error to see which side generalises.',
  sweep: {
    version: 1,
    title: 'MNIST parity, output scale × width',
    family: 'fully-connected',
    task: { kind: 'mnist-parity', samples: 128, testSamples: 1000, probeSamples: 64, components: 10 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 29 },
      { parameter: 'width', scale: 'log', values: [8, 16, 32, 64] },
    ],
    fixed: { depth: 2, activation: 'softplus', activationBeta: 5, loss: 'softHinge', lossBeta: 20 },
    seeds: 3,
    training: { method: 'flow', maxTime: 30, stop: { margins: true }, checkpoints: 24 },
    observables: ['kernelChange', 'testError', 'trainingLoss'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'width' },
};
