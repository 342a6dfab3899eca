// A whole sweep solved by a theory, and what is left between that and its simulation. For the command line and the library; a
// page follows both while they go on: see theory-client.ts.

import type { Catalog } from '../core/catalog.ts';
import { reduceFrame } from '../core/diagram.ts';
import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import type { TheoryObservable, TheoryRecord, WorstDifference } from '../core/result-theory.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Theory } from '../core/theory.ts';
import { wallClock } from '../gpu/clock.ts';
import { createTheoryFilm, enterPrediction, Residuals, type TheoryFilm } from './theory-film.ts';
import { restForEvents, runInSlices } from './theory-run.ts';
import { createTheorySolver } from './theory-solver.ts';

/** Longest stretch of work before events have their turn, ms. */
const SLICE_MS = 20;

export interface PredictionOptions {
  /** Ends the work early: cells that have not been solved by then stay unknown. */
  readonly signal?: AbortSignal;
  /** Told now and then how many cells have been solved or refused. */
  progress?(done: number, cells: number): void;
}

/** Solves all networks of a sweep from the starts that a simulation draws; needs no GPU. Throws what the sweep's task throws. */
export async function solveSweep(
  sweep: Sweep,
  catalog: Catalog,
  theory: Theory,
  { signal, progress }: PredictionOptions = {},
): Promise<TheoryFilm> {
  const film = createTheoryFilm(sweep, theory);
  if (signal?.aborted === true) return film;
  const run = runInSlices(createTheorySolver(sweep, catalog, theory), {
    clock: wallClock,
    sliceMs: SLICE_MS,
    rest: restForEvents,
  });
  const stop = () => run.dispose();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await run.cells((portion) => {
      for (const prediction of portion) enterPrediction(film, prediction);
      progress?.(film.done, film.cells);
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    run.dispose();
  }
  return film;
}

/** Means of a theory: (time, cell). A theory of limits speaks of the last time only. */
function meansOf(theory: TheoryFilm, observable: Observable): Float64Array {
  const { times, cells } = theory;
  const means = new Float64Array(times.length * cells).fill(Number.NaN);
  for (let frame = theory.reach === 'limit' ? times.length - 1 : 0; frame < times.length; frame++) {
    means.set(reduceFrame(theory, frame, observable).mean, frame * cells);
  }
  return means;
}

function compareObservable(simulation: Film, theory: TheoryFilm, observable: Observable): TheoryObservable {
  const { id } = observable;
  const residuals = new Residuals(simulation, theory, observable);
  for (let frame = 0; frame < simulation.times.length; frame++) residuals.refresh(frame, 1);
  const compared = residuals.film.network[id].reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  const place = residuals.worst;
  let worst: WorstDifference | null = null;
  if (place !== null) {
    const { value: difference, frame, cell, seed } = place;
    const at = (frame * simulation.cells + cell) * simulation.seeds + seed;
    worst = { difference, frame, cell, seed, simulation: simulation.network[id][at], theory: theory.network[id][at] };
  }
  return { mean: meansOf(theory, observable), kind: residuals.kind, worst, compared };
}

/**
 * What a theory says of a sweep, and the largest residual of every observable that both have, over all networks and times at
 * which both speak of the same moment: |ln s − ln t| where it is drawn on a logarithmic scale, |s − t| where it is not.
 * `observables` are those of the catalog.
 */
export function compareWithTheory(simulation: Film, theory: TheoryFilm, observables: readonly Observable[]): TheoryRecord {
  const shared = Object.keys(theory.network).flatMap((id) => observables.filter((candidate) => candidate.id === id));
  const refusals = theory.refusals.filter((refusal) => refusal !== null);
  return {
    id: theory.theory,
    observables: Object.fromEntries(
      shared.map((observable) => [observable.id, compareObservable(simulation, theory, observable)]),
    ),
    exceptions: theory.exceptions.filter((exception) => exception !== null).length,
    refused: { cells: refusals.length, reason: refusals[0] ?? null },
  };
}
