// Preset: the time at which half of the loss is gone, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';
import { STRIPE_PLANE } from './stripe-conditions.ts';

export const halvingTime: Preset = {
  id: 'halving-time',
  paper: 'Geiger et al. 2020',
  title: 'How long learning takes',
  claim: 'The time t₁ to half the loss goes as √h α on the rich side and is constant on the lazy one, at every width.',
  citation: GEIGER,
  lookFor:
    'The colour is t₁/(√h α): level on the left, a fall with slope −1 on the right, and the bend at the same α̃ in every row.',
  explain:
    'The colour is $t_1/(\\sqrt h\\,\\alpha)$, where $t_1$ is the first time at which the loss is half of what it was. In the [rich](rich) regime $t_1\\propto\\sqrt h\\,\\alpha$, the time that weights need to change by their own size, so the left side is level. In the [lazy](lazy) regime $t_1$ depends on the [tangent kernel](tangent-kernel) alone and is constant, so the colour falls with slope $-1$.',
  sweep: {
    ...STRIPE_PLANE,
    title: 'Stripe on the sphere, halving time over output scale × width',
    observables: ['halvingTime', 'kernelChange', 'trainingLoss', 'testError'],
  },
  view: { observable: 'halvingTime', x: 'outputScale', y: 'width' },
};
