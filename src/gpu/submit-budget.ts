// Decides how much work the next submit carries, from how long the last ones took. Pure: no GPU, no clock of its own.
// Why at all: a long dispatch makes the driver drop the device (2 s on Windows, 10 s in Chrome); a page stutters long before.
//
// Model, from the last submit, `steps` steps of n networks in ms: a step of m networks is expected to take (m / n) · ms / steps,
// and never more than max(1, m / n) · ms / steps, for on a wide device a few networks take as long as many. The expectation is
// held to the aim, the bound to the most.

/** Immutable: each observation gives a new one. One per kernel and batch. */
export interface SubmitBudget {
  /** What was measured last, or null before the first measurement on a device. */
  readonly measured: Measured | null;
  /** Factor on `AIM_MS` and `MOST_MS`: 1, halved by repeated device losses. */
  readonly share: number;
  /** Times of device losses, ms on the caller's clock, oldest first. */
  readonly losses: readonly number[];
  /** True: the device was lost too often; stop and tell the user. */
  readonly givenUp: boolean;
}

interface Measured {
  /** Networks of the submit. */
  readonly networks: number;
  /** Estimated time of one step of so many networks, ms: rises at once, falls by half at most. */
  readonly stepMs: number;
  /** Network-steps that the next submit may reach: 1.5 times the largest that was measured and still fits. */
  readonly mostWork: number;
}

export interface WorkWanted {
  /** Networks that still want work. */
  readonly networks: number;
  /** Steps that each of them wants. */
  readonly stepsWanted: number;
}

export interface SubmitPlan {
  /** Networks of the range, 1 … wanted; 0 when nothing is wanted. */
  readonly networks: number;
  /** Steps to take, 1 … wanted; 0 when nothing is wanted. */
  readonly steps: number;
  /** Expected time, ms; null before the first measurement. Above `MOST_MS` only for one step of one network. */
  readonly predictedMs: number | null;
}

export interface SubmitMeasured {
  readonly networks: number;
  readonly steps: number;
  /** Time on the GPU, ms, ≥ 0. */
  readonly ms: number;
}

/** Time a submit should take, ms: with noise of a factor of two it stays within 8 … 30. */
const AIM_MS = 16;
/** No submit is predicted above this, ms, unless a single step of a single network is. */
const MOST_MS = 100;
/** Networks of the very first submit, which takes one step. */
const FIRST_NETWORKS = 8;
/** Work grows by at most this factor from one measured submit to the next. */
export const MOST_GROWTH = 1.5;
/** Steps per submit below which fixed costs show (measured: 10 steps buy nearly everything); ranges of networks shrink first. */
const HELD_STEPS = { least: 10, most: 20 } as const;

/** Submits below this share of the aim say little about the cost of work. */
const SHORT_SHARE = 0.5;
/** Below the resolution of any clock; keeps the divisions finite. */
const LEAST_STEP_MS = 1e-6;
/** How far rounding to whole steps may exceed the aim. */
const ROUNDING = 4 / 3;
const HALVING_WINDOW_MS = 60_000;
const LOSSES_TO_HALVE = 2;
/** Losses further apart than this have causes of their own: a closed lid, a driver update. */
const GIVE_UP_WINDOW_MS = 600_000;
const LOSSES_TO_GIVE_UP = 4;

export function createBudget(): SubmitBudget {
  return { measured: null, share: 1, losses: [], givenUp: false };
}

/**
 * Plans the next submit. Networks are split before steps: when not all networks fit, a range of them takes 10–20 steps.
 * Ranges of one turn come out about equal when the caller passes how many networks are left.
 */
