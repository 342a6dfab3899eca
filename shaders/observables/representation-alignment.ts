// Alignment of the last hidden layer's Gram matrix with its start, as it is and centred (linear CKA).

import type { Observable } from '../../src/core/observable.ts';
import { alignmentOf, centredAlignmentOf, representationProducts, representationRowProducts, totals } from './terms.ts';

const total = totals('representationRows');

export const representationAlignment: Observable = {
  id: 'representationAlignment',
  label: 'representation alignment',
  symbol: 'RA',
  description: 'Cosine between the Gram matrices of the last hidden layer on the probe set, now and at the start.',
  source: 'Liu et al. 2024 (arXiv:2310.08513)',
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'order',
  threshold: 0.5,
  richSide: 'below',
  per: 'network',
  terms: Object.values(representationProducts),
  finish: (sums) => alignmentOf(sums, representationProducts),
};

export const centredRepresentationAlignment: Observable = {
  id: 'centredRepresentationAlignment',
  label: 'centred representation alignment',
  symbol: 'CRA',
  description: 'Representation alignment after double centring of both Gram matrices: linear CKA.',
  source: 'Kornblith et al. 2019',
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'order',
  threshold: 0.5,
  richSide: 'below',
  per: 'network',
  terms: [...Object.values(representationProducts), ...Object.values(representationRowProducts), total.now, total.start],
  finish: (sums) => centredAlignmentOf(sums, representationProducts, representationRowProducts, total),
};
