// Mean training loss.

import type { Observable, Term } from '../../src/core/observable.ts';

const loss: Term = { id: 'trainLoss', domain: 'train', wgsl: 'loss', measure: (sample) => sample.loss };

export const trainingLoss: Observable = {
  id: 'trainingLoss',
  label: 'training loss',
  symbol: 'ℒ',
  description: 'Mean loss over the training samples, (1/P) Σ ℓ(F, y).',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'error',
  per: 'network',
  terms: [loss],
  finish: (sums) => sums.of(loss) / sums.count('train'),
};
