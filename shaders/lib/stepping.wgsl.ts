// The step rules in WGSL, line by line those of src/core/stepping.ts, on the record that a network keeps in `progress`.
// Needs `var<storage, read_write> progress: array<u32>` in the module.

import { outcomeCode } from '../../src/core/outcome.ts';
import { PROGRESS, PROGRESS_WORDS } from '../../src/core/program.ts';
import { HORIZON_SLACK, SMALLEST_STEP, STALL_FRACTION, STEP_CUT, STEP_GROWTH } from '../../src/core/stepping.ts';
import type { Training } from '../../src/core/training.ts';
import { f32, u32, wgsl } from '../wgsl.ts';

/** Private words of the record: the stage and norm that a flow carries from attempt to attempt. */
const PRIVATE = {
  stage: PROGRESS.privateFrom,
  norm: PROGRESS.privateFrom + 1,
  primed: PROGRESS.privateFrom + 2,
  attempted: PROGRESS.privateFrom + 3,
};

const FIELDS = [
  ['time', PROGRESS.time, 'f32'],
  ['outcome', PROGRESS.outcome, 'u32'],
  ['attempts', PROGRESS.attempts, 'u32'],
  ['accepted', PROGRESS.accepted, 'u32'],
  ['loss', PROGRESS.loss, 'f32'],
  ['unmet', PROGRESS.unmet, 'f32'],
  ['halving_time', PROGRESS.halvingTime, 'f32'],
  ['initial_loss', PROGRESS.initialLoss, 'f32'],
  ['step', PROGRESS.step, 'f32'],
  ['stage', PRIVATE.stage, 'u32'],
  ['norm', PRIVATE.norm, 'f32'],
  ['primed', PRIVATE.primed, 'u32'],
  ['attempted', PRIVATE.attempted, 'f32'],
] as const;

export function steppingWgsl(training: Training): string {
  const { stop } = training;
  const limited = stop.margins === true || stop.loss !== undefined;
  const stopped = [
    ...(stop.margins === true ? ['unmet == 0.0'] : []),
    ...(stop.loss === undefined ? [] : [`loss < ${f32(stop.loss)}`]),
  ];
  const atTheEnd = u32(limited ? outcomeCode['out-of-budget'] : outcomeCode.converged);
  const within = (factor: number) => {
    if (training.method !== 'flow') return 'true';
    // Infinity switches a bound off; the other one is finite then.
    const bounds = [
      ['trial.output_change', training.outputTolerance] as const,
      ['trial.error', training.tolerance] as const,
    ].filter(([, bound]) => Number.isFinite(bound));
    return bounds.map(([name, bound]) => `${name} < ${f32(factor * bound)}`).join(' && ');
  };
  return wgsl`
struct Progress { ${FIELDS.map(([name, , type]) => `${name}: ${type}`).join(', ')} }

struct Trial { output_change: f32, error: f32, loss: f32, unmet: f32, finite: bool }

// By the bits: comparisons may take it for granted that there is no NaN.
fn is_finite_bits(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }

fn load_progress(network: u32) -> Progress {
  let base = network * ${u32(PROGRESS_WORDS)};
  return Progress(${FIELDS.map(([, word, type]) => (type === 'f32' ? `bitcast<f32>(progress[base + ${u32(word)}])` : `progress[base + ${u32(word)}]`)).join(', ')});
}

fn store_progress(network: u32, state: Progress) {
  let base = network * ${u32(PROGRESS_WORDS)};
  ${FIELDS.map(([name, word, type]) => `progress[base + ${u32(word)}] = ${type === 'f32' ? `bitcast<u32>(state.${name})` : `state.${name}`};`).join('\n  ')}
}

// True where a network has nothing to do before a later horizon.
fn waits(state: Progress, horizon: f32) -> bool {
  return state.outcome != ${u32(outcomeCode.running)} || state.time >= horizon * ${f32(1 - HORIZON_SLACK)};
}

// Sets loss, halving time and outcome at a newly accepted point.
fn settle(state: ptr<function, Progress>, loss: f32, unmet: f32) {
  (*state).loss = loss;
  (*state).unmet = unmet;
  if ((*state).halving_time == 0.0 && loss < 0.5 * (*state).initial_loss) { (*state).halving_time = (*state).time; }
  if (${stopped.length === 0 ? 'false' : stopped.join(' || ')}) {
    (*state).outcome = ${u32(outcomeCode.converged)};
  } else if ((*state).time >= ${f32(training.maxTime)}) {
    (*state).outcome = ${atTheEnd};
  } else if ((*state).attempts >= ${u32(training.maxSteps)}) {
    (*state).outcome = ${u32(outcomeCode['out-of-budget'])};
  }
}

// The step that the next attempt takes: clipped so that the horizon is met exactly.
fn attempted_step(state: Progress, horizon: f32) -> f32 { return min(state.step, horizon - state.time); }

// Takes note of the first evaluation of a flow, which is not counted as an attempt.
fn prime(state: ptr<function, Progress>, loss: f32, unmet: f32, finite: bool) {
  (*state).primed = 1u;
  (*state).initial_loss = loss;
  if (!finite) { (*state).outcome = ${u32(outcomeCode.diverged)}; return; }
  settle(state, loss, unmet);
}

// Takes or refuses a flow trial; true where the trial point becomes the network's point.
fn judge_trial(state: ptr<function, Progress>, trial: Trial, attempted: f32, horizon: f32) -> bool {
  let clipped = attempted < (*state).step;
  let taken = trial.finite && ${within(1)};
  (*state).attempts += 1u;
  if (taken) {
    (*state).accepted += 1u;
    (*state).time = select((*state).time + attempted, horizon, clipped);
    if (${within(0.5)} && !clipped) { (*state).step = attempted * ${f32(STEP_GROWTH)}; }
    settle(state, trial.loss, trial.unmet);
    return true;
  }
  (*state).step = attempted / ${f32(STEP_CUT)};
  if ((*state).step < ${f32(STALL_FRACTION)} * (*state).time || (*state).step < ${f32(SMALLEST_STEP)}) {
    (*state).outcome = ${u32(outcomeCode.stalled)};
  } else if ((*state).attempts >= ${u32(training.maxSteps)}) {
    (*state).outcome = ${u32(outcomeCode['out-of-budget'])};
  }
  return false;
}

// Takes note of an evaluation of descent at t = attempts · η; true where a step is to be taken from it.
fn judge_descent(state: ptr<function, Progress>, loss: f32, unmet: f32, finite: bool, learning_rate: f32) -> bool {
  if (!finite) { (*state).outcome = ${u32(outcomeCode.diverged)}; return false; }
  if ((*state).attempts == 0u) { (*state).initial_loss = loss; }
  settle(state, loss, unmet);
  if ((*state).outcome != ${u32(outcomeCode.running)}) { return false; }
  (*state).attempts += 1u;
  (*state).accepted += 1u;
  (*state).time = f32((*state).attempts) * learning_rate;
  if ((*state).time >= ${f32(training.maxTime * (1 - HORIZON_SLACK))}) { (*state).outcome = ${atTheEnd}; }
  return true;
}
`;
}
