// What the seeds of a cell have in common: the error of their mean, and their spread.

import type { Observable, Term } from '../../src/core/observable.ts';

const wrong: Term = {
  id: 'ensembleWrong',
  domain: 'ensemble',
  wgsl: 'select(0.0f, 1.0f, margin <= 0.0f)',
  measure: ({ margin }) => (margin <= 0 ? 1 : 0),
};
const variance: Term = { id: 'ensembleVariance', domain: 'ensemble', wgsl: 'variance', measure: (sample) => sample.variance };

export const ensembleError: Observable = {
  id: 'ensembleError',
  label: 'ensemble error',
  symbol: 'ε̄',
  description: 'Test error of the predictor averaged over the seeds of a cell; diverged networks are left out.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, 1],
  scale: 'linear',
  role: 'error',
  per: 'cell',
  terms: [wrong],
  finish: (sums) => sums.of(wrong) / sums.count('ensemble'),
};

export const seedVariance: Observable = {
  id: 'seedVariance',
  label: 'variance over seeds',
  symbol: 'Var F',
  description:
    'Unbiased variance of the predictor over the seeds of a cell, averaged over the test samples (δF²); needs two seeds that have not diverged.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'cell',
  terms: [variance],
  finish: (sums) => sums.of(variance) / sums.count('ensemble'),
};
