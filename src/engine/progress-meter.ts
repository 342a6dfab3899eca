// How far a run is, and how long it will still take. Counts networks and checkpoints; knows no trainer.

import type { Outcome } from '../core/outcome.ts';
import type { Clock } from '../gpu/clock.ts';
import type { Bucket, Plan } from './plan.ts';
import type { Phase, Progress } from './snapshot.ts';

export interface ProgressMeter {
  /** A bucket was measured at a checkpoint (frame 0 is t = 0). */
  measured(bucket: Bucket, frame: number, networks: number, outcomes: readonly Outcome[]): void;
  /** A bucket is on its way to a checkpoint. */
  underWay(bucket: Bucket, frame: number, networks: number, unfinished: number): void;
  progress(phase: Phase, message: string): Progress;
}

/** Below this share there is nothing to extrapolate from. */
const LEAST_FRACTION = 0.02;

export function createProgressMeter(plan: Plan, clock: Clock): ProgressMeter {
  const frames = plan.sweep.training.checkpoints.length;
  const begun = clock.now();
  /** Networks' worth of work done, and networks finished, by bucket. */
  const done = new Map<Bucket, { work: number; finished: number }>();

  return {
    measured(bucket, frame, networks, outcomes) {
      const finished = outcomes.filter((outcome) => outcome !== 'running').length;
      // Networks that have ended need no more; the others are as far as their checkpoints.
      const work = finished + (networks - finished) * (frame / frames);
      done.set(bucket, { work: frame === frames ? networks : work, finished: frame === frames ? networks : finished });
    },
    underWay(bucket, frame, networks, unfinished) {
      const before = done.get(bucket) ?? { work: 0, finished: 0 };
      const running = networks - before.finished;
      const reached = running - unfinished;
      const work = before.finished + (running * (frame - 1) + reached) / frames;
      done.set(bucket, { ...before, work: Math.max(before.work, work) });
    },
    progress(phase, message) {
      let work = 0;
      let networksDone = 0;
      for (const one of done.values()) {
        work += one.work;
        networksDone += one.finished;
      }
      const fraction = phase === 'finished' ? 1 : Math.min(1, work / plan.networks);
      const elapsedSeconds = (clock.now() - begun) / 1000;
      const known = fraction >= LEAST_FRACTION && phase !== 'cancelled';
      return {
        phase,
        message,
        fraction,
        networksDone,
        networks: plan.networks,
        elapsedSeconds,
        remainingSeconds: known ? (elapsedSeconds * (1 - fraction)) / fraction : null,
      };
    },
  };
}
