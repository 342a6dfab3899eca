// Size of the tangent kernel.

import type { Observable, Term } from '../../src/core/observable.ts';

const diagonal: Term = {
  id: 'kernelDiagonal',
  domain: 'kernel',
  wgsl: 'now * diagonal',
  measure: ({ now, diagonal: own }) => now * own,
};

export const kernelTrace: Observable = {
  id: 'kernelTrace',
  label: 'kernel trace',
  symbol: 'tr Θ/m',
  description:
    'Sum of the tangent kernel’s diagonal over probe samples and outputs, divided by the number of samples. Θ is that of f, all layers ' +
    'with weight 1. For one linear hidden layer, no factors and whitened inputs: N_o tr W₁ᵀW₁ + N_i tr W₂W₂ᵀ.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623); Xu and Ziyin 2024 (arXiv:2401.07085)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [diagonal],
  finish: (sums) => sums.of(diagonal) / sums.probeSamples,
};
