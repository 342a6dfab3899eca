// Measures one fully connected network at given weights with the float64 reference. Trains nothing.

import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { fullyConnectedParameters } from '../../../shaders/families/fully-connected/parameters.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import type { FrozenLayers } from '../../../src/core/family.ts';
import type { Values } from '../../../src/core/parameter.ts';
import type { Samples, TaskData } from '../../../src/core/task.ts';
import { trainingParameters } from '../../../src/core/training.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';

export interface Point {
  readonly values: Values;
  readonly data: TaskData;
  /** Flat weights, matrix after matrix. */
  readonly start: Float64Array;
  readonly now: Float64Array;
  readonly frozen?: readonly FrozenLayers[];
}

export const LINEAR: Values = {
  depth: 1,
  activation: 'linear',
  loss: 'squared',
  parametrisation: 'standard',
  predictor: 'plain',
};

/** A data set whose test and probe samples are its training samples. */
export function dataOf(inputs: readonly number[][], targets: readonly number[][], rest: Partial<TaskData> = {}): TaskData {
  const samples: Samples = {
    count: inputs.length,
    inputs: Float64Array.from(inputs.flat()),
    targets: Float64Array.from(targets.flat()),
  };
  const [inputDim, outputDim] = [inputs[0].length, targets[0].length];
  return { inputDim, outputDim, train: samples, test: samples, probe: samples, description: 'by hand', ...rest };
}

/** Values of the observables `ids` by id. */
export async function measureAt(
  { values, data, start, now, frozen }: Point,
  ids: readonly string[],
): Promise<Record<string, number>> {
  const defaults = Object.fromEntries([...fullyConnectedParameters, ...trainingParameters].map((p) => [p.id, p.default]));
  const shape: Values = { ...defaults, ...values };
  const wanted = ids.map((id) => {
    const found = observables.find((observable) => observable.id === id);
    if (found === undefined) throw new Error(`no observable ${id}`);
    return found;
  });
  const trainer = createReferenceTrainer(
    fullyConnected,
    {
      shape,
      data,
      training: { method: 'descent', momentum: 0, batchSize: 0, maxTime: 1, maxSteps: 1, stop: {}, checkpoints: [1] },
      starts: [{ seed: 0, draw: 0, values: shape, weights: start }],
      networks: [{ cell: 0, member: 0, start: 0, values: shape }],
      seeds: 1,
      ...(frozen === undefined ? {} : { frozen }),
    },
    wanted,
  );
  await trainer.replaceWeights(0, now);
  const measured = await trainer.measure();
  trainer.dispose();
  return Object.fromEntries(ids.map((id) => [id, measured.values[id][0]]));
}
