// Our own trainer, as the product runs it: a Batch with given initial weights, advanced to a horizon of training time.

import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import type { Batch, Start } from '../../../src/core/family.ts';
import type { Parameter, Value, Values } from '../../../src/core/parameter.ts';
import { trainingParameters } from '../../../src/core/training.ts';
import type { Trainer } from '../../../src/engine/trainer.ts';
import { openGpuTrainer } from '../../../src/engine/trainer-source.ts';
import { wallClock } from '../../../src/gpu/clock.ts';
import { acquireDevice } from '../../../src/gpu/device.ts';
import type { Contender } from '../contender.ts';
import { type Problem, startOf } from '../problem.ts';

/** Test and probe sets are not used: as small as they may be. */
const UNUSED_SAMPLES = 4;
/** End of training, in steps, that no benchmark reaches. */
const NO_END = 1e7;

/** The problem as a sweep's planner would hand it to a trainer. */
export function batchOf(problem: Problem): Batch {
  const parameters: readonly Parameter[] = [...fullyConnected.parameters, ...trainingParameters];
  const chosen: Readonly<Record<string, Value>> = {
    depth: problem.depth,
    width: problem.width,
    activation: problem.activation,
    activationBeta: problem.beta,
    normalisation: 'unit',
    parametrisation: 'mean-field',
    predictor: 'centred',
    bias: 0,
    outputScale: problem.outputScale,
    loss: 'squared',
    learningRate: problem.learningRate,
  };
  const valuesOf = (...scopes: Parameter['scope'][]): Values =>
    Object.fromEntries(
      parameters.filter(({ scope }) => scopes.includes(scope)).map(({ id, default: usual }) => [id, chosen[id] ?? usual]),
    );
  const { samples, inputDim, learningRate } = problem;
  const inputs = Float64Array.from(problem.inputs);
  const targets = Float64Array.from(problem.targets);
  const few = Math.min(UNUSED_SAMPLES, samples);
  const part = { count: few, inputs: inputs.slice(0, few * inputDim), targets: targets.slice(0, few) };
  const startValues = valuesOf('start');
  const networkValues = valuesOf('shape', 'start', 'network');
  return {
    shape: valuesOf('shape'),
    data: {
      inputDim,
      outputDim: 1,
      train: { count: samples, inputs, targets },
      test: part,
      probe: part,
      description: 'standard normal inputs, random signs',
    },
    training: {
      method: 'descent',
      momentum: 0,
      batchSize: 0,
      maxTime: NO_END * learningRate,
      maxSteps: NO_END,
      stop: {},
      checkpoints: [NO_END * learningRate],
    },
    starts: Array.from({ length: problem.networks }, (_, network): Start => {
      return { seed: network, draw: 0, values: startValues, weights: startOf(problem, network) };
    }),
    networks: Array.from({ length: problem.networks }, (_, network) => {
      return { cell: network, member: 0, start: network, values: networkValues };
    }),
    seeds: 1,
  };
}

/** A contender out of any of the product's trainers. */
export function trainerContender(name: string, device: Contender['device'], open: (batch: Batch) => Promise<Trainer>): Contender {
  return {
    name,
    device,
    async prepare(problem) {
      const trainer = await open(batchOf(problem));
      let taken = 0;
      return {
        detail: `${trainer.info.label}, ${trainer.info.kernel}`,
        async step(count) {
          taken += count;
          while ((await trainer.advance(taken * problem.learningRate)).unfinished > 0);
        },
        async weights(count) {
          const layers = problem.sizes.map(([rows, columns]) => new Float64Array(count * rows * columns));
          for (let network = 0; network < count; network++) {
            const { weights } = await trainer.inspect(network);
            let offset = 0;
            problem.sizes.forEach(([rows, columns], layer) => {
              layers[layer].set(weights.subarray(offset, offset + rows * columns), network * rows * columns);
              offset += rows * columns;
            });
          }
          return layers;
        },
        dispose: () => trainer.dispose(),
      };
    },
  };
}

/** The trainer that a session would open for many networks of this shape: its geometry timed once. */
const openTrainer = (batch: Batch): Promise<Trainer> =>
  openGpuTrainer(fullyConnected, batch, [], {
    acquire: () => acquireDevice({ features: ['subgroups'] }),
    clock: wallClock,
    tune: true,
  });

export const phaseAtlas: Contender = trainerContender('phase-atlas', 'webgpu', openTrainer);
