// Preset: rank of the initial connectivity and choice by context.

import type { Preset } from '../core/preset.ts';
import { RANK_OVER_TIME } from './circuits.ts';
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
    ...RANK_OVER_TIME,
    title: 'Choice by context, rank × time',
    task: { kind: 'context-decision' },
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'time' },
};
