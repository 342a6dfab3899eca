// Number of training samples that the stop rule still counts.

import type { Observable, Term } from '../../src/core/observable.ts';

const unmet: Term = {
  id: 'trainUnmet',
  domain: 'train',
  wgsl: 'select(0.0f, 1.0f, margin < 1.0f)',
  measure: ({ margin }) => (margin < 1 ? 1 : 0),
};

export const unmetMargins: Observable = {
  id: 'unmetMargins',
  label: 'unmet margins',
  symbol: 'N_Δ',
  description: 'Number of training samples with margin below 1; 0 where all constraints are satisfied.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'samples',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'linear',
  role: 'error',
  per: 'network',
  terms: [unmet],
  finish: (sums) => sums.of(unmet),
};
