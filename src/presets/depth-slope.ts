// Preset: how the growth of the kernel on the rich side depends on depth.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const depthSlope: Preset = {
  id: 'depth-slope',
  paper: 'Geiger et al. 2020',
  title: 'Deeper networks change more',
  claim:
    'On the rich side the kernel change grows as α̃ to the power −2L/(L + 1): from −1 for one hidden layer towards −2 for many.',
  citation: GEIGER,
  lookFor: 'The orange deepens faster from row to row, while the boundary hardly moves.',
  explain:
    'With $L$ hidden layers and a small [output scale](output-scale) each of the $L+1$ layers must grow, and the output grows as their product. Weights of size $\\tilde\\alpha^{-1/(L+1)}$ give a [tangent kernel](tangent-kernel) that changes as $\\tilde\\alpha^{-2L/(L+1)}$, steeper the deeper the network. On the [lazy](lazy) side the change falls as $1/\\tilde\\alpha$ at every depth, so the [boundary](boundary) hardly moves.',
  sweep: {
    version: 1,
    title: 'Stripe on the sphere, output scale × depth',
    family: 'fully-connected',
    task: { kind: 'stripe', inputDim: 10, samples: 64, testSamples: 500, probeSamples: 32 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e3, steps: 19 },
      { parameter: 'depth', values: [1, 2, 3, 5] },
    ],
    fixed: { width: 32, activation: 'softplus' },
    seeds: 3,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 5000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['kernelChange', 'testError', 'trainingLoss', 'weightChange'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'depth' },
};
