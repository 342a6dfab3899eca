// Preset: fine-tuning after both layers were balanced anew.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const fineTuning: Preset = {
  id: 'fine-tuning',
  paper: 'Dominé et al. 2025',
  title: 'Balance before fine-tuning',
  claim: 'The same map, factored anew to a larger balance before fine-tuning, learns the next task faster.',
  citation: DOMINE,
  lookFor:
    'After the switch at t = 20 the new loss takes ever less time from left to right; unbalanced networks at λ = 0 hesitate longest.',
  explain:
    'The map learned until $t=20$ is factored anew with a larger [balance](balance) $\\lambda$, $W_2W_1$ unchanged, and then taught the next task. The loss at the switch is the same in every column, but the rate at which small modes grow is $|\\lambda|$. So the more unbalanced networks learn the new task sooner, and they do it [lazily](lazy).',
  sweep: {
    version: 1,
    title: 'Fine-tuning at t = 20, later balance × time',
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'laterBalance', scale: 'linear', from: 0, to: 10, steps: 41 }],
    fixed: { ...LINEAR_NETWORK, width: 8, initialisation: 'balanced', balance: 1, productScale: 1e-3 },
    seeds: 8,
    training: exactFlow(40, 33),
    stages: [{ from: 20, task: { variant: 'colour' }, rebalance: true }],
    observables: ['trainingLoss', 'kernelDistance', 'inputDistance', 'outputDistance'],
  },
  view: { observable: 'trainingLoss', x: 'laterBalance', y: 'time' },
};
