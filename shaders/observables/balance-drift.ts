// How far the balance of neighbouring layers has drifted: conserved by gradient flow of linear networks, and by no other rule.

import type { Observable, Term } from '../../src/core/observable.ts';

const drift: Term = {
  id: 'balanceDrift',
  domain: 'balance',
  wgsl: 'abs(change)',
  measure: ({ now, start }) => Math.abs(now - start),
  reduce: 'max',
};

export const balanceDrift: Observable = {
  id: 'balanceDrift',
  label: 'drift of the balance',
  symbol: 'max|Δ𝓑|',
  description:
    'Largest change of an entry of W_{l+1}ᵀW_{l+1}/r_{l+1} − W_lW_lᵀ/r_l since the start, over all hidden layers, with the stored weights ' +
    'and their rates r. Gradient flow of linear networks conserves it in every parametrisation; descent, activations and rounding do not. ' +
    'A layer that does not move is left out, and then nothing is conserved.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623), assumption A2; Fukumizu 1998',
  unit: 'squared weights',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [drift],
  finish: (sums) => sums.of(drift),
};
