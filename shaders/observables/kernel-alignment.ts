// Alignment of the tangent kernel with its start, and its distance from it, as they are and centred.

import { alignment, centredAlignment, centredDistance, distance } from './alignment.ts';

export const kernelAlignment = alignment('kernel', {
  id: 'kernelAlignment',
  label: 'kernel alignment',
  symbol: 'KA',
  description: 'Cosine between the tangent kernels now and at the start, ⟨Θ, Θ₀⟩/(‖Θ‖‖Θ₀‖); 1 in the lazy limit.',
  source: 'Liu et al. 2024 (arXiv:2310.08513)',
});

export const centredKernelAlignment = centredAlignment('kernel', 'kernelRows', {
  id: 'centredKernelAlignment',
  label: 'centred kernel alignment',
  symbol: 'CKA',
  description: 'Kernel alignment after double centring of both tangent kernels.',
  source: 'Cortes et al. 2012; Kornblith et al. 2019',
});

export const kernelDistance = distance('kernel', {
  id: 'kernelDistance',
  label: 'kernel distance',
  symbol: 'S',
  description:
    'Distance of the tangent kernel on the probe set from its start, 1 − ⟨Θ, Θ₀⟩/(‖Θ‖‖Θ₀‖), uncentred; 0 in the lazy limit. ' +
    'Taken from the change of the kernel, so that values far below 1e-7 are resolved.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623), section 5; threshold of phase-atlas',
});

export const centredKernelDistance = centredDistance('kernel', 'kernelRows', {
  id: 'centredKernelDistance',
  label: 'centred kernel distance',
  symbol: 'S_c',
  description:
    'Kernel distance after double centring of both tangent kernels over all entries (sample, output): 1 − CKA; 0 in the lazy limit. ' +
    'Taken from the centred change of the kernel, so that values far below 1e-7 are resolved.',
  source: 'Cortes et al. 2012; Kornblith et al. 2019; Dominé et al. 2025 (arXiv:2409.14623), section 5; threshold of phase-atlas',
});
