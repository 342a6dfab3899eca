// Alignment of the last hidden layer's Gram matrix with its start, as it is and centred (linear CKA), and its distance from it;
// the distance of the output layer's Gram matrix beside it.

import type { Observable } from '../../src/core/observable.ts';
import { alignment, centredAlignment, distance, type Words } from './alignment.ts';

export const representationAlignment = alignment('representation', {
  id: 'representationAlignment',
  label: 'representation alignment',
  symbol: 'RA',
  description: 'Cosine between the Gram matrices of the last hidden layer on the probe set, now and at the start.',
  source: 'Liu et al. 2024 (arXiv:2310.08513)',
});

const centredWords: Words = {
  id: 'centredRepresentationAlignment',
  label: 'centred representation alignment',
  symbol: 'CRA',
  description: 'Representation alignment after double centring of both Gram matrices: linear CKA.',
  source: 'Kornblith et al. 2019',
};
const { terms, finish } = alignment('centredRepresentation', centredWords);

export const centredRepresentationAlignment: Observable = {
  ...centredAlignment('representation', 'representationRows', centredWords),
  sharper: { terms, finish },
};

export const inputDistance = distance('representation', {
  id: 'inputDistance',
  label: 'input representation distance',
  symbol: 'S_in',
  description:
    'Distance of the last hidden layer’s Gram matrix on the probe set from its start, 1 − cosine. For one linear hidden layer and ' +
    'whitened probe inputs it is that of W₁ᵀW₁, in every parametrisation.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623); threshold of phase-atlas',
});

export const outputDistance = distance('outputGram', {
  id: 'outputDistance',
  label: 'output representation distance',
  symbol: 'S_out',
  description:
    'Distance of W_out W_outᵀ from its start, 1 − cosine, W_out the output matrix without its bias; 0 for a single output. ' +
    'The same in every parametrisation.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623); threshold of phase-atlas',
});
