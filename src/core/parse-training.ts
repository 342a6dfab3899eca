// Reads the `training` object of a sweep and fills in its defaults, which depend on the losses and activations of the sweep.
// Rates are parameters, not part of it: see trainingParameters in training.ts.

import { InputError } from './errors.ts';
import type { Value } from './parameter.ts';
import { spacedValues } from './parse-axis.ts';
import { type Json, type JsonObject, readBoolean, readList, readName, readNumber, readObject } from './plain-json.ts';
import {
  type Adam,
  type Descent,
  type Integrator,
  OPTIMISERS,
  type StopRules,
  TABLEAUX,
  type Training,
  trainingParameters,
} from './training.ts';

/** Most checkpoints of a sweep. */
export const MAX_CHECKPOINTS = 512;
export const DEFAULT_CHECKPOINTS = 16;
export const DEFAULT_MAX_STEPS = 100_000;
export const MAX_TIME = 1e12;
export const MAX_STEPS = 4_294_967_295;
export const MAX_BATCH_SIZE = 65_536;
const METHODS = ['flow', 'descent'] as const;
export const INTEGRATORS = Object.keys(TABLEAUX) as readonly Integrator[];
const COMMON_KEYS = ['method', 'maxTime', 'maxSteps', 'stop', 'checkpoints'] as const;
const METHOD_KEYS = {
  flow: [...COMMON_KEYS, 'integrator', 'tolerance', 'outputTolerance'],
  descent: [...COMMON_KEYS, 'optimiser', 'momentum', 'beta1', 'beta2', 'epsilon', 'batchSize'],
} as const;

/** First of the default checkpoints as a share of maxTime: sweeps over output scale spread their time scales over decades. */
const FIRST_CHECKPOINT_SHARE = 1e-4;
/** The gradient of these jumps by a finite amount however small the step, so that comparing gradients would stall the run. */
const KINKED: readonly Value[] = ['relu', 'leakyRelu', 'leaky', 'hinge'];
/** Losses that are satisfied once every margin is 1. */
const MARGIN_LOSSES: readonly Value[] = ['hinge', 'softHinge'];

/** All values that a parameter takes in the sweep; empty where there is no such parameter. */
export type ValuesTaken = (parameter: string) => readonly Value[];

/**
 * Default bounds of a flow. Smooth networks: 1e-2 on the gradient (`euler`) or 1e-3 on the local error (the others), 0.3 on the
 * outputs. Where any network of the sweep has a kink (ReLU, plain hinge): 0.1 on the outputs and, under `euler`, no bound on the
 * gradient. All networks of a sweep share one rule, so that an axis of activations compares activations and not integrators.
 * Geiger et al. 2020, code; both pairs keep order parameters within 2 %.
 */
function flowTolerances(integrator: Integrator, taken: ValuesTaken): { tolerance: number; outputTolerance: number } {
  const kinked = [...taken('activation'), ...taken('loss')].some((value) => KINKED.includes(value));
  const compared = kinked ? Number.POSITIVE_INFINITY : 1e-2;
  return { tolerance: integrator === 'euler' ? compared : 1e-3, outputTolerance: kinked ? 0.1 : 0.3 };
}

/** `count` training times in constant ratio from maxTime·1e-4 to maxTime. */
function defaultCheckpoints(maxTime: number, count = DEFAULT_CHECKPOINTS): number[] {
  return count === 1 ? [maxTime] : spacedValues('log', maxTime * FIRST_CHECKPOINT_SHARE, maxTime, count);
}

/**
 * `count` times in each stretch between `starts` (0 left out) and maxTime, log-spaced from the stretch's
 * beginning; starts included.
 */
function stagedCheckpoints(maxTime: number, starts: readonly number[], count: number): number[] {
  const times = [0, ...starts].flatMap((from, k) => {
    const to = starts[k] ?? maxTime;
    return defaultCheckpoints(to - from, count).map((time, i) => (i === count - 1 ? to : from + time));
  });
  // Where a stretch is far shorter than the time before it, its first checkpoints cannot be told from its beginning.
  return times.filter((time, i) => i === 0 || time > times[i - 1]);
}

function checkCount(count: number, where: string, got = String(count)): void {
  if (count > MAX_CHECKPOINTS) {
    throw new InputError(where, `expected at most ${MAX_CHECKPOINTS} checkpoints, got ${got}`, 'Each stage has as many.');
  }
}

function parseCheckpoints(json: Json | undefined, where: string, maxTime: number, starts: readonly number[]): number[] {
  if (json === undefined || typeof json === 'number') {
    const count =
      json === undefined ? DEFAULT_CHECKPOINTS : readNumber(json, where, { least: 1, most: MAX_CHECKPOINTS, integer: true });
    const stretches = starts.length + 1;
    checkCount(count * stretches, where, `${count} in each of ${stretches} stages`);
    return stagedCheckpoints(maxTime, starts, count);
  }
  const times = readList(json, where, 1, MAX_CHECKPOINTS).map((entry, i) =>
    readNumber(entry, `${where}[${i}]`, { above: 0, most: maxTime }, entry === 0 ? 't = 0 is always measured.' : ''),
  );
  times.forEach((time, i) => {
    if (i > 0 && time <= times[i - 1])
      throw new InputError(`${where}[${i}]`, `expected ascending times, got ${time} after ${times[i - 1]}`);
  });
  const all = [...new Set([...times, ...starts, maxTime])].sort((a, b) => a - b);
  checkCount(all.length, where, `${all.length} with the starts of stages and maxTime`);
  return all;
}

