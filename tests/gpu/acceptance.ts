// What acceptance tests share: sweeps trained on the GPU as users train them, numbers read off their films, and one printed line
// per target. Tests themselves are acceptance-*.test.ts.

import { expect } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { Film } from '../../src/core/film.ts';
import { outcomeCode } from '../../src/core/outcome.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import type { Sweep } from '../../src/core/sweep.ts';
import { openSession, type Session } from '../../src/engine/session.ts';

/** W₂W₁x with squared loss and no factors: training time is T = t/τ. */
export const LINEAR = {
  depth: 1,
  activation: 'linear',
  parametrisation: 'standard',
  predictor: 'plain',
  loss: 'squared',
} as const;

export interface Request {
  readonly task: Readonly<Record<string, unknown>>;
  readonly axes: readonly Readonly<Record<string, unknown>>[];
  readonly fixed?: Readonly<Record<string, unknown>>;
  readonly seeds?: number;
  readonly maxTime: number;
  /** Checkpoints; order and repetition do not matter. */
  readonly at: readonly number[];
  /** Bound on the local error of a step. Defaults to 1e-5. */
  readonly tolerance?: number;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly stages?: readonly Readonly<Record<string, unknown>>[];
  readonly observables: readonly string[];
  readonly family?: string;
}

export function sweepOf(request: Request): Sweep {
  const {
    family = 'fully-connected',
    task,
    axes,
    fixed = {},
    seeds = 1,
    stages = [],
    observables,
    maxTime,
    tolerance = 1e-5,
  } = request;
  const checkpoints = [...new Set(request.at)].filter((time) => time > 0 && time <= maxTime).sort((a, b) => a - b);
  const flow = { method: 'flow', integrator: 'dormand-prince', tolerance, outputTolerance: null };
  const training = { ...(request.training ?? flow), maxTime, checkpoints };
  return parseSweep({ version: 1, family, task, axes, fixed, seeds, training, stages, observables }, catalog);
}

/** Trains a sweep on the GPU; `looking` is called at every frame while the session can be inspected. */
export async function train(sweep: Sweep, looking?: (session: Session, frame: number) => Promise<void>): Promise<Film> {
  const session = openSession(sweep, { catalog, engine: 'gpu', gpu: await nodeGpu() });
  let seen = -1;
  let label = '';
  for await (const { frame, engine } of session) {
    label = engine.label;
    if (frame > seen) await looking?.(session, frame);
    seen = Math.max(seen, frame);
  }
  expect(label).toBe('WebGPU, float32');
  session.dispose();
  return session.film;
}

export const trained = (request: Request): Promise<Film> => train(sweepOf(request));

const at = (film: Film, frame: number, cell: number, seed: number) => (frame * film.cells + cell) * film.seeds + seed;

/** Index of the checkpoint nearest to a time. */
export function frameAt(film: Film, time: number): number {
  return film.times.reduce((best, own, frame) => (Math.abs(own - time) < Math.abs(film.times[best] - time) ? frame : best), 0);
}

/** Value of one network at the checkpoint nearest to `time`. */
export function valueAt(film: Film, id: string, time: number, cell = 0, seed = 0): number {
  return film.network[id][at(film, frameAt(film, time), cell, seed)];
}

/** Values of all networks of a cell, by seed. */
export function valuesAt(film: Film, id: string, time: number, cell = 0): number[] {
  return Array.from({ length: film.seeds }, (_, seed) => valueAt(film, id, time, cell, seed));
}

/** Seeds of a cell that are obstructed at the end. */
export function obstructedSeeds(film: Film, cell: number): number[] {
  const last = film.times.length - 1;
  return Array.from({ length: film.seeds }, (_, seed) => seed).filter(
    (seed) => film.outcomes[at(film, last, cell, seed)] === outcomeCode.obstructed,
  );
}

/** First time after `from` at which a curve given at the film's times passes `level`, interpolated; NaN where it never does. */
export function crossing(times: readonly number[], curve: readonly number[], level: number, from = 0): number {
  for (let n = 1; n < times.length; n++) {
    if (times[n - 1] < from) continue;
    const [a, b] = [curve[n - 1] - level, curve[n] - level];
    if (Number.isFinite(a) && Number.isFinite(b) && a !== b && a <= 0 !== b <= 0) {
      return times[n - 1] + (a / (a - b)) * (times[n] - times[n - 1]);
    }
  }
  return Number.NaN;
}

/** One network's curve at all times. */
export function curveOf(film: Film, id: string, cell = 0, seed = 0): number[] {
  return film.times.map((_, frame) => film.network[id][at(film, frame, cell, seed)]);
}

/** `count` numbers from `from` to `to` in equal steps. */
export const steps = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
export const rms = (values: readonly number[]): number => Math.sqrt(mean(values.map((value) => value * value)));

/** Least-squares slope of ln y over ln x. */
export function logSlope(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const [mu, mv] = [mean(u), mean(v)];
  return mean(u.map((value, n) => (value - mu) * (v[n] - mv))) / mean(u.map((value) => (value - mu) ** 2));
}

const digits = (value: number) =>
  value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(5)));

/** A measured number, what it must be, and how far it may be from that. */
export interface Target {
  readonly name: string;
  readonly measured: number;
  readonly target: number;
  /** Largest |measured − target|. */
  readonly tolerance: number;
}

/** Prints measured, target and share of the tolerance of every row, and fails where a share exceeds 1. */
export function meet(...rows: readonly Target[]): void {
  const wrong: string[] = [];
  for (const { name, measured, target, tolerance } of rows) {
    const share = Math.abs(measured - target) / tolerance;
    console.log(
      `${name}: measured ${digits(measured)}, target ${digits(target)} ± ${digits(tolerance)}, used ${(100 * share).toFixed(0)} %`,
    );
    if (!(share <= 1)) wrong.push(`${name}: expected ${target} ± ${tolerance}, got ${measured}`);
  }
  expect(wrong).toEqual([]);
}

/** As `meet` for relative tolerances. */
export function near(name: string, measured: number, target: number, relative: number): Target {
  return { name, measured, target, tolerance: relative * Math.abs(target) };
}

/** As `meet` for a number between two bounds. */
export function between(name: string, measured: number, low: number, high: number): Target {
  return { name, measured, target: (low + high) / 2, tolerance: (high - low) / 2 };
}

/** As `meet` for a number ≥ 0 below a bound. */
export function below(name: string, measured: number, bound: number): Target {
  return { name, measured, target: 0, tolerance: bound };
}

/** Times around a moment: share·time for every share. */
export const around = (time: number, shares: readonly number[] = [0.97, 1, 1.03]): number[] =>
  shares.map((share) => share * time);
