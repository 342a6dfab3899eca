// Alignment of the tangent kernel with the targets.

import type { Observable, Term } from '../../src/core/observable.ts';
import { kernelProducts } from './terms.ts';

const aligned: Term = {
  id: 'kernelTargets',
  domain: 'kernel',
  wgsl: 'now * targets',
  measure: ({ now, targets }) => now * targets,
};
const targetNorm: Term = {
  id: 'kernelTargetNorm',
  domain: 'kernel',
  wgsl: 'targets * diagonal',
  measure: ({ targets, diagonal }) => targets * diagonal,
};

export const kernelTargetAlignment: Observable = {
  id: 'kernelTargetAlignment',
  label: 'kernel–target alignment',
  symbol: 'yᵀΘy/(‖y‖²‖Θ‖)',
  description: 'Cosine between the tangent kernel on the probe set and yyᵀ; it grows as features align with the task.',
  source: 'Cristianini et al. 2001',
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'quantity',
  per: 'network',
  terms: [aligned, targetNorm, kernelProducts.nowNow],
  finish: (sums) => sums.of(aligned) / (sums.of(targetNorm) * Math.sqrt(sums.of(kernelProducts.nowNow))),
};
