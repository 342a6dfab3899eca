// Preset: rank of the initial connectivity and choice by context.

import type { Preset } from '../core/preset.ts';
import { CIRCUIT_OBSERVABLES, CIRCUIT_TRAINING, CIRCUIT_TRIALS } from './circuits.ts';
import { LIU } from './citations.ts';

export const rankContext: Preset = {
  id: 'rank-context',
  paper: 'Liu et al. 2024',
  title: 'Rank and choice by context',
  claim:
    'In choice by context too, low-rank circuits learn rich: kernel and representation turn away further from their start than at full rank.',
  citation: LIU,
  lookFor: 'Time runs upwards. The columns part while the loss falls, not before.',
  explain:
    'A context signal says which of two inputs counts, so the circuit must gate one of them out. From low [rank](rank) such gating has to be built, and [kernel](kernel-alignment) and [representation](representation) turn away from their start. From full rank there are enough random directions to read it off, and learning is [lazier](lazy).',
  sweep: {
    version: 1,
    title: 'Choice by context, rank × time',
    family: 'recurrent',
    task: { kind: 'context-decision' },
    axes: [{ parameter: 'initRank', values: [1, 4, 16, 64] }],
    fixed: { width: 64, gain: 1.25, ...CIRCUIT_TRIALS },
    seeds: 4,
    training: { ...CIRCUIT_TRAINING, learningRate: 0.003, maxTime: 15, checkpoints: [0.1, 0.5, 1.5, 3, 6, 15] },
    observables: CIRCUIT_OBSERVABLES,
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'time' },
};
