// Sparse linear regression: few of many inputs matter. Gaussian inputs, a k-sparse teacher, noise on the training labels only.

import { InputError } from '../core/errors.ts';
import type { Values } from '../core/parameter.ts';
import { numberOf } from '../core/parameter.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Task } from '../core/task.ts';
import { drawGaussian, generate, inputDimParameter } from './synthetic.ts';

const SOURCE = 'Woodworth et al. 2020 (arXiv:2002.09277)';
/** Substream of the label noise; inputs have 0 to 2, see `generate`. */
const NOISE = 3;

/**
 * β*: entries ±1/√k on the first k coordinates, signs drawn under the data seed; the inputs are
 * isotropic, so places do not matter.
 */
function teacherOf(values: Values): Float64Array {
  const inputDim = numberOf(values, 'inputDim');
  const sparsity = numberOf(values, 'sparsity');
  if (sparsity > inputDim) {
    throw new InputError(
      'task "sparse"',
      `expected sparsity of at most inputDim ${inputDim}, got ${sparsity}`,
      'Only so many inputs can matter.',
    );
  }
  const source = randomSource(numberOf(values, 'dataSeed'), STREAMS.teacher);
  const teacher = new Float64Array(inputDim);
  for (let i = 0; i < sparsity; i++) teacher[i] = (source.below(2) === 0 ? -1 : 1) / Math.sqrt(sparsity);
  return teacher;
}

export const sparse: Task = {
  kind: 'sparse',
  label: 'sparse regression',
  description:
    'x from N(0, 1)^d, y = β*·x with k entries of β* equal to ±1/√k and all others zero, so that ‖β*‖ = 1. Fewer samples than inputs ' +
    'leave many interpolating solutions: which one is found tells lazy from rich.',
  source: SOURCE,
  parameters: [
    inputDimParameter(1, 256, SOURCE),
    {
      id: 'sparsity',
      label: 'sparsity',
      symbol: 'k',
      description: 'Number of inputs that matter, dimensionless, at most the input dimension.',
      source: SOURCE,
      scope: 'shape',
      kind: 'integer',
      minimum: 1,
      maximum: 1024,
      default: 5,
    },
    {
      id: 'noiseVariance',
      label: 'variance of the label noise',
      symbol: 'σ²',
      description: 'Variance of the Gaussian noise on training labels, in units of the variance of y; test labels have none.',
      source: `${SOURCE}, where it is 0.01`,
      scope: 'shape',
      kind: 'number',
      minimum: 0,
      maximum: 1e6,
      default: 0,
    },
  ],
  async load(values) {
    const inputDim = numberOf(values, 'inputDim');
    const sparsity = numberOf(values, 'sparsity');
    const variance = numberOf(values, 'noiseVariance');
    const teacher = teacherOf(values);
    const data = generate(
      {
        inputDim,
        outputDim: 1,
        drawInput: drawGaussian,
        label: (row, target) => {
          target[0] = row.reduce((sum, x, i) => sum + teacher[i] * x, 0);
        },
        description:
          `Regression on ${sparsity} of ${inputDim} Gaussian inputs, ` +
          (variance === 0 ? 'without noise' : `noise of variance ${variance} on training labels`),
      },
      values,
    );
    if (variance > 0) {
      const source = randomSource(numberOf(values, 'dataSeed'), STREAMS.data, NOISE);
      const std = Math.sqrt(variance);
      for (let p = 0; p < data.train.count; p++) data.train.targets[p] += std * source.normal();
    }
    return { ...data, teacher };
  },
};
