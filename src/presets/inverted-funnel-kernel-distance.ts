// Preset: kernel distance over λ and time in an inverted funnel.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { BALANCE_OVER_TIME } from './linear-networks.ts';

export const invertedFunnelKernelDistance: Preset = {
  id: 'inverted-funnel-kernel-distance',
  paper: 'Dominé et al. 2025',
  title: 'Inverted funnels: the mirror image',
  claim: 'With more outputs than inputs the sides change places: λ ≪ 0 is lazy and λ ≫ 0 is rich with a delay.',
  citation: DOMINE,
  lookFor: 'The funnel’s picture with left and right exchanged.',
  explain:
    'Transposing a linear network exchanges inputs with outputs and the sign of the [balance](balance) $\\lambda$. With more outputs than inputs it is therefore $\\lambda\\ll0$ that is [lazy](lazy), and $\\lambda\\gg0$ that fits first and turns later, after a time of about $|\\lambda|/s^2$. Square networks are their own mirror image, and both of their sides are lazy.',
  sweep: {
    ...BALANCE_OVER_TIME,
    title: 'Inverted funnel 5-5-10, balance × time',
    task: { kind: 'whitened', inputDim: 5, outputDim: 10 },
  },
  view: { observable: 'kernelDistance', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
