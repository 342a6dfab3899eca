// A film as a JSON document that can be kept, cited and shown again, and the strict way back.
// The sweep inside is sweep-json.ts's.

import type { Catalog } from './catalog.ts';
import { latestFrames, reduceFrame } from './diagram.ts';
import { InputError, quoted } from './errors.ts';
import { createFilm, type Film, UNKNOWN } from './film.ts';
import type { Observable } from './observable.ts';
import { OUTCOMES } from './outcome.ts';
import { parseSweep } from './parse-sweep.ts';
import { copyPlain, type Json, type JsonObject, readList, readNumber, readObject, readText } from './plain-json.ts';
import { type ResultLabels, readLabels } from './result-labels.ts';
import { fill, type Numbers, readNumbers, readRecord, toNumbers } from './result-numbers.ts';
import { readTheory, type TheoryJson, type TheoryRecord, theoryToJson } from './result-theory.ts';
import { type Axis, cellCount } from './sweep.ts';
import { canonicalJson, hashOfSweepJson, sweepToJson } from './sweep-json.ts';

export const RESULT_FORMAT = 'phase-atlas-result';
/** How flat arrays are laid out, as the file says it. */
export const RESULT_ORDER = 'row-major over (time, axis…)';

/** Where a result comes from. Texts of at most 400 characters. */
export interface Provenance {
  /** Version of phase-atlas. */
  readonly version: string;
  /** "WebGPU, float32" (with the form of the kernels, where it has a name) or "reference, float64, slow". */
  readonly engine: string;
  /** Adapter's own description; empty for the reference. */
  readonly adapter: string;
  /** Kernel in use; empty where there were several. */
  readonly kernel: string;
  /** Date and time of the run's end, ISO 8601. */
  readonly created: string;
  /** Wall-clock seconds of the run. */
  readonly seconds: number;
}

/** One observable in a result: (time, axis…) each, `values` (time, axis…, seed) or, for an observable per cell, (time, axis…). */
export interface ResultObservable {
  readonly per: 'network' | 'cell';
  /**
   * `log`: mean is geometric and std is that of ln. `class`: mean is the most frequent class, std the share of seeds in others.
   */
  readonly scale: Observable['scale'];
  /** What the values 0, 1, … of scale `class` mean; only there. */
  readonly classes?: readonly string[];
  readonly mean: Numbers;
  readonly std: Numbers;
  readonly count: readonly number[];
  readonly quantiles: { readonly '0.25': Numbers; readonly '0.5': Numbers; readonly '0.75': Numbers };
  readonly values: Numbers;
}

export interface ResultJson {
  readonly format: typeof RESULT_FORMAT;
  readonly version: 1;
  readonly order: typeof RESULT_ORDER;
  readonly sweep: JsonObject;
  readonly axes: readonly { readonly parameter: string; readonly scale: string; readonly values: readonly (number | string)[] }[];
  readonly times: readonly number[];
  readonly observables: Readonly<Record<string, ResultObservable>>;
  /** `codes` are indices into `names`, null where a network has not been measured: (time, axis…, seed). */
  readonly outcomes: { readonly names: readonly string[]; readonly codes: readonly (number | null)[] };
  /** Where a theory was laid beside the run; means are (time, axis…). */
  readonly theory?: TheoryJson;
  /** The words to draw it with where no catalog is; older files have none. */
  readonly labels?: ResultLabels;
  readonly provenance: Provenance & { readonly sweepHash: string };
}

const PROVENANCE_TEXTS = ['version', 'engine', 'adapter', 'kernel', 'created'] as const;

function axesToJson(axes: readonly Axis[]) {
  return axes.map(({ parameter, scale, values }) => ({ parameter, scale, values: [...values] }));
}

function classLabels({ scale, classes = [] }: Observable): { classes?: readonly string[] } {
  return scale === 'class' ? { classes: classes.map(({ label }) => label) } : {};
}

