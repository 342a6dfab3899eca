// The step rules of training as pure functions: what the float64 reference executes, and what the kernels repeat line by line
// (shaders/lib/stepping.wgsl.ts). A network is always at an accepted point; a trial is evaluated and then taken or not.

import type { Outcome } from './outcome.ts';
import type { Scaling } from './scalings.ts';
import type { Training } from './training.ts';

/** Factor on the step after an accepted attempt that met both bounds by half. Geiger et al. 2020, code. */
export const STEP_GROWTH = 1.1;
/** Divisor of the step after a rejected attempt: three growths. */
export const STEP_CUT = 1.331;
/** A step below this fraction of the elapsed time cannot be added to it in float32. */
export const STALL_FRACTION = 2 ** -22;
/** A step below this cannot be told from zero in float32 once it multiplies a gradient. */
export const SMALLEST_STEP = 1e-30;

/** Where a network stands. Times are training times. */
export interface StepState {
  time: number;
  /** Step that the next attempt of a flow will try. */
  step: number;
  outcome: Outcome;
  /** Evaluated attempts (flow) or steps taken (descent), the first evaluation of a flow not counted. */
  attempts: number;
  accepted: number;
  /** Mean training loss at the accepted point. */
  loss: number;
  /** Training samples with margin below 1 at the accepted point. */
  unmet: number;
  initialLoss: number;
  /** First time at which loss < initialLoss / 2; 0 until then. */
  halvingTime: number;
}

/**
 * First step of a flow: min(1, 1/|α|), the units of Geiger et al. 2020, simulator time; shorter where a layer's rate is above 1.
 */
export function initialStep({ outputScale, hiddenRate, outputRate }: Scaling): number {
  return Math.min(1, 1 / (Math.abs(outputScale) * Math.max(1, hiddenRate, outputRate)));
}

/** What an evaluation at a trial point found. */
export interface Trial {
  /** max over training samples and outputs of |F' − F|. */
  readonly outputChange: number;
  /** ‖g−g'‖²/(‖g‖‖g'‖) for `euler` (0 where a norm is 0); local error over (‖W−W₀‖ + step·‖g‖) for the others. */
  readonly error: number;
  readonly loss: number;
  readonly unmet: number;
  /** False where loss or gradient is not finite. */
  readonly finite: boolean;
}

/** Sets loss, halving time and outcome at a newly accepted point. */
export function settle(state: StepState, loss: number, unmet: number, training: Training): void {
  state.loss = loss;
  state.unmet = unmet;
  if (state.halvingTime === 0 && loss < 0.5 * state.initialLoss) state.halvingTime = state.time;
  const { stop } = training;
  if ((stop.margins === true && unmet === 0) || (stop.loss !== undefined && loss < stop.loss)) {
    state.outcome = 'converged';
  } else if (state.time >= training.maxTime) {
    state.outcome = stop.margins === true || stop.loss !== undefined ? 'out-of-budget' : 'converged';
  } else if (state.attempts >= training.maxSteps) {
    state.outcome = 'out-of-budget';
  }
}

/** The step that the next attempt takes: clipped so that the horizon is met exactly. */
export function attemptedStep(state: StepState, horizon: number): number {
  return Math.min(state.step, horizon - state.time);
}

/**
 * Takes or refuses a flow trial made with `attempted = attemptedStep(state, horizon)`. Returns true where the trial point becomes
 * the network's point.
 */
export function judgeTrial(
  state: StepState,
  trial: Trial,
  attempted: number,
  horizon: number,
  training: Training & { method: 'flow' },
): boolean {
  const { tolerance, outputTolerance } = training;
  const clipped = attempted < state.step;
  const taken = trial.finite && trial.outputChange < outputTolerance && trial.error < tolerance;
  state.attempts += 1;
  if (taken) {
    state.accepted += 1;
    state.time = clipped ? horizon : state.time + attempted;
    const easy = trial.outputChange < 0.5 * outputTolerance && trial.error < 0.5 * tolerance;
    if (easy && !clipped) state.step = attempted * STEP_GROWTH;
    settle(state, trial.loss, trial.unmet, training);
    return true;
  }
  state.step = attempted / STEP_CUT;
  if (state.step < STALL_FRACTION * state.time || state.step < SMALLEST_STEP) state.outcome = 'stalled';
  else if (state.attempts >= training.maxSteps) state.outcome = 'out-of-budget';
  return false;
}

/** Share of a horizon by which descent may fall short of it: the rounding of steps × learning rate in float32. */
export const HORIZON_SLACK = 1e-6;

/** True where a network has nothing to do before a later horizon. */
export function waits(state: StepState, horizon: number): boolean {
  return state.outcome !== 'running' || state.time >= horizon * (1 - HORIZON_SLACK);
}

/**
 * Takes note of an evaluation of descent at the present point, t = attempts · η, and decides whether to step from it.
 * Returns true where W ← W − η v is to be done; the state is then already at the new time.
 */
export function judgeDescent(
  state: StepState,
  evaluated: Pick<Trial, 'loss' | 'unmet' | 'finite'>,
  learningRate: number,
  training: Training,
): boolean {
  if (!evaluated.finite) {
    state.outcome = 'diverged';
    return false;
  }
  if (state.attempts === 0) state.initialLoss = evaluated.loss;
  settle(state, evaluated.loss, evaluated.unmet, training);
  if (state.outcome !== 'running') return false;
  state.attempts += 1;
  state.accepted += 1;
  state.time = state.attempts * learningRate;
  if (state.time >= training.maxTime * (1 - HORIZON_SLACK)) {
    state.outcome = training.stop.margins === true || training.stop.loss !== undefined ? 'out-of-budget' : 'converged';
  }
  return true;
}
