// The theory beside `phase-atlas run`: which one, solved, compared, and in words. Trains nothing.

import type { Catalog } from '../core/catalog.ts';
import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import type { TheoryObservable, TheoryRecord } from '../core/result-theory.ts';
import type { Sweep } from '../core/sweep.ts';
import { cellValues } from '../core/sweep.ts';
import type { Theory } from '../core/theory.ts';
import { chooseTheory, refusalEverywhere } from '../engine/theory-choice.ts';
import { compareWithTheory, solveSweep } from '../engine/theory-comparison.ts';
import { sharedObservables } from '../engine/theory-film.ts';
import { type Console, UsageError } from './console.ts';

/** `--theory` for none. */
const NO_THEORY = 'none';

/**
 * The theory that `--theory` names, or the first that holds for the sweep and predicts what it measures; null for none. Throws
 * UsageError for a named one that is unknown, holds nowhere or predicts nothing of it.
 */
export function theoryFor(sweep: Sweep, theories: readonly Theory[], wish: string | undefined): Theory | null {
  if (wish === NO_THEORY) return null;
  if (wish === undefined) {
    const telling = theories.filter((theory) => sharedObservables(sweep, theory).length > 0);
    return chooseTheory(sweep, telling)?.theory ?? null;
  }
  const named = theories.find(({ id }) => id === wish);
  if (named === undefined) {
    const known = [...theories.map(({ id }) => id), NO_THEORY].join(', ');
    throw new UsageError(`--theory: expected one of ${known}, got ${wish}`);
  }
  const refusal = refusalEverywhere(sweep, named);
  if (refusal !== null)
    throw new UsageError(`--theory: expected a theory that holds for this sweep, got ${wish}: ${clause(refusal)}`);
  if (sharedObservables(sweep, named).length === 0) {
    const predicted = named.observables.length === 0 ? 'boundaries only' : named.observables.join(', ');
    throw new UsageError(`--theory: expected a theory of what this sweep measures, got ${wish}, which predicts ${predicted}`);
  }
  return named;
}

/** Three digits, small numbers as powers of ten. */
const short = (value: number) =>
  value !== 0 && Math.abs(value) < 1e-2 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
/** A refusal inside a longer sentence. */
const clause = (sentence: string) => sentence.replace(/\.$/, '');

/** "t = 1.2, balance -3, width 5, seed 2". */
function placeOf({ sweep, times }: Film, frame: number, cell: number, seed: number): string {
  const values = cellValues(sweep, cell);
  const axes = sweep.axes.map(({ parameter }) => {
    const value = values[parameter];
    return `${parameter} ${typeof value === 'number' ? Number(value.toPrecision(4)) : value}`;
  });
  return [`t = ${short(times[frame])}`, ...axes, `seed ${sweep.seed + seed}`].join(', ');
}

function observableLine(
  film: Film,
  { id, scale, classes = [] }: Observable,
  { kind, worst, compared }: TheoryObservable,
): string {
  if (worst === null) return `  ${id}: nothing to compare`;
  const { difference, frame, cell, seed, simulation, theory } = worst;
  const over = `over ${compared} values`;
  if (scale === 'class' && difference === 0) return `  ${id}: the same class ${over}`;
  const value = (number: number) =>
    (scale === 'class' ? classes[number]?.label : undefined) ?? String(Number(number.toPrecision(7)));
  const apart = kind === 'relative' ? `${short(difference)} apart in ln` : `${short(difference)} apart`;
  const what = scale === 'class' ? 'another class' : `at most ${apart}`;
  return `  ${id}: ${what} ${over}, at ${placeOf(film, frame, cell, seed)}: ${value(simulation)} simulated, ${value(theory)} predicted`;
}

/** What a comparison found, in lines. */
export function theoryLines(
  film: Film,
  { label, id }: Theory,
  record: TheoryRecord,
  observables: readonly Observable[],
): string[] {
  const { exceptions, refused } = record;
  const lines = [`theory: ${label} (${id})`];
  for (const [name, found] of Object.entries(record.observables)) {
    const observable = observables.find((candidate) => candidate.id === name);
    if (observable !== undefined) lines.push(observableLine(film, observable, found));
  }
  if (exceptions > 0) {
    lines.push(`  ${exceptions} of ${film.cells * film.seeds} networks are exceptions and enter no mean of the theory`);
  }
  if (refused.cells > 0) lines.push(`  ${refused.cells} of ${film.cells} cells are not the theory’s: ${refused.reason ?? ''}`);
  return lines;
}

/** Solves the sweep of a film that has been trained, and compares. Says how far it is while it lasts. */
export async function layTheoryBeside(
  film: Film,
  theory: Theory,
  catalog: Catalog,
  signal: AbortSignal,
  console: Pick<Console, 'progress'> | null,
): Promise<TheoryRecord> {
  const solved = await solveSweep(film.sweep, catalog, theory, {
    signal,
    progress: (done, cells) => console?.progress(`theory: ${done}/${cells} cells`, done / cells),
  });
  return compareWithTheory(film, solved, catalog.observables);
}
