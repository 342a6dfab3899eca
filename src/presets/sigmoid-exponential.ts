// Preset: where learning curves change from sigmoids to exponentials.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const sigmoidExponential: Preset = {
  id: 'sigmoid-exponential',
  paper: 'Dominé et al. 2025',
  title: 'From sigmoids to exponentials',
  claim:
    'A mode’s learning curve has an inflection, and so a plateau before it, only where |λ| is below s/√2 and the start is small.',
  citation: DOMINE,
  lookFor:
    'The line is exact: left of it and below it there is a plateau that grows with the logarithm of the start; right of it learning begins at once.',
  explain:
    'From an aligned start every mode $a(t)$ of the map obeys one equation, $\\dot a=\\sqrt{\\lambda^2+4a^2}\\,(s-a)$ in units of the learning rate. At small [balance](balance) $\\lambda$ it is a sigmoid, slow at first because both layers are small; at large $\\lambda$ it is an exponential, fast from the start. An inflection exists only for $|\\lambda|<s/\\sqrt2$, which is the exact line in the diagram.',
  sweep: {
    version: 1,
    title: 'Aligned start, balance × scale',
    family: 'fully-connected',
    task: { kind: 'whitened', inputDim: 4, outputDim: 4, spectrum: 'flat', largestSingular: 1 },
    axes: [
      { parameter: 'balance', scale: 'linear', from: 0, to: 1.2, steps: 37 },
      { parameter: 'productScale', scale: 'log', from: 1e-4, to: 0.9, steps: 33 },
    ],
    fixed: { ...LINEAR_NETWORK, width: 4, initialisation: 'aligned' },
    seeds: 1,
    training: exactFlow(30, 33),
    observables: ['halvingTime', 'trainingLoss', 'kernelDistance', 'balanceDrift'],
  },
  view: { observable: 'halvingTime', x: 'balance', y: 'productScale', theory: 'lambda-balanced' },
};
