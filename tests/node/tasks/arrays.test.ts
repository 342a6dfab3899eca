// Own data: arrays inside the sweep and registered files, their splits, standardisations and refusals.

import { afterEach, describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/parameter.ts';
import { arrays } from '../../../src/tasks/arrays.ts';
import { fileNames, forgetFile, registerFile } from '../../../src/tasks/files.ts';
import { rowsOf, sum, valuesOf } from './values-of.ts';

const load = (changes: Record<string, Value>, settings: Record<string, unknown>) =>
  arrays.load(valuesOf(arrays, { samples: 4, testSamples: 3, probeSamples: 2, ...changes }), settings);
const text = (content: string) => new TextEncoder().encode(content);

const inputs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [2, 0],
  [2, 1],
  [3, 0],
  [3, 1],
];
const targets = [0, 1, 2, 3, 4, 5, 6, 7];

afterEach(() => {
  for (const name of fileNames()) forgetFile(name);
});

describe('arrays in a sweep', () => {
  test('a test set of its own is taken in order, the probes are its first rows', async () => {
    const data = await load(
      {},
      { trainInputs: inputs.slice(0, 4), trainTargets: [1, -1, -1, 1], testInputs: inputs, testTargets: targets },
    );
    expect(data).toMatchObject({ inputDim: 2, outputDim: 1 });
    expect([...data.train.inputs]).toEqual(inputs.slice(0, 4).flat());
    expect([...data.train.targets]).toEqual([1, -1, -1, 1]);
    expect([...data.test.inputs]).toEqual(inputs.slice(0, 3).flat());
    expect([...data.probe.targets]).toEqual([0, 1]);
    expect(data.description).toBe('Own arrays, 4 rows for training, 3 for testing');
  });

  test('without a test set the rows are split: none is lost, none is used twice, inputs keep their targets', async () => {
    const data = await load({ samples: 5 }, { trainInputs: inputs, trainTargets: targets });
    expect([...rowsOf(data.train), ...rowsOf(data.test)].sort()).toEqual(inputs.map((row) => row.join()).sort());
    for (const { inputs: x, targets: y, count } of [data.train, data.test]) {
      for (let i = 0; i < count; i++) expect(y[i]).toBe(2 * x[2 * i] + x[2 * i + 1]);
    }
  });

  test('more test samples than rows: all that are left', async () => {
    expect((await load({ testSamples: 1000 }, { trainInputs: inputs, trainTargets: targets })).test.count).toBe(4);
  });

  test('several target columns', async () => {
    const data = await load({}, { trainInputs: inputs, trainTargets: inputs });
    expect(data.outputDim).toBe(2);
    expect(data.train.targets).toEqual(data.train.inputs);
  });

  test('two labels become −1 and +1, more become one output each', async () => {
    const labels = (list: number[]) => load({ targetKind: 'classes' }, { trainInputs: inputs, trainTargets: list });
    const two = await labels([3, 3, 3, 7, 7, 7, 3, 7]);
    expect(two.outputDim).toBe(1);
    expect(new Set([...two.train.targets, ...two.test.targets])).toEqual(new Set([-1, 1]));
    const three = await labels([3, 5, 7, 3, 5, 7, 3, 5]);
    expect(three.outputDim).toBe(3);
    for (let i = 0; i < 4; i++) expect(sum(three.train.targets.slice(3 * i, 3 * i + 3))).toBe(1);
  });

  test('standardisation: centred, unit variance, on the sphere', async () => {
    const all = { samples: 8, testSamples: 8 };
    const settings = { trainInputs: inputs, trainTargets: targets, testInputs: inputs, testTargets: targets };
    const centred = (await load({ ...all, standardisation: 'centre' }, settings)).train.inputs;
    const unit = (await load({ ...all, standardisation: 'unit' }, settings)).train.inputs;
    const sphere = (await load({ ...all, standardisation: 'sphere' }, settings)).train.inputs;
    for (const column of [0, 1]) {
      expect(sum(centred.filter((_, i) => i % 2 === column))).toBeCloseTo(0, 12);
      expect(sum(unit.filter((_, i) => i % 2 === column).map((x) => x * x))).toBeCloseTo(8, 12);
    }
    for (let i = 0; i < 8; i++) {
      expect(sphere[2 * i] ** 2 + sphere[2 * i + 1] ** 2).toBeCloseTo(2, 12);
      expect(sphere[2 * i] * centred[2 * i + 1]).toBeCloseTo(sphere[2 * i + 1] * centred[2 * i], 12);
    }
  });

  const good = { trainInputs: inputs, trainTargets: targets };
  const wrong: [string, Record<string, Value>, Record<string, unknown>, RegExp][] = [
    ['nothing', {}, {}, /task "arrays": expected trainInputs and trainTargets, or files, got neither/],
    [
      'too many samples',
      { samples: 8 },
      good,
      /expected samples of at most 7, got 8\. There are 8 rows, and at least one is kept for testing/,
    ],
    [
      'ragged rows',
      {},
      { ...good, trainInputs: [[1, 2], [3]] },
      /trainInputs\[1\]: expected 2 numbers as in the first row, got \[3\]/,
    ],
    ['texts', {}, { ...good, trainInputs: [[1, '2']] }, /trainInputs\[0\]: expected finite numbers, got "2" at place 1/],
    ['null', {}, { ...good, trainTargets: [null] }, /trainTargets\[0\]: expected finite numbers, got null/],
    ['no rows', {}, { ...good, trainInputs: [] }, /trainInputs: expected an array of rows, got \[\]/],
    ['empty rows', {}, { ...good, trainInputs: [[]] }, /expected 1 to 1048576 numbers, got 1 × 0/],
    ['different counts', {}, { ...good, trainTargets: [1] }, /expected as many targets as inputs, got 1 and 8/],
    ['half a test set', {}, { ...good, testInputs: inputs }, /expected testInputs and testTargets together, got only testInputs/],
    [
      'another width',
      {},
      { ...good, testInputs: [1], testTargets: [1] },
      /expected 2 \+ 1 columns in the test set as in the training set, got 1 \+ 1/,
    ],
    [
      'one label',
      { targetKind: 'classes' },
      { ...good, trainTargets: targets.map(() => 1) },
      /expected 2 to 100 different labels, got 1/,
    ],
    ['label vectors', { targetKind: 'classes' }, { ...good, trainTargets: inputs }, /expected one column of labels, got 2/],
    ['files and arrays', {}, { ...good, files: {} }, /expected either files or arrays, got both/],
  ];
  for (const [name, changes, settings, message] of wrong) {
    test(`refuses ${name}`, async () => {
      await expect(load(changes, settings)).rejects.toThrow(message);
    });
  }
});

