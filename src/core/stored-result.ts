// A result file as it is drawn without the catalog: every length and every number checked, words taken from its labels.
// Does not know whether the sweep inside could be run again: parseResult in result.ts does.

import { InputError, quoted } from './errors.ts';
import { type DrawnFilm, type Film, UNKNOWN } from './film.ts';
import type { Observable } from './observable.ts';
import { OUTCOMES } from './outcome.ts';
import { copyPlain, type JsonObject, readList, readName, readNumber, readObject, readText, unknownName } from './plain-json.ts';
import type { Provenance, RESULT_FORMAT, RESULT_ORDER } from './result.ts';
import { type AxisLabel, type ResultLabels, readLabels } from './result-labels.ts';
import { fill, readNumbers, readRecord } from './result-numbers.ts';
import type { Axis } from './sweep.ts';
import { hashOfSweepJson } from './sweep-json.ts';

/** An observable as its file describes it. */
export type StoredObservable = Pick<
  Observable,
  'id' | 'label' | 'symbol' | 'description' | 'range' | 'scale' | 'role' | 'threshold' | 'richSide' | 'per' | 'classes'
>;

export interface StoredResult {
  /** Empty where the file has none. */
  readonly title: string;
  readonly film: DrawnFilm;
  /** In the order of the file. */
  readonly observables: readonly StoredObservable[];
  /** Words of the axes, by parameter. */
  readonly axes: Readonly<Record<string, AxisLabel>>;
  readonly provenance: Provenance;
}

const FORMAT: typeof RESULT_FORMAT = 'phase-atlas-result';
const ORDER: typeof RESULT_ORDER = 'row-major over (time, axis…)';
const MOST_AXES = 4;
const MOST_STEPS = 4096;
const MOST_OBSERVABLES = 64;
/** Most numbers of one observable. */
const MOST_VALUES = 2 ** 24;
const TEXTS = ['version', 'engine', 'adapter', 'kernel', 'created'] as const;

function readAxes(json: unknown): Axis[] {
  const where = 'result.axes';
  return readList(copyPlain(json, where), where, 1, MOST_AXES).map((entry, a, all) => {
    const place = `${where}[${a}]`;
    const object = readObject(entry, place, ['parameter', 'scale', 'values']);
    const parameter = readText(object.parameter, `${place}.parameter`, 100);
    if (all.some((other, b) => b < a && (other as JsonObject).parameter === parameter))
      throw new InputError(place, `expected another parameter, got ${quoted(parameter)} again`);
    const values = readList(object.values, `${place}.values`, 1, MOST_STEPS).map((value, i) =>
      typeof value === 'string' ? readText(value, `${place}.values[${i}]`, 200) : readNumber(value, `${place}.values[${i}]`, {}),
    );
    return { parameter, scale: readName(object.scale, `${place}.scale`, 'scale', ['linear', 'log', 'list']), values };
  });
}

function readTimes(json: unknown): number[] {
  const where = 'result.times';
  const times: number[] = [];
  for (const [t, entry] of readList(copyPlain(json, where), where, 2, MOST_STEPS).entries())
    times.push(readNumber(entry, `${where}[${t}]`, t === 0 ? { least: 0, most: 0 } : { above: times[t - 1] }));
  return times;
}

function readProvenance(json: unknown, sweep: JsonObject): Provenance {
  const where = 'result.provenance';
  const record = readObject(copyPlain(json, where), where, [...TEXTS, 'seconds', 'sweepHash']);
  const texts = Object.fromEntries(TEXTS.map((key) => [key, readText(record[key], `${where}.${key}`, 400)]));
  if (record.sweepHash !== hashOfSweepJson(sweep))
    throw new InputError(`${where}.sweepHash`, `expected that of its sweep, got ${quoted(record.sweepHash)}`);
  const seconds = readNumber(record.seconds, `${where}.seconds`, { least: 0 });
  return { ...(texts as Record<(typeof TEXTS)[number], string>), seconds };
}

function readOutcomes(record: Readonly<Record<string, unknown>>, count: number): Uint8Array {
  const where = 'result.outcomes';
  const names = readList(copyPlain(record.names, `${where}.names`), `${where}.names`, 1, OUTCOMES.length);
  names.forEach((name, code) => {
    if (name !== OUTCOMES[code])
      throw new InputError(`${where}.names[${code}]`, `expected "${OUTCOMES[code]}", got ${quoted(name)}`);
  });
  const codes = new Uint8Array(count);
  readNumbers(record.codes, `${where}.codes`, count).forEach((code, i) => {
    if (code !== null && !(Number.isInteger(code) && code >= 0 && code < names.length))
      throw new InputError(`${where}.codes[${i}]`, `expected null or 0 to ${names.length - 1}, got ${code}`);
    codes[i] = code ?? UNKNOWN;
  });
  return codes;
}

