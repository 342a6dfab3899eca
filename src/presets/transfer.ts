// Preset: a new feature of one item, guessed of its sibling.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const transfer: Preset = {
  id: 'transfer',
  paper: 'Dominé et al. 2025',
  title: 'Who passes on what was learned',
  claim: 'Taught a new feature of one item, networks with λ ≫ 0 grant it to the item’s sibling; those with λ ≪ 0 do not.',
  citation: DOMINE,
  lookFor:
    'After the switch at t = 30 the input layer rests: the guess rises from nothing on the left over a quarter at λ = 0 to one half on the right.',
  explain:
    'At $t=30$ one item receives a new feature, the input layer rests, and a new output row learns it. If the input layer holds the [hierarchy](representation), which it does for a [balance](balance) $\\lambda\\gg0$, siblings look alike and the feature passes on to them; for $\\lambda\\ll0$ items look all alike or all different, and nothing passes. The guess for the sibling rises from $0$ over $1/4$ at $\\lambda=0$ to $1/2$.',
  sweep: {
    version: 1,
    title: 'A new feature at t = 30, balance × time',
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 41 }],
    fixed: { ...LINEAR_NETWORK, width: 8, initialisation: 'balanced', productScale: 1e-3 },
    seeds: 8,
    training: exactFlow(2000, 33),
    stages: [{ from: 30, task: { variant: 'new-feature', relative: 'sibling' }, frozen: ['hidden'], head: 'new' }],
    observables: ['transfer', 'trainingLoss'],
  },
  view: { observable: 'transfer', x: 'balance', y: 'time' },
};
