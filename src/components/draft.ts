// A sweep being edited: JSON with whatever the reader has typed, right or wrong. Only `parseSweep` judges
// it: see phase-controls.ts.

import { type Catalog, parametersOf, suits } from '../core/catalog.ts';
import type { Family } from '../core/family.ts';
import type { Parameter, Value } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';

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

/**
 * What a text field holds as JSON: a number where it reads as one, else the text itself, which the parser will refuse by name.
 */
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

/** A first range for a swept parameter: all choices, or some decades around its default. */
function usualAxis(parameter: Parameter): DraftAxis {
  const { id } = parameter;
  if (parameter.kind === 'choice') return { parameter: id, values: parameter.choices };
  const whole = parameter.kind === 'integer';
  const low = Math.max(parameter.minimum, parameter.default / (whole ? 4 : 100));
  const high = Math.min(parameter.maximum, parameter.default * (whole ? 2 : 100));
  if (low > 0 && high > low) return { parameter: id, scale: 'log', from: whole ? Math.ceil(low) : low, to: high, steps: 6 };
  return { parameter: id, scale: 'linear', from: Math.max(0, parameter.minimum), to: Math.min(1, parameter.maximum), steps: 6 };
}

/** Sweeps a parameter on axis `index`, a new one where there is none yet; it is no longer fixed anywhere. */
export function withAxis(draft: Draft, index: number, parameter: Parameter): Draft {
  const { id } = parameter;
  const axes = [...draft.axes];
  axes[index] = usualAxis(parameter);
  return {
    ...draft,
    axes,
    fixed: without(draft.fixed, id),
    task: id === 'kind' ? draft.task : without(draft.task, id),
    training: without(draft.training, id),
  };
}

/** Sweeps one parameter less; it is fixed at its default from now on. */
export function withoutAxis(draft: Draft, index: number): Draft {
  return { ...draft, axes: draft.axes.filter((_, i) => i !== index) };
}

/** Tasks that a family can learn. */
export function suitableTasks(family: string, catalog: Catalog): readonly Task[] {
  const own = catalog.families.find(({ id }) => id === family);
  return own === undefined ? catalog.tasks : catalog.tasks.filter((task) => suits(own, task) && takesImages(own, task));
}

/** Families of images cannot read other data. */
function takesImages(family: Family, task: Task): boolean {
  return family.checkImage === undefined || task.imageOf !== undefined;
}

/** Image tasks give rows and columns only where they are asked for pixels. */
function asImages({ family, task }: Draft, catalog: Catalog): Json {
  const reads = catalog.families.find(({ id }) => id === family)?.checkImage !== undefined;
  const features = catalog.tasks.find(({ kind }) => kind === task.kind)?.parameters.find(({ id }) => id === 'features');
  return reads && features?.kind === 'choice' && features.choices.includes('pixels') ? { features: 'pixels' } : {};
}

function allows(parameter: Parameter, value: unknown): boolean {
  if (parameter.kind === 'choice') return parameter.choices.some((choice) => choice === value);
  return typeof value === 'number' && value >= parameter.minimum && value <= parameter.maximum;
}

/** Leaves out what a draft's family and task do not take. The first axes stay where they can; one is always left. */
function fitted(draft: Draft, catalog: Catalog): Draft {
  const parameters = draftParameters(draft, catalog);
  const allowed = ([key, value]: [string, unknown]) => parameters.some((own) => own.id === key && allows(own, value));
  const kept = (object: Json) => Object.fromEntries(Object.entries(object).filter(allowed));
  const axes = draft.axes.filter(({ parameter }) => parameters.some(({ id }) => id === parameter));
  const first = parameters.find(({ id, kind }) => kind !== 'choice' && !axes.some((axis) => axis.parameter === id));
  return {
    ...draft,
    task: { ...draft.task, ...asImages(draft, catalog) },
    fixed: kept(draft.fixed),
    axes: axes.length > 0 || first === undefined ? axes : [usualAxis(first)],
  };
}

/** Another kind of data: options that it also takes are kept. */
export function withTask(draft: Draft, kind: string, catalog: Catalog): Draft {
  const next = { ...draft, task: { kind } };
  const known = new Set(draftParameters(next, catalog).map(({ id }) => id));
  const kept = Object.fromEntries(Object.entries(draft.task).filter(([key]) => key !== 'kind' && known.has(key)));
  return fitted({ ...next, task: { kind, ...kept } }, catalog);
}

/** Another architecture, with the first task that it can learn unless it can learn the present one. */
export function withFamily(draft: Draft, family: string, catalog: Catalog): Draft {
  const sequential = catalog.families.find(({ id }) => id === family)?.sequential === true;
  const { maxTime = 1, checkpoints } = draft.training;
  // Trials are new at every step: there is no flow to follow.
  const training =
    sequential && draft.training.method === 'flow'
      ? { method: 'descent', maxTime, ...(checkpoints === undefined ? {} : { checkpoints }) }
      : draft.training;
  const next = { ...draft, family, training };
  const tasks = suitableTasks(family, catalog);
  const kind = String(draft.task.kind);
  return tasks.some((task) => task.kind === kind) || tasks.length === 0
    ? fitted(next, catalog)
    : withTask(next, tasks[0].kind, catalog);
}

/** A draft from JSON text as it is typed. Throws a SyntaxError, or a TypeError where it is no object. */
export function draftOfText(text: string): Draft {
  const json: unknown = JSON.parse(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError('a sweep is an object');
  return draftOf(json as Json);
}

/**
 * True where an error's place is this parameter's. `where` reads like `sweep.fixed.width`, `sweep.task.samples`
 * or `sweep: axis "width"`.
 */
export function concerns(where: string, name: string): boolean {
  return where.split(/[.:[\]" ]+/).includes(name);
}
