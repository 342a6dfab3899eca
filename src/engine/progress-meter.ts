// How far a run is, and how long it will still take: the courses of its buckets taken together. Knows no trainer.

import type { Outcome } from '../core/outcome.ts';
import type { Clock } from '../gpu/clock.ts';
import { type Course, createCourse } from './bucket-course.ts';
import { type Bucket, type Plan, workHint } from './plan.ts';
import type { Phase, Progress } from './snapshot.ts';
import type { AdvanceReport } from './trainer.ts';

export interface ProgressMeter {
  /** A bucket was measured at a checkpoint (frame 0 is t = 0), which took some seconds. */
  measured(bucket: Bucket, frame: number, outcomes: readonly Outcome[], seconds: number): void;
  /** A bucket was advanced towards a checkpoint, which took some seconds. */
  advanced(bucket: Bucket, frame: number, report: AdvanceReport, seconds: number): void;
  progress(phase: Phase, message: string): Progress;
}

interface Part {
  readonly bucket: Bucket;
  readonly course: Course;
  /** Expected work of all its networks, in units of nobody's. */
  readonly hint: number;
  /** The parts of earlier levels that are most like it. */
  readonly models: readonly Part[];
}

/** How unlike the networks of two buckets are: 0 for one shape, else by their work. */
function unlikeness(a: Bucket, b: Bucket): number {
  if (JSON.stringify(a.shape) === JSON.stringify(b.shape)) return 0;
  return 1 + Math.abs(Math.log(workHint(a) / workHint(b)));
}

function partsOf({ sweep, buckets }: Plan): Part[] {
  const parts: Part[] = [];
  for (const bucket of buckets) {
    const networks = bucket.cells.length * sweep.seeds;
    const earlier = parts.filter((one) => one.bucket.level < bucket.level);
    const least = Math.min(...earlier.map((one) => unlikeness(one.bucket, bucket)));
    parts.push({
      bucket,
      course: createCourse(sweep.training, networks),
      hint: networks * workHint(bucket),
      models: earlier.filter((one) => unlikeness(one.bucket, bucket) === least),
    });
  }
  return parts;
}

/** Sum of what is known of all; null where something is not. */
function total(seconds: readonly (number | null)[]): number | null {
  return seconds.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

/** By its own course, else by what the networks like its own take, coarse ones coming first. */
function secondsLeft({ course, hint, models }: Part): number | null {
  const own = course.secondsLeft();
  if (own !== null || models.length === 0) return own;
  const taken = total(models.map((model) => total([model.course.seconds, secondsLeft(model)])));
  const hints = models.reduce((sum, model) => sum + model.hint, 0);
  return taken === null ? null : Math.max(0, (taken * hint) / hints - course.seconds);
}

export function createProgressMeter(plan: Plan, clock: Clock): ProgressMeter {
  const begun = clock.now();
  const parts = partsOf(plan);
  const courseOf = (bucket: Bucket): Course => parts[plan.buckets.indexOf(bucket)].course;
  const sum = (of: (course: Course) => number): number => parts.reduce((whole, { course }) => whole + of(course), 0);

  return {
    measured(bucket, frame, outcomes, seconds) {
      courseOf(bucket).measured(frame, outcomes.filter((outcome) => outcome !== 'running').length, seconds);
    },
    advanced: (bucket, frame, report, seconds) => courseOf(bucket).advanced(frame, report, seconds),
    progress: (phase, message) => ({
      phase,
      message,
      fraction: phase === 'finished' ? 1 : Math.min(1, sum(({ work }) => work) / plan.networks),
      networksDone: sum(({ ended }) => ended),
      networks: plan.networks,
      elapsedSeconds: (clock.now() - begun) / 1000,
      remainingSeconds: phase === 'cancelled' ? null : total(parts.map(secondsLeft)),
    }),
  };
}
