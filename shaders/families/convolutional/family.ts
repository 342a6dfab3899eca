// Convolutional networks: the record. The float64 definition is reference.ts, the GPU's is programs.ts.

import type { Family } from '../../../src/core/family.ts';
import { convolutionalDomains, domainCount } from './domains.ts';
import { hiddenUnits, shapeOf, TAPS } from './layout.ts';
import { convolutionalParameters } from './parameters.ts';
import { convolutionalPrograms } from './programs.ts';
import { createModel } from './reference.ts';

export const convolutional: Family = {
  id: 'convolutional',
  label: 'convolutional',
  description:
    'Convolutional network: blocks of two 5 × 5 convolutions of h channels, the first with stride 2, then the average over all ' +
    'pixels and one linear layer.',
  source: 'Geiger et al. 2020 (arXiv:1906.08034)',
  parameters: convolutionalParameters,
  optimisers: ['momentum', 'adam'],
  stageOptions: ['frozen'],
  check: () => undefined,
  checkImage(values, image) {
    const { side, channels = 1 } = image ?? {};
    if (image === undefined || side !== undefined) shapeOf(values, side === undefined ? undefined : { side, channels }, 1);
  },
  model: (shape, _inputDim, outputDim, _sequence, image) => createModel(shapeOf(shape, image, outputDim)),
  programs: (batch, terms, limits) => convolutionalPrograms(batch, terms, limits),
  domains: () => convolutionalDomains,
  domainCount: (domain, shape, data) => domainCount(domain, shapeOf(shape, data.image, data.outputDim), data),
  flopsPerStep(values, { outputDim, train, image }, training) {
    // Forward, backward to pixels (not to the image), backward to weights; activations about 25 per unit and sample.
    const shape = shapeOf(values, image, outputDim);
    const samples = training?.method === 'descent' && training.batchSize > 0 ? training.batchSize : train.count;
    const products = shape.convolutions.map(({ inChannels, outSide }, index) => {
      return (index === 0 ? 4 : 6) * inChannels * TAPS * shape.width * outSide ** 2;
    });
    return samples * (products.reduce((sum, work) => sum + work, 0) + 25 * hiddenUnits(shape));
  },
};
