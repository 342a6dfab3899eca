// Preset: circuits that begin again from the low-rank part of what they have learned.

import type { Preset } from '../core/preset.ts';
import { CIRCUIT_OBSERVABLES, CIRCUIT_TRAINING, CIRCUIT_TRIALS } from './circuits.ts';
import { LIU } from './citations.ts';

export const alignedCircuits: Preset = {
  id: 'aligned-circuits',
  paper: 'Liu et al. 2024',
  title: 'Low rank, but aligned',
  claim:
    'A circuit that begins again from the leading part of its trained connectivity keeps more of its tangent kernel than one that begins from a random matrix of the same low rank and norm.',
  citation: LIU,
  lookFor:
    'At ranks four and eight the trained row is far cooler; at one and two it depends on the seed. At t = 6, where the circuits begin again, all cells are alike and warm: what a random start of rank one has come to.',
  explain:
    'Circuits of initial [rank](rank) one learn to choose until $t=6$; then their recurrent weights are replaced, at the norm they began with, by their own leading $r$ singular modes or by a random matrix of rank $r$, and they learn on. Four modes hold nearly all that was learned and point along the task, so little has to turn and the [tangent kernel](kernel-alignment) keeps its direction: low rank, but [lazy](lazy). The first mode is still the random one of the start, and alone it helps little.',
  sweep: {
    version: 1,
    title: 'Two-alternative choice begun again, rank × connectivity',
    family: 'recurrent',
    task: { kind: 'two-alternative' },
    axes: [
      { parameter: 'laterRank', values: [1, 2, 4, 8] },
      { parameter: 'laterConnectivity', values: ['random', 'trained'] },
    ],
    fixed: { width: 64, gain: 1.25, initRank: 1, ...CIRCUIT_TRIALS },
    seeds: 4,
    training: { ...CIRCUIT_TRAINING, learningRate: 0.003, maxTime: 12, checkpoints: [1.5, 6, 6.5, 7.5, 12] },
    stages: [{ from: 6, recut: true }],
    observables: CIRCUIT_OBSERVABLES,
  },
  view: { observable: 'kernelAlignment', x: 'laterRank', y: 'laterConnectivity' },
};
