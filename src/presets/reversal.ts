// Preset: a task that turns into its opposite.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const reversal: Preset = {
  id: 'reversal',
  paper: 'Dominé et al. 2025',
  title: 'Learning the opposite',
  claim: 'When every sign of the task is reversed, networks with λ ≠ 0 learn it anew; at λ = 0 they run into a saddle and stay.',
  citation: DOMINE,
  lookFor:
    'After the switch at t = 20 the loss stands still the longer the smaller |λ|: the time to cross zero grows as the logarithm of 1/|λ|.',
  explain:
    'At $t=20$ every mode must change its sign, and so has to pass through zero. At zero a network of [balance](balance) $\\lambda$ still moves at the rate $|\\lambda|$, because one layer stays large; the time to cross is about $\\ln(1/|\\lambda|)$. At $\\lambda=0$ both layers vanish together at a [saddle](saddle), and the network stays there for good.',
  sweep: {
    version: 1,
    title: 'Reversal at t = 20, balance × time',
    family: 'fully-connected',
    task: { kind: 'whitened', inputDim: 4, outputDim: 4, largestSingular: 1.2, smallestSingular: 0.6 },
    axes: [{ parameter: 'balance', values: [-10, -1, -0.1, -0.01, -1e-3, -1e-4, 0, 1e-4, 1e-3, 0.01, 0.1, 1, 10] }],
    fixed: { ...LINEAR_NETWORK, width: 4, initialisation: 'aligned', productScale: 0.01 },
    seeds: 1,
    training: exactFlow(40, 33),
    stages: [{ from: 20, task: { signs: 'reversed' } }],
    observables: ['trainingLoss', 'kernelDistance', 'balanceDrift'],
  },
  view: { observable: 'trainingLoss', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
