// Diagonal networks in float64: the derivatives of their definition, what their flow conserves, and where it ends.

import { describe, expect, test } from 'vitest';
import { diagonal } from '../../../shaders/families/diagonal/family.ts';
import { diagonalParameters } from '../../../shaders/families/diagonal/parameters.ts';
import type { Batch } from '../../../src/core/family.ts';
import type { Value, Values } from '../../../src/core/parameter.ts';
import { randomSource } from '../../../src/core/random.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { trainingParameters } from '../../../src/core/training.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { sparse } from '../../../src/tasks/sparse.ts';
import { diagonalLimit, uniformDiagonalLimit } from '../../../src/theory/diagonal-limit.ts';
import { leastL1, leastL2 } from '../../../src/theory/least-norms.ts';
import { valuesOf } from '../tasks/values-of.ts';
import { expectClose } from './expect-close.ts';

const defaults: Values = Object.fromEntries([...diagonalParameters, ...trainingParameters].map((p) => [p.id, p.default]));

function betaOf(weights: Float64Array, depth: number): Float64Array {
  const inputDim = weights.length / 2;
  return Float64Array.from({ length: inputDim }, (_, i) => weights[i] ** depth - weights[inputDim + i] ** depth);
}

const l1 = (beta: Float64Array) => beta.reduce((sum, value) => sum + Math.abs(value), 0);
const l2 = (beta: Float64Array) => Math.hypot(...beta);

describe.each([2, 3, 5])('a diagonal network of %i factors', (depth) => {
  const [inputDim, count] = [4, 3];
  const model = diagonal.model({ ...defaults, depth }, inputDim, 1);
  const source = randomSource(5, 1);
  const weights = source.normals(2 * inputDim).map((w) => 1 + 0.4 * w);
  const inputs = source.normals(count * inputDim);
  /** ∂f_p/∂W by central differences, (count, weights). */
  const jacobian = Array.from({ length: count }, (_, p) =>
    Float64Array.from(weights, (w, n) => {
      const step = 1e-5;
      const at = (value: number) =>
        model.outputs(
          Float64Array.from(weights, (own, k) => (k === n ? value : own)),
          inputs,
        )[p];
      return (at(w + step) - at(w - step)) / (2 * step);
    }),
  );

  test('is linear in its inputs with β = w₊^D − w₋^D', () => {
    const beta = betaOf(weights, depth);
    const unit = Float64Array.from({ length: inputDim ** 2 }, (_, n) => (n % (inputDim + 1) === 0 ? 1 : 0));
    expectClose(model.outputs(weights, unit), beta, 1e-13);
  });

  test('pulls back along its Jacobian', () => {
    const cotangent = Float64Array.of(0.3, -1, 2);
    const expected = weights.map((_, n) => jacobian.reduce((sum, row, p) => sum + cotangent[p] * row[n], 0));
    expectClose(model.pullback(weights, inputs, cotangent), expected, 1e-8);
  });

  test('has the Gram matrix of its Jacobian as tangent kernel, and D⁻² of it as that of its hidden units', () => {
    const kernel = model.tangentKernel(weights, inputs);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, n) => sum + value * b[n], 0);
    const expected = jacobian.flatMap((row) => jacobian.map((other) => dot(row, other)));
    expectClose(kernel, expected, 1e-8);
    const hidden = model.representation(weights, inputs);
    const rows = Array.from({ length: count }, (_, p) => hidden.subarray(p * 2 * inputDim, (p + 1) * 2 * inputDim));
    expectClose(
      rows.flatMap((row) => rows.map((other) => depth ** 2 * dot(row, other))),
      kernel,
      1e-13,
    );
  });
});

async function problem(changes: Record<string, Value> = {}): Promise<TaskData> {
  return sparse.load(
    valuesOf(sparse, { inputDim: 32, sparsity: 3, samples: 12, testSamples: 8, probeSamples: 4, dataSeed: 1, ...changes }),
    {},
  );
}

/** Trains one network per start by gradient flow until the loss is below `stop.loss`, and gives their weights. */
async function flow(data: TaskData, starts: readonly Values[], maxTime: number, loss = 1e-18): Promise<Float64Array[]> {
  const batch: Batch = {
    shape: defaults,
    data,
    training: {
      method: 'flow',
      integrator: 'dormand-prince',
      tolerance: 1e-9,
      outputTolerance: 1e9,
      maxTime,
      maxSteps: 1e6,
      stop: { loss },
      checkpoints: [maxTime],
    },
    starts: starts.map((values) => ({ seed: 0, draw: 0, values: { ...defaults, ...values } })),
    networks: starts.map((values, n) => ({ cell: n, member: 0, start: n, values: { ...defaults, ...values } })),
    seeds: 1,
  };
  const trainer = createReferenceTrainer(diagonal, batch, []);
  while ((await trainer.advance(maxTime)).unfinished > 0);
  return Promise.all(
    starts.map(async (_, n) => {
      const { weights, outcome } = await trainer.inspect(n);
      expect([n, outcome]).toEqual([n, 'converged']);
      return weights;
    }),
  );
}

