// Observables of structure on networks that can be worked out by hand, and what they owe to symmetry and conservation.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { type BatchRequest, makeBatch } from '../../gpu/make-batch.ts';
import { expectClose } from '../reference/expect-close.ts';
import { dataOf, LINEAR, measureAt, type Point } from './measure-at.ts';

/** Compares the observables named in `expected` to 12 digits. */
async function expectMeasured(point: Point, expected: Readonly<Record<string, number>>): Promise<void> {
  const ids = Object.keys(expected);
  const got = await measureAt(point, ids);
  const wrong = ids.flatMap((id) => {
    const [want, have] = [expected[id], got[id]];
    const close = Number.isNaN(want) ? Number.isNaN(have) : Math.abs(have - want) <= 1e-12 * Math.max(1, Math.abs(want));
    return close ? [] : [`${id}: expected ${want}, got ${have}`];
  });
  expect(wrong).toEqual([]);
}

describe('two units, one input, one output', () => {
  // w = (1, 2) → (3, 2), u = (1, −1) → (2, 1); x = ±1, y = 4x.
  const point: Point = {
    values: { ...LINEAR, width: 2 },
    data: dataOf([[1], [-1]], [[4], [-4]], { teacher: Float64Array.of(4), taskDistance: 5 }),
    start: Float64Array.of(1, 2, 1, -1),
    now: Float64Array.of(3, 2, 2, 1),
  };

  test('norms, changes, angle, kernel and map', () =>
    expectMeasured(point, {
      inputWeightNorm: Math.sqrt(13),
      outputWeightNorm: Math.sqrt(5),
      inputWeightChange: 2 / Math.sqrt(5),
      outputWeightChange: Math.sqrt(1 + 4) / Math.sqrt(2),
      alignmentCosine: 8 / Math.sqrt(13 * 5),
      kernelTrace: 13 + 5,
      kernelRatio: (13 + 5) / (5 + 2),
      // Θ(x, x') = 18 x x' and 7 x x': parallel.
      kernelDistance: 0,
      inputDistance: 0,
      outputDistance: 0,
      mapError: (8 - 4) ** 2,
      mapL1: 8,
      mapL2: 8,
      transfer: 8 * 4,
      forgetting: (0.5 * (8 - 4) ** 2) / 5,
      // uuᵀ − wwᵀ: (−5, −4; −4, −3) now, (0, −3; −3, −3) at the start.
      balanceDrift: 5,
    }));

  test('rates weight the kernel and divide the balance', () =>
    expectMeasured(
      { ...point, values: { ...point.values, hiddenRate: 0.5, learningRateRatio: 2 } },
      {
        kernelRatio: (2 * 13 + 0.5 * 5) / (2 * 5 + 0.5 * 2),
        // uuᵀ/2 − 2 wwᵀ: (−16, −11; −11, −7.5) now, (−1.5, −4.5; −4.5, −7.5) at the start.
        balanceDrift: 14.5,
      },
    ));

  test('a frozen layer counts as none', () =>
    expectMeasured({ ...point, frozen: ['hidden'] }, { kernelRatio: 13 / 5, balanceDrift: 3 }));

  test('α and the start enter the map of the predictor', () =>
    expectMeasured(
      { ...point, values: { ...point.values, outputScale: 3, predictor: 'centred' } },
      { mapError: (3 * (8 - -1) - 4) ** 2, mapL1: 27, mapL2: 27, transfer: 27 * 4 },
    ));

  test('what the task does not say is unknown, not zero', () =>
    expectMeasured({ ...point, data: dataOf([[1]], [[1]]) }, { mapError: Number.NaN, forgetting: Number.NaN, mapL1: 8 }));
});

test('the task’s direction is that of Σ y x, and nothing across it counts', () =>
  expectMeasured(
    {
      values: { ...LINEAR, width: 2 },
      data: dataOf(
        [
          [3, 4],
          [-4, 3],
        ],
        [[2], [0]],
      ),
      start: Float64Array.of(3, 4, -4, 3, 1, 0),
      // Rows along n̂ = (0.6, 0.8): 10 and 5, the second with 7 across.
      now: Float64Array.of(6, 8, 3 - 5.6, 4 + 4.2, 1, 1),
    },
    { alignmentCosine: 15 / Math.sqrt(125 * 2), kernelRatio: (125 + 2) / (25 + 1) },
  ));

