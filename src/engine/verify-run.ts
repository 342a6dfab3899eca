// Trains one network of a sweep in float64, checkpoint by checkpoint and stage by stage, and measures it as the simulation did.
// Compares nothing: see verify-verdict.ts.

import type { Batch } from '../core/family.ts';
import type { Outcome } from '../core/outcome.ts';
import type { TaskData } from '../core/task.ts';
import type { BenchStep } from './inspect-bench.ts';
import { type Plan, workOf } from './plan.ts';
import { createReferenceTrainer } from './reference-trainer.ts';
import { excludedNetworks, stageBatch, stageStart, stageTowards } from './stages.ts';

/** A network at a checkpoint. */
export interface RetrainedFrame {
  readonly frame: number;
  readonly time: number;
  /** By observable per network. */
  readonly values: Readonly<Record<string, number>>;
  readonly outcome: Outcome;
  /** Flat, in the order of `Model.layers`. */
  readonly weights: Float64Array;
}

/** Steps of a batch of one network before anything is known of them. */
function expectedSteps(plan: Plan, batch: Batch): number {
  return workOf(plan, batch) / plan.family.flopsPerStep(batch.shape, batch.data, plan.sweep.training);
}

/**
 * Trains the one network of `batch` through `times` (checkpoints, times[0] = 0). `attempts`: steps that it is known to take, null
 * for a guess. `dataOf` gives a later stage's data. Ends early, without an error, when aborted.
 */
export async function* retrain(
  plan: Plan,
  batch: Batch,
  times: readonly number[],
  attempts: number | null,
  dataOf: (stage: number) => Promise<TaskData>,
  signal?: AbortSignal,
): AsyncGenerator<BenchStep, void, void> {
  const { sweep, family } = plan;
  const observables = plan.observables.filter(({ per }) => per === 'network');
  const steps = Math.max(1, attempts ?? expectedSteps(plan, batch));
  let trainer = createReferenceTrainer(family, batch, observables);
  let excluded = excludedNetworks(family, batch);
  let stage = 0;
  let taken = 0;
  const last = Math.max(1, times.length - 1);
  for (let frame = 0; frame < times.length; frame++) {
    const next = stageTowards(sweep, times[frame]);
    while (stage < next) {
      stage += 1;
      const entered = stageBatch(family, trainer.batch, sweep, stage, await dataOf(stage), await trainer.weights());
      excluded = excludedNetworks(family, entered, excluded);
      trainer = createReferenceTrainer(family, entered, observables);
    }
    const horizon = times[frame] - stageStart(sweep, stage);
    // Half of the bar for steps, half for checkpoints: neither alone is even.
    const share = () => 0.5 * (frame / last) + 0.5 * Math.min(1, taken / steps);
    for (let unfinished = frame === 0 ? 0 : 1; unfinished > 0; ) {
      const report = await trainer.advance(horizon, signal);
      if (signal?.aborted === true) return;
      taken += report.steps;
      unfinished = report.unfinished;
      yield { share: share(), frame: null };
    }
    const { values, outcomes } = await trainer.measure();
    if (signal?.aborted === true) return;
    const { weights } = await trainer.inspect(0);
    yield {
      share: frame === last ? 1 : share(),
      frame: {
        frame,
        time: times[frame],
        values: Object.fromEntries(Object.entries(values).map(([id, [value]]) => [id, value])),
        outcome: outcomes[0] === 'diverged' ? outcomes[0] : (excluded[0] ?? outcomes[0]),
        weights,
      },
    };
  }
}
