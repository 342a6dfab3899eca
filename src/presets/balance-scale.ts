// Preset: kernel distance over λ and the scale of the first map.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const balanceScale: Preset = {
  id: 'balance-scale',
  paper: 'Dominé et al. 2025',
  title: 'Balance, not scale',
  claim:
    'Within the family of balanced networks the scale of the start is no knob of laziness: what counts is λ against the size of the task.',
  citation: DOMINE,
  lookFor: 'Vertical stripes: nothing changes from row to row until the start outgrows λ itself and takes its laziness away.',
  sweep: {
    version: 1,
    title: 'Square 5-5-5, balance × scale',
    family: 'fully-connected',
    task: { kind: 'whitened', inputDim: 5, outputDim: 5 },
    axes: [
      { parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 41 },
      { parameter: 'productScale', scale: 'log', from: 1e-3, to: 100, steps: 21 },
    ],
    fixed: { ...LINEAR_NETWORK, width: 5, initialisation: 'balanced' },
    seeds: 4,
    training: exactFlow(30, 17),
    observables: [
      'kernelDistance',
      'trainingLoss',
      'inputDistance',
      'outputDistance',
      'kernelTrace',
      'balanceDrift',
      'halvingTime',
    ],
  },
  view: { observable: 'kernelDistance', x: 'balance', y: 'productScale', theory: 'lambda-balanced' },
};
