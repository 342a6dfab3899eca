// Image files made here in the formats of their owners: EMNIST's transposed IDX files, CIFAR-10's six batches.
// Pools, features and refusals.

import { gzipSync } from 'node:zlib';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { afterEach, describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/parameter.ts';
import { randomSource } from '../../../src/core/random.ts';
import { fileNames, forgetFile, registerFile } from '../../../src/tasks/files.ts';
import { imageFiles } from '../../../src/tasks/image-files.ts';
import { images } from '../../../src/tasks/images.ts';
import { principalComponents } from '../../../src/tasks/principal-components.ts';
import { idxFile } from './idx-file.ts';
import { rowsOf, sum, valuesOf } from './values-of.ts';

afterEach(() => {
  for (const name of fileNames()) forgetFile(name);
});

const few = { samples: 24, testSamples: 20, probeSamples: 8 };
const load = (settings: Record<string, unknown>, changes: Record<string, Value> = {}) =>
  imageFiles.load(valuesOf(imageFiles, { ...few, features: 'pixels', ...changes }), settings);

/** Random bytes, always the same. */
function noise(length: number, seed = 1): Uint8Array {
  const source = randomSource(seed, 2);
  return Uint8Array.from({ length }, () => source.below(256));
}

/** EMNIST letters as its owners pack them: gzipped IDX, 28 × 28, columns first, labels 1 … 26. */
function registerLetters(pixels = (i: number) => noise(784, i)): string[] {
  const part = (name: string, count: number, first: number) => {
    const bytes = Uint8Array.from(Array.from({ length: count }, (_, i) => [...pixels(first + i)]).flat());
    registerFile(`emnist-letters-${name}-images-idx3-ubyte.gz`, gzipSync(idxFile([count, 28, 28], bytes)));
    const labels = Uint8Array.from({ length: count }, (_, i) => 1 + ((first + i) % 26));
    registerFile(`emnist-letters-${name}-labels-idx1-ubyte.gz`, gzipSync(idxFile([count], labels)));
  };
  part('train', 130, 0);
  part('test', 26, 130);
  return fileNames();
}

/** Batches of CIFAR-10's binary version, `count` records each. */
function registerCifar(count = 20): string[] {
  const names = [
    'data_batch_1.bin',
    'data_batch_2.bin',
    'data_batch_3.bin',
    'data_batch_4.bin',
    'data_batch_5.bin',
    'test_batch.bin',
  ];
  names.forEach((name, batch) => {
    const bytes = noise(count * 3073, 100 + batch);
    for (let i = 0; i < count; i++) bytes[i * 3073] = i % 10;
    registerFile(name, bytes);
  });
  return names;
}

describe('EMNIST letters', () => {
  test('training and test files make one pool of 26 classes, split by parity and balanced', async () => {
    const files = registerLetters();
    const data = await load({ files }, { samples: 100, testSamples: 40, probeSamples: 16 });
    expect([data.inputDim, data.outputDim]).toEqual([784, 1]);
    expect([data.train, data.test, data.probe].map(({ targets }) => sum(targets))).toEqual([0, 0, 0]);
    expect(new Set([data.train, data.test, data.probe].flatMap(rowsOf)).size).toBe(156);
    expect(data.description).toBe('Own images (156, 26 classes), parity, 784 pixels');
  });

  test('transposed images are turned upright: a stroke across the file’s rows stands', async () => {
    // In the file, row 3 is bright; upright, column 3 is.
    const files = registerLetters((i) =>
      Uint8Array.from({ length: 784 }, (_, p) => (Math.floor(p / 28) === 3 + (i % 2) ? 200 : 10)),
    );
    const { train, image } = await load({ files }, { orientation: 'transposed' });
    expect(image).toEqual({ side: 28, channels: 1 });
    for (const row of [0, 9, 27]) expect(train.inputs[row * 28 + 3]).toBeCloseTo(train.inputs[3], 12);
    expect(Math.abs(train.inputs[3])).toBeGreaterThan(1);
    expect(train.inputs[5]).toBeCloseTo(0, 12);
  });

  test('groups take the labels that the files hold, 1 to 26', async () => {
    const files = registerLetters();
    const data = await load(
      { files, positive: [1, 5, 9], negative: [26] },
      { ...few, labels: 'groups', samples: 4, testSamples: 2, probeSamples: 2 },
    );
    expect(sum(data.train.targets)).toBe(0);
    await expect(load({ files, positive: [0], negative: [26] }, { labels: 'groups' })).rejects.toThrow(
      /positive: expected a list of different classes from 1 to 26, got \[0\]/,
    );
  });
});

describe('CIFAR-10', () => {
  test('six batches are one pool of colour images of norm √3072 about the mean', async () => {
    const data = await load({ files: registerCifar() }, { labels: 'classes', samples: 60, testSamples: 40, probeSamples: 10 });
    expect([data.inputDim, data.outputDim, data.image]).toEqual([3072, 10, { side: 32, channels: 3 }]);
    for (let i = 0; i < 5; i++) {
      expect(sum(data.train.inputs.slice(i * 3072, (i + 1) * 3072).map((x) => x * x))).toBeCloseTo(3072, 6);
    }
    for (let c = 0; c < 10; c++) expect(sum(data.train.targets.filter((_, n) => n % 10 === c))).toBe(6);
  });

  test('gzipped batches and fewer images of each class are taken', async () => {
    const files = registerCifar();
    const whole = await load({ files }, { imagesPerClass: 0 });
    expect(whole.description).toMatch(/^Own images \(120, 10 classes\)/);
    const bytes = noise(20 * 3073, 100);
    for (let i = 0; i < 20; i++) bytes[i * 3073] = i % 10;
    registerFile('data_batch_1.bin', gzipSync(bytes));
    expect(await load({ files }, { imagesPerClass: 0 })).toEqual(whole);
    expect((await load({ files }, { imagesPerClass: 6 })).description).toMatch(/^Own images \(60, 10 classes\)/);
  });
});

describe('features', () => {
  test('components are whitened over the pool, uncorrelated, and pooling averages blocks first', async () => {
    const files = registerLetters();
    const all = { samples: 150, testSamples: 3, probeSamples: 3 };
    const { train, inputDim } = await load({ files }, { ...all, features: 'pca', components: 6, pooling: '4' });
    expect(inputDim).toBe(6);
    for (let c = 0; c < 6; c++) {
      const column = train.inputs.filter((_, n) => n % 6 === c);
      expect(sum(column.map((x) => x * x)) / train.count).toBeGreaterThan(0.8);
      expect(sum(column.map((x) => x * x)) / train.count).toBeLessThan(1.2);
    }
    const pixels = await load({ files }, { pooling: '2' });
    expect(pixels.inputDim).toBe(196);
  });

  test('the components are those of the covariance matrix', async () => {
    const [count, inputDim, wanted] = [200, 30, 7];
    const source = randomSource(5, 2);
    const rows = Float64Array.from({ length: count * inputDim }, (_, n) => source.normal() * 0.8 ** (n % inputDim) + 3);
    const fill = (i: number, row: Float64Array) => row.set(rows.subarray(i * inputDim, (i + 1) * inputDim));
    const { coefficients, stds } = await principalComponents({ count, inputDim, fill }, wanted);
    const matrix = new Matrix(Array.from({ length: count }, (_, i) => [...rows.subarray(i * inputDim, (i + 1) * inputDim)]));
    const centred = matrix.center('column');
    const values = new EigenvalueDecomposition(centred.transpose().mmul(centred).div(count)).realEigenvalues.sort(
      (a, b) => b - a,
    );
    stds.forEach((std, k) => {
      expect(std ** 2 / values[k], `component ${k}`).toBeCloseTo(1, 9);
    });
    for (let a = 0; a < wanted; a++) {
      for (let b = 0; b <= a; b++) {
        const product = sum(
          Float64Array.from({ length: count }, (_, i) => coefficients[a * count + i] * coefficients[b * count + i]),
        );
        expect(product / count).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  });

  test('equal variances are told apart; a set of few dimensions gives no more components', async () => {
    const corners = [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
    ];
    const fill = (i: number, row: Float64Array) => row.set(corners[i]);
    const { stds } = await principalComponents({ count: 4, inputDim: 3, fill }, 3);
    expect(stds).toHaveLength(2);
    for (const std of stds) expect(std).toBeCloseTo(Math.SQRT1_2, 12);
  });

  test('another training seed draws another training set and keeps the test set, without overlap', async () => {
    for (const [task, settings] of [
      [images, {}],
      [imageFiles, { files: registerLetters() }],
    ] as const) {
      const drawn = async (trainSeed: number) => task.load(valuesOf(task, { ...few, features: 'pixels', trainSeed }), settings);
      const [first, second] = [await drawn(0), await drawn(3)];
      expect(second.test).toEqual(first.test);
      expect(second.probe).toEqual(first.probe);
      expect(rowsOf(second.train)).not.toEqual(rowsOf(first.train));
      expect(sum(second.train.targets)).toBe(0);
      const tested = new Set([...rowsOf(second.test), ...rowsOf(second.probe)]);
      expect(rowsOf(second.train).filter((row) => tested.has(row))).toEqual([]);
    }
  });
});

describe('refusals', () => {
  const pictures = idxFile([4, 2, 2], noise(16));
  const classes = idxFile([4], Uint8Array.of(0, 1, 0, 1));
  const cases: [string, Record<string, Uint8Array>, RegExp][] = [
    [
      'labels for other images',
      { a: pictures, b: idxFile([3], Uint8Array.of(0, 1, 0)) },
      /file "b": expected 4 labels for the images of "a", got 3/,
    ],
    ['images without labels', { a: pictures }, /expected as many files of labels as of images, got 0 and 1/],
    ['labels alone', { b: classes }, /expected files of images, got none/],
    [
      'images of other sizes',
      { a: pictures, b: classes, c: idxFile([4, 2, 3], noise(24)), d: classes },
      /file "c": expected images of 1 × 2 × 2 as in "a", got 1 × 2 × 3/,
    ],
    [
      'a cut IDX file',
      { a: pictures.subarray(0, 20), b: classes },
      /file "a": expected 16 bytes for shape 4 × 2 × 2, got 4\. The file is cut short/,
    ],
    [
      'a header that promises the world',
      { a: idxFile([4e9, 1e4, 1e4], noise(16)), b: classes },
      /file "a": expected .* bytes for shape|file "a": expected sizes/,
    ],
    [
      'a batch cut short',
      { a: noise(3073 * 2 - 5).fill(0, 0, 1) },
      /file "a": expected NPY, IDX, records of CIFAR-10 .* got 6141 bytes of another kind/,
    ],
    [
      'a mislabelled batch',
      {
        a: noise(3073 * 2)
          .fill(10, 0, 1)
          .fill(0, 5, 6),
      },
      /file "a": expected labels from 0 to 9, got 10 in record 0/,
    ],
    ['cut gzip', { a: gzipSync(pictures).subarray(0, 25), b: classes }, /file "a": expected a whole gzip file/],
    [
      'a table',
      { a: new TextEncoder().encode('1,2,3\n4,5,6\n'), b: classes },
      /file "a": expected numbers from 0 to 255 in one byte each, got a table/,
    ],
    ['wider numbers', { a: idxFile([1, 1, 2], noise(4), 11), b: idxFile([1], Uint8Array.of(0)) }, /got wider numbers/],
    [
      'too many sizes',
      { a: idxFile([2, 2, 2, 2, 2], noise(32)), b: classes },
      /expected labels \(count\) or images .* got shape 2 × 2 × 2 × 2 × 2/,
    ],
    ['one class', { a: pictures, b: idxFile([4], Uint8Array.of(2, 2, 2, 2)) }, /at least one even and one odd class/],
  ];
  for (const [name, files, message] of cases) {
    test(name, async () => {
      for (const [file, bytes] of Object.entries(files)) registerFile(file, bytes);
      await expect(load({ files: Object.keys(files) })).rejects.toThrow(message);
    });
  }

  test('no list, unknown, repeated and too many names', async () => {
    await expect(load({})).rejects.toThrow(/files: expected a list of file names, got nothing\. For example/);
    await expect(load({ files: { images: 'a' } })).rejects.toThrow(/expected a list of file names/);
    await expect(load({ files: ['none.gz'] })).rejects.toThrow(/file "none\.gz": expected a file that was given/);
    await expect(load({ files: ['a', 'a'] })).rejects.toThrow(/expected every file once, got "a" twice/);
    await expect(load({ files: Array.from({ length: 33 }, (_, i) => `${i}`) })).rejects.toThrow(/at most 32 files, got 33/);
  });

  test('pooling that does not fit, more components than there are, more samples than there are', async () => {
    registerFile('a', idxFile([8, 3, 2], noise(48)));
    registerFile('b', idxFile([8], Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7)));
    const tiny = { samples: 4, testSamples: 2, probeSamples: 2 };
    await expect(load({ files: ['a', 'b'] }, { pooling: '2' })).rejects.toThrow(
      /pooling: expected images that 2 divides, got 3 × 2/,
    );
    await expect(load({ files: ['a', 'b'] }, { ...tiny, features: 'pca' })).rejects.toThrow(
      /components: expected at most [56] components/,
    );
    await expect(load({ files: ['a', 'b'] })).rejects.toThrow(/of at most 8, got 24 \+ 20 \+ 8/);
    expect((await load({ files: ['a', 'b'] }, tiny)).image).toBeUndefined();
  });
});
