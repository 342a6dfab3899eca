// Image tasks: right labels, whitened components, normalised pixels, balanced disjoint draws, clear refusals.

import { describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/parameter.ts';
import { loadComponents, loadPixels } from '../../../src/tasks/assets/load.ts';
import { fashionParity } from '../../../src/tasks/fashion-parity.ts';
import { images } from '../../../src/tasks/images.ts';
import { mnistPair } from '../../../src/tasks/mnist-pair.ts';
import { mnistParity } from '../../../src/tasks/mnist-parity.ts';
import { rowsOf, sum, valuesOf } from './values-of.ts';

const load = (changes: Record<string, Value>, settings: Record<string, unknown> = {}) =>
  images.load(valuesOf(images, changes), settings);

describe('the sets', () => {
  for (const name of ['mnist', 'fashion-mnist'] as const) {
    test(`${name} holds 1,200 different images of each class, in one order for pixels and components`, async () => {
      const [pixels, components] = [await loadPixels(name), await loadComponents(name)];
      expect([pixels.count, pixels.rows, pixels.columns, pixels.classes]).toEqual([12000, 28, 28, 10]);
      expect(components.labels).toEqual(pixels.labels);
      for (let label = 0; label < 10; label++) expect(pixels.labels.filter((other) => other === label).length).toBe(1200);
      const texts = Array.from({ length: 12000 }, (_, i) =>
        Buffer.from(pixels.images.subarray(784 * i, 784 * (i + 1))).toString('latin1'),
      );
      expect(new Set(texts).size).toBe(12000);
    });

    test(`${name}: every component has mean 0 and variance 1 over the set, and none is correlated with another`, async () => {
      const { count, components, coefficients, stds } = await loadComponents(name);
      const column = (c: number) => coefficients.subarray(c * count, (c + 1) * count);
      for (let a = 0; a < components; a++) {
        expect(sum(column(a)) / count).toBeCloseTo(0, 5);
        for (let b = 0; b <= a; b++)
          expect(sum(column(a).map((x, i) => x * column(b)[i])) / count).toBeCloseTo(a === b ? 1 : 0, 4);
        if (a > 0) expect(stds[a]).toBeLessThan(stds[a - 1]);
      }
      // All images have norm √784, so all variances together are at most 784.
      expect(sum(stds.map((std) => std * std))).toBeLessThan(784);
    });

    test(`${name}: the components are those of its pixels`, async () => {
      // 784 inner products of normalised images are bounded by those of their leading components: the Gram matrices agree to
      // the share of variance that the components carry.
      const draw = { dataset: name, samples: 40, testSamples: 2, probeSamples: 2 };
      const pixels = (await load({ ...draw, features: 'pixels' })).train;
      const components = (await load({ ...draw, whitening: 'none', components: 16 })).train;
      const distances = (inputs: Float64Array, d: number) =>
        Array.from({ length: 39 }, (_, i) => sum(inputs.slice(0, d).map((x, j) => (x - inputs[d * (i + 1) + j]) ** 2)));
      const full = distances(pixels.inputs, 784);
      const kept = distances(components.inputs, 16);
      kept.forEach((distance, i) => {
        expect(distance / full[i], `pair ${i}`).toBeLessThanOrEqual(1.001);
      });
      expect(sum(kept) / sum(full)).toBeGreaterThan(0.4);
    });
  }

  test('MNIST looks like digits: ones are thin, zeros have a hole', async () => {
    const { images: bytes, labels, count } = await loadPixels('mnist');
    const ink = new Float64Array(10);
    const middle = new Float64Array(10);
    for (let i = 0; i < count; i++) {
      ink[labels[i]] += sum(bytes.subarray(784 * i, 784 * (i + 1))) / 784 / 1200;
      middle[labels[i]] += bytes[784 * i + 14 * 28 + 14] / 1200;
    }
    expect(ink.indexOf(Math.min(...ink))).toBe(1);
    expect(ink.indexOf(Math.max(...ink))).toBe(0);
    expect(middle.indexOf(Math.min(...middle))).toBe(0);
  });
});

describe('features', () => {
  test('pixels have norm √d at every side', async () => {
    for (const side of [28, 14, 7]) {
      const { train, inputDim } = await load({ features: 'pixels', imageSide: String(side) });
      expect(inputDim).toBe(side * side);
      for (let i = 0; i < 10; i++) {
        expect(sum(train.inputs.slice(i * inputDim, (i + 1) * inputDim).map((x) => x * x))).toBeCloseTo(inputDim, 8);
      }
    }
  });

  test('common whitening keeps the mean variance at 1, whitening "none" the variances of the set', async () => {
    const { stds } = await loadComponents('mnist');
    const whole = { samples: 11000, testSamples: 998, probeSamples: 2, components: 4 };
    const variances = async (whitening: string) => {
      const { train } = await load({ ...whole, whitening });
      return [0, 1, 2, 3].map((c) => sum(train.inputs.map((x, i) => (i % 4 === c ? x * x : 0))) / train.count);
    };
    expect(sum(await variances('common')) / 4).toBeCloseTo(1, 1);
    (await variances('none')).forEach((variance, c) => {
      expect(variance / stds[c] ** 2).toBeCloseTo(1, 1);
    });
  });

  test('the default of parity is 10 whitened components, and says so', async () => {
    const data = await mnistParity.load(valuesOf(mnistParity), {});
    expect([data.inputDim, data.outputDim, data.description]).toEqual([10, 1, 'MNIST parity, 10 whitened principal components']);
    const fashion = await fashionParity.load(valuesOf(fashionParity, { features: 'pixels' }), {});
    expect(fashion.description).toBe('Fashion-MNIST parity, 784 pixels');
  });
});

describe('labels', () => {
  test('parity of even counts is exactly balanced', async () => {
    const { train, test: tested, probe } = await mnistParity.load(valuesOf(mnistParity), {});
    expect([sum(train.targets), sum(tested.targets), sum(probe.targets)]).toEqual([0, 0, 0]);
  });

  test('a pair separates its two digits: ones and zeros differ by the first component', async () => {
    const { train } = await mnistPair.load(valuesOf(mnistPair, { positiveClass: 1, negativeClass: 0 }), {});
    const agree = train.targets.map((y, i) => Number(y > 0 === train.inputs[10 * i] > 0));
    const share = sum(agree) / train.count;
    expect(Math.max(share, 1 - share)).toBeGreaterThan(0.95);
  });

  test('a pair is what images gives for its two groups', async () => {
    const pair = await mnistPair.load(valuesOf(mnistPair, { positiveClass: 5, negativeClass: 6 }), {});
    expect(await load({ labels: 'groups' }, { positive: [5], negative: [6] })).toEqual(pair);
  });

  test('groups of unequal size are balanced all the same', async () => {
    const { train, description } = await load({ labels: 'groups', samples: 90 }, { positive: [3], negative: [8, 1, 7] });
    expect(sum(train.targets)).toBe(0);
    expect(description).toBe('MNIST 3 against 1, 7, 8, 10 whitened principal components');
  });

  test('classes are one-hot, each as often', async () => {
    const { train, outputDim } = await load({ labels: 'classes', samples: 30 }, { classes: [7, 2, 5] });
    expect(outputDim).toBe(3);
    expect([0, 1, 2].map((k) => sum(train.targets.filter((_, i) => i % 3 === k)))).toEqual([10, 10, 10]);
    for (let i = 0; i < 30; i++) expect(sum(train.targets.slice(3 * i, 3 * i + 3))).toBe(1);
  });

  test('components and pixels of one seed are the same images', async () => {
    const draw = { labels: 'classes', samples: 50 };
    expect((await load({ ...draw, features: 'pixels' })).train.targets).toEqual((await load(draw)).train.targets);
  });

  test('the parity of all images uses each once', async () => {
    const data = await load({ samples: 10936 });
    expect(new Set([...rowsOf(data.train), ...rowsOf(data.test), ...rowsOf(data.probe)]).size).toBeGreaterThan(11990);
  });
});

describe('refusals', () => {
  test('too many samples: says how many there are', async () => {
    await expect(mnistParity.load(valuesOf(mnistParity, { samples: 20000 }), {})).rejects.toThrow(
      'task "mnist-parity": expected samples + testSamples + probeSamples of at most 12000, got 20000 + 1000 + 64. ' +
        'The data set holds 12000 balanced samples for these labels.',
    );
    await expect(mnistPair.load(valuesOf(mnistPair, { samples: 2000 }), {})).rejects.toThrow(/of at most 2400/);
  });

  const wrong: [string, Record<string, Value>, Record<string, unknown>, RegExp][] = [
    ['no groups', { labels: 'groups' }, {}, /positive: expected a list of different classes from 0 to 9, got nothing/],
    [
      'a class twice',
      { labels: 'groups' },
      { positive: [3, 3], negative: [1] },
      /positive: expected a list of different classes/,
    ],
    ['a class in both', { labels: 'groups' }, { positive: [3], negative: [1, 3] }, /expected no class in both lists, got 3/],
    ['no such class', { labels: 'classes' }, { classes: [1, 10] }, /classes: expected a list of different classes/],
    ['no list', { labels: 'classes' }, { classes: '12' }, /classes: expected a list of different classes/],
    ['one class', { labels: 'classes' }, { classes: [1] }, /at least two classes/],
    ['only odd classes', {}, { classes: [1, 3] }, /at least one even and one odd class/],
    ['groups without their label kind', {}, { positive: [1] }, /positive: expected none with labels "parity"/],
  ];
  for (const [name, changes, settings, message] of wrong) {
    test(name, async () => {
      await expect(load(changes, settings)).rejects.toThrow(message);
    });
  }

  test('a pair of one digit', async () => {
    await expect(mnistPair.load(valuesOf(mnistPair, { negativeClass: 8 }), {})).rejects.toThrow(
      /expected two different digits, got 8 twice/,
    );
  });

  test('an aborted load', async () => {
    await expect(mnistParity.load(valuesOf(mnistParity), {}, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});
