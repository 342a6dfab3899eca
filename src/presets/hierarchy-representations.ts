// Preset: what the layers hold of the item hierarchy, over λ.

import type { Preset } from '../core/preset.ts';
import { DOMINE } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const hierarchyRepresentations: Preset = {
  id: 'hierarchy-representations',
  paper: 'Dominé et al. 2025',
  title: 'One layer keeps the hierarchy, the other forgets it',
  claim:
    'For λ ≫ 0 the input layer learns the structure of the task while the output layer stays near λ·1; for λ ≪ 0 they change places; at λ = 0 both learn it.',
  citation: DOMINE,
  lookFor:
    'The input layer turns from its start at λ ≥ 0 and rests at λ ≪ 0. Switch to the output representation distance: the same picture, mirrored.',
  explain:
    'The representation of the items after the input layer, $W_1^{\\mathsf T}W_1$, is compared with its start. For a [balance](balance) $\\lambda\\gg0$ the output layer is large and stays near $\\lambda I$, so the structure has to enter through $W_1$; for $\\lambda\\ll0$ the layers change places. At $\\lambda=0$ both learn half of it, $\\sqrt S$ each, where $S$ holds the singular values of the task.',
  sweep: {
    version: 1,
    title: 'Item hierarchy, balance',
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', scale: 'linear', from: -10, to: 10, steps: 41 }],
    fixed: { ...LINEAR_NETWORK, width: 8, initialisation: 'balanced', productScale: 1e-3 },
    seeds: 8,
    training: exactFlow(30, 33),
    observables: ['inputDistance', 'outputDistance', 'kernelDistance', 'trainingLoss', 'kernelTrace'],
  },
  view: { observable: 'inputDistance', x: 'balance', y: 'time', theory: 'lambda-balanced' },
};
