// A sweep being edited: JSON with whatever the reader has typed, right or wrong. Only `parseSweep` judges it: see phase-controls.ts.

import { type Catalog, parametersOf } from '../core/catalog.ts';
import type { Parameter, Value } from '../core/parameter.ts';

type Json = Readonly<Record<string, unknown>>;

/** One axis as it is edited: a range, or a list of values as text. */
export interface DraftAxis {
  readonly parameter: string;
  readonly scale?: string;
  readonly from?: Value;
  readonly to?: Value;
  readonly steps?: Value;
  readonly values?: readonly Value[];
}

export interface Draft {
  readonly family: string;
  readonly task: Json;
  readonly axes: readonly DraftAxis[];
  readonly fixed: Json;
  readonly training: Json;
  readonly seeds?: Value;
  readonly observables?: readonly string[];
}

/** A sweep in JSON, seen as a draft. Takes the parts as they are: parsing comes later. */
export function draftOf(json: Json): Draft {
  const part = (key: string) => (json[key] ?? {}) as Json;
  return {
    ...json,
    family: String(json.family),
    task: part('task'),
    axes: (Array.isArray(json.axes) ? json.axes : []) as readonly DraftAxis[],
    fixed: part('fixed'),
    training: part('training'),
  };
}

/** What a text field holds as JSON: a number where it reads as one, else the text itself, which the parser will refuse by name. */
export function typedValue(text: string): Value {
  const trimmed = text.trim();
  const number = Number(trimmed.replace('−', '-'));
  return trimmed !== '' && !Number.isNaN(number) ? number : trimmed;
}

/** "8, 16, 32" as values. */
export function typedValues(text: string): Value[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(typedValue);
}

function without(object: Json, key: string): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

/** Everything that this draft could vary or fix; empty while family or task are unknown. */
export function draftParameters(draft: Draft, catalog: Catalog): readonly Parameter[] {
  const family = catalog.families.find(({ id }) => id === draft.family);
  const task = catalog.tasks.find(({ kind }) => kind === draft.task.kind);
  return family === undefined || task === undefined ? [] : parametersOf(family, task);
}

/** Sweeps another parameter on axis `index`; it is no longer fixed anywhere. */
export function withAxis(draft: Draft, index: number, parameter: Parameter): Draft {
  const { id } = parameter;
  let axis: DraftAxis;
  if (parameter.kind === 'choice') axis = { parameter: id, values: parameter.choices };
  else {
    const low = Math.max(parameter.minimum, parameter.default / (parameter.kind === 'integer' ? 4 : 100));
    const high = Math.min(parameter.maximum, parameter.default * (parameter.kind === 'integer' ? 2 : 100));
    axis =
      low > 0 && high > low
        ? { parameter: id, scale: 'log', from: parameter.kind === 'integer' ? Math.ceil(low) : low, to: high, steps: 6 }
        : { parameter: id, scale: 'linear', from: Math.max(0, parameter.minimum), to: Math.min(1, parameter.maximum), steps: 6 };
  }
  return {
    ...draft,
    axes: draft.axes.map((old, i) => (i === index ? axis : old)),
    fixed: without(draft.fixed, id),
    task: id === 'kind' ? draft.task : without(draft.task, id),
    training: without(draft.training, id),
  };
}

/** Another kind of data: options that it also takes are kept. */
export function withTask(draft: Draft, kind: string, catalog: Catalog): Draft {
  const next = { ...draft, task: { kind } };
  const known = new Set(draftParameters(next, catalog).map(({ id }) => id));
  const kept = Object.fromEntries(Object.entries(draft.task).filter(([key]) => key !== 'kind' && known.has(key)));
  return { ...next, task: { kind, ...kept } };
}

/** True where an error's place is this parameter's. `where` reads like `sweep.fixed.width`, `sweep.task.samples` or `sweep: axis "width"`. */
export function concerns(where: string, name: string): boolean {
  return where.split(/[.:[\]" ]+/).includes(name);
}
