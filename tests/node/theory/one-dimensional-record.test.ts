// Theories beside simulations: records against the float64 trainer, on the same data and the same drawn starts.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import type { Batch } from '../../../src/core/family.ts';
import type { Values } from '../../../src/core/parameter.ts';
import { taskParameters } from '../../../src/core/task.ts';
import type { Theory, TheoryNetwork, TheoryPlane } from '../../../src/core/theory.ts';
import { type Training, trainingParameters } from '../../../src/core/training.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { line } from '../../../src/tasks/line.ts';
import { catapultTheory } from '../../../src/theory/catapult.ts';
import { oneDimensional } from '../../../src/theory/one-dimensional/record.ts';
import { expectClose } from '../reference/expect-close.ts';

const defaults: Values = {
  ...Object.fromEntries(
    [...taskParameters, ...line.parameters, ...fullyConnected.parameters, ...trainingParameters].map((own) => [
      own.id,
      own.default,
    ]),
  ),
  depth: 1,
  activation: 'linear',
  loss: 'squared',
  width: 24,
  samples: 5,
  testSamples: 3,
  probeSamples: 4,
  noise: 0.3,
  variance: 1.4,
  slope: -0.8,
};

const times = [0, 0.3, 1, 3];
const flow: Training = {
  method: 'flow',
  integrator: 'dormand-prince',
  tolerance: 1e-11,
  outputTolerance: 1e30,
  maxTime: 3,
  maxSteps: 1e6,
  stop: {},
  checkpoints: times.slice(1),
};
const descent: Training = { method: 'descent', momentum: 0, batchSize: 0, maxTime: 3, maxSteps: 1e6, stop: {}, checkpoints: [3] };

async function networkWith(own: Values, training: Training): Promise<{ network: TheoryNetwork; batch: Batch }> {
  const values = { ...defaults, ...own };
  const data = await line.load(values, {});
  const start = { seed: 3, draw: 0, values };
  const weights = fullyConnected.model(values, 1, 1).draw(start, data);
  const networks = [{ cell: 0, member: 0, start: 0, values }];
  return {
    network: { family: 'fully-connected', task: 'line', values, training, data, weights },
    batch: { shape: values, data, training, starts: [start], networks, seeds: 1 },
  };
}

async function expectTheory(theory: Theory, own: Values, training: Training, tolerance: number): Promise<void> {
  const { network, batch } = await networkWith(own, training);
  expect(theory.refusal(network)).toBeNull();
  const solution = theory.solve(network);
  const measured = theory.observables.map((id) => {
    const found = observables.find((observable) => observable.id === id);
    if (found === undefined) throw new Error(`no observable ${id}`);
    return found;
  });
  const trainer = createReferenceTrainer(fullyConnected, batch, measured);
  const predicted = new Float64Array(theory.observables.length);
  const rows: { got: number[]; wanted: number[] }[] = measured.map(() => ({ got: [], wanted: [] }));
  for (const time of times) {
    while (time > 0 && (await trainer.advance(time)).unfinished > 0);
    const { values } = await trainer.measure();
    solution.at(time, predicted);
    measured.forEach(({ id }, i) => {
      rows[i].got.push(predicted[i]);
      rows[i].wanted.push(values[id][0]);
    });
  }
  const { weights } = await trainer.inspect(0);
  trainer.dispose();
  for (const { got, wanted } of rows) expectClose(got, wanted, tolerance, 1e-3);
  const norm = (part: Float64Array) => Math.sqrt(part.reduce((sum, value) => sum + value * value, 0));
  const half = weights.length / 2;
  const spectrum = solution.spectrum?.(times[times.length - 1]).layers.map(([value]) => value);
  if (spectrum !== undefined) expectClose(spectrum, [norm(weights.slice(0, half)), norm(weights.slice(half))], tolerance);
}

