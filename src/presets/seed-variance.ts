// Preset: how much the predictor differs from seed to seed, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';
import { STRIPE_TASK, STRIPE_TRAINING } from './stripe-conditions.ts';

export const seedVariance: Preset = {
  id: 'seed-variance',
  paper: 'Geiger et al. 2020',
  title: 'What the luck of the start is worth',
  claim: 'The predictor fluctuates over initial weights by δF ∝ 1/√h in both regimes, and several times more on the lazy side.',
  citation: GEIGER,
  lookFor:
    'The variance falls to less than half with every doubling of the width, left and right alike, at these narrow widths somewhat faster than 1/h. Compare test error with ensemble error: averaging F over seeds takes the fluctuations away.',
  explain:
    'The variance of the predictor over initial weights, $\\operatorname{Var}_s f_s(x)$, is averaged over test points. Both regimes have a limit at infinite width, about which networks of width $h$ scatter by $\\delta F\\propto 1/\\sqrt h$: the variance halves when $h$ doubles. A [lazy](lazy) network keeps the luck of its random [kernel](tangent-kernel), a [rich](rich) one unlearns most of it, hence the step between the two sides.',
  sweep: {
    version: 1,
    title: 'Stripe on the sphere, variance over seeds by output scale × width',
    family: 'fully-connected',
    task: STRIPE_TASK,
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e4, steps: 4 },
      { parameter: 'width', scale: 'log', values: [24, 48, 96] },
    ],
    fixed: { depth: 2, activation: 'softplus' },
    seeds: 12,
    training: STRIPE_TRAINING,
    observables: ['seedVariance', 'testError', 'ensembleError', 'kernelChange', 'trainingLoss'],
  },
  view: { observable: 'seedVariance', x: 'outputScale', y: 'width' },
};
