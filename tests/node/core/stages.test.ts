// Stages of a sweep at the border: what is read, filled in, written back and refused with which words.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { InputError } from '../../../src/core/errors.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { sweepHash, sweepToJson } from '../../../src/core/sweep-json.ts';
import { sweepJsonSchema } from '../../../src/core/sweep-schema.ts';
import { isValid } from './json-schema.ts';

const json = (stages: unknown, rest: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', inputDim: 4, outputDim: 4 },
  axes: [{ parameter: 'outputScale', values: [1, 2] }],
  fixed: { depth: 1, activation: 'linear', predictor: 'plain', loss: 'squared' },
  training: { method: 'flow', maxTime: 100, checkpoints: 4 },
  observables: ['trainingLoss'],
  ...rest,
  ...(stages === undefined ? {} : { stages }),
});
const parse = (stages: unknown, rest?: Record<string, unknown>) => parseSweep(json(stages, rest), catalog);
const schema = sweepJsonSchema(catalog);

const good: readonly (readonly Record<string, unknown>[])[] = [
  [],
  [{ from: 10 }],
  [
    { from: 10, task: { signs: 'reversed' } },
    { from: 20, task: { taskSeed: 3 }, test: 'first' },
  ],
  [{ from: 10, task: { outputDim: 7 }, head: 'new', frozen: ['hidden'] }],
  [{ from: 10, task: { outputDim: 7 }, head: 'extended' }],
  [{ from: 99.5, rebalance: true, recut: false, frozen: [], head: 'keep', test: 'own', task: {} }],
  [{ from: 1, task: { inputDim: 4 }, frozen: ['output'] }],
];

/** Stages, the words of the refusal, and whether the schema refuses them too. */
const bad: readonly [unknown, RegExp, boolean][] = [
  [{}, /^sweep\.stages: expected a list, got/, true],
  [[3], /stages\[0\]: expected an object, got 3/, true],
  [[{}], /stages\[0\]\.from: expected a number > 0 and < 100, got undefined.*before maxTime/, true],
  [[{ from: 0 }], /> 0/, true],
  [[{ from: '10' }], /got "10"/, true],
  [[{ from: 100 }], /stages\[0\]\.from: expected a number > 0 and < 100, got 100/, false],
  [[{ from: 20 }, { from: 20 }], /stages\[1\]\.from: expected a number > 20 and < 100, got 20\. Stages ascend/, false],
  [[{ from: 20 }, { from: 10 }], /stages\[1\]\.from/, false],
  [[{ from: 1, until: 2 }], /stages\[0\]: expected a known key, got "until"/, true],
  [[{ from: 1, task: { sings: 'reversed' } }], /known option of task "whitened", got "sings"\. Did you mean "signs"/, true],
  [[{ from: 1, task: { kind: 'whitened' } }], /All stages share the kind/, true],
  [[{ from: 1, task: { signs: 'up' } }], /stages\[0\]\.task\.signs/, true],
  [[{ from: 1, task: { width: 8 } }], /known option of task "whitened", got "width"/, true],
  [[{ from: 1, task: { inputDim: 5 } }], /cannot change the input dimension/, false],
  [[{ from: 1, task: { outputDim: 5 } }], /Use head: "new"/, false],
  [[{ from: 1, head: 'old' }], /stages\[0\]\.head: expected a known head, got "old"/, true],
  [[{ from: 1, frozen: 'hidden' }], /expected a list/, true],
  [[{ from: 1, frozen: ['input'] }], /expected a known part of a network, got "input"/, true],
  [[{ from: 1, frozen: ['hidden', 'output'] }], /all of them frozen/, true],
  [[{ from: 1, frozen: ['output'], head: 'new' }], /It would stay zero/, false],
  [[{ from: 1, frozen: ['output'], head: 'extended' }], /expected an extended head that trains.*It would stay zero/, false],
  [[{ from: 1, rebalance: true, head: 'extended' }], /either rebalance or head: "extended"/, false],
  [[{ from: 1, rebalance: 1 }], /expected true or false, got 1/, true],
  [[{ from: 1, rebalance: true, head: 'new' }], /either rebalance or head/, false],
  [[{ from: 1, recut: 'trained' }], /stages\[0\]\.recut: expected true or false, got "trained"/, true],
  [[{ from: 1, recut: true }], /stages\[0\]\.recut: family "fully-connected" has no such stage\. Leave "recut" out/, false],
  [[{ from: 1, test: 'last' }], /expected a known test set, got "last"/, true],
  [Array.from({ length: 17 }, (_, i) => ({ from: 1 + i })), /expected 0 to 16 entries, got 17/, true],
  [[{ from: 1, task: JSON.parse('{"__proto__": {}}') }], /key "__proto__" is not allowed/, true],
];