function parseStop(json: Json | undefined, where: string, fallback: StopRules): StopRules {
  if (json === undefined) return fallback;
  const object = readObject(json, where, ['loss', 'margins']);
  const margins = object.margins !== undefined && readBoolean(object.margins, `${where}.margins`);
  return {
    ...(object.loss === undefined ? {} : { loss: readNumber(object.loss, `${where}.loss`, { above: 0 }) }),
    ...(margins ? { margins: true } : {}),
  };
}

/** A bound of the flow's step; `null` in JSON stands for Infinity, which switches it off. */
function parseTolerance(json: Json | undefined, where: string, fallback: number): number {
  if (json === undefined) return fallback;
  return json === null ? Number.POSITIVE_INFINITY : readNumber(json, where, { above: 0 });
}

/** Adam's usual numbers. Kingma and Ba 2015. */
export const DEFAULT_ADAM: Adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** How descent turns gradients into steps. Options of the other optimiser are refused. */
function parseOptimiser(json: JsonObject, where: string): Pick<Descent, 'optimiser' | 'momentum' | 'adam'> {
  const optimiser =
    json.optimiser === undefined ? 'momentum' : readName(json.optimiser, `${where}.optimiser`, 'optimiser', OPTIMISERS);
  const own = optimiser === 'adam' ? ['beta1', 'beta2', 'epsilon'] : ['momentum'];
  for (const key of ['momentum', 'beta1', 'beta2', 'epsilon']) {
    if (json[key] !== undefined && !own.includes(key)) {
      const other = optimiser === 'adam' ? 'momentum' : 'adam';
      throw new InputError(where, `"${key}" belongs to optimiser "${other}", got optimiser "${optimiser}"`);
    }
  }
  const share = (key: string, usual: number) => readNumber(json[key] ?? usual, `${where}.${key}`, { least: 0, below: 1 });
  if (optimiser === 'momentum') return { momentum: share('momentum', 0) };
  const { beta1, beta2, epsilon } = DEFAULT_ADAM;
  return {
    optimiser,
    momentum: 0,
    adam: {
      beta1: share('beta1', beta1),
      beta2: share('beta2', beta2),
      epsilon: readNumber(json.epsilon ?? epsilon, `${where}.epsilon`, { above: 0 }),
    },
  };
}

/**
 * End of training. It is read before the rest, since stages are read against it.
 */
export function readMaxTime(json: JsonObject, where: string): number {
  return readNumber(
    json.maxTime,
    `${where}.maxTime`,
    { above: 0, most: MAX_TIME },
    'It is the end of training, in training time.',
  );
}

/**
 * A complete Training; rates have been taken out of `json` before. Defaults: maxSteps 100,000; 16 checkpoints,
 * log-spaced from 1e-4 of maxTime on; stop at all margins for hinge losses under flow, else at maxTime; integrator `euler` with
 * `flowTolerances`; momentum 0, full batch. With stages, which begin at `starts`, a number of checkpoints is the number in each
 * stage, log-spaced from its beginning; the starts of stages are checkpoints always.
 */
export function parseTraining(json: JsonObject, where: string, taken: ValuesTaken, starts: readonly number[] = []): Training {
  const method = readName(json.method, `${where}.method`, 'method', METHODS);
  const other = method === 'flow' ? 'descent' : 'flow';
  const known: readonly string[] = METHOD_KEYS[method];
  for (const key of Object.keys(json)) {
    if (!known.includes(key) && (METHOD_KEYS[other] as readonly string[]).includes(key)) {
      throw new InputError(where, `"${key}" belongs to method "${other}", got method "${method}"`);
    }
  }
  readObject(json, where, [...known, ...trainingParameters.map(({ id }) => id)]);
  const maxTime = readMaxTime(json, where);
  const losses = taken('loss');
  const marginLosses = losses.length > 0 && losses.every((loss) => MARGIN_LOSSES.includes(loss));
  const common = {
    maxTime,
    maxSteps:
      json.maxSteps === undefined
        ? DEFAULT_MAX_STEPS
        : readNumber(json.maxSteps, `${where}.maxSteps`, { least: 1, most: MAX_STEPS, integer: true }),
    stop: parseStop(json.stop, `${where}.stop`, method === 'flow' && marginLosses ? { margins: true } : {}),
    checkpoints: parseCheckpoints(json.checkpoints, `${where}.checkpoints`, maxTime, starts),
  };
  if (method === 'descent') {
    const { batchSize = 0 } = json;
    return {
      method,
      ...common,
      ...parseOptimiser(json, where),
      batchSize: readNumber(
        batchSize,
        `${where}.batchSize`,
        { least: 0, most: MAX_BATCH_SIZE, integer: true },
        '0 means the full batch.',
      ),
    };
  }
  const integrator =
    json.integrator === undefined ? 'euler' : readName(json.integrator, `${where}.integrator`, 'integrator', INTEGRATORS);
  const usual = flowTolerances(integrator, taken);
  const tolerance = parseTolerance(json.tolerance, `${where}.tolerance`, usual.tolerance);
  const outputTolerance = parseTolerance(json.outputTolerance, `${where}.outputTolerance`, usual.outputTolerance);
  if (tolerance === Number.POSITIVE_INFINITY && outputTolerance === Number.POSITIVE_INFINITY) {
    throw new InputError(
      where,
      'expected a finite tolerance or outputTolerance, got none',
      'The adaptive step needs one of them.',
    );
  }
  return { method, ...common, integrator, tolerance, outputTolerance };
}
