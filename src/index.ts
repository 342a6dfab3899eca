// The headless library: `import { parseSweep, runSweep, parseResult } from 'phase-atlas'`. No side effects, safe on a server.

import { catalog } from './catalog.ts';
import type { Film } from './core/film.ts';
import { parseSweep as parseSweepWith } from './core/parse-sweep.ts';
import { type Provenance, parseResult as parseResultWith, type Result, type ResultJson, resultOf } from './core/result.ts';
import type { Sweep } from './core/sweep.ts';
import { sweepJsonSchema } from './core/sweep-schema.ts';
import { openSession, type Session, type SessionOptions } from './engine/session.ts';

export type { Finding } from './analysis/finding.ts';
export { formatReport } from './analysis/finding.ts';
export { analyse } from './analysis/report.ts';
export type { Catalog } from './core/catalog.ts';
export type { PhaseDiagram } from './core/diagram.ts';
export { reduceFrame } from './core/diagram.ts';
export { InputError } from './core/errors.ts';
export type { Family } from './core/family.ts';
export type { Film } from './core/film.ts';
export type { Observable } from './core/observable.ts';
export type { Outcome } from './core/outcome.ts';
export type { Preset } from './core/preset.ts';
export type { Provenance, Result, ResultJson } from './core/result.ts';
export type { Axis, Stage, Sweep } from './core/sweep.ts';
export type { Task } from './core/task.ts';
export type { Session } from './engine/session.ts';
export type { Progress, Snapshot, Timings } from './engine/snapshot.ts';
export type { EngineInfo, Inspection } from './engine/trainer.ts';
export { version } from './version.ts';
export { catalog };

/** A complete Sweep from untrusted JSON, defaults filled in. Throws InputError, which says what is wrong and what would be right. */
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

/** A film as a JSON document that `parseResult` reads back. */
export function toResult(film: Film, provenance: Provenance): ResultJson {
  return resultOf(film, catalog.observables, provenance);
}

export type RunOptions = Omit<SessionOptions, 'catalog' | 'clock'>;

/**
 * Trains a sweep: iterate the session for Snapshots while its film fills. Runs on the page's WebGPU unless `gpu` (in Node, from the
 * package `webgpu`) or `engine: 'reference'` is given. Nothing runs before the first iteration; `dispose` frees what is left.
 */
export function runSweep(sweep: Sweep, options: RunOptions = {}): Session {
  return openSession(sweep, { ...options, catalog });
}