describe('the theory of one-dimensional networks', () => {
  const cells: readonly Values[] = [
    { parametrisation: 'mean-field', predictor: 'plain' },
    { parametrisation: 'mean-field', outputScale: 30 },
    { parametrisation: 'ntk', outputScale: 0.1, motion: 'plain' },
    { parametrisation: 'standard', predictor: 'plain', learningRateRatio: 0.2, hiddenRate: 1.7, weightCorrelation: 0.6 },
    { parametrisation: 'standard', predictor: 'plain', scaling: 'mup', motion: 'plain' },
    {
      parametrisation: 'standard',
      predictor: 'plain',
      scaling: 'ntk',
      motion: 'plain',
      weightExponent: -0.3,
      rateImbalanceExponent: 0.2,
    },
    { parametrisation: 'standard', predictor: 'plain', scaling: 'small', slope: 2 },
    { parametrisation: 'ntk', hiddenRate: 0 },
    { parametrisation: 'ntk', learningRateRatio: 0, predictor: 'plain' },
    { parametrisation: 'ntk', predictor: 'plain', initScaleOutput: 0 },
    { parametrisation: 'standard', predictor: 'plain', initialisation: 'balanced', balance: 2, productScale: 0.3 },
  ];

  test.each(cells)('follows gradient flow in every parametrisation, motion, rate and start: %o', async (own) => {
    await expectTheory(oneDimensional, own, flow, 1e-7);
  });

  test.each(cells.filter(({ hiddenRate, learningRateRatio }) => hiddenRate !== 0 && learningRateRatio !== 0))(
    'and descent, to rounding: %o',
    async (own) => {
      // Stable steps: the rate of the end of training grows with α.
      const { outputScale = 1 } = own;
      await expectTheory(oneDimensional, { ...own, learningRate: 0.07 / Math.max(1, Number(outputScale)) }, descent, 1e-11);
    },
  );

  test('says why it does not hold', async () => {
    const { network } = await networkWith({}, flow);
    const refusal = (values: Values, training: Training = flow, family = 'fully-connected') =>
      oneDimensional.refusal({ ...network, family, values: { ...network.values, ...values }, training });
    expect(refusal({ depth: 3 })).toBe('It holds for one hidden layer, and this network has 3.');
    expect(refusal({ activation: 'relu' })).toBe('It holds for the activation linear, not for relu.');
    expect(refusal({ bias: 0.1 })).toBe('It holds for networks without bias.');
    expect(refusal({ loss: 'hinge' })).toBe('It holds for the squared loss, not for hinge.');
    expect(refusal({ inputDim: 5 })).toMatch('this task has 5');
    expect(refusal({}, { ...descent, momentum: 0.9 })).toBe('It holds for descent without momentum.');
    expect(refusal({}, { ...descent, batchSize: 4 })).toMatch('mini-batches');
    expect(refusal({ hiddenRate: 0 }, descent)).toMatch('gradient flow');
    expect(refusal({}, flow, 'diagonal')).toMatch('not for the family diagonal');
    const train = { count: 2, inputs: Float64Array.of(1, 2, 2, 1), targets: Float64Array.of(1, 1) };
    const wide = { ...network.data, inputDim: 2, train };
    expect(() => oneDimensional.solve({ ...network, data: wide })).toThrow('expected inputs along one direction, got several');
  });

  const plane = (own: Values, x: string, y: string, xRange: [number, number], yRange: [number, number]): TheoryPlane => ({
    family: 'fully-connected',
    task: 'line',
    values: { ...defaults, predictor: 'plain', ...own },
    training: flow,
    x,
    y,
    xRange,
    yRange,
  });
  const points = (theory: Theory, own: TheoryPlane, label: RegExp) =>
    theory
      .boundaries(own)
      .filter((boundary) => label.test(boundary.label))
      .flatMap((boundary) => boundary.points)
      .filter(([x]) => !Number.isNaN(x));

  test('over exponents E = 0 is c_γ = −1 − 2c at equal rates, and a V in their imbalance', () => {
    const own = plane(
      { parametrisation: 'standard', scaling: 'unscaled' },
      'weightExponent',
      'outputScaleExponent',
      [-1, 0],
      [-1.5, 1],
    );
    const found = points(oneDimensional, own, /^E = 0/);
    expect(found.length).toBeGreaterThan(40);
    for (const [c, gamma] of found) expect(gamma).toBeCloseTo(-1 - 2 * c, 9);
    const rates = { ...own, x: 'rateImbalanceExponent', xRange: [-1, 1] as const };
    for (const [difference, gamma] of points(oneDimensional, rates, /^E = 0/)) {
      // Corners are cut within one of 64 cells.
      expect(Math.abs(gamma - (-1 - Math.abs(difference) / 2))).toBeLessThan(Math.abs(difference) < 1 / 32 ? 0.02 : 1e-9);
    }
  });

  test('over output scale and width it is the line α√h = |φ*| of unit weights with the ntk factor', () => {
    const own = plane({ parametrisation: 'ntk', predictor: 'centred', slope: 1 }, 'outputScale', 'width', [0.01, 10], [4, 1024]);
    const found = points(oneDimensional, own, /^χ = 1/);
    expect(found.length).toBeGreaterThan(20);
    for (const [alpha, width] of found) expect(alpha * Math.sqrt(width)).toBeCloseTo(1, 9);
  });

  test('over time it is the relaxation time 1/r', () => {
    const own = plane({ parametrisation: 'ntk', slope: 0, variance: 2 }, 'outputScale', 'time', [0.01, 100], [1e-4, 100]);
    const found = points(oneDimensional, own, /^relaxation/);
    expect(found.length).toBeGreaterThan(20);
    // Per output scale, slope 0: r = M Θ = M · α · 2√h in the gain's units.
    for (const [alpha, time] of found) expect(time * 2 * alpha * 2 * Math.sqrt(24)).toBeCloseTo(1, 9);
    // With a target of slope 1.5 the residual's own share, 2C|k|, comes in: C = 3, and k = 1 whatever α and h.
    const sloped = points(oneDimensional, { ...own, values: { ...own.values, slope: 1.5 } }, /^relaxation/);
    expect(sloped.length).toBeGreaterThan(20);
    for (const [alpha, time] of sloped) {
      const rate = Math.hypot(2 * alpha * 2 * Math.sqrt(24), 2 * 3);
      // Curves are cut straight within one of 64 cells.
      expect(Math.abs(time * rate - 1)).toBeLessThan(1e-3);
    }
  });
});

