// A linear map with chosen singular values on whitened inputs: the task of the exact solutions of two-layer linear networks.
// No noise, no generalisation gap: with X Xᵀ/P = 1 every whitened test set has the training set's loss.

import { InputError } from '../core/errors.ts';
import { haarFrame } from '../core/haar.ts';
import { choiceOf, numberOf, type Parameter, type Values } from '../core/parameter.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Task } from '../core/task.ts';
import { MOST_PROBES, samplesOf, whitenedInputs } from './designs.ts';
import { parametersFrom, SEEDS } from './parameters.ts';

const SOURCE = 'Dominé et al. 2025 (arXiv:2409.14623), assumption 1';
const WHERE = 'task "whitened"';

const { choice, integer, number } = parametersFrom(SOURCE);

const parameters: readonly Parameter[] = [
  integer('inputDim', 'input dimension', 'N_i', 'Number of input components, dimensionless.', [1, MOST_PROBES], 5),
  integer('outputDim', 'output dimension', 'N_o', 'Number of outputs, dimensionless.', [1, MOST_PROBES], 5),
  integer(
    'samples',
    'training samples',
    'P',
    'Number of training samples, at least inputDim, dimensionless; 0 stands for inputDim. They are test and probe set too.',
    [0, 4096],
    0,
  ),
  number('largestSingular', 'largest singular value', 's₁', 'Largest singular value of the map Σ, dimensionless.', [0, 1e6], 1.5),
  number(
    'smallestSingular',
    'smallest singular value',
    's_m',
    'Smallest singular value of Σ, at most the largest; unused by a flat spectrum.',
    [0, 1e6],
    0.5,
  ),
  choice(
    'spectrum',
    'spectrum',
    'Singular values between the largest and the smallest: linear (equal steps), geometric (equal ratios), flat (all the largest).',
    ['linear', 'geometric', 'flat'],
  ),
  choice('frames', 'frames', 'Singular vectors of Σ. haar: drawn at random from taskSeed. identity: the coordinate axes.', [
    'haar',
    'identity',
  ]),
  choice('signs', 'signs', 'usual: the map Σ. reversed: −Σ, which flips all left singular vectors.', ['usual', 'reversed']),
  integer(
    'taskSeed',
    'task seed',
    'seed_Σ',
    'Seed of the frames of Σ: another seed is another task of the same singular values. Independent of the inputs.',
    SEEDS,
    0,
  ),
];

/** The min(inputDim, outputDim) singular values, descending. Throws InputError where they contradict each other. */
function singularValuesOf(values: Values): Float64Array {
  const count = Math.min(numberOf(values, 'inputDim'), numberOf(values, 'outputDim'));
  const largest = numberOf(values, 'largestSingular');
  const smallest = numberOf(values, 'smallestSingular');
  const spectrum = choiceOf(values, 'spectrum');
  if (spectrum === 'flat') return new Float64Array(count).fill(largest);
  if (smallest > largest) {
    throw new InputError(WHERE, `expected smallestSingular of at most largestSingular = ${largest}, got ${smallest}`);
  }
  if (spectrum === 'geometric' && smallest === 0) {
    throw new InputError(WHERE, 'expected smallestSingular > 0 for a geometric spectrum, got 0', 'Use spectrum: "linear".');
  }
  const share = (k: number) => (count === 1 ? 0 : k / (count - 1));
  return Float64Array.from({ length: count }, (_, k) =>
    spectrum === 'geometric' ? largest ** (1 - share(k)) * smallest ** share(k) : largest * (1 - share(k)) + smallest * share(k),
  );
}

/** Σ = U diag(s) Vᵀ, (outputDim, inputDim). */
function mapOf(values: Values): Float64Array {
  const [inputDim, outputDim] = [numberOf(values, 'inputDim'), numberOf(values, 'outputDim')];
  const singularValues = singularValuesOf(values);
  const modes = singularValues.length;
  const seed = numberOf(values, 'taskSeed');
  const frame = (size: number, substream: number) =>
    choiceOf(values, 'frames') === 'identity'
      ? Float64Array.from({ length: size * modes }, (_, at) => (at % modes === Math.floor(at / modes) ? 1 : 0))
      : haarFrame(size, modes, randomSource(seed, STREAMS.teacher, substream));
  const [left, right] = [frame(outputDim, 0), frame(inputDim, 1)];
  const sign = choiceOf(values, 'signs') === 'reversed' ? -1 : 1;
  return Float64Array.from({ length: outputDim * inputDim }, (_, at) => {
    const [c, i] = [Math.floor(at / inputDim), at % inputDim];
    let sum = 0;
    for (let k = 0; k < modes; k++) sum += left[c * modes + k] * singularValues[k] * right[i * modes + k];
    return sign * sum;
  });
}

export const whitened: Task = {
  kind: 'whitened',
  label: 'whitened linear map',
  description:
    'y = Σx with Σ = U S Vᵀ of chosen singular values, on inputs with X Xᵀ/P = 1 exactly. The training inputs are test and probe ' +
    'set too (testSamples and probeSamples have no effect), so that kernels are exact.',
  source: SOURCE,
  parameters,
  async load(values) {
    const [inputDim, outputDim] = [numberOf(values, 'inputDim'), numberOf(values, 'outputDim')];
    const samples = numberOf(values, 'samples') || inputDim;
    if (samples < inputDim) {
      throw new InputError(
        WHERE,
        `expected samples of at least inputDim = ${inputDim}, got ${samples}`,
        'Fewer samples cannot be white; 0 stands for inputDim.',
      );
    }
    const teacher = mapOf(values);
    const source = (substream: number) => randomSource(numberOf(values, 'dataSeed'), STREAMS.data, substream);
    const train = samplesOf(teacher, whitenedInputs(samples, inputDim, source(0)), inputDim);
    const probe = samples <= MOST_PROBES ? train : samplesOf(teacher, whitenedInputs(inputDim, inputDim, source(1)), inputDim);
    const kind = `${choiceOf(values, 'signs') === 'reversed' ? 'Reversed linear' : 'Linear'} map`;
    const range = Array.from(singularValuesOf(values), (value) => Number(value.toPrecision(4)));
    const described = range.length > 5 ? [range[0], '…', range[range.length - 1]] : range;
    return {
      inputDim,
      outputDim,
      train,
      test: train,
      probe,
      teacher,
      description: `${kind} of ${inputDim} whitened inputs to ${outputDim} outputs, singular values ${described.join(', ')}`,
    };
  },
};
