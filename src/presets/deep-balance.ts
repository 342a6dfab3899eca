// Preset: three weight matrices with balanced interfaces.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const deepBalance: Preset = {
  id: 'deep-balance',
  paper: 'Dominé et al. 2025',
  title: 'Three layers, one small',
  claim: 'With more than two layers a network is lazy where exactly one layer starts small, and rich where two or more do.',
  citation: DOMINE,
  lookFor: 'A warm column at λ = 0, where all three layers are small; on both sides one layer alone is, and the kernel stands.',
  explain:
    'Three linear layers conserve how much larger one is than the next, their [balance](balance), which $\\lambda$ sets. The network is [lazy](lazy) where the [tangent kernel](tangent-kernel) has one large constant part, which it has when exactly one layer is small and learns for all. Where two or three layers are small they must grow together, and the [kernel](tangent-kernel) grows with them: [rich](rich).',
  sweep: {
    version: 1,
    title: 'Depth 3 linear, balance × time',
    family: 'fully-connected',
    task: { kind: 'whitened', inputDim: 4, outputDim: 4 },
    axes: [{ parameter: 'balance', scale: 'linear', from: -4, to: 4, steps: 41 }],
    fixed: { ...LINEAR_NETWORK, depth: 2, width: 4, initialisation: 'aligned', productScale: 0.008 },
    seeds: 1,
    training: exactFlow(100, 33),
    observables: ['kernelDistance', 'trainingLoss', 'balanceDrift'],
  },
  view: { observable: 'kernelDistance', x: 'balance', y: 'time' },
};
