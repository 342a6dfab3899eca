// The data of a sweep's buckets, stage by stage, each loaded once. What tasks and stages make of them is theirs: see stages.ts.

import type { TaskData } from '../core/task.ts';
import type { Bucket, Plan } from './plan.ts';
import { stageData } from './stages.ts';

/** Data of a bucket in a stage; stage 0, the sweep's own task, is the default. */
export type BucketData = (bucket: Bucket, stage?: number) => Promise<TaskData>;

/** `signal` ends what is being loaded. */
export function createBucketData({ sweep, task }: Plan, signal?: AbortSignal): BucketData {
  const { settings } = sweep.task;
  const loaded = new Map<string, Promise<TaskData>>();

  function load(key: string, work: () => Promise<TaskData>): Promise<TaskData> {
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const data = work();
    loaded.set(key, data);
    return data;
  }

  function dataOf(bucket: Bucket, stage = 0): Promise<TaskData> {
    if (stage === 0) return load(bucket.dataKey, () => task.load(bucket.taskValues, settings, signal));
    return load(`${stage} ${bucket.dataKey}`, async () => {
      const change = sweep.stages[stage - 1];
      const values = { ...bucket.taskValues, ...change.task.values };
      const own = await task.load(values, { ...settings, ...change.task.settings }, signal);
      return stageData(change, stage, own, await dataOf(bucket, stage - 1), await dataOf(bucket));
    });
  }

  return dataOf;
}
