// Regression on a line: one input, one output, with exact moments in every sample. The task of the one-dimensional theory.

import { InputError } from '../core/errors.ts';
import { numberOf, type Parameter, type Values } from '../core/parameter.ts';
import { type RandomSource, randomSource, STREAMS } from '../core/random.ts';
import type { Samples, Task } from '../core/task.ts';

const SOURCE = 'Xu and Ziyin 2024 (arXiv:2401.07085)';
const WHERE = 'task "line"';

const parameters: readonly Parameter[] = [
  {
    id: 'slope',
    label: 'slope',
    symbol: 'φ*',
    description: 'Slope of the line, E[xy]/E[x²], dimensionless.',
    source: SOURCE,
    scope: 'shape',
    kind: 'number',
    minimum: -1e6,
    maximum: 1e6,
    default: 1,
  },
  {
    id: 'variance',
    label: 'input variance',
    symbol: 'M',
    description: 'Second moment E[x²] of the inputs, dimensionless, > 0.',
    source: SOURCE,
    scope: 'shape',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e6,
    default: 1,
  },
  {
    id: 'noise',
    label: 'noise variance',
    symbol: 'σ²',
    description: 'Mean square of y − φ*x, dimensionless: the least loss is half of it. Needs two samples.',
    source: SOURCE,
    scope: 'shape',
    kind: 'number',
    minimum: 0,
    maximum: 1e6,
    default: 0,
  },
];

function meanProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum / a.length;
}

/** `count` normals, rescaled to the exact mean square `square`; for one of them √square itself. */
function withMeanSquare(count: number, square: number, random: RandomSource): Float64Array {
  if (count === 1) return Float64Array.of(Math.sqrt(square));
  const values = random.normals(count);
  const factor = Math.sqrt(square / meanProduct(values, values));
  return values.map((value) => value * factor);
}

/** Samples with the means of x², xy and y² exactly M, φ*M and φ*²M + σ². */
function draw(values: Values, count: number, substream: number): Samples {
  const [slope, variance, noise] = ['slope', 'variance', 'noise'].map((id) => numberOf(values, id));
  const random = randomSource(numberOf(values, 'dataSeed'), STREAMS.data, substream);
  const inputs = withMeanSquare(count, variance, random);
  const targets = inputs.map((x) => slope * x);
  if (noise === 0) return { count, inputs, targets };
  if (count < 2) {
    const what = `expected at least two samples in each set for noise ${noise}, got ${count}`;
    throw new InputError(WHERE, what, 'One point lies on its line: set noise to 0.');
  }
  const raw = random.normals(count);
  const along = meanProduct(raw, inputs) / variance;
  const across = raw.map((value, n) => value - along * inputs[n]);
  const factor = Math.sqrt(noise / meanProduct(across, across));
  return { count, inputs, targets: targets.map((y, n) => y + factor * across[n]) };
}

export const line: Task = {
  kind: 'line',
  label: 'line',
  description:
    'y = φ*x + noise in one dimension; x² , xy and y² have exactly the means M, φ*M and φ*²M + σ² in each of the three sets. ' +
    'One sample with slope 0 is the catapult problem x = √M, y = 0.',
  source: SOURCE,
  parameters,
  async load(values) {
    const [slope, variance, noise, samples] = ['slope', 'variance', 'noise', 'samples'].map((id) => numberOf(values, id));
    if (!(variance > 0)) {
      throw new InputError(WHERE, `expected variance > 0, got ${variance}`, 'Inputs that are all zero teach nothing.');
    }
    return {
      inputDim: 1,
      outputDim: 1,
      train: draw(values, samples, 0),
      test: draw(values, numberOf(values, 'testSamples'), 1),
      probe: draw(values, numberOf(values, 'probeSamples'), 2),
      teacher: Float64Array.of(slope),
      description: `Line of slope ${slope} through ${samples} points, input variance ${variance}, noise variance ${noise}`,
    };
  },
};