describe('gradient flow of a diagonal network on sparse regression', () => {
  const scales = [0.1, 0.3, 1, 3, 10];
  const trained = problem().then(async (data) => ({
    data,
    weights: await flow(
      data,
      scales.map((initScale) => ({ initScale })),
      1e4,
    ),
  }));

  test('moves as ẇ± = ∓2 w± ∘ Xᵀr/N', async () => {
    const data = await problem();
    const { inputs, targets, count } = data.train;
    const model = diagonal.model(defaults, data.inputDim, 1);
    const weights = model.draw({ seed: 0, draw: 0, values: { ...defaults, initScale: 0.7, initSpread: 0.2 } }, data);
    const residuals = model.outputs(weights, inputs).map((f, p) => f - targets[p]);
    const motion = model.pullback(
      weights,
      inputs,
      residuals.map((r) => (-model.gain * r) / count),
    );
    const expected = weights.map((w, n) => {
      const correlation = residuals.reduce((sum, r, p) => sum + r * inputs[p * data.inputDim + (n % data.inputDim)], 0);
      return ((n < data.inputDim ? -2 : 2) * w * correlation) / count;
    });
    expectClose(motion, expected, 1e-13);
  });

  test('conserves w₊w₋ of every coordinate', async () => {
    const { weights } = await trained;
    weights.forEach((own, n) => {
      const products = Array.from({ length: 32 }, (_, i) => own[i] * own[32 + i]);
      expectClose(
        products,
        products.map(() => scales[n] ** 2),
        1e-7,
      );
    });
  });

  test('ends at argmin Σ α² q(β/α²) among the interpolating β', async () => {
    const { data, weights } = await trained;
    weights.forEach((own, n) => {
      const { coefficients } = uniformDiagonalLimit(data.train, data.inputDim, scales[n]);
      expectClose(betaOf(own, 2), coefficients, 1e-7);
    });
  });

  test('goes from the least L2 norm to the least L1 norm as the start shrinks', async () => {
    const { data, weights } = await trained;
    const betas = weights.map((own) => betaOf(own, 2));
    for (let n = 1; n < scales.length; n++) {
      expect(l1(betas[n])).toBeGreaterThan(l1(betas[n - 1]));
      expect(l2(betas[n])).toBeLessThan(l2(betas[n - 1]) * (1 + 1e-9));
    }
    expect(l2(betas[scales.length - 1]) / l2(leastL2(data.train))).toBeCloseTo(1, 5);
    const least = l1(leastL1(data.train));
    expect(least).toBeCloseTo(Math.sqrt(3), 10);
    expect(l1(betas[0])).toBeGreaterThan(least);
    const small = [1e-2, 1e-4].map((scale) => l1(uniformDiagonalLimit(data.train, data.inputDim, scale).coefficients));
    expect(small[1] / least).toBeCloseTo(1, 2);
    expect(small[0]).toBeLessThan(l1(betas[0]));
    expect(small[1]).toBeLessThan(small[0]);
  });

  test('feels the shape of its start: unequal coordinates end at another interpolator, the predicted one', async () => {
    const data = await problem();
    const values = { ...defaults, initScale: 0.3, initSpread: 0.5 };
    const start = diagonal.model(defaults, data.inputDim, 1).draw({ seed: 0, draw: 0, values }, data);
    const [weights] = await flow(data, [values], 1e4);
    const { coefficients } = diagonalLimit(data.train, start.slice(0, 32), start.slice(32));
    expectClose(betaOf(weights, 2), coefficients, 1e-7);
    const uniform = uniformDiagonalLimit(data.train, data.inputDim, 0.3).coefficients;
    expect(Math.max(...coefficients.map((value, i) => Math.abs(value - uniform[i])))).toBeGreaterThan(0.01);
  });
});

describe('sparse regression', () => {
  test('has a teacher of unit norm with k entries of one size, which its noise-free labels obey', async () => {
    const { teacher = new Float64Array(), test: samples, inputDim } = await problem({ noiseVariance: 0.25 });
    const entries = teacher.filter((value) => value !== 0);
    expectClose(
      entries.map(Math.abs),
      [1, 1, 1].map((value) => value / Math.sqrt(3)),
      1e-15,
    );
    const labels = samples.targets.map((_, p) => teacher.reduce((sum, b, i) => sum + b * samples.inputs[p * inputDim + i], 0));
    expectClose(samples.targets, labels, 1e-13);
  });

  test('adds noise of the given variance to training labels alone', async () => {
    const many = { samples: 4000, inputDim: 3 };
    const [clean, noisy] = [await problem(many), await problem({ ...many, noiseVariance: 0.25 })];
    expect(noisy.train.inputs).toEqual(clean.train.inputs);
    expect(noisy.test).toEqual(clean.test);
    const variance = noisy.train.targets.reduce((sum, y, p) => sum + (y - clean.train.targets[p]) ** 2, 0) / 4000;
    // Five standard deviations of a variance over 4000 draws.
    expect(Math.abs(variance / 0.25 - 1)).toBeLessThan(5 * Math.sqrt(2 / 4000));
  });

  test('refuses more relevant inputs than there are', async () => {
    await expect(problem({ inputDim: 4, sparsity: 5 })).rejects.toThrow(
      'task "sparse": expected sparsity of at most inputDim 4, got 5. Only so many inputs can matter.',
    );
  });
});
