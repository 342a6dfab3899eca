// What tests of staged sweeps share: two-layer linear networks on the reference engine, and their values at a time.

import { expect } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import type { Film } from '../../../src/core/film.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { openSession } from '../../../src/engine/session.ts';

export const linear = { depth: 1, activation: 'linear', parametrisation: 'standard', predictor: 'plain', loss: 'squared' };

export interface Request {
  readonly task: Record<string, unknown>;
  readonly axes: readonly Record<string, unknown>[];
  readonly fixed: Record<string, unknown>;
  readonly maxTime: number;
  readonly checkpoints: readonly number[] | number;
  readonly stages: readonly Record<string, unknown>[];
  readonly seeds?: number;
  readonly tolerance?: number;
  readonly observables?: readonly string[];
}

export function sweepOf({
  maxTime,
  checkpoints,
  tolerance = 1e-9,
  fixed,
  observables = ['trainingLoss', 'testLoss'],
  ...rest
}: Request) {
  const times = typeof checkpoints === 'number' ? checkpoints : [...new Set(checkpoints)].sort((a, b) => a - b);
  const training = {
    method: 'flow',
    maxTime,
    checkpoints: times,
    integrator: 'dormand-prince',
    tolerance,
    outputTolerance: null,
  };
  return parseSweep(
    { version: 1, family: 'fully-connected', fixed: { ...linear, ...fixed }, training, observables, ...rest },
    catalog,
  );
}

/** Trains in float64. */
export async function run(request: Request): Promise<Film> {
  const session = openSession(sweepOf(request), { catalog, engine: 'reference' });
  for await (const { progress } of session) expect(progress.fraction).toBeLessThanOrEqual(1);
  session.dispose();
  return session.film;
}

/** Value of an observable of one network; the time must be a checkpoint. */
export function valueAt(film: Film, id: string, time: number, cell: number, seed = 0): number {
  const frame = film.times.indexOf(time);
  expect(frame, `checkpoint ${time} of ${film.times.join(', ')}`).toBeGreaterThanOrEqual(0);
  return film.network[id][(frame * film.cells + cell) * film.seeds + seed];
}

/** Outcomes of a cell's networks, as codes. */
export function outcomesAt(film: Film, frame: number, cell: number): number[] {
  const first = (frame * film.cells + cell) * film.seeds;
  return [...film.outcomes.subarray(first, first + film.seeds)];
}
