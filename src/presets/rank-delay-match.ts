// Preset: rank of the initial connectivity and matching after a delay.

import type { Preset } from '../core/preset.ts';
import { RANK_OVER_TIME } from './circuits.ts';
import { LIU } from './citations.ts';

export const rankDelayMatch: Preset = {
  id: 'rank-delay-match',
  paper: 'Liu et al. 2024',
  title: 'Rank and matching after a delay',
  claim:
    'In matching after a delay too, low-rank circuits learn rich: kernel and representation turn away further from their start than at full rank.',
  citation: LIU,
  lookFor: 'Time runs upwards. The columns part while the loss falls, not before.',
  explain:
    'The circuit must say after a delay whether two stimuli were the same, which needs memory. Low initial [rank](rank) leaves no direction in which memory could rest, so the [kernel](kernel-alignment) has to turn while the loss falls. The columns part at that time and not before, which says that the parting is learning and not drift.',
  sweep: {
    ...RANK_OVER_TIME,
    title: 'Matching after a delay, rank × time',
    task: { kind: 'delay-match' },
  },
  view: { observable: 'kernelAlignment', x: 'initRank', y: 'time' },
};
