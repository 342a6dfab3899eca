// The theory as sweeps use it: exact next to simulated networks of any parametrisation, and refusals that say why.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { fullyConnectedParameters } from '../../../shaders/families/fully-connected/parameters.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import type { Batch } from '../../../src/core/family.ts';
import type { Values } from '../../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { type TaskData, UNASKED } from '../../../src/core/task.ts';
import type { TheoryPlane } from '../../../src/core/theory.ts';
import { type Flow, trainingParameters } from '../../../src/core/training.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { lambdaBalanced } from '../../../src/theory/lambda-balanced/theory.ts';
import { expectClose } from '../reference/expect-close.ts';
import { matrixOf, steps, taskOf, times } from './linear-network.ts';

const [INPUT_DIM, OUTPUT_DIM] = [4, 3];
const usual: Values = {
  ...Object.fromEntries([...fullyConnectedParameters, ...trainingParameters].map(({ id, default: value }) => [id, value])),
  depth: 1,
  width: 3,
  activation: 'linear',
  loss: 'squared',
  parametrisation: 'standard',
  predictor: 'plain',
  initialisation: 'balanced',
  balance: 0.7,
  productScale: 0.2,
  inputDim: INPUT_DIM,
  outputDim: OUTPUT_DIM,
  largestSingular: 1.4,
  smallestSingular: 0.4,
  spectrum: 'linear',
};
const training: Flow = {
  method: 'flow',
  integrator: 'dormand-prince',
  tolerance: 1e-12,
  outputTolerance: 1e30,
  maxTime: 8,
  maxSteps: 1_000_000,
  stop: {},
  checkpoints: [0.3, 2, 8],
};

/** White training inputs, a probe that is not, and targets off the linear map where `noise` > 0. */
function dataOf(noise = 0, white = true, smallest = 0.4): TaskData {
  const sigma = taskOf(steps(1.4, smallest, OUTPUT_DIM), INPUT_DIM, OUTPUT_DIM, 5);
  const random = randomSource(1, STREAMS.data);
  // Rows of a Hadamard matrix are white.
  const signs = [0, 1, 2, 3, 4, 5, 6, 7].map((p) => [0, 1, 2, 3].map((i) => (popCount(p & [1, 2, 4, 3][i]) % 2 === 0 ? 1 : -1)));
  const inputs = Float64Array.from(signs.flat(), (sign, at) => sign * (white || at % 4 > 0 ? 1 : 2));
  const of = (x: Float64Array) => {
    const targets = times(matrixOf(x, x.length / INPUT_DIM), {
      rows: INPUT_DIM,
      columns: OUTPUT_DIM,
      values: transposed(sigma.values),
    });
    return { count: x.length / INPUT_DIM, inputs: x, targets: targets.values.map((value) => value + noise * random.normal()) };
  };
  const train = of(inputs);
  return {
    inputDim: INPUT_DIM,
    outputDim: OUTPUT_DIM,
    train,
    test: train,
    probe: of(random.normals(5 * INPUT_DIM)),
    description: 'linear map',
  };
}

const popCount = (value: number) => [1, 2, 4].filter((bit) => (value & bit) > 0).length;
const transposed = (values: Float64Array) =>
  Float64Array.from(values, (_, at) => values[(at % OUTPUT_DIM) * INPUT_DIM + Math.floor(at / OUTPUT_DIM)]);

const setting = (values: Values) => ({ family: 'fully-connected', task: 'whitened', values, training });

