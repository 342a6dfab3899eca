// The published JSON Schema (draft 2020-12) of sweeps, generated from the same records that the parser reads.
// It says less than the parser: duplicates between places, order and contradictions are the parser's alone.

import { type Catalog, parametersOf, scalarOptionsOf, suits } from './catalog.ts';
import type { Parameter } from './parameter.ts';
import { AXIS_SCALES, MAX_AXIS_VALUES } from './parse-axis.ts';
import { connectivitySchema, takesOwn } from './parse-connectivity.ts';
import { initialisationSchema } from './parse-initialisation.ts';
import { FROZEN_LAYERS, HEADS, MAX_STAGES, TEST_SETS } from './parse-stages.ts';
import { MAX_AXES, MAX_SEED, MAX_SEEDS, MAX_TITLE } from './parse-sweep.ts';
import {
  DEFAULT_ADAM,
  DEFAULT_CHECKPOINTS,
  DEFAULT_MAX_STEPS,
  INTEGRATORS,
  MAX_BATCH_SIZE,
  MAX_CHECKPOINTS,
  MAX_STEPS,
  MAX_TIME,
} from './parse-training.ts';
import type { JsonObject } from './plain-json.ts';
import type { Task } from './task.ts';
import { OPTIMISERS, trainingParameters } from './training.ts';

/** Name of the schema: format and version. */
const SWEEP_SCHEMA_ID = 'urn:phase-atlas:sweep:1';

const positive = { type: 'number', exclusiveMinimum: 0 } as const;
const share = { type: 'number', minimum: 0, exclusiveMaximum: 1 } as const;

/** Schema of one value of a parameter. */
function valueSchema(parameter: Parameter): JsonObject {
  const { description, default: usual } = parameter;
  if (parameter.kind === 'choice') return { description, enum: parameter.choices, default: usual };
  const { kind, minimum, maximum, exclusiveMinimum } = parameter;
  const least: JsonObject = exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum };
  return { description, type: kind, ...least, maximum, default: usual };
}

function valuesById(parameters: readonly Parameter[]): JsonObject {
  return Object.fromEntries(parameters.map((parameter) => [parameter.id, valueSchema(parameter)]));
}

function listAxis(parameter: Parameter): JsonObject {
  return {
    type: 'object',
    properties: {
      parameter: { const: parameter.id },
      scale: { enum: parameter.kind === 'choice' ? ['list'] : [...AXIS_SCALES] },
      values: { type: 'array', items: valueSchema(parameter), minItems: 1, maxItems: MAX_AXIS_VALUES, uniqueItems: true },
    },
    required: ['parameter', 'values'],
    additionalProperties: false,
    ...(parameter.kind === 'choice'
      ? {}
      : {
          if: { properties: { scale: { const: 'log' } }, required: ['scale'] },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: { properties: { values: { items: positive } } },
        }),
  };
}

