// Size of the predictor.

import type { Observable, Term } from '../../src/core/observable.ts';

const square: Term = { id: 'testSquare', domain: 'test', wgsl: 'square', measure: (sample) => sample.square };

export const outputNorm: Observable = {
  id: 'outputNorm',
  label: 'output norm',
  symbol: '‖F‖',
  description: 'Root mean square of the predictor over the test samples, √(mean Σ_c F_c²).',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [square],
  finish: (sums) => Math.sqrt(sums.of(square) / sums.count('test')),
};
