// What every kind of task promises: complete options, well-formed samples, disjoint draws, the same data for the same seed.

import { describe, expect, test } from 'vitest';
import { scalarOptionsOf } from '../../../src/core/catalog.ts';
import type { Value } from '../../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { registerFile } from '../../../src/tasks/files.ts';
import { tasks } from '../../../src/tasks/registry.ts';
import { idxFile } from './idx-file.ts';
import { rowsOf, sum, valuesOf } from './values-of.ts';

/** Kinds whose samples are designed, not drawn: their own tests say what they promise. */
const DESIGNED = ['whitened', 'features', 'hierarchy', 'line'];

const few = { samples: 24, testSamples: 40, probeSamples: 8 };

/** Non-scalar options without which a kind has no data. */
const needed: Record<string, Record<string, unknown>> = {
  arrays: {
    trainInputs: Array.from({ length: 80 }, (_, i) => [i, Math.sin(i)]),
    trainTargets: Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
  },
  'image-files': { files: ['images', 'labels'] },
};

const source = randomSource(1, STREAMS.data);
registerFile(
  'images',
  idxFile(
    [1600, 4, 4],
    Uint8Array.from({ length: 25600 }, () => source.below(256)),
  ),
);
registerFile(
  'labels',
  idxFile(
    [1600],
    Uint8Array.from({ length: 1600 }, (_, i) => i % 4),
  ),
);

test('kinds and option names are unique, and every option is described', () => {
  expect(new Set(tasks.map((task) => task.kind)).size).toBe(tasks.length);
  for (const task of tasks) {
    const ids = scalarOptionsOf(task)
      .map((parameter) => parameter.id)
      .concat(task.settings ?? []);
    expect(new Set(ids).size, task.kind).toBe(ids.length);
    for (const parameter of task.parameters) {
      expect(parameter.id).toMatch(/^[a-z][A-Za-z]*$/);
      expect(parameter.scope).toBe('shape');
      expect(parameter.label).toMatch(/^[a-z]/);
      expect(parameter.description).toMatch(/\.$/);
      expect(parameter.source).not.toBe('');
      if (parameter.kind === 'choice') expect(parameter.choices).toContain(parameter.default);
      else expect(parameter.default >= parameter.minimum && parameter.default <= parameter.maximum).toBe(true);
    }
  }
});

for (const task of tasks.filter(({ kind }) => !DESIGNED.includes(kind))) {
  describe(task.kind, () => {
    const load = (changes: Record<string, Value> = {}) =>
      task.load(valuesOf(task, { ...few, ...changes }), needed[task.kind] ?? {});

    test('gives as many finite samples as asked for', async () => {
      const data = await load();
      expect([data.train.count, data.test.count, data.probe.count]).toEqual([24, 40, 8]);
      expect(data.description).toMatch(/^[A-Z][^\n]{5,200}$/);
      for (const samples of [data.train, data.test, data.probe]) {
        expect(samples.inputs.length).toBe(samples.count * data.inputDim);
        expect(samples.targets.length).toBe(samples.count * data.outputDim);
        expect([...samples.inputs, ...samples.targets].every(Number.isFinite)).toBe(true);
      }
    });

    test('keeps training samples apart from test and probe samples', async () => {
      const data = await load();
      const training = new Set(rowsOf(data.train));
      expect(training.size).toBe(24);
      expect([...rowsOf(data.test), ...rowsOf(data.probe)].filter((row) => training.has(row))).toEqual([]);
    });

    test('gives the same data for the same seed and other data for another', async () => {
      const [first, again, other] = [await load(), await load(), await load({ dataSeed: 1 })];
      expect(again).toEqual(first);
      expect(rowsOf(other.train)).not.toEqual(rowsOf(first.train));
    });

    test('keeps test and probe samples and extends the training set when it grows', async () => {
      const [small, large] = [await load({ samples: 12 }), await load()];
      expect(large.test).toEqual(small.test);
      expect(large.probe).toEqual(small.probe);
      const more = new Set(rowsOf(large.train));
      expect(rowsOf(small.train).filter((row) => !more.has(row))).toEqual([]);
    });

    test('has balanced labels', async () => {
      // Answers of sequences are one-hot at every step: their own tests count them.
      if (task.sequential === true) return;
      const { test: samples } = await load({ testSamples: task.kind === 'arrays' ? 40 : 1000 });
      // Five standard deviations of a fair coin.
      expect(Math.abs(sum(samples.targets)) / samples.count).toBeLessThan(5 / Math.sqrt(samples.count));
    });
  });
}
