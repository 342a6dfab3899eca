// Takes the recurrent weights W[target, source] out of the networks of a sweep: at their start, drawn anew, or from an inspection. Trains
// nothing; what there is to see of them is analysis/connectivity-picture's.

import { PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Connectivity } from '../core/connectivity/connectivity.ts';
import { InputError } from '../core/errors.ts';
import type { Batch, Model } from '../core/family.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import type { TaskData } from '../core/task.ts';
import { loadConnectivity } from './own-connectivity.ts';
import { type Bucket, batchOf, planSweep } from './plan.ts';

/** A square matrix of recurrent weights. */
export interface RecurrentWeights {
  /** N. */
  readonly size: number;
  /** (N, N) row-major, row = target (post), column = source (pre). */
  readonly matrix: Float64Array;
}

export interface ConnectivityReader {
  /** Recurrent weights with which network `seed` (0 … seeds − 1) of a cell begins. Rejects with InputError for others. */
  start(cell: number, seed: number, signal?: AbortSignal): Promise<RecurrentWeights>;
  /** Those among flat weights of a network of a cell: the `weights` of `Session.inspect`. */
  of(cell: number, weights: Float64Array, signal?: AbortSignal): Promise<RecurrentWeights>;
}

/** The name of the layer that holds them, in `Model.layers`. */
const LAYER = 'recurrent';

/** Recurrent weights of a sweep's networks; null where its family has none. Data and decompositions are made once and kept. */
export function connectivityReader(sweep: Sweep, catalog: Catalog): ConnectivityReader | null {
  const family = catalog.families.find(({ id }) => id === sweep.family);
  if (family?.sequential !== true) return null;
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const loaded = new Map<string, Promise<TaskData>>();
  const opened = new Map<Bucket, Promise<{ readonly batch: Batch; readonly model: Model }>>();
  let own: Promise<Connectivity | undefined> | undefined;

  const open = async (bucket: Bucket, signal?: AbortSignal) => {
    const data = loaded.get(bucket.dataKey) ?? plan.task.load(bucket.taskValues, sweep.task.settings, signal);
    loaded.set(bucket.dataKey, data);
    own ??= loadConnectivity(sweep);
    const batch = batchOf(plan, bucket, await data, await own);
    const { inputDim, outputDim, sequence, image } = batch.data;
    return { batch, model: plan.family.model(batch.shape, inputDim, outputDim, sequence, image) };
  };

  /** The cell's place; a failure is forgotten, so that the next call tries again. */
  const find = async (cell: number, signal?: AbortSignal) => {
    const bucket = plan.buckets.find(({ cells }) => cells.includes(cell));
    if (bucket === undefined) throw new InputError('connectivity', `expected a cell below ${cellCount(sweep)}, got ${cell}`);
    const ready = opened.get(bucket) ?? open(bucket, signal);
    opened.set(bucket, ready);
    try {
      return { ...(await ready), first: bucket.cells.indexOf(cell) * sweep.seeds };
    } catch (error) {
      opened.delete(bucket);
      loaded.delete(bucket.dataKey);
      own = undefined;
      throw error;
    }
  };

  const taken = (model: Model, weights: Float64Array): RecurrentWeights => {
    const layer = model.layers.find(({ name }) => name === LAYER);
    if (layer === undefined) throw new Error(`connectivity: expected a layer "${LAYER}", got none`);
    if (weights.length !== model.parameterCount) {
      throw new InputError('connectivity', `expected ${model.parameterCount} weights, got ${weights.length}`);
    }
    return { size: Math.sqrt(layer.length), matrix: weights.slice(layer.offset, layer.offset + layer.length) };
  };

  return {
    async start(cell, seed, signal) {
      if (!(Number.isInteger(seed) && seed >= 0 && seed < sweep.seeds)) {
        throw new InputError('connectivity', `expected a seed below ${sweep.seeds}, got ${seed}`);
      }
      const { batch, model, first } = await find(cell, signal);
      return taken(model, model.draw(batch.starts[batch.networks[first + seed].start], batch.data));
    },
    async of(cell, weights, signal) {
      return taken((await find(cell, signal)).model, weights);
    },
  };
}
