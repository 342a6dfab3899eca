// The border: turns untrusted JSON into a Sweep, or says in one sentence what is wrong with it. Nothing behind it checks again.
// Writing a Sweep back is sweep-json.ts; the published schema is sweep-schema.ts; caps on its size are caps.ts.

import { type Catalog, parametersOf, scalarOptionsOf, suits } from './catalog.ts';
import { InputError } from './errors.ts';
import type { Family } from './family.ts';
import { DOMAIN_NEEDS } from './observable.ts';
import type { Parameter, Value, Values } from './parameter.ts';
import { AXIS_KEYS, parseAxis } from './parse-axis.ts';
import { OWN, parseConnectivity, requireConnectivity } from './parse-connectivity.ts';
import { parseInitialisation } from './parse-initialisation.ts';
import { parseStages } from './parse-stages.ts';
import { parseTraining, readMaxTime } from './parse-training.ts';
import { parseValue } from './parse-value.ts';
import {
  copyPlain,
  type Json,
  type JsonObject,
  readBoolean,
  readList,
  readNumber,
  readObject,
  readText,
  unknownName,
} from './plain-json.ts';
import type { Axis, Sweep } from './sweep.ts';
import type { Task } from './task.ts';
import { trainingParameters } from './training.ts';

export const MAX_AXES = 4;
export const MAX_SEEDS = 4096;
export const MAX_SEED = 4_294_967_295;
export const MAX_TITLE = 200;
const SWEEP_KEYS = [
  'version',
  'title',
  'family',
  'task',
  'axes',
  'fixed',
  'seeds',
  'seed',
  'independentSeeds',
  'initialisation',
  'connectivity',
  'training',
  'stages',
  'observables',
  '$schema',
] as const;
const USUAL_OBSERVABLES: readonly string[] = ['kernelChange', 'testError'];
/** Up to so many cells every one is checked for contradictions; beyond, the corners of its numeric axes. */
const MAX_CHECKED_CELLS = 4096;

function found<Member>(
  members: readonly Member[],
  nameOf: (member: Member) => string,
  name: Json | undefined,
  where: string,
  noun: string,
) {
  const text = readText(name, where);
  const member = members.find((candidate) => nameOf(candidate) === text);
  if (member === undefined) throw unknownName(where, noun, text, members.map(nameOf));
  return member;
}

function checkVersion(json: JsonObject): void {
  if (json.format !== undefined) {
    throw new InputError(
      'sweep',
      `expected a sweep, got a document of format ${JSON.stringify(json.format)}`,
      'A result loads where results are opened.',
    );
  }
  if (json.version === 1) return;
  const got = json.version === undefined ? 'none' : JSON.stringify(json.version);
  throw new InputError('sweep.version', `expected 1, got ${got}`, 'Other versions need another release of phase-atlas.');
}

/** Values by parameter id that remember where they were given, so that a second mention can name the first. */
function collector(parameters: readonly Parameter[]) {
  const places = new Map<string, string>();
  const values = new Map<string, Value>();
  return {
    values,
    parameterAt(id: string, where: string): Parameter {
      const parameter = parameters.find((candidate) => candidate.id === id);
      if (parameter === undefined)
        throw unknownName(
          where,
          'parameter',
          id,
          parameters.map((known) => known.id),
        );
      return parameter;
    },
    claim(id: string, where: string): void {
      const earlier = places.get(id);
      if (earlier !== undefined)
        throw new InputError(where, `parameter "${id}" is already given by ${earlier}`, 'Sweep it or fix it, once.');
      places.set(id, where);
    },
  };
}

function parseAxes(json: Json | undefined, given: ReturnType<typeof collector>, method: Json | undefined): Axis[] {
  const hint = 'An axis is a swept parameter.';
  if (Array.isArray(json) && (json.length < 1 || json.length > MAX_AXES)) {
    throw new InputError('sweep.axes', `expected 1 to ${MAX_AXES} axes, got ${json.length}`, hint);
  }
  return readList(json, 'sweep.axes', 1, MAX_AXES).map((entry, i) => {
    const object = readObject(entry, `sweep.axes[${i}]`, AXIS_KEYS);
    const id = readText(object.parameter, `sweep.axes[${i}].parameter`);
    const parameter = given.parameterAt(id, `sweep.axes[${i}]`);
    const where = `sweep: axis "${id}"`;
    given.claim(id, where);
    if (id === 'learningRate' && method === 'flow') {
      throw new InputError(where, 'expected method "descent", got "flow"', 'Gradient flow chooses its own steps.');
    }
    return parseAxis(object, parameter, where);
  });
}

