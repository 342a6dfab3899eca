// Preset: the loss over learning rate and steps.

import type { Preset } from '../core/preset.ts';
import { LEWKOWYCZ } from './citations.ts';
import { LINEAR_NETWORK } from './linear-networks.ts';

export const catapult: Preset = {
  id: 'catapult',
  paper: 'Lewkowycz et al. 2020',
  title: 'The catapult',
  claim:
    'Between 2/λ₀ and 4/λ₀ the loss first grows, up to the order of the width, and then falls into a flatter minimum; beyond 4/λ₀ it diverges.',
  citation: LEWKOWYCZ,
  lookFor:
    'Three bands with exact edges: falling at once, up and over, and away. Switch to the kernel’s trace to see the curvature drop in the middle one.',
  explain:
    'Gradient descent with step $\\eta$ on a quadratic is stable for $\\eta<2/\\lambda_0$, where $\\lambda_0$ is the curvature, the [tangent kernel](tangent-kernel) of the one sample. Between $2/\\lambda_0$ and $4/\\lambda_0$ the loss grows until it is as large as the width, whereupon the curvature itself falls below $2/\\eta$ and descent converges: the [catapult](catapult). Beyond $4/\\lambda_0$ nothing catches it and the network [diverges](diverged).',
  sweep: {
    version: 1,
    title: 'One sample, learning rate × time',
    family: 'fully-connected',
    task: { kind: 'line', samples: 1, testSamples: 1, probeSamples: 2, slope: 0 },
    axes: [{ parameter: 'learningRate', scale: 'linear', from: 0.5, to: 2.2, steps: 69 }],
    fixed: { ...LINEAR_NETWORK, parametrisation: 'ntk', width: 1024, rateExponent: -0.5 },
    seeds: 8,
    training: { method: 'descent', maxTime: 200, checkpoints: 41 },
    observables: ['trainingLoss', 'kernelTrace', 'kernelChange'],
  },
  view: { observable: 'trainingLoss', x: 'learningRate', y: 'time', theory: 'catapult' },
};