describe('the theory of a sweep', () => {
  test.each([
    ['the standard parametrisation', {}],
    [
      'a mean-field one with other rates',
      { parametrisation: 'mean-field', width: 4, balance: -0.5, hiddenRate: 0.5, learningRateRatio: 0.5 },
    ],
    ['an output scale', { parametrisation: 'ntk', outputScale: 3, balance: 0 }],
    ['plain motion with an output scale', { outputScale: 0.4, motion: 'plain' }],
    ['an aligned start', { initialisation: 'aligned', balance: 2, width: 3 }],
  ] as const)('is what float64 training gives to nine digits: %s', async (_, change) => {
    const values: Values = { ...usual, ...change };
    const data = dataOf(0.3);
    const model = fullyConnected.model(values, INPUT_DIM, OUTPUT_DIM);
    const weights = model.draw({ seed: 3, draw: 0, values }, data);
    expect(lambdaBalanced.refusal(setting(values))).toBeNull();
    const solution = lambdaBalanced.solve({ ...setting(values), data, weights });
    expect(solution.exception).toBeNull();
    const batch: Batch = {
      shape: values,
      data,
      training,
      starts: [{ seed: 3, draw: 0, values, weights }],
      networks: [{ cell: 0, member: 0, start: 0, values }],
      seeds: 1,
    };
    const measured = lambdaBalanced.observables.map((id) => {
      const observable = observables.find((own) => own.id === id);
      if (observable === undefined) throw new Error(`no observable ${id}`);
      return observable;
    });
    const trainer = createReferenceTrainer(fullyConnected, batch, measured);
    const found = new Float64Array(measured.length);
    for (const time of [0, ...training.checkpoints]) {
      while (time > 0 && (await trainer.advance(time)).unfinished > 0);
      const { values: expected } = await trainer.measure();
      solution.at(time, found);
      measured.forEach(({ id }, n) => {
        expectClose([found[n]], [expected[id][0]], 1e-9, 1e-9);
      });
    }
  });

  test('says of each cell why it does not hold there', () => {
    const reason = (change: Values) => lambdaBalanced.refusal(setting({ ...usual, ...change }));
    expect(reason({ depth: 2 })).toMatch(/one hidden layer, and this network has 2/);
    expect(reason({ activation: 'relu' })).toMatch(/activation linear, not for relu/);
    expect(reason({ predictor: 'centred' })).toMatch(/plain predictor/);
    expect(reason({ initialisation: 'gaussian' })).toMatch(/balanced and aligned starts/);
    expect(reason({ learningRateRatio: 2 })).toMatch(/equal learning rates/);
    expect(reason({ hiddenRate: 0, learningRateRatio: 0 })).toMatch(/equal learning rates/);
    expect(lambdaBalanced.refusal({ ...setting(usual), family: 'recurrent' })).toMatch(/not for the family recurrent/);
    const descent = {
      method: 'descent',
      maxTime: 1,
      maxSteps: 1,
      stop: {},
      checkpoints: [1],
      momentum: 0,
      batchSize: 0,
    } as const;
    expect(lambdaBalanced.refusal({ ...setting(usual), training: descent })).toMatch(/gradient flow, not for descent/);
  });

  test('refuses inputs that are not white and weights that are not balanced, and says by how much', () => {
    const weights = fullyConnected.model(usual, INPUT_DIM, OUTPUT_DIM).draw({ seed: 3, draw: 0, values: usual }, dataOf());
    const solve = (data: TaskData, own: Float64Array) => lambdaBalanced.solve({ ...setting(usual), data, weights: own });
    expect(() => solve(dataOf(0, false), weights)).toThrow(
      /expected whitened training inputs, XXᵀ\/P = 1, got .* differs from it by 3\.0/,
    );
    expect(() => solve(dataOf(), weights.with(0, weights[0] + 0.1))).toThrow(
      /expected W₂ᵀW₂ − W₁W₁ᵀ to be λ .* miss it by 0\.\d+/,
    );
  });

  test.each([
    ['standard', { hiddenRate: 0.5, learningRateRatio: 0.5 }],
    ['ntk', { outputScale: 3 }],
    ['mean-field', {}],
  ])('draws half-learning where an aligned network has a quarter of its loss left: %s', (parametrisation, change) => {
    const values: Values = {
      ...usual,
      ...change,
      parametrisation,
      initialisation: 'aligned',
      spectrum: 'flat',
      productScale: 0.01,
    };
    const data = dataOf(0, true, 1.4);
    const plane: TheoryPlane = {
      ...setting(values),
      x: 'time',
      y: 'balance',
      xRange: [1e-4, 1e3],
      yRange: [0.01, 10],
    };
    const lines = lambdaBalanced.boundaries(plane).filter(({ label }) => /^half learned/.test(label));
    expect(lines).toHaveLength(1);
    const known = lines[0].points.filter(([time]) => !Number.isNaN(time));
    expect(known.length).toBeGreaterThan(20);
    const found = new Float64Array(lambdaBalanced.observables.length);
    for (const [time, balance] of known.filter((_, n) => n % 8 === 0)) {
      const own = { ...values, balance };
      const weights = fullyConnected.model(own, INPUT_DIM, OUTPUT_DIM).draw({ seed: 3, draw: 0, values: own }, data);
      const solution = lambdaBalanced.solve({ ...setting(own), data, weights });
      solution.at(0, found);
      const initial = found[0];
      solution.at(time, found);
      // Lines are interpolated between the corners of cells.
      expect(Math.abs(found[0] / initial - 0.25), `t = ${time}, λ = ${balance}`).toBeLessThan(0.01);
    }
  });

  test('refuses targets that are not all asked for', () => {
    const data = dataOf();
    const weights = fullyConnected.model(usual, INPUT_DIM, OUTPUT_DIM).draw({ seed: 3, draw: 0, values: usual }, data);
    const sparing = { ...data, train: { ...data.train, targets: data.train.targets.with(2, UNASKED) } };
    expect(() => lambdaBalanced.solve({ ...setting(usual), data: sparing, weights })).toThrow(/got some that are not asked for/);
  });

  test('draws time scales where time is an axis, and the onset of sigmoids over balance and scale', () => {
    const plane = (x: string, xRange: [number, number], y: string, yRange: [number, number]): TheoryPlane => ({
      ...setting(usual),
      x,
      y,
      xRange,
      yRange,
    });
    const overTime = lambdaBalanced.boundaries(plane('time', [1e-3, 1e3], 'balance', [0.1, 100]));
    expect(overTime.map(({ label }) => label)).toEqual([
      'half learned if aligned, s̃ = 1.4',
      'half learned if aligned, s̃ = 0.4',
      '1/|λ|',
    ]);
    for (const { points } of overTime.slice(-1)) {
      for (const [time, balance] of points) expect(Math.abs(time * balance - 1)).toBeLessThan(0.01);
    }
    const delayed = lambdaBalanced.boundaries({
      ...plane('time', [1e-3, 1e5], 'balance', [-100, -2]),
      values: { ...usual, width: 3 },
    });
    expect(delayed.map(({ label }) => label)).toContain('span rotates, tᵣₒₜ');
    const sigmoids = lambdaBalanced.boundaries(plane('balance', [-3, 3], 'productScale', [1e-3, 1]));
    expect(sigmoids).toHaveLength(2);
    for (const [balance, scale] of sigmoids[0].points) {
      if (scale < 0.2) expect(Math.abs(Math.abs(balance) - 1.4 / Math.SQRT2)).toBeLessThan(0.01);
    }
  });
});