test('distances are 1 − cosine, in several outputs too', () =>
  expectMeasured(
    {
      values: { ...LINEAR, width: 2 },
      data: dataOf(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      start: Float64Array.of(1, 0, 0, 1, 1, 0, 0, 1),
      now: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 2),
    },
    {
      // XᵀW₁ᵀW₁X = diag(1, 0) against 1; W₂W₂ᵀ = diag(1, 4) against 1.
      inputDistance: 1 - 1 / Math.SQRT2,
      outputDistance: 1 - 5 / Math.sqrt(2 * 17),
      // Θ = 1 ⊗ A + C ⊗ 1: diagonal (2, 1, 5, 4) against (2, 2, 2, 2).
      kernelDistance: 1 - 24 / Math.sqrt(46 * 16),
      // Centred diagonals: ⟨JDJ, JEJ⟩ = ½ Σ d e + Σ d Σ e/16 for n = 4.
      centredKernelDistance: 1 - 18 / Math.sqrt(32 * 12),
      kernelTrace: 12 / 2,
      mapL1: 1,
    },
  ));

describe('the balance of layers', () => {
  async function driftOf(request: BatchRequest, horizon: number): Promise<number> {
    const drift = observables.filter(({ id }) => id === 'balanceDrift');
    const trainer = createReferenceTrainer(fullyConnected, makeBatch(request), drift);
    while ((await trainer.advance(horizon)).unfinished > 0);
    const { values } = await trainer.measure();
    return Math.max(...values.balanceDrift);
  }
  const flow = { integrator: 'dormand-prince', tolerance: 1e-7 } as const;
  const values = { width: 5, activation: 'linear', loss: 'squared', bias: 0.3, predictor: 'plain' };

  test.each(['standard', 'ntk', 'mean-field'])(
    'is conserved by gradient flow of linear networks: %s',
    async (parametrisation) => {
      for (const depth of [1, 3]) {
        const rates = { hiddenRate: 0.3, learningRateRatio: 2 };
        const drift = await driftOf({ values: { ...values, ...rates, depth, parametrisation }, flow, outputDim: 2 }, 2);
        expect(drift, `depth ${depth}`).toBeLessThan(1e-6);
      }
    },
  );

  test('is not conserved by nonlinear networks, nor by steps of finite length', async () => {
    expect(await driftOf({ values: { ...values, depth: 1, activation: 'tanh' }, flow }, 2)).toBeGreaterThan(1e-3);
    expect(await driftOf({ values: { ...values, depth: 1, learningRate: 0.1 }, descent: {} }, 2)).toBeGreaterThan(1e-3);
  });
});

test('distances and 1 − alignment are one number, centred and not', async () => {
  const measure = async (horizon: number) => {
    const trainer = createReferenceTrainer(
      fullyConnected,
      makeBatch({ values: { width: 9, depth: 2, outputScale: 2 }, outputDim: 3, descent: {}, cells: [{ learningRate: 0.1 }] }),
      observables.filter(({ id }) => /^(k|centredK)ernel(Distance|Alignment)$/.test(id)),
    );
    while ((await trainer.advance(horizon)).unfinished > 0);
    return (await trainer.measure()).values;
  };
  const far = await measure(3);
  const pairs = [
    ['kernelDistance', 'kernelAlignment'],
    ['centredKernelDistance', 'centredKernelAlignment'],
  ];
  for (const [distance, alignment] of pairs) {
    expect(Math.min(...far[distance])).toBeGreaterThan(1e-6);
    expectClose(
      far[distance],
      far[alignment].map((cosine) => 1 - cosine),
      1e-9,
    );
  }
  // Centring changes it, and at the start there is none.
  expect(Math.abs(far.centredKernelDistance[0] / far.kernelDistance[0] - 1)).toBeGreaterThan(0.01);
  expect([...(await measure(0)).centredKernelDistance]).toEqual([...far.centredKernelDistance].map(() => 0));
});
