// What a result keeps of the theory that was laid beside it, as JSON and back. Solves and compares nothing:
// see engine/theory-comparison.ts.

import { InputError } from './errors.ts';
import type { Film } from './film.ts';
import { copyPlain, readName, readNumber, readObject, readText } from './plain-json.ts';
import { RESIDUAL_KINDS, type ResidualKind } from './residual.ts';
import { fill, type Numbers, readNumbers, readRecord, toNumbers } from './result-numbers.ts';

/** The largest residual of one observable, network by network, and where it was found. */
export interface WorstDifference {
  /** As the observable's `kind` says: |s − t| in its unit, |ln s − ln t|, or between classes 0 (the same) or 1. */
  readonly difference: number;
  /** Index into the times. */
  readonly frame: number;
  readonly cell: number;
  /** Index into the networks of the cell, 0 … seeds − 1. */
  readonly seed: number;
  readonly simulation: number;
  readonly theory: number;
}

/** One observable that a sweep measures and a theory predicts. */
export interface TheoryObservable {
  /** Mean over the seeds that the theory solved, as the simulation's: (time, cell), NaN where there is none. */
  readonly mean: Float64Array;
  /** What differences are: see `ResidualKind`. In files that do not say it, `absolute`. */
  readonly kind: ResidualKind;
  /** Null where nothing could be compared. */
  readonly worst: WorstDifference | null;
  /** Networks × times that were compared. */
  readonly compared: number;
}

/** What a theory says of a sweep, and how far the simulation is from it. */
export interface TheoryRecord {
  /** Id of the theory. */
  readonly id: string;
  /** In the order of the sweep's observables. */
  readonly observables: Readonly<Record<string, TheoryObservable>>;
  /** Networks that are exceptions to the theory and enter no mean. */
  readonly exceptions: number;
  /** Cells that the theory does not hold for, and the first reason it gave; null where it holds for all. */
  readonly refused: { readonly cells: number; readonly reason: string | null };
}

export interface TheoryJson {
  readonly id: string;
  readonly observables: Readonly<
    Record<
      string,
      { readonly mean: Numbers; readonly kind: ResidualKind; readonly worst: WorstDifference | null; readonly compared: number }
    >
  >;
  readonly exceptions: number;
  readonly refused: { readonly cells: number; readonly reason: string | null };
}

const WORST_KEYS = ['difference', 'frame', 'cell', 'seed', 'simulation', 'theory'] as const;
const KEYS = ['id', 'observables', 'exceptions', 'refused'] as const;

export function theoryToJson({ id, observables, exceptions, refused }: TheoryRecord): TheoryJson {
  const written = Object.entries(observables).map(([observable, { mean, kind, worst, compared }]) => [
    observable,
    { mean: toNumbers(mean), kind, worst, compared },
  ]);
  return { id, observables: Object.fromEntries(written), exceptions, refused };
}

function readWorst(json: unknown, where: string, film: Film): WorstDifference | null {
  const copy = copyPlain(json, where);
  if (copy === null) return null;
  const record = readObject(copy, where, WORST_KEYS);
  const index = (key: (typeof WORST_KEYS)[number], count: number) =>
    readNumber(record[key], `${where}.${key}`, { least: 0, most: count - 1, integer: true });
  return {
    difference: readNumber(record.difference, `${where}.difference`, { least: 0 }),
    frame: index('frame', film.times.length),
    cell: index('cell', film.cells),
    seed: index('seed', film.seeds),
    simulation: readNumber(record.simulation, `${where}.simulation`, {}),
    theory: readNumber(record.theory, `${where}.theory`, {}),
  };
}

/** The theory of a result whose film is `film`, every length and number checked. Throws InputError. */
export function readTheory(json: unknown, where: string, film: Film): TheoryRecord {
  const root = readRecord(json, where, KEYS);
  const text = (value: unknown, place: string, most: number) => readText(copyPlain(value, place), place, most);
  const count = (value: unknown, place: string, most: number) =>
    readNumber(copyPlain(value, place), place, { least: 0, most, integer: true });
  const measured = film.sweep.observables.filter((id) => film.network[id] !== undefined);
  const records = readRecord(root.observables, `${where}.observables`, [], measured);
  const networks = film.cells * film.seeds;
  const observables = measured
    .filter((id) => Object.hasOwn(records, id))
    .map((id) => {
      const place = `${where}.observables.${id}`;
      const record = readRecord(records[id], place, ['mean', 'worst', 'compared'], ['kind']);
      const kind = Object.hasOwn(record, 'kind')
        ? readName(copyPlain(record.kind, `${place}.kind`), `${place}.kind`, 'kind of difference', RESIDUAL_KINDS)
        : 'absolute';
      const numbers = readNumbers(record.mean, `${place}.mean`, film.times.length * film.cells);
      const mean = new Float64Array(numbers.length);
      fill(mean, numbers);
      const compared = count(record.compared, `${place}.compared`, film.times.length * networks);
      const worst = readWorst(record.worst, `${place}.worst`, film);
      if ((worst === null) !== (compared === 0)) {
        throw new InputError(
          `${place}.worst`,
          `expected ${compared === 0 ? 'null' : 'a difference'} for ${compared} comparisons`,
        );
      }
      return [id, { mean, kind, worst, compared }] as const;
    });
  const refused = readRecord(root.refused, `${where}.refused`, ['cells', 'reason']);
  return {
    id: text(root.id, `${where}.id`, 100),
    observables: Object.fromEntries(observables),
    exceptions: count(root.exceptions, `${where}.exceptions`, networks),
    refused: {
      cells: count(refused.cells, `${where}.refused.cells`, film.cells),
      reason: refused.reason === null ? null : text(refused.reason, `${where}.refused.reason`, 1000),
    },
  };
}