/** The task's own object: scalar options are collected, the others are its settings. */
function parseTask(json: JsonObject, task: Task, given: ReturnType<typeof collector>): Record<string, unknown> {
  const scalars = scalarOptionsOf(task);
  const names = task.settings ?? [];
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    if (key === 'kind') continue;
    const where = `sweep.task.${key}`;
    const option = scalars.find(({ id }) => id === key);
    if (option !== undefined) {
      given.claim(key, where);
      given.values.set(key, parseValue(value, option, where));
    } else if (names.includes(key)) settings[key] = value;
    else throw unknownName('sweep.task', `option of task "${task.kind}"`, key, [...scalars.map(({ id }) => id), ...names]);
  }
  return settings;
}

function parseObservables(json: Json | undefined, { observables }: Catalog): string[] {
  const known = observables.map(({ id }) => id);
  if (json === undefined) {
    const usual = USUAL_OBSERVABLES.filter((id) => known.includes(id));
    return usual.length > 0 ? usual : known.slice(0, 1);
  }
  const ids = readList(json, 'sweep.observables', 1, Math.max(1, known.length)).map(
    (entry, i) => found(observables, ({ id }) => id, entry, `sweep.observables[${i}]`, 'observable').id,
  );
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i)
      throw new InputError(`sweep.observables[${i}]`, `expected each observable once, got "${id}" again`);
  });
  return ids;
}

/** Refuses an observable that sums over what a network of these values does not have. */
function checkDomains(sweep: Sweep, family: Family, values: Values, { observables }: Catalog): void {
  const offered = family.domains(values);
  sweep.observables.forEach((id, i) => {
    const terms = observables.find((observable) => observable.id === id)?.terms ?? [];
    const missing = terms.find(({ domain }) => !offered.includes(domain));
    if (missing === undefined) return;
    const cell = sweep.axes.map(({ parameter }) => `${parameter} = ${String(values[parameter])}`).join(', ');
    throw new InputError(
      `sweep.observables[${i}]`,
      `expected what every cell can be measured by, got "${id}"`,
      `It needs ${DOMAIN_NEEDS[missing.domain]}, which family "${family.id}" does not have in the cell ${cell}.`,
    );
  });
}

/** Refuses an optimiser that the family's kernels do not have. */
function checkOptimiser({ training }: Sweep, { id, optimisers = ['momentum'] }: Family): void {
  const optimiser = training.method === 'descent' ? (training.optimiser ?? 'momentum') : 'momentum';
  if (optimisers.includes(optimiser)) return;
  throw new InputError(
    'sweep.training.optimiser',
    `expected ${optimisers.join(' or ')} for family "${id}", got "${optimiser}"`,
    'Its kernels do not have others yet.',
  );
}

/**
 * Values of each axis whose cells are checked: all in small sweeps, else the ends of spaced axes,
 * and of lists too where they are long.
 */
function checkedValues({ axes }: Sweep): (readonly Value[])[] {
  const ends = ({ values }: Axis): readonly Value[] => [...new Set([values[0], values[values.length - 1]])];
  const count = (lists: readonly (readonly Value[])[]) => lists.reduce((product, list) => product * list.length, 1);
  const all = axes.map(({ values }) => values);
  if (count(all) <= MAX_CHECKED_CELLS) return all;
  const lists = axes.map((axis) => (axis.scale === 'list' ? axis.values : ends(axis)));
  return count(lists) <= MAX_CHECKED_CELLS
    ? lists
    : axes.map((axis) => (typeof axis.values[0] === 'string' ? axis.values : ends(axis)));
}

/** Lets the family look for contradictions in every cell, or, in large sweeps, at the corners of numeric axes. */
function checkCells(sweep: Sweep, family: Family, task: Task, catalog: Catalog): void {
  const checked = checkedValues(sweep);
  const visit = (a: number, values: Values): void => {
    if (a === sweep.axes.length) {
      family.check(values);
      for (const { values: changed } of [{ values: {} }, ...sweep.stages.map((stage) => stage.task)]) {
        family.checkImage?.(values, task.imageOf?.({ ...values, ...changed }));
      }
      checkDomains(sweep, family, values, catalog);
      return;
    }
    for (const value of checked[a]) visit(a + 1, { ...values, [sweep.axes[a].parameter]: value });
  };
  visit(0, sweep.fixed);
}

/**
 * A valid, complete Sweep from JSON. Required: version, family, task.kind, axes, training.method, training.maxTime. Defaults:
 * seeds 1, seed 0, common random numbers, observables `kernelChange` and `testError`, parameters as their records say, training
 * as `parseTraining` says. Scalar options of the task may stand in `task`, `fixed` or an axis; rates in `training`, `fixed` or an
 * axis. `$schema`, for editors, is passed over. Throws InputError.
 */
