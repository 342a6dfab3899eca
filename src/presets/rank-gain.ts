// Preset: rank of the initial connectivity against its gain.

import type { Preset } from '../core/preset.ts';
import { CIRCUIT_OBSERVABLES, CIRCUIT_TRAINING, CIRCUIT_TRIALS } from './circuits.ts';
import { LIU } from './citations.ts';

export const rankGain: Preset = {
  id: 'rank-gain',
  paper: 'Liu et al. 2024',
  title: 'Low rank learns rich',
  claim:
    'A circuit whose initial connectivity has low rank rebuilds its tangent kernel while it learns; one of full rank and the same norm keeps more of it.',
  citation: LIU,
  lookFor:
    'Warm at rank one, cooler towards full rank, most clearly at gains about 1.25. Every rank starts from the same draw, cut and rescaled.',
  explain:
    'The starting connectivity of a recurrent circuit is cut to [rank](rank) $r$ and rescaled to the same norm, then the circuit learns to choose between two inputs. Colour is the [alignment of the tangent kernel](kernel-alignment) with its start, $\\langle\\Theta,\\Theta_0\\rangle/(\\lVert\\Theta\\rVert\\lVert\\Theta_0\\rVert)$: one for [lazy](lazy), less for [rich](rich) learning. A low-rank start has few directions to offer, so the task must build its own.',
  sweep: {
    version: 1,
    title: 'Two-alternative choice, rank × gain',
    family: 'recurrent',
    task: { kind: 'two-alternative' },
    axes: [
      { parameter: 'initRank', values: [1, 4, 16, 64] },
      { parameter: 'gain', values: [0.5, 0.8, 1.25, 1.6, 2] },
    ],
    fixed: { width: 64, ...CIRCUIT_TRIALS },
    seeds: 4,
    training: { ...CIRCUIT_TRAINING, learningRate: 0.003 },
    observables: CIRCUIT_OBSERVABLES,
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'gain' },
};
