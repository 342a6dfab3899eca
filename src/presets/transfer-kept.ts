// Preset: a new feature of one item learned by both layers, the old features kept in the loss.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const transferKept: Preset = {
  id: 'transfer-kept',
  paper: 'Dominé et al. 2025',
  title: 'Passing on without forgetting',
  claim:
    'With both layers free and the old features still asked for, a new feature spreads as it does over a resting input layer: ' +
    'to the sibling for λ ≫ 0, not for λ ≪ 0.',
  citation: DOMINE,
  lookFor:
    'After the switch at t = 30 the guess rises from nothing on the left over a quarter at λ = 0 to one half on the right, while the loss of all nine features falls.',
  explain:
    'Here both layers stay free and the eight old features are still asked for while a ninth is taught. What passes to the sibling is read off the [representation](representation) of the input layer, which holds the hierarchy for a [balance](balance) $\\lambda\\gg0$ and not for $\\lambda\\ll0$. The guess rises as before from $0$ over $1/4$ to $1/2$, and nothing old is forgotten.',
  sweep: {
    version: 1,
    title: 'A ninth feature at t = 30 beside the old ones, balance × time',
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 21 }],
    fixed: { ...LINEAR_NETWORK, width: 8, initialisation: 'aligned', productScale: 1e-3 },
    seeds: 1,
    training: exactFlow(300, 33),
    stages: [{ from: 30, task: { variant: 'added-feature', relative: 'sibling' }, head: 'extended' }],
    observables: ['transfer', 'trainingLoss'],
  },
  view: { observable: 'transfer', x: 'balance', y: 'time' },
};
