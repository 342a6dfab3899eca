// Fully connected networks of one to six hidden layers: the record. The float64 definition is reference.ts,
// the GPU's is programs.ts.

import { InputError } from '../../../src/core/errors.ts';
import type { Family } from '../../../src/core/family.ts';
import { choiceOf, numberOf, type Value, type Values } from '../../../src/core/parameter.ts';
import { activationFactor, activationOf } from '../../lib/activations.ts';
import { checkValues } from './check.ts';
import { asksForDifferences } from './difference-form.ts';
import type { FullyConnectedShape } from './layout.ts';
import { domainCount, domainsOf } from './measure/domains.ts';
import { isObstructed } from './obstruction.ts';
import { fullyConnectedParameters } from './parameters.ts';
import { fullyConnectedPrograms } from './programs.ts';
import { createModel } from './reference.ts';
import { rebalancing } from './renewal.ts';

const PARAMETRISATIONS = ['mean-field', 'ntk', 'standard'] as const;

/** c in σ(z) = c·act(βz)/β. Case files give the number itself in place of its name. */
function factorOf(normalisation: Value, activation: string, beta: number): number {
  if (typeof normalisation === 'number') return normalisation;
  return normalisation === 'unit' ? activationFactor(activation, beta) : 1;
}

/** The shape that kernels and model share: parameters of scope `shape` with β and c resolved. */
export function shapeOf(values: Values, inputDim: number, outputDim: number): FullyConnectedShape {
  const activation = choiceOf(values, 'activation');
  const activationBeta = numberOf(values, 'activationBeta') || activationOf(activation).usualBeta;
  const named = choiceOf(values, 'parametrisation');
  const parametrisation = PARAMETRISATIONS.find((name) => name === named);
  if (parametrisation === undefined)
    throw new Error(`parametrisation: expected one of ${PARAMETRISATIONS.join(', ')}, got ${named}`);
  return {
    depth: numberOf(values, 'depth'),
    width: numberOf(values, 'width'),
    inputDim,
    outputDim,
    activation,
    activationBeta,
    activationFactor: factorOf(values.normalisation, activation, activationBeta),
    biasScale: numberOf(values, 'bias'),
    parametrisation,
  };
}

/** Trained numbers of a shape. */
function parameterCount({ depth, width, inputDim, outputDim, biasScale }: FullyConnectedShape): number {
  const bias = biasScale > 0 ? 1 : 0;
  return width * (inputDim + bias) + (depth - 1) * width * (width + bias) + outputDim * (width + bias);
}

export const fullyConnected: Family = {
  id: 'fully-connected',
  label: 'fully connected',
  description: 'Fully connected network with L hidden layers of equal width; with linear activation a deep linear network.',
  source: 'Geiger et al. 2020, eq. 1',
  parameters: fullyConnectedParameters,
  checkTraining(training) {
    if (training.method !== 'descent' || training.optimiser !== 'adam') return;
    const hint = 'Family "fully-connected" follows gradients only.';
    throw new InputError('sweep.training.optimiser', 'expected "momentum", got "adam"', hint);
  },
  check: checkValues,
  stageOptions: ['frozen', 'head'],
  renewals: { rebalance: rebalancing },
  model: (shape, inputDim, outputDim) => createModel(shapeOf(shape, inputDim, outputDim)),
  programs: (batch, terms, limits) => fullyConnectedPrograms(batch, terms, limits),
  form: (values) => (asksForDifferences(values, shapeOf(values, 1, 1)) ? 'differences' : ''),
  obstruction: (values, weights, data) => isObstructed(shapeOf(values, data.inputDim, data.outputDim), values, weights, data),
  domains: (shape) => domainsOf({ depth: numberOf(shape, 'depth'), activation: choiceOf(shape, 'activation') }),
  domainCount: (domain, shape, data) => domainCount(domain, shapeOf(shape, data.inputDim, data.outputDim), data),
  flopsPerStep(shape, { inputDim, outputDim, train }) {
    // Forward, backward to activations, backward to weights: three products of 2·P·N each; activations
    // about 25 per unit and sample.
    const resolved = shapeOf(shape, inputDim, outputDim);
    return train.count * (6 * parameterCount(resolved) + 25 * resolved.depth * resolved.width);
  },
};
