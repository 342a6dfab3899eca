// Mean test loss.

import type { Observable, Term } from '../../src/core/observable.ts';

export const testLossTerm: Term = { id: 'testLoss', domain: 'test', wgsl: 'loss', measure: (sample) => sample.loss };

export const testLoss: Observable = {
  id: 'testLoss',
  label: 'test loss',
  symbol: 'ℒ_test',
  description: 'Mean loss over the test samples.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'error',
  per: 'network',
  terms: [testLossTerm],
  finish: (sums) => sums.of(testLossTerm) / sums.count('test'),
};
