// The words that a result carries so that it can be drawn where no catalog is: title, names and symbols of axes and observables,
// boundaries. Written by result.ts, read with it and by stored-result.ts; decides nothing about numbers.

import { type Catalog, parametersOf } from './catalog.ts';
import { InputError } from './errors.ts';
import type { Observable } from './observable.ts';
import { copyPlain, type Json, type JsonObject, readName, readNumber, readObject, readText, unknownName } from './plain-json.ts';
import type { Sweep } from './sweep.ts';

/** What an axis is called. Texts of at most 200 characters. */
export interface AxisLabel {
  readonly label: string;
  readonly symbol: string;
}

/** What an observable is called, and what drawing needs to know of it. */
export interface ObservableLabel extends AxisLabel {
  /** Ends of its possible values; null where there is no end. */
  readonly range: readonly [number | null, number | null];
  readonly role: Observable['role'];
  readonly threshold?: number;
  readonly richSide?: 'above' | 'below';
}

export interface ResultLabels {
  /** Empty where the sweep has none. */
  readonly title: string;
  /** By parameter, for every axis. */
  readonly axes: Readonly<Record<string, AxisLabel>>;
  /** By id, for every observable. */
  readonly observables: Readonly<Record<string, ObservableLabel>>;
}

const MOST = 200;
const end = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The labels of a sweep; axes that the catalog does not know are called by their parameter. */
export function labelsOf(sweep: Sweep, catalog: Catalog): ResultLabels {
  const family = catalog.families.find(({ id }) => id === sweep.family);
  const task = catalog.tasks.find(({ kind }) => kind === sweep.task.kind);
  const records = family === undefined || task === undefined ? [] : parametersOf(family, task);
  const axes = sweep.axes.map(({ parameter }) => {
    const { label = parameter, symbol = '' } = records.find(({ id }) => id === parameter) ?? {};
    return [parameter, { label, symbol }] as const;
  });
  const observables = catalog.observables
    .filter(({ id }) => sweep.observables.includes(id))
    .map(({ id, label, symbol, range, role, threshold, richSide }) => {
      const rest = { ...(threshold === undefined ? {} : { threshold }), ...(richSide === undefined ? {} : { richSide }) };
      return [id, { label, symbol, range: [end(range[0]), end(range[1])], role, ...rest }] as const;
    });
  return { title: sweep.title ?? '', axes: Object.fromEntries(axes), observables: Object.fromEntries(observables) };
}

function readWords(object: JsonObject, where: string): AxisLabel {
  return { label: readText(object.label, `${where}.label`, MOST), symbol: readText(object.symbol, `${where}.symbol`, MOST) };
}

function readEnd(value: Json | undefined, where: string): number | null {
  return value === null ? null : readNumber(value, where, {});
}

function readObservable(json: Json | undefined, where: string): ObservableLabel {
  const object = readObject(json, where, ['label', 'symbol', 'range', 'role', 'threshold', 'richSide']);
  const range = Array.isArray(object.range) && object.range.length === 2 ? object.range : [];
  return {
    ...readWords(object, where),
    range: [readEnd(range[0], `${where}.range[0]`), readEnd(range[1], `${where}.range[1]`)],
    role: readName(object.role, `${where}.role`, 'role', ['order', 'error', 'quantity'] as const),
    ...(object.threshold === undefined ? {} : { threshold: readNumber(object.threshold, `${where}.threshold`, {}) }),
    ...(object.richSide === undefined
      ? {}
      : { richSide: readName(object.richSide, `${where}.richSide`, 'side', ['above', 'below'] as const) }),
  };
}

/** One label for each of `names`, and for nothing else. */
function readEach<Label>(
  json: Json | undefined,
  where: string,
  names: readonly string[],
  read: (json: Json | undefined, where: string) => Label,
): Record<string, Label> {
  const object = readObject(json, where);
  for (const name of Object.keys(object)) if (!names.includes(name)) throw unknownName(where, 'name', name, names);
  return Object.fromEntries(
    names.map((name) => {
      if (!Object.hasOwn(object, name)) throw new InputError(where, `expected "${name}", got none`);
      return [name, read(object[name], `${where}.${name}`)];
    }),
  );
}

/** The labels of a result with these axes and observables. Throws InputError. */
export function readLabels(json: unknown, where: string, axes: readonly string[], observables: readonly string[]): ResultLabels {
  const object = readObject(copyPlain(json, where), where, ['title', 'axes', 'observables']);
  return {
    title: readText(object.title, `${where}.title`, MOST),
    axes: readEach(object.axes, `${where}.axes`, axes, (entry, place) =>
      readWords(readObject(entry, place, ['label', 'symbol']), place),
    ),
    observables: readEach(object.observables, `${where}.observables`, observables, readObservable),
  };
}