describe('files', () => {
  const table = 'length,kind\n1,setosa\n2,setosa\n3,virginica\n4,virginica\n5,setosa\n6,virginica\n';

  test('a table: its last column is the target', async () => {
    registerFile('iris.csv', text(table));
    const data = await load({ targetKind: 'classes' }, { files: { inputs: 'iris.csv' } });
    expect(data.description).toBe('iris.csv, 4 rows for training, 2 for testing');
    for (let i = 0; i < 4; i++) expect(data.train.targets[i]).toBe([1, 2, 5].includes(data.train.inputs[i]) ? -1 : 1);
  });

  test('images and labels in files of their own, and a test set', async () => {
    registerFile('images', Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 10, 20, 30, 40));
    registerFile('labels', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 9));
    const files = { inputs: 'images', targets: 'labels', testInputs: 'images', testTargets: 'labels' };
    const data = await load({ samples: 2, targetKind: 'classes' }, { files });
    expect([...data.train.inputs, ...data.train.targets]).toEqual([10, 20, 30, 40, -1, 1]);
  });

  test('CIFAR batches carry their labels', async () => {
    const bytes = new Uint8Array(3 * 3073);
    bytes[3073] = 1;
    bytes[2 * 3073] = 1;
    registerFile('data_batch_1.bin', bytes);
    const data = await load({ samples: 2, targetKind: 'classes' }, { files: { inputs: 'data_batch_1.bin' } });
    expect([data.inputDim, data.outputDim]).toEqual([3072, 1]);
  });

  test('texts of a test file mean what they mean in the training file', async () => {
    registerFile('train.csv', text(table));
    registerFile('test.csv', text('7,virginica\n8,virginica\n'));
    const settings = { files: { inputs: 'train.csv', testInputs: 'test.csv' } };
    expect([...(await load({ targetKind: 'classes' }, settings)).test.targets]).toEqual([1, 1]);
    registerFile('test.csv', text('7,virginica\n8,versicolor\n'));
    await expect(load({ targetKind: 'classes' }, settings)).rejects.toThrow(
      /testTargets: expected a label of the training set, got "versicolor"/,
    );
  });

  const wrong: [string, unknown, RegExp][] = [
    [
      'an unknown name',
      { inputs: 'iris.npy' },
      /file "iris.npy": expected a file that was given, got an unknown name\. Given are iris.csv, x.npy/,
    ],
    ['no inputs', { targets: 'iris.csv' }, /files: expected inputs, got none/],
    [
      'another key',
      { inputs: 'iris.csv', __proto__x: 'a' },
      /files: expected inputs, targets, testInputs, testTargets, got "__proto__x"/,
    ],
    ['no text', { inputs: 3 }, /files: inputs: expected a file name, got 3/],
    ['a list', ['iris.csv'], /expected an object with file names/],
    ['texts as values', { inputs: 'iris.csv' }, /expected numbers, got texts such as "setosa"\. Use targetKind: "classes"/],
    ['texts as inputs', { inputs: 'iris.csv', targets: 'iris.csv' }, /expected numbers/],
    ['no targets', { inputs: 'x.npy' }, /expected an NPY file|expected a file of targets/],
  ];
  for (const [name, files, message] of wrong) {
    test(`refuses ${name}`, async () => {
      registerFile('iris.csv', text(table));
      registerFile('x.npy', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 9));
      await expect(load({}, { files })).rejects.toThrow(message);
    });
  }

  test('a forgotten file is gone, a name must be one', async () => {
    registerFile('a', text('1'));
    forgetFile('a');
    await expect(load({}, { files: { inputs: 'a' } })).rejects.toThrow(/No file has been given/);
    expect(() => registerFile('', text('1'))).toThrow(/expected a name of 1 to 200 characters, got 0/);
  });
});
