// Preset: kernel distance over λ and time in a funnel.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { BALANCE_OVER_TIME } from './linear-networks.ts';

export const funnelKernelDistance: Preset = {
  id: 'funnel-kernel-distance',
  paper: 'Dominé et al. 2025',
  title: 'Funnels: lazy, or rich with a delay',
  claim:
    'With more inputs than outputs, λ ≫ 0 is lazy; λ ≪ 0 fits within its first subspace and then turns, on the time scale |λ|/s².',
  citation: DOMINE,
  lookFor: 'On the left the kernel rests, then moves late: the later, the more negative λ. On the right it never moves.',
  explain:
    'With more inputs than outputs a large positive [balance](balance) $\\lambda$ makes the output layer large and the [kernel](tangent-kernel) full and fixed: [lazy](lazy). A large negative one makes the input layer large, which fits the task within the few directions that the hidden layer happens to read. The rest is learned by slowly turning them, on the time scale $|\\lambda|/s^2$: a [delayed rich](delayed-rich) phase.',
  sweep: {
    ...BALANCE_OVER_TIME,
    title: 'Funnel 10-5-5, balance × time',
    task: { kind: 'whitened', inputDim: 10, outputDim: 5 },
  },
  view: { observable: 'kernelDistance', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
