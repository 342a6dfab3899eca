// Relative change of the weights: all of them, and layer by layer.

import type { Observable } from '../../src/core/observable.ts';
import { squaredChange, weightProducts } from './terms.ts';

const change = squaredChange('weights');
const initial = weightProducts.startStart;

const common = {
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [change, initial],
} as const;

export const weightChange: Observable = {
  ...common,
  id: 'weightChange',
  label: 'relative weight change',
  symbol: '‖Δw‖/‖w₀‖',
  description: 'Euclidean norm of the change of all weights, relative to the initial weights.',
  finish: (sums) => Math.sqrt(sums.of(change) / sums.of(initial)),
};

/** Layers 1 … 7: hidden layers, then the output layer as number depth + 1; NaN beyond it. */
export const layerWeightChanges: readonly Observable[] = [1, 2, 3, 4, 5, 6, 7].map((layer) => ({
  ...common,
  id: `weightChangeLayer${layer}`,
  label: `relative weight change, layer ${layer}`,
  symbol: `‖ΔW${layer}‖/‖W${layer}(0)‖`,
  description: `Frobenius norm of the change of weight matrix ${layer}, counted from the input, relative to its start.`,
  finish: (sums) => Math.sqrt(sums.ofLayer(change, layer) / sums.ofLayer(initial, layer)),
}));
