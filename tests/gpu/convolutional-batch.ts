// Small batches of convolutional networks for twin tests: random images, a few networks of several scales and seeds.

import { convolutionalParameters } from '../../shaders/families/convolutional/parameters.ts';
import type { Batch, FrozenLayers, Network } from '../../src/core/family.ts';
import type { Values } from '../../src/core/parameter.ts';
import type { ImageShape } from '../../src/core/task.ts';
import { type Descent, type Flow, trainingParameters } from '../../src/core/training.ts';
import { randomSamples } from './make-batch.ts';

export interface ConvolutionalRequest {
  readonly values?: Values;
  readonly image?: ImageShape;
  readonly outputDim?: number;
  readonly samples?: number;
  readonly probeSamples?: number;
  readonly seeds?: number;
  /** One cell per entry. */
  readonly cells?: readonly Values[];
  readonly descent?: Partial<Descent>;
  readonly flow?: Partial<Flow>;
  readonly frozen?: readonly FrozenLayers[];
}

export function makeConvolutionalBatch(request: ConvolutionalRequest): Batch {
  const { image = { side: 8, channels: 1 }, outputDim = 1, samples = 6, probeSamples = 5, seeds = 2 } = request;
  const defaults = Object.fromEntries([...convolutionalParameters, ...trainingParameters].map((p) => [p.id, p.default]));
  const shape: Values = { ...defaults, width: 3, blocks: 1, learningRate: 0.02, ...request.values };
  const common = { maxTime: 1e6, maxSteps: 100_000, stop: {}, checkpoints: [1e6] };
  const training: Descent | Flow = request.flow
    ? { ...common, method: 'flow', integrator: 'euler', tolerance: 1e-2, outputTolerance: 0.3, ...request.flow }
    : { ...common, method: 'descent', momentum: 0, batchSize: 0, ...request.descent };
  const starts = Array.from({ length: seeds }, (_, seed) => ({ seed: seed + 3, draw: 0, values: shape }));
  const networks: Network[] = (request.cells ?? [{}]).flatMap((values, cell) =>
    starts.map((_, member) => ({ cell, member, start: member, values: { ...shape, ...values } })),
  );
  const inputDim = image.channels * image.side ** 2;
  return {
    shape,
    data: {
      inputDim,
      outputDim,
      train: randomSamples(samples, inputDim, outputDim, 1),
      test: randomSamples(11, inputDim, outputDim, 2),
      probe: randomSamples(probeSamples, inputDim, outputDim, 3),
      image,
      description: 'random images',
    },
    training,
    starts,
    networks,
    seeds,
    ...(request.frozen === undefined ? {} : { frozen: request.frozen }),
  };
}
