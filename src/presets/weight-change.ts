// Preset: how far the weights move, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';
import { STRIPE_PLANE } from './stripe-conditions.ts';

export const weightChange: Preset = {
  id: 'weight-change',
  paper: 'Geiger et al. 2020',
  title: 'How far the weights go',
  claim:
    'Weights move by ‖Δw‖/‖w₀‖ ∝ α̃ to the power −1/(L + 1) on the rich side and −1 on the lazy one, and by a factor √h less in wider networks.',
  citation: GEIGER,
  lookFor:
    'With two hidden layers the change grows by a factor of about two per decade to the left and falls by ten per decade to the right. The rich slope is a little steeper than −1/3 at these scales.',
  explain:
    'The relative distance of the weights, $\\lVert w-w_0\\rVert/\\lVert w_0\\rVert$, tells the regimes apart without any kernel. On the [lazy](lazy) side a step of order $1/\\tilde\\alpha$ suffices; on the [rich](rich) side all $L+1$ layers grow together and each as $\\tilde\\alpha^{-1/(L+1)}$. Wider networks share the change among more weights and move less, by the factor $1/\\sqrt h$.',
  sweep: {
    ...STRIPE_PLANE,
    title: 'Stripe on the sphere, weight change over output scale × width',
    observables: ['weightChange', 'kernelChange', 'trainingLoss', 'testError'],
  },
  view: { observable: 'weightChange', x: 'outputScale', y: 'width' },
};
