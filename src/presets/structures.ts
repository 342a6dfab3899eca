// Preset: circuits with the connectivity of cortex.

import type { Preset } from '../core/preset.ts';
import { CIRCUIT_OBSERVABLES, CIRCUIT_TRAINING, CIRCUIT_TRIALS } from './circuits.ts';
import { LIU } from './citations.ts';

export const structures: Preset = {
  id: 'structures',
  paper: 'Liu et al. 2024',
  title: 'Structured circuits learn richer',
  claim:
    'Connectivities with the statistics of cortex have a lower effective rank than Gaussian ones of the same norm, and keep less of their tangent kernel.',
  citation: LIU,
  lookFor:
    'The Gaussian column stays coolest. Compare with the participation ratio: order by it, and the columns nearly sort themselves.',
  explain:
    'The columns are connectivities with the statistics of cortex, chains, blocks and Dale’s law, all scaled to the norm of a Gaussian matrix. Structure concentrates the singular values $\\sigma_i$ and lowers the effective rank, measured by the [participation ratio](participation-ratio) $(\\sum\\sigma_i^2)^2/\\sum\\sigma_i^4$. The lower it is, the further the [tangent kernel](tangent-kernel) turns: structured circuits learn [richer](rich).',
  sweep: {
    version: 1,
    title: 'Two-alternative choice, connectivity × time',
    family: 'recurrent',
    task: { kind: 'two-alternative' },
    axes: [{ parameter: 'connectivity', values: ['gauss', 'song', 'em', 'pd', 'blockvar', 'chain0', 'v1block', 'dale'] }],
    fixed: { width: 100, gain: 1.25, ...CIRCUIT_TRIALS },
    seeds: 4,
    training: { ...CIRCUIT_TRAINING, learningRate: 0.003 },
    observables: CIRCUIT_OBSERVABLES,
  },
  view: { observable: 'kernelAlignment', x: 'connectivity', y: 'time' },
};
