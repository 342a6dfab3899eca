// What is answered on the test set, against what was asked: agreement with the targets, and how much of
// the first task is forgotten.

import type { Observable, Term } from '../../src/core/observable.ts';
import { testLossTerm } from './test-loss.ts';

const product: Term = { id: 'testProduct', domain: 'test', wgsl: 'product', measure: (sample) => sample.product };

const common = { unit: 'dimensionless', scale: 'linear', per: 'network' } as const;

export const transfer: Observable = {
  ...common,
  id: 'transfer',
  label: 'transfer',
  symbol: '⟨y·F⟩',
  description:
    'Mean over the test samples of Σ_c y_c F_c. For a test sample that was never taught, with target 1, it is the answer itself: how far a ' +
    'feature learned of one item is granted to another.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623), appendix D.3',
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  role: 'quantity',
  terms: [product],
  finish: (sums) => sums.of(product) / sums.count('test'),
};

export const forgetting: Observable = {
  ...common,
  id: 'forgetting',
  label: 'forgetting',
  symbol: 'L₁/L₁(task 2)',
  description:
    'In a stage that is tested on the first task: test loss over that of a network which has learned the stage’s task alone, ' +
    '½‖Σ₁ − Σ₂‖² for whitened inputs. 0: the first task is as it was learned; 1: it is forgotten. Unknown in other stages.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623), appendix D.1; Braun et al. 2022',
  range: [0, Number.POSITIVE_INFINITY],
  role: 'quantity',
  terms: [testLossTerm],
  finish: (sums) => sums.of(testLossTerm) / sums.count('test') / sums.taskDistance,
};
