// Alignment of the tangent kernel with its start, as it is and centred.

import type { Observable } from '../../src/core/observable.ts';
import { alignmentOf, centredAlignmentOf, kernelProducts, kernelRowProducts, totals } from './terms.ts';

const total = totals('kernelRows');

export const kernelAlignment: Observable = {
  id: 'kernelAlignment',
  label: 'kernel alignment',
  symbol: 'KA',
  description: 'Cosine between the tangent kernels now and at the start, ⟨Θ, Θ₀⟩/(‖Θ‖‖Θ₀‖); 1 in the lazy limit.',
  source: 'Liu et al. 2024 (arXiv:2310.08513)',
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'order',
  threshold: 0.5,
  richSide: 'below',
  per: 'network',
  terms: Object.values(kernelProducts),
  finish: (sums) => alignmentOf(sums, kernelProducts),
};

export const centredKernelAlignment: Observable = {
  id: 'centredKernelAlignment',
  label: 'centred kernel alignment',
  symbol: 'CKA',
  description: 'Kernel alignment after double centring of both tangent kernels.',
  source: 'Cortes et al. 2012; Kornblith et al. 2019',
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'order',
  threshold: 0.5,
  richSide: 'below',
  per: 'network',
  terms: [...Object.values(kernelProducts), ...Object.values(kernelRowProducts), total.now, total.start],
  finish: (sums) => centredAlignmentOf(sums, kernelProducts, kernelRowProducts, total),
};
