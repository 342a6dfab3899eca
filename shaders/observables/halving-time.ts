// When the training loss had fallen by half: read from the step state, no sum.

import type { Observable } from '../../src/core/observable.ts';

export const halvingTime: Observable = {
  id: 'halvingTime',
  label: 'halving time',
  symbol: 't₁',
  description: 'First training time at which the mean training loss is below half of its initial value; unknown until then.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'training time',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [],
  finish: ({ progress }) => (progress.halvingTime > 0 ? progress.halvingTime : Number.NaN),
};
