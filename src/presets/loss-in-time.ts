// Preset: the training loss against time, one row of the film per checkpoint.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';
import { STRIPE_TASK } from './stripe-conditions.ts';

export const lossInTime: Preset = {
  id: 'loss-in-time',
  paper: 'Geiger et al. 2020',
  title: 'A long wait, then all at once',
  claim:
    'In time divided by √h α the rich loss stands still until one moment that is the same at every output scale, while the lazy loss falls earlier as 1/α̃.',
  citation: GEIGER,
  lookFor:
    'Read upwards, in time. On the left the loss keeps its start until t ≈ 10 and is gone soon after, whatever α̃; on the right the fall moves down by a decade per decade of α̃.',
  explain:
    'Time is divided by $\\sqrt h\\,\\alpha$, the time in which the weights of a [rich](rich) network grow to order one. On the rich side the loss waits on a plateau and falls at one moment that does not depend on $\\tilde\\alpha$, as near a saddle. On the [lazy](lazy) side the network follows the linear flow $\\dot f=-\\Theta_0\\,\\nabla\\ell(f)$, and its moment moves earlier as $1/\\tilde\\alpha$ in this unit.',
  sweep: {
    version: 1,
    title: 'Stripe on the sphere, loss over output scale and time',
    family: 'fully-connected',
    task: STRIPE_TASK,
    axes: [{ parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e4, steps: 29 }],
    fixed: { width: 64, depth: 2, activation: 'softplus' },
    seeds: 3,
    training: {
      method: 'flow',
      maxTime: 100,
      maxSteps: 5000,
      checkpoints: [
        1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20,
        25, 30, 40, 60, 100,
      ],
    },
    observables: ['trainingLoss', 'kernelChange', 'halvingTime', 'testError'],
  },
  view: { observable: 'trainingLoss', x: 'outputScale', y: 'time' },
};
