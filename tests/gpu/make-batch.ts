// Small batches for twin tests: random data, a few networks of several scales and seeds.

import { fullyConnectedParameters } from '../../shaders/families/fully-connected/parameters.ts';
import type { Batch, FrozenLayers, Network } from '../../src/core/family.ts';
import type { Value, Values } from '../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';
import { type Samples, UNASKED } from '../../src/core/task.ts';
import { type Descent, type Flow, trainingParameters } from '../../src/core/training.ts';

export interface BatchRequest {
  readonly values?: Readonly<Record<string, Value>>;
  readonly inputDim?: number;
  readonly outputDim?: number;
  readonly samples?: number;
  readonly testSamples?: number;
  readonly probeSamples?: number;
  readonly seeds?: number;
  /** One cell per entry. */
  readonly cells?: readonly Values[];
  readonly descent?: Partial<Descent>;
  readonly flow?: Partial<Flow>;
  readonly frozen?: readonly FrozenLayers[];
}

/** A cell whose layers have rates of their own, with powers of the width, and whose motion carries α. */
export const RATES: Values = {
  outputScale: 3,
  hiddenRate: 0.4,
  learningRateRatio: 2,
  rateImbalanceExponent: 0.3,
  outputScaleExponent: -0.2,
  motion: 'plain',
};

/** Σ_c y_c F_c over the outputs that are asked for. */
export function askedProduct(outputs: Float64Array, targets: Float64Array): number {
  return outputs.reduce((sum, value, c) => sum + (targets[c] === UNASKED ? 0 : value * targets[c]), 0);
}

/** Gaussian inputs; targets ±1 for one output, one-hot for several. `sparing`: every fifth output is not asked for. */
export function randomSamples(count: number, inputDim: number, outputDim: number, seed: number, sparing = false): Samples {
  const source = randomSource(seed, STREAMS.data);
  const targets = new Float64Array(count * outputDim);
  const inputs = source.normals(count * inputDim);
  for (let p = 0; p < count; p++) {
    if (outputDim === 1) targets[p] = source.uniform() < 0.5 ? -1 : 1;
    else targets[p * outputDim + source.below(outputDim)] = 1;
  }
  if (sparing) for (let n = 3; n < targets.length; n += 5) targets[n] = UNASKED;
  return { count, inputs, targets };
}

export function makeBatch(request: BatchRequest): Batch {
  const { inputDim = 5, outputDim = 1, samples = 16, testSamples = 11, probeSamples = 7, seeds = 2 } = request;
  const defaults = Object.fromEntries([...fullyConnectedParameters, ...trainingParameters].map((p) => [p.id, p.default]));
  const shape: Values = { ...defaults, samples, ...request.values };
  const common = { maxTime: 1e6, maxSteps: 100_000, stop: {}, checkpoints: [1e6] };
  const training: Descent | Flow = request.flow
    ? { ...common, method: 'flow', integrator: 'euler', tolerance: 1e-2, outputTolerance: 0.3, ...request.flow }
    : { ...common, method: 'descent', momentum: 0, batchSize: 0, ...request.descent };
  const cells = request.cells ?? [{}];
  const starts = Array.from({ length: seeds }, (_, seed) => ({ seed: seed + 3, draw: 0, values: shape }));
  const networks: Network[] = cells.flatMap((values, cell) =>
    starts.map((_, member) => ({ cell, member, start: member, values: { ...shape, ...values } })),
  );
  return {
    shape,
    data: {
      inputDim,
      outputDim,
      train: randomSamples(samples, inputDim, outputDim, 1),
      test: randomSamples(testSamples, inputDim, outputDim, 2),
      probe: randomSamples(probeSamples, inputDim, outputDim, 3),
      description: 'random',
    },
    training,
    starts,
    networks,
    seeds,
    ...(request.frozen === undefined ? {} : { frozen: request.frozen }),
  };
}
