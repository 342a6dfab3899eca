// Preset: kernel distance over λ and the scale of the first map.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { BALANCE_OBSERVABLES, exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const balanceScale: Preset = {
  id: 'balance-scale',
  paper: 'Dominé et al. 2025',
  title: 'Balance, not scale',
  claim:
    'Within the family of balanced networks the scale of the start is no knob of laziness: what counts is λ against the size of the task.',
  citation: DOMINE,
  lookFor: 'Vertical stripes: nothing changes from row to row until the start outgrows λ itself and takes its laziness away.',
  explain:
    'Rows change the size of the starting map, columns the [balance](balance) $\\lambda$ between the layers. The [tangent kernel](tangent-kernel) is built from $\\sqrt{\\lambda^2+4s^2}$, so only the ratio of $\\lambda$ to the singular values $s$ of the task decides. That is why the picture is made of vertical stripes until the start itself is larger than $\\lambda$.',
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
    observables: BALANCE_OBSERVABLES,
  },
  view: { observable: 'kernelDistance', x: 'balance', y: 'productScale', theory: 'lambda-balanced' },
};
