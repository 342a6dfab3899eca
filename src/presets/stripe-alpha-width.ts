// Preset: the crossover between lazy and rich on the stripe task, output scale × width.

import type { Preset } from '../core/preset.ts';

export const stripeAlphaWidth: Preset = {
  id: 'stripe-alpha-width',
  paper: 'Geiger et al. 2020',
  title: 'The same boundary on a toy task',
  claim: 'Below an output scale of about ten the tangent kernel is rebuilt while the network learns; above it the kernel stands still.',
  citation: {
    authors: 'Geiger, Spigler, Jacot and Wyart',
    title: 'Disentangling feature and lazy training in deep neural networks',
    year: 2020,
    url: 'https://arxiv.org/abs/1906.08034',
  },
  lookFor: 'With α̃ = √h α on the axis the boundary ΔΘ = Θ₀ stands upright: in the paper’s α it moves as h to the power −1/2.',
  sweep: {
    version: 1,
    title: 'Stripe, output scale × width',
    family: 'fully-connected',
    task: { kind: 'stripe', samples: 64, testSamples: 512, probeSamples: 32, inputDim: 8 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 29 },
      { parameter: 'width', scale: 'log', values: [8, 11, 16, 23, 32, 45, 64] },
    ],
    fixed: { depth: 2, activation: 'softplus', activationBeta: 5, loss: 'softHinge', lossBeta: 20 },
    seeds: 3,
    training: { method: 'flow', maxTime: 30, stop: { margins: true }, checkpoints: 24 },
    observables: ['kernelChange', 'testError', 'trainingLoss'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'width' },
};
