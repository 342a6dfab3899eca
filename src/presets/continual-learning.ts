// Preset: how fast the first task is forgotten while others are learned.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const continualLearning: Preset = {
  id: 'continual-learning',
  paper: 'Dominé et al. 2025',
  title: 'Forgetting, whatever λ',
  claim: 'Trained on one task after another, every balanced network forgets the first one completely; λ sets only how fast.',
  citation: DOMINE,
  lookFor: 'At each switch the score jumps: within a time of about 1/|λ|, later at λ = 0, and always to the same height.',
  explain:
    'Four tasks follow one another, and the score is the loss on the first of them. A linear network of full width has no room of its own for each task, so the new map overwrites the old one whatever the [balance](balance) $\\lambda$. Only the speed differs: about $1/|\\lambda|$ after each switch, and longest at $\\lambda=0$, where the modes wait at a [saddle](saddle).',
  sweep: {
    version: 1,
    title: 'Four tasks in a row, balance × time',
    family: 'fully-connected',
    task: { kind: 'whitened', inputDim: 5, outputDim: 5 },
    axes: [{ parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 41 }],
    fixed: { ...LINEAR_NETWORK, width: 5, initialisation: 'balanced', productScale: 0.01 },
    seeds: 8,
    training: exactFlow(80, 33),
    stages: [
      { from: 20, task: { taskSeed: 1 }, test: 'first' },
      { from: 40, task: { taskSeed: 2 }, test: 'first' },
      { from: 60, task: { taskSeed: 3 }, test: 'first' },
    ],
    observables: ['forgetting', 'trainingLoss', 'kernelDistance'],
  },
  view: { observable: 'forgetting', x: 'balance', y: 'time' },
};
