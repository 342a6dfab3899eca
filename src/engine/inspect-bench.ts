// A bench for single networks of a sweep: their data, models and starts, made when first asked for. Looks into weights and trains
// a network again in float64. Knows no worker and no page: see inspect-client.ts.

import { PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Connectivity } from '../core/connectivity/connectivity.ts';
import { type Batch, type Model, modelOn } from '../core/family.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import type { TaskData } from '../core/task.ts';
import { createBucketData } from './bucket-data.ts';
import { type NetworkPicture, networkPicture } from './inspect-picture.ts';
import { loadConnectivity } from './own-connectivity.ts';
import { type Bucket, batchOf, type Plan, planSweep } from './plan.ts';
import { stageTowards } from './stages.ts';
import { networkSeconds } from './verify-cost.ts';
import { type RetrainedFrame, retrain } from './verify-run.ts';

/** A frame of a retrained network, or null where it only stopped to breathe; then `share` alone is news. */
export interface BenchStep {
  /** Of the training asked for, 0 … 1. */
  readonly share: number;
  readonly frame: RetrainedFrame | null;
}

export interface InspectionBench {
  /** What is inside a network of `cell` with `weights` at training time `time`. `seed`: 0 … seeds − 1. */
  look(cell: number, seed: number, time: number, weights: Float64Array): Promise<NetworkPicture>;
  /**
   * Trains network `seed` of `cell` again, from the same start on the same data, in float64, to frame `until`. `attempts`: steps
   * that it took before, where they are known; they make `share` even.
   */
  train(
    cell: number,
    seed: number,
    until: number,
    attempts: number | null,
    signal?: AbortSignal,
  ): AsyncGenerator<BenchStep, void, void>;
  /** Seconds that this is expected to take. */
  cost(cell: number, until: number, attempts: number | null): Promise<number>;
}

/** Throws a plain Error where the catalog lacks what the sweep names: sweeps come parsed. */
export function createInspectionBench(sweep: Sweep, catalog: Catalog): InspectionBench {
  const plan: Plan = planSweep(sweep, catalog, PAGE_CAPS);
  const dataOf = createBucketData(plan);
  let connectivity: Promise<Connectivity | undefined> | null = null;

  function bucketOf(cell: number): Bucket {
    const bucket = plan.buckets.find(({ cells }) => cells.includes(cell));
    if (bucket === undefined) throw new Error(`inspection: expected a cell below ${cellCount(sweep)}, got ${cell}`);
    return bucket;
  }

  function modelOf(bucket: Bucket, stage: number, data: TaskData): Model {
    const values = stage === 0 ? {} : sweep.stages[stage - 1].task.values;
    return modelOn(plan.family, { ...bucket.shape, ...values }, data);
  }

  /** The batch of one network, as it begins. */
  async function batchOfNetwork(cell: number, seed: number): Promise<Batch> {
    const bucket = bucketOf(cell);
    if (!(seed >= 0 && seed < sweep.seeds)) throw new Error(`inspection: expected a seed below ${sweep.seeds}, got ${seed}`);
    connectivity ??= loadConnectivity(sweep);
    const batch = batchOf(plan, { ...bucket, cells: [cell] }, await dataOf(bucket, 0), await connectivity);
    const network = batch.networks[seed];
    return { ...batch, starts: [batch.starts[network.start]], networks: [{ ...network, start: 0 }], seeds: 1 };
  }

  return {
    async look(cell, seed, time, weights) {
      const bucket = bucketOf(cell);
      const stage = stageTowards(sweep, time);
      const data = await dataOf(bucket, stage);
      const model = modelOf(bucket, stage, data);
      const start = stage === 0 ? model.draw((await batchOfNetwork(cell, seed)).starts[0], data) : null;
      return networkPicture(model, data, weights, time, start);
    },
    async *train(cell, seed, until, attempts, signal) {
      const bucket = bucketOf(cell);
      const times = [0, ...sweep.training.checkpoints].slice(0, until + 1);
      const batch = await batchOfNetwork(cell, seed);
      yield* retrain(plan, batch, times, attempts, (stage) => dataOf(bucket, stage), signal);
    },
    async cost(cell, until, attempts) {
      return networkSeconds(plan, await batchOfNetwork(cell, 0), until, attempts);
    },
  };
}
