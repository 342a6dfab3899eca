// Whether a network is silent: none of its last hidden units answers any probe sample. Cosines of its Gram matrix do not exist.

import type { Observable } from '../../src/core/observable.ts';
import { productsOf } from './terms.ts';

const { nowNow } = productsOf('representation');

export const silence: Observable = {
  id: 'silence',
  label: 'share of silent networks',
  symbol: 'P(h ≡ 0)',
  description:
    '1 where the last hidden layer (of sequences: at the decision step) is 0 on the whole probe set, else 0; the mean over seeds is the ' +
    'share of silent networks. Alignments of such a network’s representation are 0/0: they have no value and enter no mean.',
  source: 'phase-atlas',
  unit: 'dimensionless',
  range: [0, 1],
  scale: 'linear',
  role: 'error',
  per: 'network',
  terms: [nowNow],
  finish: (sums) => (sums.of(nowNow) === 0 ? 1 : 0),
};
