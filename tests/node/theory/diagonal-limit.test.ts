// Where diagonal networks end: against their integrated flow, at the limits of large and small starts, and against least norms.

import { describe, expect, test } from 'vitest';
import { diagonal } from '../../../shaders/families/diagonal/family.ts';
import { mapError, mapL1, mapL2 } from '../../../shaders/observables/linear-map.ts';
import type { Values } from '../../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { type Training, trainingParameters } from '../../../src/core/training.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import {
  diagonalLimit,
  diagonalLimitTheory,
  type Interpolation,
  uniformDiagonalLimit,
} from '../../../src/theory/diagonal-limit.ts';
import { leastL1, leastL2 } from '../../../src/theory/least-norms.ts';
import { expectClose } from '../reference/expect-close.ts';
import { integrate } from './integrate.ts';
import { PUBLISHED } from './published-sparse-problem.ts';

const [count, inputDim] = [12, 32];
const l1 = (beta: Float64Array) => beta.reduce((sum, value) => sum + Math.abs(value), 0);
const l2 = (beta: Float64Array) => Math.sqrt(beta.reduce((sum, value) => sum + value * value, 0));

function outputs({ inputs }: Interpolation, beta: Float64Array, samples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, p) => beta.reduce((sum, b, i) => sum + b * inputs[p * beta.length + i], 0));
}

/** A noise-free problem whose teacher has three entries ±1/√3. */
function sparseProblem(seed: number): { problem: Interpolation; teacher: Float64Array } {
  const inputs = randomSource(seed, STREAMS.data).normals(count * inputDim);
  const teacher = new Float64Array(inputDim);
  [1, -1, 1].forEach((sign, i) => {
    teacher[i] = sign / Math.sqrt(3);
  });
  const problem = { inputs, targets: new Float64Array(count) };
  return { problem: { inputs, targets: outputs(problem, teacher, count) }, teacher };
}

/** End of ẇ± = ∓2 w± ∘ Xᵀr/N from given weights. */
function flowEnd({ inputs, targets }: Interpolation, start: Float64Array, until: number): Float64Array {
  const d = start.length / 2;
  const [end] = integrate(
    (w, slope) => {
      const beta = w.subarray(0, d).map((value, i) => value * value - w[d + i] ** 2);
      const residual = outputs({ inputs, targets }, beta, targets.length).map((f, p) => f - targets[p]);
      for (let i = 0; i < d; i++) {
        let pull = 0;
        for (let p = 0; p < targets.length; p++) pull += inputs[p * d + i] * residual[p];
        slope[i] = (-2 * w[i] * pull) / targets.length;
        slope[d + i] = (2 * w[d + i] * pull) / targets.length;
      }
    },
    start,
    [until],
    1e-12,
  );
  return Float64Array.from({ length: d }, (_, i) => end[i] ** 2 - end[d + i] ** 2);
}

