// Share of test samples on the wrong side.

import type { Observable, Term } from '../../src/core/observable.ts';

const wrong: Term = {
  id: 'testWrong',
  domain: 'test',
  wgsl: 'select(0.0f, 1.0f, margin <= 0.0f)',
  measure: ({ margin }) => (margin <= 0 ? 1 : 0),
};

export const testError: Observable = {
  id: 'testError',
  label: 'test error',
  symbol: 'ε',
  description: 'Share of test samples with margin ≤ 0: y·F for one output, F_true − max F_other for several.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, 1],
  scale: 'linear',
  role: 'error',
  per: 'network',
  terms: [wrong],
  finish: (sums) => sums.of(wrong) / sums.count('test'),
};