describe('stages', () => {
  test('are filled in', () => {
    expect(parse(good[1]).stages).toEqual([
      { from: 10, task: { values: {}, settings: {} }, frozen: [], head: 'keep', rebalance: false, recut: false, test: 'own' },
    ]);
    expect(parse(undefined).stages).toEqual([]);
  });

  test('begin at checkpoints, and checkpoints are log-spaced from each beginning', () => {
    const { checkpoints } = parse([{ from: 40 }, { from: 90 }]).training;
    expect(checkpoints.length).toBe(12);
    expect([checkpoints[3], checkpoints[7], checkpoints[11]]).toEqual([40, 90, 100]);
    const later = checkpoints.slice(4, 8).map((time) => time - 40);
    expect(later.map((time) => Math.log10(time / 50)).map(Math.round)).toEqual([-4, -3, -1, 0]);
    const given = { training: { method: 'flow', maxTime: 100, checkpoints: [1, 50] } };
    expect(parse([{ from: 40 }], given).training.checkpoints).toEqual([1, 40, 50, 100]);
  });

  test('and their checkpoints together keep to the bound', () => {
    const many = (checkpoints: unknown) => ({ training: { method: 'flow', maxTime: 100, checkpoints } });
    expect(() => parse([{ from: 40 }, { from: 90 }], many(200))).toThrow(/at most 512 checkpoints, got 200 in each of 3 stages/);
    const times = Array.from({ length: 512 }, (_, i) => (i + 1) / 8);
    expect(() => parse([{ from: 40.01 }], many(times))).toThrow(/at most 512 checkpoints, got 514/);
  });

  test.each(good.map((stages) => [JSON.stringify(stages), stages] as const))('are written and read back: %s', (_, stages) => {
    const sweep = parse(stages);
    const written = sweepToJson(sweep);
    expect(parseSweep(written, catalog)).toEqual(sweep);
    expect([isValid(json(stages), schema), isValid(written, schema)]).toEqual([true, true]);
  });

  test('belong to the hash, and none of them leave it as it was', () => {
    const hashes = good.map((stages) => sweepHash(parse(stages)));
    expect(new Set(hashes).size).toBe(good.length);
    expect(hashes[0]).toBe(sweepHash(parse(undefined)));
  });

  test.each(bad.map((row) => [JSON.stringify(row[0]).slice(0, 80), ...row] as const))(
    'are refused: %s',
    (_, stages, words, told) => {
      const attempt = () => parse(stages);
      expect(attempt).toThrow(InputError);
      expect(attempt).toThrow(words);
      if (told && !String(JSON.stringify(stages)).includes('__proto__')) expect(isValid(json(stages), schema)).toBe(false);
    },
  );

  test('need a plain predictor, and two linear layers to be rebalanced', () => {
    const fixed = { depth: 1, activation: 'linear', predictor: 'plain', loss: 'squared' };
    expect(() => parse([{ from: 1 }], { fixed: { ...fixed, predictor: 'centred' } })).toThrow(/predictor "plain" throughout/);
    const axes = [{ parameter: 'predictor', values: ['plain', 'centred'] }];
    expect(() => parse([{ from: 1 }], { axes, fixed: { depth: 1 } })).toThrow(/predictor "plain" throughout/);
    const rebalanced = [{ from: 1, rebalance: true }];
    expect(() => parse(rebalanced, { fixed: { ...fixed, depth: 2 } })).toThrow(/expected depth 1 throughout, got 2/);
    expect(() => parse(rebalanced, { fixed: { ...fixed, activation: 'relu' } })).toThrow(
      /expected activation "linear" throughout/,
    );
    expect(() => parse(rebalanced, { fixed: { ...fixed, bias: 1 } })).toThrow(/expected bias 0 throughout, got 1/);
  });

  test('say first what is wrong with maxTime', () => {
    expect(() => parse([{ from: 1 }], { training: { method: 'flow' } })).toThrow(/sweep\.training\.maxTime/);
  });
});
