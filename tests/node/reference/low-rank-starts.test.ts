// Starts of low rank of fully connected networks: rank, norm, spectrum, direction and output weights; common luck; refusals.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { cutToRank } from '../../../src/core/low-rank.ts';
import type { Value } from '../../../src/core/parameter.ts';
import { singularValues, thinSvd } from '../../../src/core/svd.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { features } from '../../../src/tasks/features.ts';
import { whitened } from '../../../src/tasks/whitened.ts';
import { makeBatch } from '../../gpu/make-batch.ts';
import { valuesOf } from '../tasks/values-of.ts';
import { expectClose } from './expect-close.ts';

type Given = Readonly<Record<string, Value>>;

const linear: Given = {
  activation: 'linear',
  loss: 'squared',
  parametrisation: 'standard',
  predictor: 'plain',
  depth: 1,
  width: 9,
};

interface Drawn {
  /** (width, inputDim). */
  readonly input: Float64Array;
  /** (outputDim, width). */
  readonly output: Float64Array;
}

/** Weights of a start, biases left out after a look at them: they are 0. */
function draw(values: Given, data: TaskData, seed = 1): Drawn {
  const { shape } = makeBatch({ values: { ...linear, initialisation: 'low-rank', ...values } });
  fullyConnected.check(shape);
  const model = fullyConnected.model(shape, data.inputDim, data.outputDim);
  const weights = model.draw({ seed, draw: 0, values: shape }, data);
  const width = shape.width as number;
  const [input, output] = model.layers.map(({ offset, length }, index) => {
    const [fanIn, rows] = index === 0 ? [data.inputDim, width] : [width, data.outputDim];
    const columns = length / rows;
    const layer = weights.subarray(offset, offset + length);
    expect(layer.filter((value, at) => at % columns >= fanIn && value !== 0).length).toBe(0);
    return layer.filter((_, at) => at % columns < fanIn);
  });
  return { input, output };
}

const norm = (vector: Float64Array) => Math.hypot(...vector);
const valuesIn = ({ input }: Drawn, data: TaskData) => singularValues(input, input.length / data.inputDim, data.inputDim);
/** Leading right singular vector of W₁. */
function leading({ input }: Drawn, { inputDim }: TaskData): Float64Array {
  const { right, values } = thinSvd(input, input.length / inputDim, inputDim);
  return Float64Array.from({ length: inputDim }, (_, i) => right[i * values.length]);
}
function cosine(a: Float64Array, b: Float64Array): number {
  return Math.abs(a.reduce((sum, value, i) => sum + value * b[i], 0)) / (norm(a) * norm(b));
}

const scalar = await features.load(valuesOf(features, { inputDim: 6, conditionNumber: 3 }), {});
const several = await whitened.load(valuesOf(whitened, { inputDim: 6, outputDim: 3 }), {});
const target = scalar.teacher as Float64Array;

