// Preset: rank of the initial connectivity against the size of the circuit.

import type { Preset } from '../core/preset.ts';
import { CIRCUIT_OBSERVABLES, CIRCUIT_TRAINING, CIRCUIT_TRIALS } from './circuits.ts';
import { LIU } from './citations.ts';

export const rankWidth: Preset = {
  id: 'rank-width',
  paper: 'Liu et al. 2024',
  title: 'The larger, the clearer',
  claim: 'The gap in kernel alignment between rank one and full rank widens with the number of neurons.',
  citation: LIU,
  lookFor:
    'Read each row from left to right: the wider the circuit, the further it cools. The last column, 0, stands for full rank.',
  explain:
    'Rank one is always one, but full [rank](rank) grows with the number $N$ of neurons, so the two ends of a row grow apart. At full rank wide circuits offer the task many directions and move little, so their [kernel alignment](kernel-alignment) stays close to one. At rank one there is one direction at every $N$, and learning stays [rich](rich).',
  sweep: {
    version: 1,
    title: 'Two-alternative choice, rank × width',
    family: 'recurrent',
    task: { kind: 'two-alternative' },
    axes: [
      { parameter: 'initRank', values: [1, 2, 4, 8, 16, 0] },
      { parameter: 'width', values: [16, 32, 64] },
    ],
    fixed: { gain: 1.25, ...CIRCUIT_TRIALS },
    seeds: 4,
    training: { ...CIRCUIT_TRAINING, learningRate: 0.003 },
    observables: CIRCUIT_OBSERVABLES,
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'width' },
};
