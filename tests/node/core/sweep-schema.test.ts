// Parser and published schema read the same format.

import { describe, expect, test } from 'vitest';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { sweepToJson } from '../../../src/core/sweep-json.ts';
import { sweepJsonSchema } from '../../../src/core/sweep-schema.ts';
import { catalog, sweepJson } from './fixtures.ts';
import { isValid } from './json-schema.ts';

const schema = sweepJsonSchema(catalog);

function parses(json: unknown): boolean {
  try {
    parseSweep(json, catalog);
    return true;
  } catch {
    return false;
  }
}

const good: Record<string, unknown>[] = [
  {},
  { $schema: './sweep.schema.json', title: 'A title', seed: 3, independentSeeds: true },
  { seeds: undefined, observables: undefined },
  { fixed: undefined },
  { task: { kind: 'hierarchy', levels: 2, items: [1, 'x'] } },
  { family: 'diagonal', axes: [{ parameter: 'balance', from: -1, to: 1, steps: 5 }], fixed: {} },
  { axes: [{ parameter: 'samples', scale: 'log', from: 8, to: 64, steps: 4 }], task: { kind: 'stripe' } },
  { axes: [{ parameter: 'activation', values: ['relu', 'linear'] }], fixed: {} },
  {
    axes: [{ parameter: 'learningRate', values: [0.1, 0.2] }],
    training: { method: 'descent', maxTime: 1, momentum: 0.9, batchSize: 8 },
  },
  { training: { method: 'descent', maxTime: 1, learningRate: 0.1 } },
  { training: { method: 'flow', maxTime: 1, tolerance: null, checkpoints: [0.5, 1], stop: { loss: 0.1, margins: true } } },
  { training: { method: 'flow', maxTime: 1, integrator: 'bogacki-shampine', checkpoints: 3 } },
  { initialisation: { kind: 'gaussian', scale: [1, 0] } },
  { initialisation: { kind: 'gaussian', scale: 2 } },
];

const bad: Record<string, unknown>[] = [
  { version: 2 },
  { version: undefined },
  { unknown: 1 },
  { family: 'unknown' },
  { family: undefined },
  { task: { kind: 'unknown' } },
  { task: { kind: 'stripe', levels: 2 } },
  { task: { kind: 'stripe', samples: 0.5 } },
  { axes: [] },
  { axes: undefined },
  { axes: [{ parameter: 'unknown', values: [1] }] },
  { axes: [{ parameter: 'width', values: [] }] },
  { axes: [{ parameter: 'width', values: [1, 1] }] },
  { axes: [{ parameter: 'width', values: [0] }] },
  { axes: [{ parameter: 'width', values: [1], from: 1, to: 2, steps: 2 }] },
  { axes: [{ parameter: 'width', from: 1, to: 2 }] },
  { axes: [{ parameter: 'rank', scale: 'log', from: 0, to: 2, steps: 2 }] },
  { axes: [{ parameter: 'rank', scale: 'log', values: [0, 1] }] },
  { axes: [{ parameter: 'activation', scale: 'log', values: ['relu'] }], fixed: {} },
  { axes: [{ parameter: 'activation', from: 1, to: 2, steps: 2 }], fixed: {} },
  { fixed: { unknown: 1 } },
  { fixed: { balance: 1 } },
  { fixed: { activation: 'unknown' } },
  { seeds: 0 },
  { seeds: 1.5 },
  { seed: -1 },
  { title: 'x'.repeat(201) },
  { title: 3 },
  { independentSeeds: 1 },
  { training: { maxTime: 1 } },
  { training: { method: 'flow' } },
  { training: { method: 'flow', maxTime: 0 } },
  { training: { method: 'flow', maxTime: 1, momentum: 0.5 } },
  { training: { method: 'descent', maxTime: 1, momentum: 1 } },
  { training: { method: 'descent', maxTime: 1, tolerance: 1 } },
  { training: { method: 'flow', maxTime: 1, checkpoints: [] } },
  { training: { method: 'flow', maxTime: 1, checkpoints: [0, 1] } },
  { training: { method: 'flow', maxTime: 1, integrator: 'unknown' } },
  { training: { method: 'flow', maxTime: 1, stop: { unknown: 1 } } },
  { observables: [] },
  { observables: ['unknown'] },
  { observables: ['testError', 'testError'] },
  { initialisation: { kind: 'unknown' } },
  { initialisation: { kind: 'gaussian', scale: [1, 2, 3] } },
  { initialisation: { kind: 'gaussian', scale: 0 } },
];

describe('schema and parser agree', () => {
  test.each(good.map((rest) => [JSON.stringify(rest), rest] as const))('both accept %s', (_, rest) => {
    const json = sweepJson(rest);
    expect(() => parseSweep(json, catalog)).not.toThrow();
    expect(isValid(json, schema)).toBe(true);
    expect(isValid(JSON.parse(JSON.stringify(sweepToJson(parseSweep(json, catalog)))), schema)).toBe(true);
  });

  test.each(bad.map((rest) => [JSON.stringify(rest).slice(0, 80), rest] as const))('both refuse %s', (_, rest) => {
    const json = sweepJson(rest);
    expect({ parser: parses(json), schema: isValid(json, schema) }).toEqual({ parser: false, schema: false });
  });

  test('the schema is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
