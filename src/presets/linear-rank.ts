// Preset: rank of two-layer linear networks against the scale of the start.

import type { Preset } from '../core/preset.ts';
import { LIU } from './citations.ts';
import { exactFlow, LINEAR_NETWORK } from './linear-networks.ts';

export const linearRank: Preset = {
  id: 'linear-rank',
  paper: 'Liu et al. 2024',
  title: 'Rank in a linear network',
  claim:
    'Averaged over tasks, the tangent kernel of a two-layer linear network keeps the more of its direction the larger the participation ratio of its input weights.',
  citation: LIU,
  lookFor:
    'At small scales the columns follow the exact line, whatever the scale; starts larger than the task keep their kernel at every rank.',
  explain:
    'In a network $w_2^{\\mathsf T}W_1x$ the [tangent kernel](tangent-kernel) after training is known, and so is its mean [alignment](kernel-alignment) over random tasks. It grows with the [participation ratio](participation-ratio) of the singular values of $W_1$: the more directions the start has, the less a random task turns it. The line holds for starts that are small against the task; larger ones stay [lazy](lazy) at every [rank](rank).',
  sweep: {
    version: 1,
    title: 'Linear network 20-40-1, rank × scale',
    family: 'fully-connected',
    task: { kind: 'whitened', inputDim: 20, outputDim: 1, largestSingular: 1, spectrum: 'flat' },
    axes: [
      { parameter: 'initRank', values: [1, 2, 3, 5, 8, 12, 20] },
      { parameter: 'initScale', scale: 'log', from: 1e-3, to: 1, steps: 10 },
    ],
    fixed: { ...LINEAR_NETWORK, width: 40, initialisation: 'low-rank', initOutput: 'gaussian', initScaleOutput: 0 },
    seeds: 16,
    training: { ...exactFlow(60, 25), stop: { loss: 1e-9 } },
    observables: ['kernelAlignment', 'representationAlignment', 'kernelChange', 'trainingLoss', 'weightChange'],
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'initScale', theory: 'connectivity-rank' },
};
