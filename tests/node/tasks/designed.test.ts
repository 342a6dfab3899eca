// Facts about the tasks of exact moments: what theories take for granted of their data holds to rounding.

import { describe, expect, test } from 'vitest';
import type { Value } from '../../../src/core/parameter.ts';
import { singularValues } from '../../../src/core/svd.ts';
import { leavesOut, type Samples, type Task, type TaskData, UNASKED } from '../../../src/core/task.ts';
import { hierarchy } from '../../../src/tasks/hierarchy.ts';
import { line } from '../../../src/tasks/line.ts';
import { whitened } from '../../../src/tasks/whitened.ts';
import { expectClose } from '../reference/expect-close.ts';
import { valuesOf } from './values-of.ts';

const load = (task: Task, changes: Record<string, Value> = {}): Promise<TaskData> => task.load(valuesOf(task, changes), {});

/** (1/P) Σ a bᵀ over samples: (rows of a, rows of b). */
function moments(a: Float64Array, b: Float64Array, count: number): Float64Array {
  const [m, n] = [a.length / count, b.length / count];
  return Float64Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let p = 0; p < count; p++) sum += a[p * m + Math.floor(at / n)] * b[p * n + (at % n)];
    return sum / count;
  });
}

const identity = (size: number) => Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
const inputMoments = ({ inputs, count }: Samples) => moments(inputs, inputs, count);
const mapOf = ({ inputs, targets, count }: Samples) => moments(targets, inputs, count);

describe('whitened', () => {
  for (const sizes of [
    { inputDim: 5, outputDim: 5, samples: 0 },
    { inputDim: 7, outputDim: 3, samples: 20 },
    { inputDim: 1, outputDim: 4, samples: 3 },
    { inputDim: 3, outputDim: 6, samples: 300 },
  ]) {
    test(`has X Xᵀ/P = 1 and Y Xᵀ/P = Σ with the singular values asked for: ${JSON.stringify(sizes)}`, async () => {
      const data = await load(whitened, { ...sizes, largestSingular: 2, smallestSingular: 0.5 });
      for (const samples of [data.train, data.test, data.probe]) {
        expectClose(inputMoments(samples), identity(sizes.inputDim), 1e-13);
        expectClose(mapOf(samples), data.teacher ?? [], 1e-13);
      }
      const m = Math.min(sizes.inputDim, sizes.outputDim);
      const expected = Array.from({ length: m }, (_, k) => (m === 1 ? 2 : 2 - (1.5 * k) / (m - 1)));
      expectClose(singularValues(data.teacher ?? new Float64Array(), sizes.outputDim, sizes.inputDim), expected, 1e-13);
    });
  }

  test('reversed is −Σ on the same inputs', async () => {
    const [usual, reversed] = [await load(whitened), await load(whitened, { signs: 'reversed' })];
    expect(reversed.train.inputs).toEqual(usual.train.inputs);
    expect(reversed.teacher).toEqual(usual.teacher?.map((value) => -value));
  });

  test('another task seed is another map of the same spectrum on the same inputs; another data seed only other inputs', async () => {
    const [first, task, data] = [
      await load(whitened),
      await load(whitened, { taskSeed: 1 }),
      await load(whitened, { dataSeed: 1 }),
    ];
    expect(task.train.inputs).toEqual(first.train.inputs);
    expect(task.teacher).not.toEqual(first.teacher);
    const spectrum = ({ teacher }: TaskData) => singularValues(teacher ?? new Float64Array(), 5, 5);
    expectClose(spectrum(task), spectrum(first), 1e-13);
    expect(data.teacher).toEqual(first.teacher);
    expect(data.train.inputs).not.toEqual(first.train.inputs);
  });

  test('geometric and flat spectra, and frames along the axes', async () => {
    const changes = { frames: 'identity', inputDim: 3, outputDim: 3, largestSingular: 4, smallestSingular: 1 };
    const geometric = await load(whitened, { ...changes, spectrum: 'geometric' });
    expectClose(geometric.teacher ?? [], [4, 0, 0, 0, 2, 0, 0, 0, 1], 1e-14);
    const flat = await load(whitened, { ...changes, spectrum: 'flat' });
    expectClose(flat.teacher ?? [], [4, 0, 0, 0, 4, 0, 0, 0, 4], 1e-15);
  });

  test('refuses what cannot be white or ordered', async () => {
    await expect(load(whitened, { inputDim: 6, samples: 5 })).rejects.toThrow('expected samples of at least inputDim = 6, got 5');
    await expect(load(whitened, { smallestSingular: 9 })).rejects.toThrow('expected smallestSingular of at most');
    await expect(load(whitened, { smallestSingular: 0, spectrum: 'geometric' })).rejects.toThrow('geometric');
  });
});