export function parseSweep(json: unknown, catalog: Catalog): Sweep {
  const root = readObject(copyPlain(json, 'sweep'), 'sweep');
  checkVersion(root);
  readObject(root, 'sweep', SWEEP_KEYS);
  const family = found(catalog.families, ({ id }) => id, root.family, 'sweep.family', 'family');
  const taskJson = readObject(root.task, 'sweep.task');
  const task = found(catalog.tasks, ({ kind }) => kind, taskJson.kind, 'sweep.task.kind', 'task');
  if (!suits(family, task)) {
    const suitable = catalog.tasks.filter((one) => suits(family, one)).map(({ kind }) => kind);
    const sort = family.sequential === true ? 'of sequences' : 'of whole samples';
    throw new InputError(
      'sweep.task.kind',
      `expected a task ${sort} for family "${family.id}", got "${task.kind}"`,
      `Known: ${suitable.join(', ')}.`,
    );
  }
  const parameters = parametersOf(family, task);
  const given = collector(parameters);
  const trainingJson = readObject(root.training, 'sweep.training');

  const axes = parseAxes(root.axes, given, trainingJson.method);
  const settings = parseTask(taskJson, task, given);
  for (const [id, value] of Object.entries(readObject(root.fixed ?? {}, 'sweep.fixed'))) {
    const where = `sweep.fixed.${id}`;
    const parameter = given.parameterAt(id, 'sweep.fixed');
    given.claim(id, where);
    given.values.set(id, parseValue(value, parameter, where));
  }
  const trainingOptions: Record<string, Json> = {};
  for (const [key, value] of Object.entries(trainingJson)) {
    const rate = trainingParameters.find(({ id }) => id === key);
    if (rate === undefined) trainingOptions[key] = value;
    else {
      given.claim(key, `sweep.training.${key}`);
      given.values.set(key, parseValue(value, rate, `sweep.training.${key}`));
    }
  }
  if (root.initialisation !== undefined) {
    const where = 'sweep.initialisation';
    const known = (id: string) => parameters.some((parameter) => parameter.id === id);
    for (const [id, value] of Object.entries(parseInitialisation(root.initialisation, where, known))) {
      given.claim(id, where);
      given.values.set(id, parseValue(value, given.parameterAt(id, where), `${where}: ${id}`));
    }
  }
  const swept = (id: string) => axes.find(({ parameter }) => parameter === id);
  if (root.connectivity !== undefined && swept('connectivity') === undefined && !given.values.has('connectivity')) {
    given.values.set('connectivity', OWN);
  }
  const fixed: Record<string, Value> = {};
  for (const { id, default: usual } of parameters) if (swept(id) === undefined) fixed[id] = given.values.get(id) ?? usual;

  const valuesTaken = (id: string) => swept(id)?.values ?? (fixed[id] === undefined ? [] : [fixed[id]]);
  const connectivity =
    root.connectivity === undefined ? undefined : parseConnectivity(root.connectivity, { family, taken: valuesTaken });
  if (connectivity === undefined) requireConnectivity(valuesTaken('connectivity'));
  const seeds =
    root.seeds === undefined ? 1 : readNumber(root.seeds, 'sweep.seeds', { least: 1, most: MAX_SEEDS, integer: true });
  const stages =
    root.stages === undefined
      ? []
      : parseStages(root.stages, 'sweep.stages', {
          family,
          task,
          maxTime: readMaxTime(trainingOptions, 'sweep.training'),
          taken: valuesTaken,
        });
  const starts = stages.map(({ from }) => from);
  const sweep: Sweep = {
    version: 1,
    ...(root.title === undefined ? {} : { title: readText(root.title, 'sweep.title', MAX_TITLE) }),
    family: family.id,
    task: { kind: task.kind, settings },
    axes,
    fixed,
    seeds,
    seed:
      root.seed === undefined ? 0 : readNumber(root.seed, 'sweep.seed', { least: 0, most: MAX_SEED - seeds + 1, integer: true }),
    independentSeeds: root.independentSeeds !== undefined && readBoolean(root.independentSeeds, 'sweep.independentSeeds'),
    ...(connectivity === undefined ? {} : { connectivity }),
    training: parseTraining(trainingOptions, 'sweep.training', valuesTaken, starts),
    stages,
    observables: parseObservables(root.observables, catalog),
  };
  checkCells(sweep, family, task, catalog);
  checkOptimiser(sweep, family);
  family.checkTraining?.(sweep.training);
  return sweep;
}