describe('the limit of diagonal networks', () => {
  const { problem, teacher } = sparseProblem(1);

  test.each([
    [3, 60],
    [1, 300],
    [0.3, 1500],
  ])('is where gradient flow from α = %f ends', (scale, until) => {
    const end = flowEnd(problem, new Float64Array(2 * inputDim).fill(scale), until);
    expectClose(uniformDiagonalLimit(problem, inputDim, scale).coefficients, end, 1e-8);
  });

  test('also from weights that differ between coordinates and signs', () => {
    const source = randomSource(5, STREAMS.weights);
    const start = Float64Array.from({ length: 2 * inputDim }, () => Math.exp(0.4 * source.normal()));
    const end = flowEnd(problem, start, 300);
    const { coefficients } = diagonalLimit(problem, start.slice(0, inputDim), start.slice(inputDim));
    expectClose(coefficients, end, 1e-8);
  });

  test.each([100, 1, 1e-2, 1e-4, 1e-6])('interpolates, with β = 2α² sinh(Xᵀν), at α = %f', (scale) => {
    const { coefficients, dual } = uniformDiagonalLimit(problem, inputDim, scale);
    expectClose(outputs(problem, coefficients, count), problem.targets, 1e-12);
    const sinh = coefficients.map((_, i) => {
      let z = 0;
      for (let p = 0; p < count; p++) z += dual[p] * problem.inputs[p * inputDim + i];
      return 2 * scale ** 2 * Math.sinh(z);
    });
    expectClose(coefficients, sinh, 1e-12);
  });

  test('goes from least L2 to least L1 as the start shrinks, and L1 falls all the way', () => {
    const scales = [100, 10, 3, 1, 0.5, 0.2, 0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6];
    const limits = scales.map((scale) => uniformDiagonalLimit(problem, inputDim, scale).coefficients);
    const [least1, least2] = [leastL1(problem), leastL2(problem)];
    for (let n = 1; n < limits.length; n++) {
      expect(l1(limits[n])).toBeLessThan(l1(limits[n - 1]) + 1e-12);
      expect(l1(limits[n])).toBeGreaterThan(l1(least1));
      expect(l2(limits[n])).toBeGreaterThan(l2(least2));
    }
    expectClose(limits[0], least2, 1e-6);
    // Slowly: the excess goes as 1/ln(1/α).
    expectClose([l1(limits[limits.length - 1])], [l1(least1)], 2e-2);
  });

  test('least L1 finds the sparse teacher, least L2 is orthogonal to all that samples do not see', () => {
    expectClose(leastL1(problem), teacher, 1e-12);
    expectClose([l1(teacher)], [Math.sqrt(3)], 1e-15);
    const beta = leastL2(problem);
    expectClose(outputs(problem, beta, count), problem.targets, 1e-12);
    // β − teacher is in the null space of X, where least L2 has no part.
    expectClose([beta.reduce((sum, b, i) => sum + b * (b - teacher[i]), 0)], [0], 1e-12, 1);
  });

  test('least L1 of dense targets is a vertex with a dual certificate', () => {
    const source = randomSource(8, STREAMS.data);
    const inputs = source.normals(8 * 20);
    const dense = { inputs, targets: source.normals(8) };
    const beta = leastL1(dense);
    expectClose(outputs(dense, beta, 8), dense.targets, 1e-10);
    expect(beta.filter((b) => Math.abs(b) > 1e-12)).toHaveLength(8);
    // No interpolator among those of small starts has a smaller norm.
    for (const scale of [1e-3, 1e-5]) {
      const { coefficients } = uniformDiagonalLimit(dense, 20, scale);
      expect(l1(coefficients)).toBeGreaterThan(l1(beta) - 1e-10);
      expect(l1(coefficients)).toBeLessThan(1.05 * l1(beta));
    }
  });

  test('has the tabulated norms on the published problem, and lies between the least ones', () => {
    const { count: samples, inputDim: d, inputs, table, least } = PUBLISHED;
    const sparse = Float64Array.from({ length: d }, (_, i) => (i < 3 ? 1 / Math.sqrt(3) : 0));
    const published = { inputs, targets: outputs({ inputs, targets: new Float64Array(samples) }, sparse, samples) };
    for (const [scale, one, two] of table) {
      const { coefficients } = uniformDiagonalLimit(published, d, scale);
      expectClose([l1(coefficients), l2(coefficients)], [one, two], 1e-5);
    }
    const shortest = leastL2(published);
    expectClose([l1(leastL1(published)), l2(shortest), l1(shortest)], [least.l1, least.l2, least.l1OfLeastL2], 1e-6);
  });

  test('what cannot be interpolated is refused', () => {
    const start = new Float64Array(2).fill(1);
    const twice = { inputs: Float64Array.of(1, 2, 1, 2), targets: Float64Array.of(1, 2) };
    expect(() => diagonalLimit(twice, start, start)).toThrow('linearly independent samples');
    expect(() => leastL2(twice)).toThrow('linearly independent samples');
    const three = { inputs: new Float64Array(6).fill(1), targets: new Float64Array(3) };
    expect(() => diagonalLimit(three, start, start)).toThrow('expected at most 2 samples, got 3');
    expect(() => diagonalLimit(three, new Float64Array(3), new Float64Array(3))).toThrow('expected 3 samples of 3 inputs');
    expect(() => uniformDiagonalLimit(twice, 2, 0)).toThrow('expected a scale above 0, got 0');
    const zero = { inputs: Float64Array.of(1, 2), targets: Float64Array.of(1) };
    expect(() => diagonalLimit(zero, start, new Float64Array(2))).toThrow('A weight that starts at 0 stays there.');
  });
});

describe('the theory of the limit', () => {
  const { problem, teacher } = sparseProblem(2);
  const samples = { count, ...problem };
  const data: TaskData = {
    inputDim,
    outputDim: 1,
    train: samples,
    test: samples,
    probe: samples,
    teacher,
    description: 'sparse',
  };
  const defaults: Values = Object.fromEntries(
    [...diagonal.parameters, ...trainingParameters].map((own) => [own.id, own.default]),
  );
  const training: Training = {
    method: 'flow',
    integrator: 'dormand-prince',
    tolerance: 1e-6,
    outputTolerance: 1e30,
    maxTime: 300,
    maxSteps: 1e6,
    stop: {},
    checkpoints: [300],
  };
  const setting = (values: Values) => ({
    family: 'diagonal',
    task: 'sparse',
    values: { samples: count, inputDim, ...values },
    training,
  });

  test.each([
    { initScale: 1 },
    { initScale: 0.7, initSpread: 0.5 },
    { initScale: 1, outputScale: 2, predictor: 'centred' },
  ] as Values[])('is where the family’s networks end: %o', { timeout: 30_000 }, async (own) => {
    const values = { ...defaults, ...own };
    const start = { seed: 2, draw: 0, values };
    const weights = diagonal.model(values, inputDim, 1).draw(start, data);
    expect(diagonalLimitTheory.refusal(setting(values))).toBeNull();
    const predicted = new Float64Array(3);
    diagonalLimitTheory.solve({ ...setting(values), data, weights }).at(300, predicted);
    const networks = [{ cell: 0, member: 0, start: 0, values }];
    const batch = { shape: values, data, training, starts: [start], networks, seeds: 1 };
    const trainer = createReferenceTrainer(diagonal, batch, [mapL1, mapL2, mapError]);
    while ((await trainer.advance(300)).unfinished > 0);
    const { values: measured } = await trainer.measure();
    trainer.dispose();
    expectClose(predicted, [measured.mapL1[0], measured.mapL2[0], measured.mapError[0]], 1e-4);
  });

  test('says why it does not hold', () => {
    expect(diagonalLimitTheory.refusal(setting({ ...defaults, depth: 3 }))).toMatch('D = 2, and this network has 3');
    expect(diagonalLimitTheory.refusal(setting({ ...defaults, loss: 'hinge' }))).toMatch('squared loss, not for hinge');
    expect(diagonalLimitTheory.refusal(setting({ ...defaults, samples: 40 }))).toMatch('40 > 32');
    expect(diagonalLimitTheory.refusal({ ...setting(defaults), family: 'fully-connected' })).toMatch('diagonal networks');
  });
});
