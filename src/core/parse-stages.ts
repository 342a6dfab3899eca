// Reads the `stages` of a sweep: changes of the task while networks train. See `Stage` in sweep.ts for what they mean.

import { scalarOptionsOf } from './catalog.ts';
import { InputError, quoted } from './errors.ts';
import type { Family, FrozenLayers, RenewalName } from './family.ts';
import type { Value } from './parameter.ts';
import type { ValuesTaken } from './parse-training.ts';
import { parseValue } from './parse-value.ts';
import {
  type Json,
  type JsonObject,
  readBoolean,
  readList,
  readName,
  readNumber,
  readObject,
  unknownName,
} from './plain-json.ts';
import type { Stage } from './sweep.ts';
import type { Task } from './task.ts';

/** Most stages after the first task. */
export const MAX_STAGES = 16;
export const STAGE_KEYS = ['from', 'task', 'frozen', 'head', 'rebalance', 'recut', 'test'] as const;
export const FROZEN_LAYERS = ['hidden', 'output'] as const satisfies readonly FrozenLayers[];
export const HEADS = ['keep', 'new', 'extended'] as const satisfies readonly Stage['head'][];
export const RENEWALS = ['rebalance', 'recut'] as const satisfies readonly RenewalName[];
export const TEST_SETS = ['own', 'first'] as const satisfies readonly Stage['test'][];

/** What stages are read against. */
export interface StageSetting {
  readonly family: Pick<Family, 'id' | 'parameters' | 'stageOptions' | 'renewals'>;
  readonly task: Pick<Task, 'kind' | 'parameters' | 'settings'>;
  readonly maxTime: number;
  /** All values that a parameter takes in the sweep. */
  readonly taken: ValuesTaken;
}

/** Overrides of the task's options. A stage may change any but those that decide about the network's inputs. */
function parseOverrides(json: Json | undefined, where: string, head: Stage['head'], setting: StageSetting): Stage['task'] {
  const { task, taken } = setting;
  const scalars = scalarOptionsOf(task);
  const names = task.settings ?? [];
  const values: Record<string, Value> = {};
  const settings: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(readObject(json ?? {}, where))) {
    const option = scalars.find(({ id }) => id === key);
    if (option !== undefined) values[key] = parseValue(entry, option, `${where}.${key}`);
    else if (names.includes(key)) settings[key] = entry;
    else if (key === 'kind') {
      throw new InputError(
        where,
        `expected options of task "${task.kind}", got "kind"`,
        'All stages share the kind of the task.',
      );
    } else throw unknownName(where, `option of task "${task.kind}"`, key, [...scalars.map(({ id }) => id), ...names]);
  }
  const changes = (id: string) => values[id] !== undefined && taken(id).some((value) => value !== values[id]);
  if (changes('inputDim')) {
    throw new InputError(
      `${where}.inputDim`,
      `expected the inputs that the networks have, got ${quoted(values.inputDim)}`,
      'A stage cannot change the input dimension.',
    );
  }
  if (head === 'keep' && changes('outputDim')) {
    throw new InputError(
      `${where}.outputDim`,
      `expected the outputs that the networks have, got ${quoted(values.outputDim)}`,
      'Use head: "new" for other outputs, "extended" for more.',
    );
  }
  return { values, settings };
}

function parseFrozen(json: Json | undefined, where: string): FrozenLayers[] {
  if (json === undefined) return [];
  const layers = readList(json, where, 0, FROZEN_LAYERS.length).map((entry, i) =>
    readName(entry, `${where}[${i}]`, 'part of a network', FROZEN_LAYERS),
  );
  if (new Set(layers).size === FROZEN_LAYERS.length) {
    throw new InputError(where, 'expected some layer that trains, got all of them frozen');
  }
  if (layers.length > 1) throw new InputError(where, `expected each part once, got "${layers[0]}" again`);
  return layers;
}

/** Refuses what the family cannot do, or what a stage's own options make meaningless. */
function checkOptions(stage: Stage, where: string, { family, taken }: StageSetting): void {
  const { id, stageOptions = [], renewals = {} } = family;
  const headWords = stage.head === 'new' ? 'a new head' : 'an extended head';
  const needs = (option: string, asked: boolean, known: boolean) => {
    if (!asked || known) return;
    throw new InputError(`${where}.${option}`, `family "${id}" has no such stage`, `Leave "${option}" out.`);
  };
  needs('frozen', stage.frozen.length > 0, stageOptions.includes('frozen'));
  needs('head', stage.head !== 'keep', stageOptions.includes('head'));
  for (const name of RENEWALS) needs(name, stage[name], renewals[name] !== undefined);
  if (stage.head !== 'keep' && stage.frozen.includes('output')) {
    throw new InputError(where, `expected ${headWords} that trains, got frozen: ["output"]`, 'It would stay zero.');
  }
  for (const name of RENEWALS.filter((one) => stage[one])) {
    if (stage.head !== 'keep') {
      const what = `expected either ${name} or head: "${stage.head}", got both`;
      throw new InputError(where, what, 'A stage sets weights anew in one way.');
    }
    renewals[name]?.check?.(taken, `${where}.${name}`);
  }
}

function parseStage(object: JsonObject, where: string, earlier: number, setting: StageSetting): Stage {
  const from = readNumber(
    object.from,
    `${where}.from`,
    { above: earlier, below: setting.maxTime },
    earlier === 0 ? 'It is a training time before maxTime.' : 'Stages ascend in time, up to maxTime.',
  );
  const head = object.head === undefined ? 'keep' : readName(object.head, `${where}.head`, 'head', HEADS);
  const asks = (name: RenewalName) => object[name] !== undefined && readBoolean(object[name], `${where}.${name}`);
  const stage: Stage = {
    from,
    task: parseOverrides(object.task, `${where}.task`, head, setting),
    frozen: parseFrozen(object.frozen, `${where}.frozen`),
    head,
    rebalance: asks('rebalance'),
    recut: asks('recut'),
    test: object.test === undefined ? 'own' : readName(object.test, `${where}.test`, 'test set', TEST_SETS),
  };
  checkOptions(stage, where, setting);
  return stage;
}

/**
 * The stages of a sweep, at most 16. Each needs `from`, ascending inside (0, maxTime). Defaults: no overrides, nothing frozen,
 * head `keep`, no weights set anew, the stage's own test set. Overrides are options of the sweep's task, on top of its own
 * values; they hold in every cell, also against an axis. Throws InputError.
 */
export function parseStages(json: Json | undefined, where: string, setting: StageSetting): Stage[] {
  if (json === undefined) return [];
  let earlier = 0;
  const list = readList(json, where, 0, MAX_STAGES);
  if (list.length > 0 && setting.taken('predictor').includes('centred')) {
    throw new InputError(
      where,
      'expected predictor "plain" throughout, got "centred"',
      'A centred predictor would lose at each stage what was learned before.',
    );
  }
  return list.map((entry, i) => {
    const stage = parseStage(readObject(entry, `${where}[${i}]`, STAGE_KEYS), `${where}[${i}]`, earlier, setting);
    earlier = stage.from;
    return stage;
  });
}
