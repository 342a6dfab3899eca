// Relative change of the weights, all of them and layer by layer, and norms of the first and the last layer.

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

const ends = [
  { layer: 1, id: 'input', label: 'input weights', symbol: 'W_in' },
  { layer: -1, id: 'output', label: 'output weights', symbol: 'W_out' },
] as const;

/** Relative changes of the first and of the output layer, whatever the depth. */
export const [inputWeightChange, outputWeightChange] = ends.map(
  ({ layer, id, label, symbol }): Observable => ({
    ...common,
    id: `${id}WeightChange`,
    label: `relative change of ${label}`,
    symbol: `‖Δ${symbol}‖/‖${symbol}(0)‖`,
    description: `Frobenius norm of the change of the ${id} layer’s weights, biases included, relative to its start.`,
    source: 'Luo et al. 2021 (arXiv:2007.07497); Xu and Ziyin 2024 (arXiv:2401.07085)',
    finish: (sums) => Math.sqrt(sums.ofLayer(change, layer) / sums.ofLayer(initial, layer)),
  }),
);

/** Norms of the first and of the output layer. */
export const [inputWeightNorm, outputWeightNorm] = ends.map(
  ({ layer, id, label, symbol }): Observable => ({
    ...common,
    id: `${id}WeightNorm`,
    label: `norm of ${label}`,
    symbol: `‖${symbol}‖`,
    description: `Frobenius norm of the ${id} layer’s stored weights, biases included, without the factor of the parametrisation.`,
    source: 'Xu and Ziyin 2024 (arXiv:2401.07085)',
    terms: [weightProducts.nowNow],
    finish: (sums) => Math.sqrt(sums.ofLayer(weightProducts.nowNow, layer)),
  }),
);
