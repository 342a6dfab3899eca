// What all generated tasks share: inputs on a sphere or Gaussian, and the three disjoint draws. Holds no task of its own.

import type { NumberParameter, Values } from '../core/parameter.ts';
import { numberOf } from '../core/parameter.ts';
import type { RandomSource } from '../core/random.ts';
import { randomSource, STREAMS } from '../core/random.ts';
import type { Samples, TaskData } from '../core/task.ts';

/** The option `inputDim` of a generated task. */
export function inputDimParameter(minimum: number, preset: number, source: string): NumberParameter {
  return {
    id: 'inputDim',
    label: 'input dimension',
    symbol: 'd',
    description: 'Number of input components, dimensionless.',
    source,
    scope: 'shape',
    kind: 'integer',
    minimum,
    maximum: 1024,
    default: preset,
  };
}

/** Fills `row` (length d) with a point of N(0, 1)^d. */
export function drawGaussian(row: Float64Array, source: RandomSource): void {
  for (let i = 0; i < row.length; i++) row[i] = source.normal();
}

/** Fills `row` (length d) with a uniform point of the sphere of radius √d. */
export function drawOnSphere(row: Float64Array, source: RandomSource): void {
  let square = 0;
  while (square === 0) {
    drawGaussian(row, source);
    for (const x of row) square += x * x;
  }
  const factor = Math.sqrt(row.length / square);
  for (let i = 0; i < row.length; i++) row[i] *= factor;
}

/** How a generated task makes one sample. */
export interface Generator {
  readonly inputDim: number;
  readonly outputDim: number;
  /** Fills `row`, length inputDim. */
  drawInput(row: Float64Array, source: RandomSource): void;
  /** Fills `target`, length outputDim. */
  label(row: Float64Array, target: Float64Array): void;
  readonly description: string;
}

/**
 * Draws training, test and probe samples under `dataSeed`, each from a substream of its own: a larger `samples` extends
 * the same training set and leaves test and probe samples as they are.
 */
export function generate(generator: Generator, values: Values): TaskData {
  const seed = numberOf(values, 'dataSeed');
  const draw = (count: number, substream: number): Samples => {
    const { inputDim, outputDim } = generator;
    const source = randomSource(seed, STREAMS.data, substream);
    const inputs = new Float64Array(count * inputDim);
    const targets = new Float64Array(count * outputDim);
    for (let i = 0; i < count; i++) {
      const row = inputs.subarray(i * inputDim, (i + 1) * inputDim);
      generator.drawInput(row, source);
      generator.label(row, targets.subarray(i * outputDim, (i + 1) * outputDim));
    }
    return { count, inputs, targets };
  };
  return {
    inputDim: generator.inputDim,
    outputDim: generator.outputDim,
    train: draw(numberOf(values, 'samples'), 0),
    test: draw(numberOf(values, 'testSamples'), 1),
    probe: draw(numberOf(values, 'probeSamples'), 2),
    description: generator.description,
  };
}