function observableToJson(film: Film, observable: Observable): ResultObservable {
  const { id, per, scale } = observable;
  const frames = film.times.map((_, frame) => reduceFrame(film, frame, observable));
  const join = (pick: (diagram: (typeof frames)[number]) => ArrayLike<number>) =>
    frames.flatMap((diagram) => toNumbers(pick(diagram)));
  return {
    per,
    scale,
    ...classLabels(observable),
    mean: join(({ mean }) => mean),
    std: join(({ std }) => std),
    count: frames.flatMap(({ count }) => Array.from(count)),
    quantiles: {
      '0.25': join(({ quantiles }) => quantiles[0]),
      '0.5': join(({ quantiles }) => quantiles[1]),
      '0.75': join(({ quantiles }) => quantiles[2]),
    },
    values: toNumbers(per === 'cell' ? film.cell[id] : film.network[id]),
  };
}

/**
 * The film as JSON, whole: every network at every time, the statistics over seeds, and what a theory says of them where one was
 * asked. With `labels` (see `labelsOf`) it can be drawn by itself.
 */
export function resultOf(
  film: Film,
  observables: readonly Observable[],
  provenance: Provenance,
  theory: TheoryRecord | null = null,
  labels: ResultLabels | null = null,
): ResultJson {
  const sweep = sweepToJson(film.sweep);
  const reduced = film.sweep.observables.map((id) => {
    const observable = observables.find((candidate) => candidate.id === id);
    if (observable === undefined) throw new Error(`result: observable ${id} of the sweep was not given`);
    return [id, observableToJson(film, observable)] as const;
  });
  return {
    format: RESULT_FORMAT,
    version: 1,
    order: RESULT_ORDER,
    sweep,
    axes: axesToJson(film.sweep.axes),
    times: [...film.times],
    observables: Object.fromEntries(reduced),
    outcomes: { names: [...OUTCOMES], codes: Array.from(film.outcomes, (code) => (code === UNKNOWN ? null : code)) },
    ...(theory === null ? {} : { theory: theoryToJson(theory) }),
    ...(labels === null ? {} : { labels }),
    provenance: { ...provenance, sweepHash: hashOfSweepJson(sweep) },
  };
}

function readSame(value: unknown, where: string, expected: Json): void {
  if (canonicalJson(copyPlain(value, where)) !== canonicalJson(expected)) {
    throw new InputError(where, `expected ${quoted(expected)} as its sweep has it, got ${quoted(value)}`);
  }
}

function readObservable(json: unknown, where: string, film: Film, observable: Observable): void {
  const cells = film.times.length * film.cells;
  const labels = classLabels(observable);
  const keys = ['per', 'scale', ...Object.keys(labels), 'mean', 'std', 'count', 'quantiles', 'values'];
  const record = readRecord(json, where, keys);
  readSame(record.per, `${where}.per`, observable.per);
  readSame(record.scale, `${where}.scale`, observable.scale);
  if (labels.classes !== undefined) readSame(record.classes, `${where}.classes`, labels.classes);
  for (const key of ['mean', 'std', 'count']) readNumbers(record[key], `${where}.${key}`, cells);
  const quantiles = readRecord(record.quantiles, `${where}.quantiles`, ['0.25', '0.5', '0.75']);
  for (const key of Object.keys(quantiles)) readNumbers(quantiles[key], `${where}.quantiles.${key}`, cells);
  const target = observable.per === 'cell' ? film.cell[observable.id] : film.network[observable.id];
  fill(target, readNumbers(record.values, `${where}.values`, target.length));
}

/** Names of a file may be the first of today's: outcomes are only ever added at the end. */
function readOutcomes(record: Readonly<Record<string, unknown>>, film: Film): void {
  const where = 'result.outcomes.names';
  const names = readList(copyPlain(record.names, where), where, 1, OUTCOMES.length);
  readSame(names, where, OUTCOMES.slice(0, names.length));
  readNumbers(record.codes, 'result.outcomes.codes', film.outcomes.length).forEach((code, i) => {
    if (code !== null && !(Number.isInteger(code) && code >= 0 && code < names.length)) {
      throw new InputError(`result.outcomes.codes[${i}]`, `expected null or 0 to ${names.length - 1}, got ${code}`);
    }
    film.outcomes[i] = code ?? UNKNOWN;
  });
}

