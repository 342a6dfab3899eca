// The units in which theories see a two-layer network: their exponents are those with which the units
// themselves go with the width.

import { describe, expect, test } from 'vitest';
import { fullyConnectedParameters } from '../../../shaders/families/fully-connected/parameters.ts';
import type { Values } from '../../../src/core/parameter.ts';
import { trainingParameters } from '../../../src/core/training.ts';
import { startOf, unitsOf, widthExponentsOf } from '../../../src/theory/two-layer.ts';

const defaults: Values = Object.fromEntries(
  [...fullyConnectedParameters, ...trainingParameters].map(({ id, default: value }) => [id, value]),
);
const shifted: Values = {
  outputScaleExponent: -0.3,
  weightExponent: 0.2,
  weightImbalanceExponent: -0.4,
  rateExponent: 0.15,
  rateImbalanceExponent: 0.5,
};

const ways = ['plain', 'per-output-scale'].flatMap((motion) =>
  ['standard', 'ntk', 'mean-field'].flatMap((parametrisation) =>
    [{}, { ...shifted, scaling: 'unscaled' }].map((own) => ({ motion, parametrisation, ...own })),
  ),
);

describe('exponents with the width', () => {
  test.each(ways)('are those of output scale, rates and weights: %j', (own) => {
    const values: Values = { ...defaults, depth: 1, activation: 'linear', ...own };
    const at = (width: number) => {
      const { gamma, outputRate, inputRate } = unitsOf({ ...values, width }, 1);
      const { outputStd, inputStd } = startOf({ ...values, width });
      return [gamma, outputStd, inputStd, outputRate, inputRate].map(Math.log);
    };
    const [narrow, wide] = [at(16), at(1024)];
    const slopes = wide.map((value, n) => (value - narrow[n]) / Math.log(64));
    const { outputScale, outputWeights, hiddenWeights, outputRate, hiddenRate } = widthExponentsOf(values);
    [outputScale, outputWeights, hiddenWeights, outputRate, hiddenRate].forEach((exponent, n) => {
      expect(slopes[n], `number ${n}`).toBeCloseTo(exponent, 10);
    });
  });
});