describe('a start of low rank', () => {
  test('is the Gaussian start at full rank, and shares its draw at any other', () => {
    const gaussian = draw({ initialisation: 'gaussian' }, several);
    for (const initRank of [0, 6, 50]) {
      const full = draw({ initRank, productSpectrum: 'gaussian' }, several);
      expectClose(full.input, gaussian.input, 1e-13);
      expect(full.output).toEqual(gaussian.output);
    }
    const cut = cutToRank(thinSvd(gaussian.input, 9, 6), 2);
    expectClose(draw({ initRank: 2, productSpectrum: 'gaussian' }, several).input, cut, 1e-13);
  });

  test.each([1, 2, 5, 6])(
    'of rank %d has that rank and the Frobenius norm of the draw, whatever spectrum, direction and size',
    (rank) => {
      for (const width of [4, 9]) {
        const gaussian = draw({ initialisation: 'gaussian', width, initScale: 0.2 }, scalar);
        const most = Math.min(rank, width);
        for (const initDirection of ['random', 'task', 'leading-features']) {
          const own = { initRank: rank, width, initScale: 0.2, initDirection };
          const equal = valuesIn(draw(own, scalar), scalar);
          const expected = equal.map((_, k) => (k < most ? norm(gaussian.input) / Math.sqrt(most) : 0));
          expectClose(equal, expected, 1e-12);
          const kept = valuesIn(draw({ ...own, productSpectrum: 'gaussian' }, scalar), scalar);
          const first = valuesIn(gaussian, scalar).map((value, k) => (k < most ? value : 0));
          expectClose(
            kept,
            first.map((value) => (value * norm(gaussian.input)) / norm(first)),
            1e-12,
          );
        }
      }
    },
  );

  test('points along the task, along its leading features, or at an angle', () => {
    for (const initRank of [1, 3]) {
      const own = { initRank, productSpectrum: 'gaussian' };
      expectClose([cosine(leading(draw({ ...own, initDirection: 'task' }, scalar), scalar), target)], [1], 1e-12);
      for (const initAlignment of [0, 0.3, 0.8]) {
        const tilted = leading(draw({ ...own, initDirection: 'task', initAlignment }, scalar), scalar);
        expectClose([cosine(tilted, target)], [initAlignment], 1e-12, 1);
      }
      const partial = leading(draw({ ...own, initDirection: 'leading-features' }, scalar), scalar);
      expectClose([cosine(partial, scalar.leadingTeacher as Float64Array)], [1], 1e-12);
      // Several outputs: the leading right singular vector of the map.
      const map = thinSvd(several.teacher as Float64Array, 3, 6);
      const first = Float64Array.from({ length: 6 }, (_, i) => map.right[i * 3]);
      expectClose([cosine(leading(draw({ ...own, initDirection: 'task' }, several), several), first)], [1], 1e-12);
    }
  });

  test('with balanced output weights has W₂ᵀW₂ = W₁W₁ᵀ and a product along the task, not against it', () => {
    for (const [data, initRank] of [
      [scalar, 1],
      [several, 1],
      [several, 3],
    ] as const) {
      for (let seed = 0; seed < 4; seed++) {
        const { input, output } = draw({ initRank, initDirection: 'task', initOutput: 'balanced' }, data, seed);
        const [width, outputDim] = [9, data.outputDim];
        const pairs = Array.from({ length: width * width }, (_, at) => [Math.floor(at / width), at % width]);
        const above = pairs.map(([i, j]) => {
          let sum = 0;
          for (let c = 0; c < outputDim; c++) sum += output[c * width + i] * output[c * width + j];
          return sum;
        });
        const below = pairs.map(([i, j]) => {
          let sum = 0;
          for (let k = 0; k < 6; k++) sum += input[i * 6 + k] * input[j * 6 + k];
          return sum;
        });
        expectClose(above, below, 1e-12);
        let overlap = 0;
        for (let c = 0; c < outputDim; c++) {
          for (let j = 0; j < width; j++) {
            for (let k = 0; k < 6; k++)
              overlap += output[c * width + j] * input[j * 6 + k] * (data.teacher as Float64Array)[c * 6 + k];
          }
        }
        expect(overlap).toBeGreaterThan(0);
      }
    }
  });

  test('keeps biases at zero beside it', () => {
    const plain = draw({ initRank: 2 }, scalar);
    expect(draw({ initRank: 2, bias: 0.5 }, scalar)).toEqual(plain);
  });

  test('of a task that asks for nothing stays as drawn', async () => {
    const nothing = await whitened.load(
      valuesOf(whitened, { inputDim: 6, outputDim: 1, largestSingular: 0, smallestSingular: 0 }),
      {},
    );
    expect(draw({ initRank: 1, initDirection: 'task' }, nothing)).toEqual(draw({ initRank: 1 }, nothing));
  });

  test('may start its output layer at zero', () => {
    expect(norm(draw({ initRank: 1, initScaleOutput: 0 }, scalar).output)).toBe(0);
  });

  test.each([
    [{ depth: 2 }, 'expected one hidden layer with a start of low rank, got 2'],
    [{ initAlignment: 0.5 }, 'initAlignment: expected 1 with a random direction, got 0.5'],
    [{ initOutput: 'balanced', initScaleOutput: 0 }, 'initScaleOutput: expected 1 with balanced output weights, got 0'],
    [{ weightCorrelation: 0.5 }, 'weightCorrelation: expected a Gaussian start of one hidden layer'],
    [
      { initialisation: 'gaussian', initDirection: 'task' },
      'initDirection: expected random with a start that is gaussian, got task',
    ],
    [
      { initialisation: 'aligned', initOutput: 'balanced' },
      'initOutput: expected gaussian with a start that is aligned, got balanced',
    ],
  ] as const)('refuses %j', (values, message) => {
    expect(() => draw(values, scalar)).toThrow(message);
  });

  test('along leading features needs a task that has them', () => {
    expect(() => draw({ initRank: 1, initDirection: 'leading-features' }, several)).toThrow(
      'expected a task with leading features',
    );
  });
});

describe('the features task', () => {
  test('has a target of the length asked for, which its whitened samples show', async () => {
    for (const targetNorm of [1, 7]) {
      const data = await features.load(valuesOf(features, { inputDim: 6, targetNorm, samples: 11 }), {});
      const teacher = data.teacher as Float64Array;
      expectClose([norm(teacher)], [targetNorm], 1e-13);
      const shown = teacher.map((_, i) =>
        data.train.targets.reduce((sum, y, p) => sum + (y * data.train.inputs[p * 6 + i]) / 11, 0),
      );
      expectClose(shown, teacher, 1e-12);
    }
  });

  test('leads by the features of the larger singular values: at κ → ∞ they are all there is', async () => {
    const of = async (conditionNumber: number) => {
      const data = await features.load(valuesOf(features, { inputDim: 7, conditionNumber, targetNorm: 0 }), {});
      return { target: data.teacher as Float64Array, leading: data.leadingTeacher as Float64Array };
    };
    expect(cosine((await of(1e5)).target, (await of(1e5)).leading)).toBeGreaterThan(1 - 1e-8);
    const [one, three] = [await of(1), await of(3)];
    // The rest does not depend on κ, the leading part is proportional to it.
    expectClose(
      three.leading,
      one.leading.map((value) => 3 * value),
      1e-13,
    );
    expectClose(
      three.target.map((value, i) => value - three.leading[i]),
      one.target.map((value, i) => value - one.leading[i]),
      1e-12,
    );
  });

  test('refuses fewer samples than inputs', async () => {
    await expect(features.load(valuesOf(features, { inputDim: 6, samples: 5 }), {})).rejects.toThrow(
      'task "features": expected samples of at least inputDim = 6, got 5',
    );
  });
});
