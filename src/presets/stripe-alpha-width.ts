// Preset: the crossover on the stripe task, output scale × width, with the conditions of the measured exponents.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const stripeAlphaWidth: Preset = {
  id: 'stripe-alpha-width',
  paper: 'Geiger et al. 2020',
  title: 'The same boundary on a toy task',
  claim:
    'Below an output scale of about ten the tangent kernel is rebuilt while the network learns; above it the kernel stands still.',
  citation: GEIGER,
  lookFor:
    'With α̃ = √h α on the axis the boundary ΔΘ = Θ₀ stands upright: in the paper’s α it moves as h to the power −1/2. Test error is half as large on the rich side.',
  explain:
    'The labels say on which side of a band $x_0\\in(a,b)$ a point of the sphere lies, so one direction of the input matters and the other nine do not. On the [rich](rich) side the network finds that direction and halves its test error; on the [lazy](lazy) side it is kernel regression with a kernel that treats all directions alike. The crossover lies at $\\tilde\\alpha=\\sqrt h\\,\\alpha\\approx 10$ for every width $h$, where the weights need a step of order one to fit the labels.',
  sweep: {
    version: 1,
    title: 'Stripe on the sphere, output scale × width',
    family: 'fully-connected',
    task: { kind: 'stripe', inputDim: 10, samples: 128, testSamples: 1000, probeSamples: 64 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 29 },
      { parameter: 'width', scale: 'log', values: [16, 32, 64, 128] },
    ],
    fixed: { depth: 1, activation: 'softplus' },
    seeds: 5,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 10000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['kernelChange', 'testError', 'ensembleError', 'trainingLoss', 'weightChange', 'halvingTime', 'seedVariance'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'width' },
};
