// How the two layers of a network with one hidden layer stand to each other: their angle, and the kernel that their norms make.

import type { Observable } from '../../src/core/observable.ts';
import { cosineOf, unitConstants, unitProducts, weightedKernels } from './hidden-units.ts';

const XU_ZIYIN = 'Xu and Ziyin 2024 (arXiv:2401.07085)';

export const alignmentCosine: Observable = {
  id: 'alignmentCosine',
  label: 'alignment of layers',
  symbol: 'cos(u, w)',
  description:
    'Cosine between the output weights u and the input weights W n̂ along the direction n̂ that the training set asks for (first output; ' +
    'for one input W itself), over the hidden units; 0 where one of them vanishes. The same in every parametrisation.',
  source: XU_ZIYIN,
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'quantity',
  per: 'network',
  terms: [unitProducts.product, unitProducts.outgoing, unitProducts.incoming],
  finish: (sums) => cosineOf(sums.of(unitProducts.product), sums.of(unitProducts.outgoing), sums.of(unitProducts.incoming)),
};

export const kernelRatio: Observable = {
  id: 'kernelRatio',
  label: 'kernel growth',
  symbol: 'Θ/Θ₀',
  description:
    'Rate-weighted tangent kernel now over that at the start, (η_u|w|² + η_w|u|²)/(η_u|w₀|² + η_w|u₀|²), u the output weights and ' +
    'w = W n̂ the input weights along the task’s direction. Exact for linear networks on data along one direction; a measure of norms ' +
    'elsewhere. The same in every parametrisation.',
  source: XU_ZIYIN,
  unit: 'dimensionless',
  range: [0, Number.POSITIVE_INFINITY],
  scale: 'log',
  role: 'quantity',
  per: 'network',
  terms: [
    unitProducts.outgoing,
    unitProducts.incoming,
    unitProducts.outgoingStart,
    unitProducts.incomingStart,
    unitConstants.outgoingRate,
    unitConstants.incomingRate,
  ],
  finish(sums) {
    const { now, start } = weightedKernels(sums);
    return now / start;
  },
};