function rangeAxis(parameter: Parameter): JsonObject {
  const end = valueSchema(parameter);
  return {
    type: 'object',
    properties: {
      parameter: { const: parameter.id },
      scale: { enum: ['linear', 'log'], default: 'linear' },
      from: end,
      to: end,
      steps: { type: 'integer', minimum: 2, maximum: MAX_AXIS_VALUES },
    },
    required: ['parameter', 'from', 'to', 'steps'],
    additionalProperties: false,
    if: { properties: { scale: { const: 'log' } }, required: ['scale'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { from: positive, to: positive } },
  };
}

function taskSchemas(catalog: Catalog): JsonObject[] {
  return catalog.tasks.map((task) => ({
    type: 'object',
    description: task.description,
    properties: {
      kind: { const: task.kind },
      ...valuesById(scalarOptionsOf(task)),
      ...Object.fromEntries((task.settings ?? []).map((name) => [name, {}])),
    },
    required: ['kind'],
    additionalProperties: false,
  }));
}

function trainingSchema(): JsonObject {
  const common: JsonObject = {
    maxTime: { description: 'End of training, in training time.', ...positive, maximum: MAX_TIME },
    maxSteps: { type: 'integer', minimum: 1, maximum: MAX_STEPS, default: DEFAULT_MAX_STEPS },
    stop: { type: 'object', properties: { loss: positive, margins: { type: 'boolean' } }, additionalProperties: false },
    checkpoints: {
      description: 'Number of log-spaced times, or the times themselves, ascending.',
      oneOf: [
        { type: 'integer', minimum: 1, maximum: MAX_CHECKPOINTS },
        { type: 'array', items: positive, minItems: 1, maxItems: MAX_CHECKPOINTS, uniqueItems: true },
      ],
      default: DEFAULT_CHECKPOINTS,
    },
    ...valuesById(trainingParameters),
  };
  const bound = { oneOf: [positive, { type: 'null' }], description: 'null: no bound.' };
  const method = (name: string, properties: JsonObject): JsonObject => ({
    type: 'object',
    properties: { method: { const: name }, ...common, ...properties },
    required: ['method', 'maxTime'],
    additionalProperties: false,
  });
  return {
    oneOf: [
      method('flow', { integrator: { enum: INTEGRATORS, default: 'euler' }, tolerance: bound, outputTolerance: bound }),
      method('descent', {
        optimiser: { enum: [...OPTIMISERS], default: 'momentum' },
        momentum: { ...share, default: 0 },
        beta1: { ...share, default: DEFAULT_ADAM.beta1 },
        beta2: { ...share, default: DEFAULT_ADAM.beta2 },
        epsilon: { ...positive, default: DEFAULT_ADAM.epsilon },
        batchSize: { type: 'integer', minimum: 0, maximum: MAX_BATCH_SIZE, default: 0 },
      }),
    ],
  };
}

/** Schemas that are said once and referred to: equal ones share a name, others of the same name get a number. */
function definitions() {
  const made: Record<string, JsonObject> = {};
  return {
    made,
    refer(name: string, schema: JsonObject): JsonObject {
      const text = JSON.stringify(schema);
      let key = name;
      for (let i = 2; made[key] !== undefined && JSON.stringify(made[key]) !== text; i++) key = `${name}-${i}`;
      made[key] = schema;
      return { $ref: `#/$defs/${key}` };
    },
  };
}

function axisSchema(parameter: Parameter): JsonObject {
  return parameter.kind === 'choice' ? listAxis(parameter) : { oneOf: [listAxis(parameter), rangeAxis(parameter)] };
}

function stageSchema(task: Task): JsonObject {
  return {
    type: 'object',
    properties: {
      from: { description: 'Training time at which it begins, ascending.', ...positive, maximum: MAX_TIME },
      task: {
        description: "What differs from the sweep's own task.",
        type: 'object',
        properties: {
          ...valuesById(scalarOptionsOf(task)),
          ...Object.fromEntries((task.settings ?? []).map((name) => [name, {}])),
        },
        additionalProperties: false,
      },
      frozen: {
        description: 'Layers that do not move.',
        type: 'array',
        items: { enum: [...FROZEN_LAYERS] },
        maxItems: FROZEN_LAYERS.length - 1,
        default: [],
      },
      head: {
        description: 'new: an output layer of zeros. extended: zeros for outputs that the task has more.',
        enum: [...HEADS],
        default: 'keep',
      },
      rebalance: { description: 'Factor both layers anew to the balance laterBalance.', type: 'boolean', default: false },
      recut: {
        description: 'Set recurrent weights anew, to the rank laterRank, from what laterConnectivity says.',
        type: 'boolean',
        default: false,
      },
      test: { description: "first: the training set of the sweep's own task.", enum: [...TEST_SETS], default: 'own' },
    },
    required: ['from'],
    additionalProperties: false,
  };
}

/** What depends on family and task together: the names and ranges in `axes` and `fixed`. */
function combinations(catalog: Catalog, refer: (name: string, schema: JsonObject) => JsonObject): JsonObject[] {
  return catalog.families.flatMap((family) =>
    catalog.tasks
      .filter((task) => suits(family, task))
      .map((task) => {
        const parameters = parametersOf(family, task);
        const fixed = parameters.map((parameter) => [parameter.id, refer(parameter.id, valueSchema(parameter))] as const);
        return {
          if: {
            properties: {
              family: { const: family.id },
              task: { properties: { kind: { const: task.kind } }, required: ['kind'] },
            },
            required: ['family', 'task'],
          },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: {
            properties: {
              axes: { items: { oneOf: parameters.map((parameter) => refer(`axis-${parameter.id}`, axisSchema(parameter))) } },
              fixed: { properties: Object.fromEntries(fixed), additionalProperties: false },
              stages: { items: refer(`stage-${task.kind}`, stageSchema(task)) },
            },
          },
        };
      }),
  );
}

/** JSON Schema, draft 2020-12, of the sweeps that `parseSweep` reads with this catalog. */
export function sweepJsonSchema(catalog: Catalog): JsonObject {
  const { made, refer } = definitions();
  const allOf = combinations(catalog, refer);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: SWEEP_SCHEMA_ID,
    title: 'phase-atlas sweep',
    type: 'object',
    properties: {
      $schema: {},
      version: { const: 1 },
      title: { type: 'string', maxLength: MAX_TITLE },
      family: { enum: catalog.families.map(({ id }) => id) },
      task: { oneOf: taskSchemas(catalog) },
      axes: { type: 'array', items: { type: 'object' }, minItems: 1, maxItems: MAX_AXES },
      fixed: { type: 'object' },
      seeds: { description: 'Networks per cell.', type: 'integer', minimum: 1, maximum: MAX_SEEDS, default: 1 },
      seed: { description: 'First seed.', type: 'integer', minimum: 0, maximum: MAX_SEED, default: 0 },
      independentSeeds: { type: 'boolean', default: false },
      initialisation: initialisationSchema,
      ...(catalog.families.some(takesOwn) ? { connectivity: connectivitySchema } : {}),
      training: trainingSchema(),
      stages: { type: 'array', items: { type: 'object' }, minItems: 0, maxItems: MAX_STAGES, default: [] },
      observables: {
        type: 'array',
        items: { enum: catalog.observables.map(({ id }) => id) },
        minItems: 1,
        uniqueItems: true,
      },
    },
    required: ['version', 'family', 'task', 'axes', 'training'],
    additionalProperties: false,
    allOf,
    $defs: made,
  };
}
