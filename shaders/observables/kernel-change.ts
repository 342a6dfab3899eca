// Relative change of the tangent kernel: the order parameter of lazy training.

import type { Observable } from '../../src/core/observable.ts';
import { kernelProducts, squaredChange } from './terms.ts';

const change = squaredChange('kernel');

export const kernelChange: Observable = {
  id: 'kernelChange',
  label: 'relative kernel change',
  symbol: '‖ΔΘ‖/‖Θ₀‖',
  description: 'Frobenius norm of the change of the tangent kernel on the probe set, relative to the initial kernel.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'order',
  threshold: 1,
  richSide: 'above',
  per: 'network',
  terms: [change, kernelProducts.startStart],
  finish: (sums) => Math.sqrt(sums.of(change) / sums.of(kernelProducts.startStart)),
};
