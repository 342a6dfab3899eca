// How far the networks of a bucket are, and how many seconds they still need by how they have gone. Knows no other bucket.

import type { Training } from '../core/training.ts';
import type { AdvanceReport } from './trainer.ts';

export interface Course {
  /** Networks' worth of work done. */
  readonly work: number;
  /** Networks that have ended. */
  readonly ended: number;
  /** Spent on training and measuring. */
  readonly seconds: number;
  /** Still to spend; null where nobody can tell. */
  secondsLeft(): number | null;
  /** The networks were advanced towards checkpoint `frame` for some seconds. */
  advanced(frame: number, report: AdvanceReport, seconds: number): void;
  /** They were measured at checkpoint `frame` (0 is t = 0) for some seconds; `ended` of them need no more training. */
  measured(frame: number, ended: number, seconds: number): void;
}

/** A moment of training: steps until then, and steps ahead as AdvanceReport tells them. */
interface Mark {
  readonly steps: number;
  readonly ahead: number;
}

/** Steps are watched over at least this share of those ahead: over less of a flow, one refused attempt hides their trend. */
const WINDOW = { descent: 1 / 50, flow: 1 / 5 } as const;
/** Networks go on as they do only where their steps change little: a factor of this over all that is ahead. */
const MOST_CHANGE = 4;
/** Where networks may stop before the end, those that did say how long the others take, once they are this share. */
const FAIR_SHARE = 1 / 10;

/**
 * Steps to the end of training. Where each step is longer than the last by a share g, the number ahead R falls by ρ = 1 + gR with
 * it, and the steps left are ln(1 + gR) / g = R ln ρ / (ρ − 1). Null where ρ says that they will hardly go on as they do.
 */
function stepsLeft(from: Mark, to: Mark): number | null {
  if (to.ahead === 0) return 0;
  const rho = (from.ahead - to.ahead) / (to.steps - from.steps);
  if (!(rho > 1 / MOST_CHANGE && rho < MOST_CHANGE)) return null;
  return rho === 1 ? to.ahead : (to.ahead * Math.log(rho)) / (rho - 1);
}

export function createCourse({ method, checkpoints, stop }: Training, networks: number): Course {
  const times = [0, ...checkpoints];
  const frames = checkpoints.length;
  const mayStop = stop.margins === true || stop.loss !== undefined;
  /** Share of a network's work up to a checkpoint. Steps of descent are equal; those of a flow grow about as checkpoints do. */
  const shareAt = (frame: number) => (method === 'descent' ? times[frame] / times[frames] : frame / frames);
  const window = WINDOW[method];
  let work = 0;
  let ended = 0;
  let reached = 0;
  /** Seconds. */
  let training = 0;
  let measuring = 0;
  let now: Mark = { steps: 0, ahead: Number.POSITIVE_INFINITY };
  /** Steps are watched since `from`, a window before `next`. */
  let from = now;
  let next = now;

  function trainingLeft(): number | null {
    if (mayStop) return ended < FAIR_SHARE * networks ? null : (training * (networks - work)) / work;
    const steps = now.steps - from.steps >= window * now.ahead ? stepsLeft(from, now) : null;
    return steps === null ? null : (training * steps) / Math.max(1, now.steps);
  }

  return {
    get work() {
      return work;
    },
    get ended() {
      return ended;
    },
    get seconds() {
      return training + measuring;
    },
    secondsLeft() {
      if (reached === frames) return 0;
      const left = trainingLeft();
      return left === null ? null : left + (measuring / Math.max(1, reached)) * (frames - reached);
    },
    advanced(frame, { ahead, steps, stepsAhead }, seconds) {
      if (now.ahead < Number.POSITIVE_INFINITY) {
        training += seconds;
        now = { steps: now.steps + steps, ahead: stepsAhead };
        if (now.steps - next.steps >= window * now.ahead) [from, next] = [next, now];
      } else {
        // The first call waits for kernels: its seconds say nothing about what is to come.
        from = next = now = { steps: 0, ahead: stepsAhead };
      }
      const missing = ahead / (times[frame] - times[frame - 1]);
      const share = shareAt(frame);
      work = Math.max(work, ended + (networks - ended) * share - missing * (share - shareAt(frame - 1)));
    },
    measured(frame, networksEnded, seconds) {
      reached = frame;
      ended = frame === frames ? networks : networksEnded;
      // Networks that have ended need no more; the others are as far as their checkpoints.
      work = networksEnded + (networks - networksEnded) * shareAt(frame);
      // The first measuring waits for kernels too.
      if (frame > 0) measuring += seconds;
    },
  };
}
