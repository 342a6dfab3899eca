// Preset: low-rank starts that point along the task.

import type { Preset } from '../core/preset.ts';
import { LIU } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const alignedRank: Preset = {
  id: 'aligned-rank',
  paper: 'Liu et al. 2024',
  title: 'Low rank, but lazy',
  claim:
    'A start of rank one that already points along the task keeps kernel and representation: low rank is rich on average, not always.',
  citation: LIU,
  lookFor:
    'From random to partly aligned to aligned the columns cool; the partly aligned one cools with the condition number of the features.',
  explain:
    'That low [rank](rank) is [rich](rich) holds in the mean over tasks. If the single direction of a rank-one start is the one that the task needs, nothing has to turn and learning is [lazy](lazy). In between, the [kernel alignment](kernel-alignment) depends on how unequal the features are, their condition number $\\kappa$.',
  sweep: {
    version: 1,
    title: 'Rank one, direction × condition number',
    family: 'fully-connected',
    task: { kind: 'features', inputDim: 20 },
    axes: [
      { parameter: 'conditionNumber', values: [1, 2, 3, 5, 7, 10] },
      { parameter: 'initDirection', values: ['random', 'leading-features', 'task'] },
    ],
    fixed: { ...LINEAR_NETWORK, width: 40, initialisation: 'low-rank', initRank: 1, initScale: 1e-3, initScaleOutput: 0 },
    seeds: 16,
    training: { ...exactFlow(60, 25), stop: { loss: 1e-9 } },
    observables: ['kernelAlignment', 'representationAlignment', 'kernelChange', 'trainingLoss', 'weightChange'],
  },
  view: { observable: 'kernelAlignment', x: 'conditionNumber', y: 'initDirection', theory: 'connectivity-rank' },
};
