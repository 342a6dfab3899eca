// Recurrent networks: the record. The float64 definition is reference.ts, the GPU's is programs.ts.

import { InputError } from '../../../src/core/errors.ts';
import type { Family } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { OWN } from '../../../src/core/parse-connectivity.ts';
import { domainCount, recurrentDomains } from './domains.ts';
import { shapeOf } from './layout.ts';
import { recurrentParameters } from './parameters.ts';
import { MOST_LOSS, recurrentPrograms } from './programs.ts';
import { recut } from './recurrent-weights.ts';
import { createModel } from './reference.ts';

export const recurrent: Family = {
  id: 'recurrent',
  label: 'recurrent',
  description:
    'Rate network of one recurrent layer, trained on sequences by backpropagation through time; Wx, Wh and Wo are trained.',
  source: 'Liu et al. 2024 (arXiv:2310.08513)',
  parameters: recurrentParameters,
  sequential: true,
  mostLoss: MOST_LOSS,
  optimisers: ['momentum', 'adam'],
  renewals: { recut },
  check(values) {
    const width = numberOf(values, 'width');
    for (const id of ['initRank', 'laterRank']) {
      const rank = numberOf(values, id);
      if (rank <= width) continue;
      throw new InputError(
        `sweep: ${id}`,
        `expected at most the width ${width}, got ${rank}`,
        'Use 0 for full rank at every width.',
      );
    }
    if (choiceOf(values, 'connectivity') === OWN && choiceOf(values, 'laterConnectivity') === 'random') {
      const what = `expected "trained" for connectivity "${OWN}", got "random"`;
      throw new InputError('sweep: laterConnectivity', what, 'A given matrix cannot be drawn anew.');
    }
  },
  checkTraining({ method }) {
    if (method !== 'descent') {
      throw new InputError(
        'sweep.training.method',
        `expected "descent" for family "recurrent", got "${method}"`,
        'Trials are new at every step, so that there is no flow to follow.',
      );
    }
  },
  model(shape, _inputDim, _outputDim, sequence) {
    if (sequence === undefined) throw new Error('recurrent: expected data with a sequence, got none');
    return createModel(shapeOf(shape, sequence), sequence);
  },
  programs: (batch, terms, limits) => recurrentPrograms(batch, terms, limits),
  domains: () => recurrentDomains,
  domainCount: (domain, shape, data) => domainCount(domain, shapeOf(shape, data.sequence), data),
  flopsPerStep(shape, { train, sequence }, training) {
    // Forward, backward to rates, backward to weights: three products per step and trial; φ and its slope about 25 per unit.
    const { width, channels, outputs, steps } = shapeOf(shape, sequence);
    const trials = training?.method === 'descent' && training.batchSize > 0 ? training.batchSize : train.count;
    return trials * steps * (6 * width * (width + channels + outputs) + 25 * width);
  },
};