describe('the theory of the catapult', () => {
  const values: Values = {
    parametrisation: 'ntk',
    motion: 'plain',
    predictor: 'plain',
    slope: 0,
    noise: 0,
    samples: 1,
    variance: 1,
    width: 64,
  };

  test.each([1, 2.6, 3.3])('follows descent from a curvature of about %f/η', async (product) => {
    // λ₀ of seed 3 is near 2, and the gain of the ntk factor is √h.
    await expectTheory(catapultTheory, { ...values, learningRate: product / 2 / 8 }, descent, 1e-8);
  });

  test('draws η = 2/λ₀ and η = 4/λ₀', async () => {
    const { network } = await networkWith(values, descent);
    const own = { ...network, x: 'learningRate', y: 'width', xRange: [0.01, 1], yRange: [4, 256] } as const;
    const [lazy, divergent] = catapultTheory.boundaries(own);
    expect([lazy.label, divergent.label]).toEqual(['η = 2/λ₀: lazy | catapult', 'η = 4/λ₀: catapult | divergent']);
    for (const [eta, width] of lazy.points) expect(eta * 2 * Math.sqrt(width)).toBeCloseTo(2, 9);
    for (const [eta, width] of divergent.points) expect(eta * 2 * Math.sqrt(width)).toBeCloseTo(4, 9);
    // Layers of their own: λ₀ ∝ η_u σ_w² + η_w σ_u² = 2 + ½·3².
    const apart = { ...own.values, learningRateRatio: 2, hiddenRate: 0.5, initScaleOutput: 3 };
    const [uneven] = catapultTheory.boundaries({ ...own, values: apart });
    expect(uneven.points.length).toBeGreaterThan(20);
    for (const [eta, width] of uneven.points) expect(eta * 6.5 * Math.sqrt(width)).toBeCloseTo(2, 9);
  });

  test('says why it does not hold', async () => {
    const { network } = await networkWith(values, descent);
    const refusal = (own: Values, training: Training = descent) =>
      catapultTheory.refusal({ ...network, values: { ...network.values, ...own }, training });
    expect(refusal({})).toBeNull();
    expect(refusal({}, flow)).toBe('It holds for gradient descent, not for gradient flow.');
    expect(refusal({ slope: 1 })).toBe('It holds for target zero, and the slope of this task is 1.');
    expect(refusal({ predictor: 'centred' })).toMatch('plain predictor');
  });
});
