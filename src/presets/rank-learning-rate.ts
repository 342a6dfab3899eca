// Preset: rank of the initial connectivity against the learning rate.

import type { Preset } from '../core/preset.ts';
import { CIRCUIT_OBSERVABLES, CIRCUIT_TRAINING, CIRCUIT_TRIALS } from './circuits.ts';
import { LIU } from './citations.ts';

export const rankLearningRate: Preset = {
  id: 'rank-learning-rate',
  paper: 'Liu et al. 2024',
  title: 'Not a matter of the step',
  claim: 'At the same training time the gap between low and full rank is the same for learning rates a decade apart.',
  citation: LIU,
  lookFor: 'The rows look alike.',
  explain:
    'Rows change the learning rate $\\eta$ by a decade while $\\eta$ times the number of steps, the training time, stays the same. If large steps caused [rich](rich) learning the rows would differ; they look alike. The effect of [rank](rank) is one of the gradient flow itself.',
  sweep: {
    version: 1,
    title: 'Two-alternative choice, rank × learning rate',
    family: 'recurrent',
    task: { kind: 'two-alternative' },
    axes: [
      { parameter: 'initRank', values: [1, 4, 16, 64] },
      { parameter: 'learningRate', values: [1e-3, 3e-3, 1e-2] },
    ],
    fixed: { width: 64, gain: 1.25, ...CIRCUIT_TRIALS },
    seeds: 4,
    training: CIRCUIT_TRAINING,
    observables: CIRCUIT_OBSERVABLES,
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'learningRate' },
};
