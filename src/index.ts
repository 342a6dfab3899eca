// The headless library: `import { parseSweep, runSweep, predictSweep, theory } from 'phase-atlas'`.
// No side effects, safe on a server.

import { catalog } from './catalog.ts';
import { InputError, quoted } from './core/errors.ts';
import type { Film } from './core/film.ts';
import { parseSweep as parseSweepWith } from './core/parse-sweep.ts';
import { type Provenance, parseResult as parseResultWith, type Result, type ResultJson, resultOf } from './core/result.ts';
import { labelsOf } from './core/result-labels.ts';
import type { TheoryRecord } from './core/result-theory.ts';
import type { Sweep } from './core/sweep.ts';
import { sweepJsonSchema } from './core/sweep-schema.ts';
import type { Theory } from './core/theory.ts';
import { type FrozenKernels, frozenKernels as frozenKernelsOf } from './engine/frozen-kernel.ts';
import { openSession, type Session, type SessionOptions } from './engine/session.ts';
import { chooseTheory, refusalEverywhere } from './engine/theory-choice.ts';
import { compareWithTheory, type PredictionOptions, solveSweep } from './engine/theory-comparison.ts';
import { sharedObservables, type TheoryFilm } from './engine/theory-film.ts';

export { type ConnectivityPicture, connectivityPicture } from './analysis/connectivity-picture.ts';
export type { Finding } from './analysis/finding.ts';
export { formatReport } from './analysis/finding.ts';
export { type AnalysisOptions, analyse } from './analysis/report.ts';
export type { Catalog } from './core/catalog.ts';
export type { PhaseDiagram } from './core/diagram.ts';
export { reduceFrame } from './core/diagram.ts';
export type { Family } from './core/family.ts';
export type { Film } from './core/film.ts';
export type { Observable } from './core/observable.ts';
export type { Outcome } from './core/outcome.ts';
export type { Preset } from './core/preset.ts';
export type { Provenance, Result, ResultJson } from './core/result.ts';
export type { TheoryObservable, TheoryRecord, WorstDifference } from './core/result-theory.ts';
export type { Axis, Stage, Sweep } from './core/sweep.ts';
export type { Task } from './core/task.ts';
export type { Boundary, Solution, Theory, TheoryNetwork, TheoryPlane, TheorySetting } from './core/theory.ts';
export type { FrozenKernels, FrozenRun } from './engine/frozen-kernel.ts';
export type { Session } from './engine/session.ts';
export type { Progress, Snapshot, Timings } from './engine/snapshot.ts';
export type { TheoryFilm } from './engine/theory-film.ts';
export type { EngineInfo, Inspection } from './engine/trainer.ts';
export { forgetFile, registerFile } from './tasks/files.ts';
export type { LinearNetwork, LinearSolution } from './theory/closed-forms.ts';
export { theory } from './theory/closed-forms.ts';
export { version } from './version.ts';
export { catalog, InputError };

/** All theories: records that say for which cells of a sweep they hold, and solve the networks of those. */
export const theories: readonly Theory[] = catalog.theories;

/**
 * A complete Sweep from untrusted JSON, defaults filled in. Throws InputError, which says what is wrong and what would be right.
 */
export function parseSweep(json: unknown): Sweep {
  return parseSweepWith(json, catalog);
}

/** The JSON Schema (draft 2020-12) of sweeps, made from the catalog's own records. */
export function sweepSchema(): ReturnType<typeof sweepJsonSchema> {
  return sweepJsonSchema(catalog);
}

/** The film and the provenance of a stored result, every length and number checked. Throws InputError. */
export function parseResult(json: unknown): Result {
  return parseResultWith(json, catalog);
}

/** A film as a JSON document that `parseResult` reads back, with what `compareTheory` found where a theory was laid beside it. */
export function toResult(film: Film, provenance: Provenance, theory: TheoryRecord | null = null): ResultJson {
  return resultOf(film, catalog.observables, provenance, theory, labelsOf(film.sweep, catalog));
}

export type RunOptions = Omit<SessionOptions, 'catalog' | 'clock'>;

/**
 * Trains a sweep: iterate the session for Snapshots while its film fills. Runs on the page's WebGPU unless `gpu` (in Node, from
 * the package `webgpu`) or `engine: 'reference'` is given. Nothing runs before the first iteration; `dispose` frees what is left.
 */
export function runSweep(sweep: Sweep, options: RunOptions = {}): Session {
  return openSession(sweep, { ...options, catalog });
}

/**
 * Trains chosen networks of a sweep once more, in float64 and without a GPU, with their tangent kernel frozen: at the initial
 * weights, or at weights that `Session.inspect` gave. Throws InputError for a sweep of stages; `train` rejects with one for Adam
 * and for networks whose gradients are too many to hold.
 */
export function frozenKernels(sweep: Sweep): FrozenKernels {
  return frozenKernelsOf(sweep, catalog);
}

export interface PredictOptions extends PredictionOptions {
  /** Id of a theory; left out, the first that holds in any cell and predicts what the sweep measures. */
  readonly theory?: string;
}

/**
 * Solves every network of a sweep exactly, from the starts that `runSweep` draws, without training and without a GPU. The film
 * has the layout of a simulated one, NaN where the theory does not hold: `refusals` say why. Throws InputError where no theory
 * holds in any cell, or not the named one.
 */
export async function predictSweep(sweep: Sweep, { theory: id, ...options }: PredictOptions = {}): Promise<TheoryFilm> {
  const where = 'predictSweep.theory';
  const named = theories.find((candidate) => candidate.id === id);
  if (id !== undefined && named === undefined) {
    throw new InputError(where, `expected one of ${theories.map((own) => own.id).join(', ')}, got ${quoted(id)}`);
  }
  const refusal = named === undefined ? null : refusalEverywhere(sweep, named);
  if (refusal !== null) throw new InputError(where, `expected a theory that holds for this sweep, got ${quoted(id)}`, refusal);
  const telling = theories.filter((own) => sharedObservables(sweep, own).length > 0);
  const chosen = named ?? chooseTheory(sweep, telling)?.theory;
  if (chosen === undefined)
    throw new InputError(where, 'expected a sweep of which some theory predicts an observable, got another');
  return solveSweep(sweep, catalog, chosen, options);
}

/** The largest |simulation − theory| of every observable that both films have, and the theory's means: what `toResult` keeps. */
export function compareTheory(simulation: Film, predicted: TheoryFilm): TheoryRecord {
  return compareWithTheory(simulation, predicted, catalog.observables);
}
