// Files of a reader's own become a sweep that learns from them at once, or a sentence on what they lack.

import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { type OwnSweep, sweepOfFiles } from '../../../src/engine/own-data.ts';
import { planSweep } from '../../../src/engine/plan.ts';
import { npyOf } from '../../../src/exports/npy.ts';
import { fileNames, forgetFile, registerFile } from '../../../src/tasks/files.ts';
import { parseFile } from '../../../src/tasks/parse-file.ts';
import { idxFile } from '../tasks/idx-file.ts';

afterEach(() => {
  for (const name of fileNames()) forgetFile(name);
});

/** Registers and reads files, as the page does. */
const given = (files: Readonly<Record<string, Uint8Array>>) =>
  Promise.all(
    Object.entries(files).map(async ([name, bytes]) => {
      registerFile(name, bytes);
      return { name, data: await parseFile(bytes, name) };
    }),
  );

/** What the networks of a sweep would learn, as it is loaded. */
async function learned(found: OwnSweep | string) {
  if (typeof found === 'string') throw new Error(found);
  const sweep = parseSweep(found.sweep, catalog);
  const { task, buckets } = planSweep(sweep, catalog, PAGE_CAPS);
  const { train, test: tested, inputDim, outputDim } = await task.load(buckets[0].taskValues, sweep.task.settings);
  return { counts: [train.count, tested.count], inputDim, outputDim, loss: sweep.fixed.loss, words: found.words };
}

const bytes = (length: number, value: (i: number) => number) => Uint8Array.from({ length }, (_, i) => value(i));
const pixels = bytes(80 * 16, (i) => (i * i * 7 + i * 13) % 251);

describe('images', () => {
  test('and their labels, gzipped IDX: principal components, odd against even', async () => {
    const files = await given({
      'labels.gz': gzipSync(
        idxFile(
          [80],
          bytes(80, (i) => i % 5),
        ),
      ),
      'images.gz': gzipSync(idxFile([80, 4, 4], pixels)),
    });
    expect(await learned(sweepOfFiles(files))).toEqual({
      counts: [32, 24],
      inputDim: 10,
      outputDim: 1,
      loss: 'softHinge',
      words: '80 images of 4 × 4, odd against even labels',
    });
    expect(sweepOfFiles(files.slice(1))).toBe(
      '"images.gz" holds 80 images of 4 × 4. Open their labels too: a file of 80 numbers.',
    );
    expect(sweepOfFiles(files.slice(0, 1))).toMatch(/holds 80 numbers\. Open what they belong to as well: 80 images, or rows/);
  });

  test('whose labels are all even stand in two halves', async () => {
    const files = await given({
      x: idxFile([80, 4, 4], pixels),
      y: idxFile(
        [80],
        bytes(80, (i) => 2 * (i % 3)),
      ),
    });
    expect((await learned(sweepOfFiles(files))).words).toBe('80 images of 4 × 4, labels 0, 2 against 4');
  });

  test('of CIFAR-10 bring their labels along and are averaged to a size that can be analysed at once', async () => {
    const batch = bytes(40 * 3073, (i) => (i % 3073 === 0 ? (i / 3073) % 10 : (i * 31) % 255));
    const found = sweepOfFiles(await given({ 'data_batch_1.bin': batch }));
    expect(found).toMatchObject({
      sweep: { task: { kind: 'image-files', pooling: '2' } },
      words: expect.stringMatching(/^40 images of 32 × 32/),
    });
  });
});

describe('numbers', () => {
  const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);

  test('in a table with a last column of names: classes', async () => {
    const csv = ['a,b,kind', ...rows.map(([a, b], i) => `${a},${b},${['cat', 'dog'][i % 2]}`)].join('\n');
    expect(await learned(sweepOfFiles(await given({ 'pets.csv': new TextEncoder().encode(csv) })))).toEqual({
      counts: [25, 15],
      inputDim: 2,
      outputDim: 1,
      loss: 'softHinge',
      words: '40 rows of 2 numbers, 2 classes',
    });
  });

  test('and targets in two arrays: regression', async () => {
    const files = await given({
      'y.npy': npyOf(
        Float64Array.from(rows, ([a]) => a / 3),
        [40],
      ),
      'x.npy': npyOf(Float64Array.from(rows.flat()), [40, 2]),
    });
    expect(await learned(sweepOfFiles(files))).toMatchObject({
      inputDim: 2,
      outputDim: 1,
      loss: 'squared',
      words: '40 rows of 2 numbers, one target each',
    });
    expect(sweepOfFiles(files.slice(1))).toBe(
      '"x.npy" holds 40 × 2 numbers. Open their targets too: a file of 40 rows; or one table (CSV) whose last column is the target.',
    );
  });
});
