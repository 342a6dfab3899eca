// Share of hidden units that changed sides.

import type { Observable, Term } from '../../src/core/observable.ts';

const flipped: Term = {
  id: 'gateFlips',
  domain: 'gates',
  wgsl: 'select(0.0f, 1.0f, (now > 0.0f) != (start > 0.0f))',
  measure: ({ now, start }) => (now > 0 !== start > 0 ? 1 : 0),
};

export const gateFlips: Observable = {
  id: 'gateFlips',
  label: 'gate flips',
  symbol: 'flips',
  description:
    'Share of pairs (probe sample, hidden unit) whose pre-activation is positive now and was not at the start, or the reverse; ' +
    'the complement of sign similarity.',
  source: 'Liu et al. 2024 (arXiv:2310.08513); Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, 1],
  scale: 'linear',
  role: 'quantity',
  per: 'network',
  terms: [flipped],
  finish: (sums) => sums.of(flipped) / sums.count('gates'),
};