function readProvenance(json: unknown, sweep: JsonObject): Provenance {
  const where = 'result.provenance';
  const record = readObject(copyPlain(json, where), where, [...PROVENANCE_TEXTS, 'seconds', 'sweepHash']);
  const [version, engine, adapter, kernel, created] = PROVENANCE_TEXTS.map((key) =>
    readText(record[key], `${where}.${key}`, 400),
  );
  const hash = readText(record.sweepHash, `${where}.sweepHash`, 64);
  const expected = hashOfSweepJson(sweep);
  if (hash !== expected) {
    throw new InputError(
      `${where}.sweepHash`,
      `expected ${expected}, got ${quoted(hash)}`,
      'The sweep was changed after the run.',
    );
  }
  return { version, engine, adapter, kernel, created, seconds: readNumber(record.seconds, `${where}.seconds`, { least: 0 }) };
}

export interface Result {
  readonly film: Film;
  readonly provenance: Provenance;
  /** Null where no theory was laid beside the run. */
  readonly theory: TheoryRecord | null;
}

/**
 * The film of a result, exactly as it was, its provenance and its theory. Checks format, version, the sweep, every length and
 * every number; statistics over seeds are made anew from the networks where they are needed. Throws InputError.
 */
export function parseResult(json: unknown, catalog: Catalog): Result {
  if (typeof json !== 'object' || json === null || !('format' in json) || json.format !== RESULT_FORMAT) {
    const got = typeof json === 'object' && json !== null && 'format' in json ? quoted(json.format) : 'none';
    throw new InputError('result.format', `expected "${RESULT_FORMAT}", got ${got}`, 'A sweep has to be run first.');
  }
  if (!('version' in json) || json.version !== 1) {
    const got = 'version' in json ? quoted(json.version) : 'none';
    throw new InputError('result.version', `expected 1, got ${got}`, 'Other versions need another release of phase-atlas.');
  }
  const keys = ['format', 'version', 'order', 'sweep', 'axes', 'times', 'observables', 'outcomes', 'provenance'];
  const root = readRecord(json, 'result', keys, ['theory', 'labels']);
  readSame(root.order, 'result.order', RESULT_ORDER);
  const sweep = parseSweep(root.sweep, catalog);
  const sweepJson = readObject(copyPlain(root.sweep, 'result.sweep'), 'result.sweep');
  const provenance = readProvenance(root.provenance, sweepJson);
  readSame(root.axes, 'result.axes', axesToJson(sweep.axes));
  readSame(root.times, 'result.times', [0, ...sweep.training.checkpoints]);

  // Lengths are compared before anything of their size is made.
  const outcomes = readRecord(root.outcomes, 'result.outcomes', ['names', 'codes']);
  readNumbers(outcomes.codes, 'result.outcomes.codes', (sweep.training.checkpoints.length + 1) * cellCount(sweep) * sweep.seeds);
  const measured = sweep.observables.map((id) => catalog.observables.find((candidate) => candidate.id === id) as Observable);
  const records = readRecord(root.observables, 'result.observables', sweep.observables);
  const film = createFilm(sweep, (id) => measured.some((observable) => observable.id === id && observable.per === 'cell'));
  for (const observable of measured) {
    readObservable(records[observable.id], `result.observables.${observable.id}`, film, observable);
  }
  readOutcomes(outcomes, film);
  if (root.labels !== undefined) {
    const swept = sweep.axes.map(({ parameter }) => parameter);
    readLabels(root.labels, 'result.labels', swept, sweep.observables);
  }
  return { film, provenance, theory: root.theory === undefined ? null : readTheory(root.theory, 'result.theory', film) };
}

/** True where every cell has been measured to the end of training. */
export function isComplete(film: Film): boolean {
  return latestFrames(film).every((frame) => frame === film.times.length - 1);
}
