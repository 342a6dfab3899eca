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
  explain:
    'The task is a tree of items whose levels are the singular values $s_1>s_2>s_3$ of its map. At $\\lambda=0$ each level is learned along a sigmoid after a time of about $\\ln(1/\\varepsilon)/s_i$, so the loss falls in stages; a large [balance](balance) gives exponentials at the common rate $|\\lambda|$. At exactly $\\lambda=0$ the sign of a determinant cannot change, and half of all starts end at a [saddle](saddle).',
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
