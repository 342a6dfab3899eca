// What tests of the recurrent kernels share: small batches of real tasks, trained and measured by both
// trainers. No expectations here.

import { recurrent } from '../../shaders/families/recurrent/family.ts';
import { completeProgram } from '../../shaders/families/recurrent/programs.ts';
import { type Geometry, optionsOf } from '../../shaders/families/recurrent/train/options.ts';
import { trainingKernel } from '../../shaders/families/recurrent/train/training.ts';
import { parametersOf } from '../../src/core/catalog.ts';
import type { Batch } from '../../src/core/family.ts';
import type { Observable } from '../../src/core/observable.ts';
import type { Value, Values } from '../../src/core/parameter.ts';
import type { Descent } from '../../src/core/training.ts';
import { createGpuTrainer } from '../../src/engine/gpu-trainer.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { termsOf } from '../../src/engine/sums.ts';
import type { Trainer } from '../../src/engine/trainer.ts';
import type { DeviceLease } from '../../src/gpu/device.ts';
import { tasks } from '../../src/tasks/registry.ts';
import { testDevice } from './device.ts';

export interface Request {
  readonly task: string;
  /** Values of family, task and training that differ from small defaults. */
  readonly values?: Readonly<Record<string, Value>>;
  readonly descent?: Partial<Descent>;
  readonly networks?: number;
}

const SMALL = { samples: 24, testSamples: 12, probeSamples: 12, kernelTrials: 4 };

export async function recurrentBatch({ task: kind, values: changed = {}, descent, networks = 2 }: Request): Promise<Batch> {
  const task = tasks.find((one) => one.kind === kind);
  if (task === undefined) throw new Error(`no task ${kind}`);
  const usual = Object.fromEntries(parametersOf(recurrent, task).map(({ id, default: value }) => [id, value]));
  const values: Values = { ...usual, ...SMALL, ...changed };
  const common = { maxTime: 1e6, maxSteps: 100_000, stop: {}, checkpoints: [1e6] };
  return {
    shape: values,
    data: await task.load(values, {}),
    training: { ...common, method: 'descent', momentum: 0.9, batchSize: 3, ...descent },
    starts: Array.from({ length: networks }, (_, seed) => ({ seed: seed + 3, draw: 0, values })),
    networks: Array.from({ length: networks }, (_, start) => ({ cell: start, member: 0, start, values })),
    seeds: 1,
  };
}

/** The GPU's trainer with one geometry, and the reference, both after `steps` steps; the GPU's measured before them if wished. */
export async function trainBoth(
  lease: DeviceLease,
  batch: Batch,
  geometry: Geometry,
  steps: number,
  observables: readonly Observable[] = [],
  measureFirst = false,
): Promise<{ readonly gpu: Trainer; readonly reference: Trainer }> {
  const options = optionsOf(batch);
  const kernel = trainingKernel(options, geometry, batch.data.train, 1e3);
  const program = completeProgram(batch, options, kernel, termsOf(observables), lease.device.limits);
  const acquire = () => testDevice('best', ['subgroups']);
  const gpu = await createGpuTrainer({ acquire, family: recurrent, batch, program, observables, label: 'test' });
  const reference = createReferenceTrainer(recurrent, batch, observables);
  const { learningRate } = batch.networks[0].values;
  if (typeof learningRate !== 'number') throw new Error('no learning rate');
  if (measureFirst) await gpu.measure();
  for (const trainer of [gpu, reference]) while ((await trainer.advance(steps * learningRate)).unfinished > 0);
  return { gpu, reference };
}