const STATISTICS = ['mean', 'std', 'count', 'quantiles'] as const;

/** One observable with its values. */
function readObservable(json: unknown, id: string, perCell: number, perNetwork: number, labels: ResultLabels | null) {
  const where = `result.observables.${id}`;
  const record = readRecord(json, where, ['per', 'scale', ...STATISTICS, 'values'], ['classes']);
  const per = readName(copyPlain(record.per, where), `${where}.per`, 'kind', ['network', 'cell']);
  const scale = readName(copyPlain(record.scale, where), `${where}.scale`, 'scale', ['linear', 'log', 'class']);
  for (const key of ['mean', 'std', 'count']) readNumbers(record[key], `${where}.${key}`, perCell);
  const values = new Float64Array(per === 'cell' ? perCell : perNetwork);
  fill(values, readNumbers(record.values, `${where}.values`, values.length));
  const names = scale === 'class' ? readList(copyPlain(record.classes, where), `${where}.classes`, 1, 32) : [];
  const { label, symbol, range, ...rest } = labels?.observables[id] ?? {
    label: id,
    symbol: '',
    range: [null, null],
    role: 'quantity' as const,
  };
  const observable: StoredObservable = {
    ...rest,
    id,
    label,
    symbol,
    description: '',
    per,
    scale,
    range: [range[0] ?? Number.NEGATIVE_INFINITY, range[1] ?? Number.POSITIVE_INFINITY],
    ...(names.length === 0
      ? {}
      : { classes: names.map((name, i) => ({ label: readText(name, `${where}.classes[${i}]`, 100) })) }),
  };
  return { observable, values };
}

/** A result to be drawn, from untrusted JSON. Throws InputError. */
export function parseStored(json: unknown): StoredResult {
  const head = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  if (head.format !== FORMAT)
    throw new InputError('result.format', `expected "${FORMAT}", got ${quoted(head.format)}`, 'A sweep has to be run first.');
  if (head.version !== 1)
    throw new InputError('result.version', `expected 1, got ${quoted(head.version)}`, 'Other versions need another release.');
  const keys = ['format', 'version', 'order', 'sweep', 'axes', 'times', 'observables', 'outcomes', 'provenance'];
  const root = readRecord(json, 'result', keys, ['theory', 'labels']);
  if (root.order !== ORDER) throw new InputError('result.order', `expected "${ORDER}", got ${quoted(root.order)}`);
  const sweep = readObject(copyPlain(root.sweep, 'result.sweep'), 'result.sweep');
  const seeds = readNumber(sweep.seeds, 'result.sweep.seeds', { least: 1, most: MOST_STEPS, integer: true });
  const axes = readAxes(root.axes);
  const times = readTimes(root.times);
  const cells = axes.reduce((count, { values }) => count * values.length, 1);
  const perCell = times.length * cells;
  if (perCell * seeds > MOST_VALUES)
    throw new InputError('result', `expected at most ${MOST_VALUES} networks × times, got ${perCell * seeds}`);
  const codes = readOutcomes(readRecord(root.outcomes, 'result.outcomes', ['names', 'codes']), perCell * seeds);

  const records = readRecord(root.observables, 'result.observables', [], Object.keys(root.observables ?? {}));
  const ids = Object.keys(records);
  if (ids.length < 1 || ids.length > MOST_OBSERVABLES)
    throw new InputError('result.observables', `expected 1 to ${MOST_OBSERVABLES} observables, got ${ids.length}`);
  const forbidden = ids.find((id) => !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(id) || id === 'constructor' || id === 'prototype');
  if (forbidden !== undefined) throw unknownName('result.observables', 'observable', forbidden, []);
  const swept = axes.map(({ parameter }) => parameter);
  const labels = root.labels === undefined ? null : readLabels(root.labels, 'result.labels', swept, ids);
  const read = ids.map((id) => readObservable(records[id], id, perCell, perCell * seeds, labels));
  const valuesOf = (per: 'network' | 'cell'): Film['network'] =>
    Object.fromEntries(read.filter((one) => one.observable.per === per).map(({ observable, values }) => [observable.id, values]));
  return {
    title: labels?.title ?? '',
    film: { sweep: { axes }, times, cells, seeds, network: valuesOf('network'), cell: valuesOf('cell'), outcomes: codes },
    observables: read.map(({ observable }) => observable),
    axes: labels?.axes ?? Object.fromEntries(swept.map((parameter) => [parameter, { label: parameter, symbol: '' }])),
    provenance: readProvenance(root.provenance, sweep),
  };
}
