// Facts about the generated tasks: thresholds that halve the mass, norms, parity, balance.

import { describe, expect, test } from 'vitest';
import { normThreshold, sphere } from '../../../src/tasks/sphere.ts';
import { stripe, stripeThreshold } from '../../../src/tasks/stripe.ts';
import { teacher } from '../../../src/tasks/teacher.ts';
import { xor } from '../../../src/tasks/xor.ts';
import { sum, valuesOf } from './values-of.ts';

const many = { testSamples: 20000 };

describe('stripe', () => {
  test('the threshold is the median of |x₀|', () => {
    expect(stripeThreshold(5)).toBeCloseTo(0.7766, 4);
    expect(stripeThreshold(10)).toBeCloseTo(0.7212, 4);
    expect(stripeThreshold(20)).toBeCloseTo(0.6969, 4);
    // Closed forms: the circle, Archimedes' sphere, and the normal limit.
    expect(stripeThreshold(2)).toBeCloseTo(1, 12);
    expect(stripeThreshold(3)).toBeCloseTo(Math.sqrt(3) / 2, 12);
    expect(stripeThreshold(1024)).toBeCloseTo(0.6745, 3);
  });

  test('points lie on the sphere of radius √d and both labels are as frequent', async () => {
    const { test: samples } = await stripe.load(valuesOf(stripe, many), {});
    for (let i = 0; i < 100; i++) expect(sum(samples.inputs.slice(10 * i, 10 * i + 10).map((x) => x * x))).toBeCloseTo(10, 10);
    expect(Math.abs(sum(samples.targets)) / samples.count).toBeLessThan(5 / Math.sqrt(samples.count));
    for (let i = 0; i < 100; i++) expect(samples.targets[i]).toBe(Math.abs(samples.inputs[10 * i]) > 0.7212 ? 1 : -1);
  });
});

describe('sphere', () => {
  test('the threshold is the median of the χ distribution', () => {
    expect(normThreshold(1)).toBeCloseTo(0.6744897501960817, 10);
    expect(normThreshold(2) ** 2).toBeCloseTo(2 * Math.LN2, 10);
    expect(normThreshold(10) ** 2).toBeCloseTo(9.341818, 5);
    expect(normThreshold(1024) ** 2).toBeCloseTo(1024 - 2 / 3, 2);
  });

  test('both labels are as frequent', async () => {
    const { test: samples } = await sphere.load(valuesOf(sphere, { ...many, inputDim: 3 }), {});
    expect(Math.abs(sum(samples.targets)) / samples.count).toBeLessThan(5 / Math.sqrt(samples.count));
  });
});

test('exclusive or: the sign of the product of the first two inputs', async () => {
  const { test: samples } = await xor.load(valuesOf(xor), {});
  for (let i = 0; i < samples.count; i++)
    expect(samples.targets[i]).toBe(Math.sign(samples.inputs[10 * i] * samples.inputs[10 * i + 1]));
});

describe('teacher', () => {
  test('an odd teacher changes sign with its input, an even one does not see it', async () => {
    // On the sphere of one dimension there are only x = 1 and x = −1.
    const odd = await teacher.load(valuesOf(teacher, { inputDim: 1, teacherParity: 'odd', targetKind: 'values' }), {});
    expect(new Set(odd.test.inputs.map(Math.round))).toEqual(new Set([-1, 1]));
    for (let i = 0; i < odd.test.count; i++) {
      expect(odd.test.targets[i] * odd.test.inputs[i]).toBeCloseTo(odd.test.targets[0] * odd.test.inputs[0], 12);
    }
    await expect(teacher.load(valuesOf(teacher, { inputDim: 1, teacherParity: 'even' }), {})).rejects.toThrow(
      /constant even one/,
    );
  });

  test('an even teacher is uncorrelated with every input, an odd one is not', async () => {
    const largest = async (teacherParity: string) => {
      const { test: samples } = await teacher.load(valuesOf(teacher, { ...many, teacherParity, targetKind: 'values' }), {});
      const correlations = Array.from({ length: 10 }, (_, j) =>
        sum(samples.targets.map((y, i) => y * samples.inputs[10 * i + j])),
      );
      return Math.max(...correlations.map((x) => Math.abs(x) / samples.count));
    };
    expect(await largest('even')).toBeLessThan(5 / Math.sqrt(many.testSamples));
    expect(await largest('odd')).toBeGreaterThan(0.2);
  });

  test('values have mean 0 and variance 1, signs are balanced', async () => {
    for (const teacherParity of ['any', 'even', 'odd']) {
      const values = (await teacher.load(valuesOf(teacher, { ...many, teacherParity, targetKind: 'values' }), {})).test;
      expect(sum(values.targets) / values.count).toBeCloseTo(0, 1);
      expect(sum(values.targets.map((y) => y * y)) / values.count).toBeCloseTo(1, 0);
      const signs = (await teacher.load(valuesOf(teacher, { ...many, teacherParity }), {})).test;
      expect(Math.abs(sum(signs.targets)) / signs.count).toBeLessThan(0.06);
    }
  });

  test('the same teacher labels another draw of data', async () => {
    const load = (dataSeed: number, teacherSeed: number) => teacher.load(valuesOf(teacher, { dataSeed, teacherSeed }), {});
    const [one, two, other] = [await load(0, 0), await load(0, 1), await load(1, 0)];
    expect(two.train.inputs).toEqual(one.train.inputs);
    expect(two.train.targets).not.toEqual(one.train.targets);
    expect(other.train.inputs).not.toEqual(one.train.inputs);
  });

  test('refuses a teacher that is zero', async () => {
    const values = valuesOf(teacher, { teacherParity: 'even', teacherActivation: 'tanh' });
    await expect(teacher.load(values, {})).rejects.toThrow(
      'task "teacher": expected a teacher that varies, got a constant even one.',
    );
  });
});
