// Trains chosen networks of a sweep with their tangent kernel frozen, at the initial or at the final weights,
// in float64: the comparison of Geiger et al. 2020 that tells what the learned kernel alone explains. The linear model
// itself is kernel-model.ts's.

import { testError } from '../../shaders/observables/test-error.ts';
import { PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { InputError } from '../core/errors.ts';
import { type Batch, type Family, modelOn } from '../core/family.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Values } from '../core/parameter.ts';
import { numberOf } from '../core/parameter.ts';
import { scalingOf } from '../core/scalings.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import type { TaskData } from '../core/task.ts';
import { createKernelModel } from './kernel-model.ts';
import { batchOf, planSweep } from './plan.ts';
import { layerRates } from './reference-network.ts';
import { createReferenceTrainer } from './reference-trainer.ts';

/** Where training with a frozen kernel has led. */
export interface FrozenRun {
  readonly outcome: Outcome;
  /** Training time at its end. */
  readonly time: number;
  /** Mean training loss there. */
  readonly loss: number;
  /** Share of test samples with margin ≤ 0. */
  readonly testError: number;
  /** Predictor F on training and test samples, (count, outputDim). */
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/** The values of a network whose rates and powers of the width have gone into its kernel. */
function plainValues(values: Values): Values {
  return {
    ...values,
    outputScale: scalingOf(values).outputScale,
    scaling: 'none',
    outputScaleExponent: 0,
    rateExponent: 0,
    rateImbalanceExponent: 0,
    hiddenRate: 1,
    learningRateRatio: 1,
    motion: 'per-output-scale',
  };
}

/**
 * Trains network `index` of a batch by the batch's own training with the tangent kernel of the flat weights `kernelAt`, from the
 * network's own start. A flow may take 1/α times longer than the sweep's `maxTime` where α < 1. Throws InputError with Adam,
 * which follows no kernel, and where the gradients are too many to hold.
 */
export async function trainFrozenKernel(
  family: Family,
  batch: Batch,
  index: number,
  kernelAt: Float64Array,
  signal?: AbortSignal,
): Promise<FrozenRun> {
  const { data, training, shape, frozen } = batch;
  if (training.method === 'descent' && training.adam !== undefined) {
    throw new InputError('frozen kernel', 'expected a flow, or descent with momentum, got Adam', 'Adam follows no kernel.');
  }
  const network = batch.networks[index];
  const start = batch.starts[network.start];
  const model = modelOn(family, shape, data);
  const rates = layerRates(network, { model, frozen });
  const values = plainValues(network.values);
  // With a kernel that does not grow, F moves at a speed ∝ α: small scales need their time.
  const patience = training.method === 'flow' ? Math.max(1, 1 / Math.abs(numberOf(values, 'outputScale'))) : 1;
  const maxTime = training.maxTime * patience;
  const linear = createKernelModel({ model, kernelAt, start: model.draw(start, data), rates, train: data.train });
  const steps = 4 * data.train.count * data.outputDim * linear.parameterCount;
  const trainer = createReferenceTrainer(
    { ...family, model: () => linear, flopsPerStep: () => steps },
    {
      shape,
      data,
      training: { ...training, maxTime, checkpoints: [maxTime] },
      starts: [{ seed: start.seed, draw: start.draw, values: start.values }],
      networks: [{ ...network, start: 0, member: 0, values }],
      seeds: 1,
    },
    [testError],
  );
  try {
    while ((await trainer.advance(maxTime, signal)).unfinished > 0) signal?.throwIfAborted();
    const { outcome, time, loss } = await trainer.inspect(0);
    const { values } = await trainer.measure();
    return { outcome, time, loss, testError: values.testError[0], ...(await trainer.outputs(0)) };
  } finally {
    trainer.dispose();
  }
}

/** Frozen kernels of networks of one sweep; data are loaded once. */
export interface FrozenKernels {
  /**
   * Trains network `seed` (0 … seeds−1) of cell `cell` with the kernel of its initial weights or of `weights` (flat, in the order
   * of `Model.layers`: the `weights` of an inspection).
   */
  train(cell: number, seed: number, weights: 'initial' | Float64Array, signal?: AbortSignal): Promise<FrozenRun>;
}

/** Prepares frozen kernels of a sweep. Throws InputError for a sweep of stages, whose start is not its own. */
export function frozenKernels(sweep: Sweep, catalog: Catalog): FrozenKernels {
  if (sweep.stages.length > 0) {
    throw new InputError('frozen kernel', 'expected a sweep of one task, got stages', 'Remove stages.');
  }
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const loaded = new Map<string, Promise<TaskData>>();
  return {
    async train(cell, seed, weights, signal) {
      const bucket = plan.buckets.find(({ cells }) => cells.includes(cell));
      if (bucket === undefined || !(Number.isInteger(seed) && seed >= 0 && seed < sweep.seeds)) {
        throw new InputError(
          'frozen kernel',
          `expected a cell below ${cellCount(sweep)} and a seed below ${sweep.seeds}, got ${cell} and ${seed}`,
        );
      }
      const data = loaded.get(bucket.dataKey) ?? plan.task.load(bucket.taskValues, sweep.task.settings, signal);
      loaded.set(bucket.dataKey, data);
      const batch = batchOf(plan, bucket, await data);
      const index = bucket.cells.indexOf(cell) * sweep.seeds + seed;
      if (weights !== 'initial') return trainFrozenKernel(plan.family, batch, index, weights, signal);
      const model = modelOn(plan.family, batch.shape, batch.data);
      const initial = model.draw(batch.starts[batch.networks[index].start], batch.data);
      return trainFrozenKernel(plan.family, batch, index, initial, signal);
    },
  };
}
