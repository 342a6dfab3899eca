// Reads the `initialisation` object of a sweep into parameter values. What the starts are stands in their families.

import { InputError } from './errors.ts';
import type { Value } from './parameter.ts';
import { type Json, type JsonObject, readList, readName, readNumber, readObject } from './plain-json.ts';

const INITIALISATIONS = ['gaussian', 'balanced', 'aligned', 'low-rank'] as const;

/** Keys of a balanced or aligned start, and the parameters that they set. */
const STRUCTURED = { balance: 'balance', scale: 'productScale', rank: 'initRank', spectrum: 'productSpectrum' } as const;
/** Those of a low-rank start beside `scale`, which is that of Gaussian weights. */
const LOW_RANK = {
  rank: 'initRank',
  spectrum: 'productSpectrum',
  direction: 'initDirection',
  alignment: 'initAlignment',
  output: 'initOutput',
} as const;
const CORRELATION = 'weightCorrelation';

/**
 * `{ "kind": "gaussian", "scale": 1, "correlation": 0 }` sets `initScale`, the standard deviation of all layers in units of the
 * parametrisation's own, and `weightCorrelation`. A list `[hidden, output]` of scales gives hidden layers and output layer each
 * its own, as `initScale` and the factor `initScaleOutput`. `{ "kind": "balanced" | "aligned", "balance": 0, "scale": 0.01,
 * "rank": 0, "spectrum": "flat" }` sets `balance`, `productScale`, `initRank` and `productSpectrum`. `{ "kind": "low-rank",
 * "scale": 1, "rank": 0, "spectrum": "flat", "direction": "random", "alignment": 1, "output": "gaussian" }` sets scales as for
 * Gaussian weights and `initRank`, `productSpectrum`, `initDirection`, `initAlignment` and `initOutput`. What is left out keeps
 * its default. Ranges are those of the parameters. Throws InputError.
 */
export function parseInitialisation(json: Json, where: string, known: (parameter: string) => boolean): Record<string, Value> {
  const { kind: name } = readObject(json, where);
  const kind = readName(name, `${where}.kind`, 'initialisation', INITIALISATIONS);
  const own = { gaussian: ['scale', 'correlation'], 'low-rank': ['scale', ...Object.keys(LOW_RANK)] };
  const keys = kind === 'gaussian' || kind === 'low-rank' ? own[kind] : Object.keys(STRUCTURED);
  const object = readObject(json, where, ['kind', ...keys]);
  const set =
    kind === 'gaussian'
      ? gaussianValues(object, where)
      : kind === 'low-rank'
        ? { ...scaleValues(object, where), ...namedValues(object, LOW_RANK) }
        : namedValues(object, STRUCTURED);
  for (const [key, ids] of Object.entries(set)) {
    for (const id of Object.keys(ids)) {
      if (!known(id)) throw new InputError(`${where}.${key}`, `expected a family with the parameter ${id}, got one without`);
    }
  }
  if (kind !== 'gaussian' && !known('initialisation')) {
    throw new InputError(`${where}.kind`, `expected "gaussian" for this family, got "${kind}"`);
  }
  const values: Record<string, Value> = Object.assign({}, ...Object.values(set));
  return known('initialisation') ? { initialisation: kind, ...values } : values;
}

/** Values by key of the object: numbers where it has numbers; the parameters' own ranges are checked by the caller. */
type ValuesByKey = Record<string, Record<string, Value>>;

function scaleValues(object: JsonObject, where: string): ValuesByKey {
  if (object.scale === undefined) return {};
  const [hidden, output] = Array.isArray(object.scale)
    ? readList(object.scale, `${where}.scale`, 1, 2).map((entry, i) =>
        readNumber(entry, `${where}.scale[${i}]`, i === 0 ? { above: 0 } : { least: 0 }),
      )
    : [readNumber(object.scale, `${where}.scale`, { above: 0 })];
  return { scale: output === undefined ? { initScale: hidden } : { initScale: hidden, initScaleOutput: output / hidden } };
}

function gaussianValues(object: JsonObject, where: string): ValuesByKey {
  const set = scaleValues(object, where);
  if (object.correlation !== undefined) {
    set.correlation = { [CORRELATION]: readNumber(object.correlation, `${where}.correlation`, { least: -1, most: 1 }) };
  }
  return set;
}

function namedValues(object: JsonObject, ids: Readonly<Record<string, string>>): ValuesByKey {
  const set: ValuesByKey = {};
  for (const [key, id] of Object.entries(ids)) {
    const value = object[key];
    // Anything but a number or a name is refused with the parameter's own words.
    if (value !== undefined) set[key] = { [id]: value as Value };
  }
  return set;
}

const positive = { type: 'number', exclusiveMinimum: 0 };
const structuredSchema: JsonObject = {
  type: 'object',
  properties: {
    kind: { enum: ['balanced', 'aligned'] },
    balance: { description: 'λ.', type: 'number', default: 0 },
    scale: { description: 'Initial singular values of the product.', ...positive, default: 0.01 },
    rank: { description: 'Rank of the product; 0 for full rank.', type: 'integer', minimum: 0, default: 0 },
    spectrum: { enum: ['flat', 'gaussian'], default: 'flat' },
  },
  required: ['kind'],
  additionalProperties: false,
};
const scaleSchema: JsonObject = {
  description: 'Factor on all initial weights, or [hidden layers, output layer].',
  oneOf: [positive, { type: 'array', prefixItems: [positive], items: { type: 'number', minimum: 0 }, minItems: 1, maxItems: 2 }],
};
const lowRankSchema: JsonObject = {
  type: 'object',
  properties: {
    kind: { const: 'low-rank' },
    scale: scaleSchema,
    rank: { description: 'Rank of the input weights; 0 for full rank.', type: 'integer', minimum: 0, default: 0 },
    spectrum: { enum: ['flat', 'gaussian'], default: 'flat' },
    direction: { enum: ['random', 'task', 'leading-features'], default: 'random' },
    alignment: { description: 'cos θ with that direction.', type: 'number', minimum: 0, maximum: 1, default: 1 },
    output: { enum: ['gaussian', 'balanced'], default: 'gaussian' },
  },
  required: ['kind'],
  additionalProperties: false,
};
const gaussianSchema: JsonObject = {
  type: 'object',
  properties: {
    kind: { const: 'gaussian' },
    scale: scaleSchema,
    correlation: {
      description: 'Correlation of output and hidden weights.',
      type: 'number',
      minimum: -1,
      maximum: 1,
      default: 0,
    },
  },
  required: ['kind'],
  additionalProperties: false,
};

/** JSON Schema of the object. */
export const initialisationSchema: JsonObject = { oneOf: [gaussianSchema, structuredSchema, lowRankSchema] };
