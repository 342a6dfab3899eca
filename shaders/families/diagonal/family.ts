// Diagonal linear networks: the record. The float64 definition is reference.ts, the GPU's is programs.ts.

import type { Family } from '../../../src/core/family.ts';
import { shapeOf } from './layout.ts';
import { DIAGONAL_DOMAINS, domainCount } from './measure.ts';
import { diagonalParameters } from './parameters.ts';
import { diagonalPrograms } from './programs.ts';
import { createModel } from './reference.ts';

export const diagonal: Family = {
  id: 'diagonal',
  label: 'diagonal linear',
  description:
    'Linear regression f = β·x with β = w₊^D − w₋^D, coordinate by coordinate: the smallest model with a kernel and a rich regime.',
  source: 'Woodworth et al. 2020 (arXiv:2002.09277), section 2',
  parameters: diagonalParameters,
  check() {
    // Every combination of values in range is a network: nothing contradicts.
  },
  model: (shape, inputDim, outputDim) => createModel(shapeOf(shape, inputDim), outputDim),
  programs: (batch, terms, limits) => diagonalPrograms(batch, terms, limits),
  domains: () => DIAGONAL_DOMAINS,
  domainCount: (domain, _shape, data) => domainCount(domain, data),
  // Outputs and pull: two products of 2·P·d each; powers and steps about 20 per coordinate.
  flopsPerStep: (_shape, { inputDim, train }) => inputDim * (4 * train.count + 20),
};
