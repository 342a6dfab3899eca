// Preset: how much noise on the weights moves the outputs, over λ.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const noiseSensitivity: Preset = {
  id: 'noise-sensitivity',
  paper: 'Dominé et al. 2025',
  title: 'Least sensitive at λ = 0',
  claim:
    'Noise on the weights moves the outputs by the trace of the tangent kernel, which is least at λ = 0; noise on the inputs cannot tell λ at all.',
  citation: DOMINE,
  lookFor: 'The lightest column is λ = 0 at every time after learning; the trace grows as |λ| on both sides.',
  explain:
    'Noise of variance $\\sigma^2$ on every weight moves the outputs by $\\sigma^2\\operatorname{tr}\\Theta$ in the mean, the trace of the [tangent kernel](tangent-kernel). For a map with singular values $s_i$ that trace grows with $\\sqrt{\\lambda^2+4s_i^2}$ and is least at [balance](balance) $\\lambda=0$. Noise on the inputs passes through the product $W_2W_1$ alone, which does not know $\\lambda$.',
  sweep: {
    version: 1,
    title: 'Item hierarchy, sensitivity over balance × time',
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 81 }],
    fixed: { ...LINEAR_NETWORK, width: 8, initialisation: 'balanced', productScale: 1e-3 },
    seeds: 8,
    training: exactFlow(30, 33),
    observables: ['kernelTrace', 'trainingLoss', 'kernelDistance'],
  },
  view: { observable: 'kernelTrace', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