describe('hierarchy', () => {
  test('has the singular values of a three-level tree, one-hot whitened items and Σ = Y/√8', async () => {
    const data = await load(hierarchy);
    expectClose(inputMoments(data.train), identity(8), 1e-14);
    expectClose(mapOf(data.train), data.teacher ?? [], 1e-14);
    const spectrum = [1, 1, Math.SQRT1_2, Math.SQRT1_2, 0.5, 0.5, 0.5, 0.5];
    for (const variant of ['items', 'colour', 'last-flipped', 'reversed']) {
      const { teacher } = await load(hierarchy, { variant });
      expectClose(singularValues(teacher ?? new Float64Array(), 8, 8), spectrum, 1e-13);
    }
  });

  test('item 0 resembles its sibling more than a cousin, and a cousin more than the others', async () => {
    const { train } = await load(hierarchy);
    const item = (n: number) => Array.from(train.targets.subarray(8 * n, 8 * n + 8), Math.round);
    expect([item(0), item(1), item(6)]).toEqual([
      [1, 1, 1, 0, 1, 0, 0, 0],
      [1, 1, 1, 0, -1, 0, 0, 0],
      [1, -1, 0, -1, 0, 0, 0, 1],
    ]);
  });

  test('broken ties leave no two singular values equal', async () => {
    const { teacher } = await load(hierarchy, { ties: 'broken' });
    const values = singularValues(teacher ?? new Float64Array(), 8, 8);
    for (let k = 1; k < 8; k++) expect(values[k - 1] - values[k]).toBeGreaterThan(1e-4);
  });

  test('a new feature is taught on item 0 and tested on a relative', async () => {
    for (const [relative, item] of [
      ['sibling', 1],
      ['cousin', 2],
      ['other', 4],
    ] as const) {
      const data = await load(hierarchy, { variant: 'new-feature', relative });
      expect([data.outputDim, data.train.count, data.test.count]).toEqual([1, 1, 1]);
      expect([data.train.inputs.indexOf(Math.sqrt(8)), data.test.inputs.indexOf(Math.sqrt(8))]).toEqual([0, item]);
      expect([data.train.targets[0], data.test.targets[0]]).toEqual([1, 1]);
    }
  });
});

describe('the hierarchy with an added feature', () => {
  test('keeps all that was asked, asks item 0 alone for the ninth, and is tested on it alone', async () => {
    const [items, added] = [await load(hierarchy), await load(hierarchy, { variant: 'added-feature', relative: 'cousin' })];
    expect([added.outputDim, added.train.count, added.test.count]).toEqual([9, 8, 1]);
    for (let n = 0; n < 8; n++) {
      expect([...added.train.targets.subarray(9 * n, 9 * n + 8)]).toEqual([...items.train.targets.subarray(8 * n, 8 * n + 8)]);
      expect(added.train.targets[9 * n + 8]).toBe(n === 0 ? 1 : UNASKED);
    }
    expect([added.test.inputs.indexOf(Math.sqrt(8)), [...added.test.targets]]).toEqual([2, [0, 0, 0, 0, 0, 0, 0, 0, 1]]);
    expect([leavesOut(added.train), leavesOut(added.test), leavesOut(added.probe)]).toEqual([true, false, false]);
    expect(Math.fround(UNASKED)).toBe(UNASKED);
  });
});

describe('line', () => {
  test('has exactly the moments asked for, in every set', async () => {
    const data = await load(line, { slope: -2, variance: 3, noise: 0.25, samples: 7, testSamples: 31, probeSamples: 4 });
    expect([data.train.count, data.test.count, data.probe.count]).toEqual([7, 31, 4]);
    for (const { inputs, targets, count } of [data.train, data.test, data.probe]) {
      const own = [moments(inputs, inputs, count)[0], moments(inputs, targets, count)[0], moments(targets, targets, count)[0]];
      expectClose(own, [3, -6, 12.25], 1e-12);
    }
  });

  test('with one sample is x = √M; the catapult problem is slope 0', async () => {
    const { train } = await load(line, { slope: 0, variance: 1, samples: 1 });
    expect([[...train.inputs], [...train.targets]]).toEqual([[1], [0]]);
  });

  test('refuses noise on one point, and inputs that are all zero', async () => {
    await expect(load(line, { samples: 1, noise: 0.1 })).rejects.toThrow('at least two samples');
    await expect(load(line, { variance: 0 })).rejects.toThrow('expected variance > 0, got 0');
  });
});
