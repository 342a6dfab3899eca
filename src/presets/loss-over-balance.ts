// Preset: loss over λ and time on the hierarchy, simulated and exact.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const lossOverBalance: Preset = {
  id: 'loss-over-balance',
  paper: 'Dominé et al. 2025',
  title: 'Step by step, or all at once',
  claim:
    'At λ = 0 the loss falls in stages, one level of the hierarchy after another; the larger |λ|, the more all levels are learned at once, at rate |λ|.',
  citation: DOMINE,
  lookFor:
    'The dark wedge at λ = 0: three plateaus in a row, and half of all starts stuck on a saddle. Its sides are mirror images, for the map cannot tell the sign of λ.',
  sweep: {
    version: 1,
    title: 'Item hierarchy, balance × time',
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', scale: 'linear', from: -5, to: 5, steps: 81 }],
    fixed: { ...LINEAR_NETWORK, width: 8, initialisation: 'balanced', productScale: 1e-3 },
    seeds: 12,
    training: exactFlow(30, 41),
    observables: [
      'trainingLoss',
      'kernelDistance',
      'inputDistance',
      'outputDistance',
      'kernelTrace',
      'balanceDrift',
      'halvingTime',
    ],
  },
  view: { observable: 'trainingLoss', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