export function planSubmit(budget: SubmitBudget, wanted: WorkWanted): SubmitPlan {
  const { networks, stepsWanted } = wanted;
  if (networks <= 0 || stepsWanted <= 0) return { networks: 0, steps: 0, predictedMs: 0 };
  const { measured } = budget;
  const aim = AIM_MS * budget.share;
  const few = Math.min(networks, FIRST_NETWORKS);
  if (!measured) return { networks: few, steps: 1, predictedMs: null };
  /** Networks whose `steps` steps are expected within the aim. */
  const fitting = (steps: number): number => (aim * measured.networks) / (steps * measured.stepMs);
  const held = Math.min(stepsWanted, HELD_STEPS.least);
  const most = Math.max(Math.min(measured.mostWork / held, fitting(held)), Math.min(few, fitting(1)));
  const range = evenShare(networks, clampedFloor(most, networks));
  const expectedMs = measured.stepMs * (range / measured.networks);
  const boundMs = measured.stepMs * Math.max(1, range / measured.networks);
  // Rounded, for 1.5 must lead from one step to two: at most a third above the aim.
  const fittingSteps = Math.max(1, Math.round(aim / expectedMs));
  const allowed = Math.min(measured.mostWork / range, fittingSteps, (MOST_MS * budget.share) / boundMs);
  const steps = clampedFloor(allowed, range < networks ? Math.min(stepsWanted, HELD_STEPS.most) : stepsWanted);
  // What whole steps leave over goes into more networks.
  const wider = Math.min(measured.mostWork / steps, fitting(steps));
  const taken = range < networks && wider > range ? evenShare(networks, clampedFloor(wider, networks)) : range;
  return { networks: taken, steps, predictedMs: steps * measured.stepMs * (taken / measured.networks) };
}

/** Learns from a finished submit. Submits of nothing, or of no finite time, teach nothing. */
export function observeSubmit(budget: SubmitBudget, submit: SubmitMeasured): SubmitBudget {
  const { networks, steps, ms } = submit;
  if (networks <= 0 || steps <= 0 || !(ms >= 0 && ms < Infinity)) return budget;
  const before = budget.measured;
  const expectedMs = before ? before.stepMs * (networks / before.networks) : 0;
  const stepMs = Math.max(ms / steps, expectedMs / 2, LEAST_STEP_MS);
  const work = networks * steps;
  // One more step of a few networks is always open: 1.5 alone would never lead from one step to two.
  const grown = Math.max(MOST_GROWTH * work, work + Math.min(networks, FIRST_NETWORKS));
  const fitting = (ROUNDING * AIM_MS * budget.share * networks) / stepMs;
  // What was allowed before stays allowed while it fits, so that a short last range does not undo the growth.
  const mostWork = Math.min(Math.max(grown, before?.mostWork ?? 0), Math.max(1, fitting));
  const after = { networks, stepMs, mostWork };
  if (!before || ms >= SHORT_SHARE * AIM_MS * budget.share) return { ...budget, measured: after };
  // A short submit is mostly launch cost: it may allow more work, never less.
  const dearer = after.stepMs * before.networks > before.stepMs * after.networks;
  return { ...budget, measured: { ...(dearer ? before : after), mostWork: Math.max(before.mostWork, mostWork) } };
}

/** Counts a device loss at `nowMs`: the next device starts small, and with half the budget after 2 losses within a minute. */
export function observeLoss(budget: SubmitBudget, nowMs: number): SubmitBudget {
  const losses = [...budget.losses, nowMs].filter((time) => nowMs - time <= GIVE_UP_WINDOW_MS);
  const recent = losses.filter((time) => nowMs - time <= HALVING_WINDOW_MS).length;
  return {
    ...budget,
    measured: null,
    share: recent >= LOSSES_TO_HALVE ? budget.share / 2 : budget.share,
    losses,
    givenUp: budget.givenUp || losses.length >= LOSSES_TO_GIVE_UP,
  };
}

/** An integer 1 … most, the largest that is at most `value`. */
function clampedFloor(value: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(value)));
}

/** `networks` in the fewest equal shares of at most `most` each. */
function evenShare(networks: number, most: number): number {
  return Math.ceil(networks / Math.ceil(networks / most));
}
