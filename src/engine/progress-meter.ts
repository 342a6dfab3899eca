// How far a run is, and how long it will still take. Counts networks and their training time; knows no trainer.

import type { Outcome } from '../core/outcome.ts';
import type { Clock } from '../gpu/clock.ts';
import type { Bucket, Plan } from './plan.ts';
import type { Phase, Progress } from './snapshot.ts';

export interface ProgressMeter {
  /** A bucket was measured at a checkpoint (frame 0 is t = 0). */
  measured(bucket: Bucket, frame: number, networks: number, outcomes: readonly Outcome[]): void;
  /** A bucket is on its way to a checkpoint; `ahead`: training time that its networks have left until there, summed. */
  underWay(bucket: Bucket, frame: number, networks: number, ahead: number): void;
  progress(phase: Phase, message: string): Progress;
}

/** Below this share there is nothing to extrapolate from. */
const LEAST_FRACTION = 0.02;

export function createProgressMeter(plan: Plan, clock: Clock): ProgressMeter {
  const { method, checkpoints } = plan.sweep.training;
  const times = [0, ...checkpoints];
  const frames = checkpoints.length;
  /** Share of a network's work up to a checkpoint. Steps of descent are equal; those of a flow grow with time, about as checkpoints do. */
  const shareAt = (frame: number) => (method === 'descent' ? times[frame] / times[frames] : frame / frames);
  const begun = clock.now();
  const elapsed = () => (clock.now() - begun) / 1000;
  /** When work was first seen: loading and compiling lie before it, and say nothing about what is to come. */
  let first: { readonly seconds: number; readonly fraction: number } | null = null;
  /** Networks' worth of work done, and networks finished, by bucket. */
  const done = new Map<Bucket, { work: number; finished: number }>();

  function sums() {
    let work = 0;
    let networksDone = 0;
    for (const one of done.values()) {
      work += one.work;
      networksDone += one.finished;
    }
    return { fraction: Math.min(1, work / plan.networks), networksDone };
  }

  function note(bucket: Bucket, one: { work: number; finished: number }): void {
    done.set(bucket, one);
    const { fraction } = sums();
    if (fraction > 0) first ??= { seconds: elapsed(), fraction };
  }

  return {
    measured(bucket, frame, networks, outcomes) {
      const finished = outcomes.filter((outcome) => outcome !== 'running').length;
      // Networks that have ended need no more; the others are as far as their checkpoints.
      const work = finished + (networks - finished) * shareAt(frame);
      note(bucket, { work, finished: frame === frames ? networks : finished });
    },
    underWay(bucket, frame, networks, ahead) {
      const before = done.get(bucket) ?? { work: 0, finished: 0 };
      const missing = ahead / (times[frame] - times[frame - 1]);
      const share = shareAt(frame);
      const work = before.finished + (networks - before.finished) * share - missing * (share - shareAt(frame - 1));
      note(bucket, { ...before, work: Math.max(before.work, work) });
    },
    progress(phase, message) {
      const { fraction: reached, networksDone } = sums();
      const fraction = phase === 'finished' ? 1 : reached;
      const elapsedSeconds = elapsed();
      const seen = first === null ? 0 : fraction - first.fraction;
      const pace = first === null || seen < LEAST_FRACTION ? null : (elapsedSeconds - first.seconds) / seen;
      return {
        phase,
        message,
        fraction,
        networksDone,
        networks: plan.networks,
        elapsedSeconds,
        remainingSeconds: pace === null || phase === 'cancelled' ? null : pace * (1 - fraction),
      };
    },
  };
}
