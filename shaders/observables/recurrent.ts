// Observables that only networks of sequences have: tangent kernels of other weights and steps, and effective ranks
// of the recurrent weights.

import type { Observable, Term } from '../../src/core/observable.ts';
import { alignment } from './alignment.ts';
import { squaredChange } from './terms.ts';

const LIU = 'Liu et al. 2024 (arXiv:2310.08513)';

const fullKernelAlignment = alignment('kernelAll', {
  id: 'fullKernelAlignment',
  label: 'kernel alignment, all weights',
  symbol: 'KA_full',
  description: 'Cosine between the tangent kernels of all weights (Wx, Wh, Wo) now and at the start, on all steps of the loss.',
  source: LIU,
});

const decisionKernelAlignment = alignment('kernelDecision', {
  id: 'decisionKernelAlignment',
  label: 'kernel alignment at the decision',
  symbol: 'KA_dec',
  description: 'Cosine between the tangent kernels of the recurrent weights now and at the start, at the decision step alone.',
  source: LIU,
});

const recurrentChange = squaredChange('weights');

export const recurrentWeightChange: Observable = {
  id: 'recurrentWeightChange',
  label: 'change of the recurrent weights',
  symbol: '‖ΔWh‖',
  description:
    'Frobenius norm of the change of the second weight matrix, which in a recurrent network is that of its recurrent weights; ' +
    'not relative to anything.',
  source: LIU,
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [recurrentChange],
  finish: (sums) => Math.sqrt(sums.ofLayer(recurrentChange, 2)),
};

const term = (id: string, wgsl: string, measure: (s: number) => number, reduce: 'sum' | 'max' = 'sum'): Term => ({
  id: `spectrum${id}`,
  domain: 'spectrum',
  wgsl,
  measure: ({ now }) => measure(now),
  reduce,
});
const sum = term('Sum', 'now', (s) => s);
const squares = term('Squares', 'now * now', (s) => s * s);
const fourths = term('Fourths', '(now * now) * (now * now)', (s) => s ** 4);
const largest = term('Largest', 'now', (s) => s, 'max');
const entropy = term('Entropy', 'select(0.0f, now * log(now), now > 0.0f)', (s) => (s > 0 ? s * Math.log(s) : 0));

const rank = {
  source: LIU,
  unit: 'dimensionless',
  range: [1, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
} as const;

const ranks: readonly Observable[] = [
  {
    ...rank,
    id: 'participationRatio',
    label: 'participation ratio of the recurrent weights',
    symbol: 'PR(Wh)',
    description:
      '(Σs²)²/Σs⁴ over the singular values of the recurrent weights: the effective rank that sets the kernel alignment.',
    terms: [squares, fourths],
    finish: (sums) => sums.of(squares) ** 2 / sums.of(fourths),
  },
  {
    ...rank,
    id: 'stableRank',
    label: 'stable rank of the recurrent weights',
    symbol: 'srank(Wh)',
    description: 'Σs²/max s² over the singular values of the recurrent weights.',
    terms: [squares, largest],
    finish: (sums) => sums.of(squares) / sums.of(largest) ** 2,
  },
  {
    ...rank,
    id: 'entropyRank',
    label: 'entropy rank of the recurrent weights',
    symbol: 'erank(Wh)',
    description: 'Exponential of the entropy of s/Σs over the singular values of the recurrent weights.',
    source: 'Roy and Vetterli 2007',
    terms: [sum, entropy],
    finish: (sums) => sums.of(sum) * Math.exp(-sums.of(entropy) / sums.of(sum)),
  },
];

export const recurrentObservables: readonly Observable[] = [
  fullKernelAlignment,
  decisionKernelAlignment,
  recurrentWeightChange,
  ...ranks,
];
