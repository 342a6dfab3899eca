// The float64 model of fully connected networks: gradients, kernels and starts.

import { describe, expect, test } from 'vitest';
import { fullyConnected, shapeOf } from '../../../shaders/families/fully-connected/family.ts';
import { layoutOf } from '../../../shaders/families/fully-connected/layout.ts';
import { packWeights } from '../../../shaders/families/fully-connected/records.ts';
import { activationIds, activationOf } from '../../../shaders/lib/activations.ts';
import { losses } from '../../../shaders/lib/losses.ts';
import { NETWORK, networkRecord } from '../../../shaders/lib/training/network-record.ts';
import type { Model } from '../../../src/core/family.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { makeBatch, randomSamples } from '../../gpu/make-batch.ts';
import { unpackWeights } from '../../gpu/unpack-weights.ts';
import { expectClose } from './expect-close.ts';

const INPUT_DIM = 4;

function modelWith(values: Record<string, number | string>, outputDim = 1): { model: Model; weights: Float64Array } {
  const { shape } = makeBatch({ values: { width: 5, depth: 1, ...values } });
  const model = fullyConnected.model(shape, INPUT_DIM, outputDim);
  // Not the start: biases would be zero.
  return { model, weights: randomSource(11, STREAMS.weights).normals(model.parameterCount) };
}

/** Gradient of Σ outputs × cotangent by central differences. */
function differences(model: Model, weights: Float64Array, inputs: Float64Array, cotangent: Float64Array): number[] {
  const value = (at: Float64Array) => model.outputs(at, inputs).reduce((sum, f, n) => sum + f * cotangent[n], 0);
  const step = 1e-5;
  return Array.from(
    weights,
    (weight, n) => (value(weights.with(n, weight + step)) - value(weights.with(n, weight - step))) / (2 * step),
  );
}

describe('the gradient', () => {
  test.each(activationIds.flatMap((activation) => [1, 2, 3].map((depth) => [activation, depth] as const)))(
    'is that of the outputs: %s, depth %d, with and without bias, one output and three',
    (activation, depth) => {
      for (const [bias, outputDim, parametrisation] of [
        [0, 1, 'mean-field'],
        [0.3, 1, 'ntk'],
        [0.3, 3, 'standard'],
      ] as const) {
        const { model, weights } = modelWith({ activation, depth, bias, parametrisation }, outputDim);
        const { inputs } = randomSamples(6, INPUT_DIM, outputDim, 1);
        const cotangent = randomSource(3, STREAMS.data).normals(6 * outputDim);
        // ReLU's kinks lie further from these points than the step.
        expectClose(model.pullback(weights, inputs, cotangent), differences(model, weights, inputs, cotangent), 3e-8);
      }
    },
  );

  test.each(losses.map(({ id }) => id))('of the mean loss %s is that of the loss', (id) => {
    const loss = losses.find((one) => one.id === id) as (typeof losses)[number];
    for (const outputDim of [1, 3]) {
      const { model, weights } = modelWith({ activation: 'tanh', depth: 2 }, outputDim);
      const { inputs, targets, count } = randomSamples(6, INPUT_DIM, outputDim, 1);
      const row = (values: Float64Array, p: number) => values.subarray(p * outputDim, (p + 1) * outputDim);
      const total = (at: Float64Array) => {
        const outputs = model.outputs(at, inputs);
        return Array.from({ length: count }, (_, p) => loss.value(row(outputs, p), row(targets, p), 2)).reduce((a, b) => a + b);
      };
      const cotangent = new Float64Array(count * outputDim);
      const outputs = model.outputs(weights, inputs);
      for (let p = 0; p < count; p++) loss.slope(row(outputs, p), row(targets, p), 2, row(cotangent, p));
      const step = 1e-5;
      const expected = Array.from(
        weights,
        (weight, n) => (total(weights.with(n, weight + step)) - total(weights.with(n, weight - step))) / (2 * step),
      );
      expectClose(model.pullback(weights, inputs, cotangent), expected, 3e-8);
    }
  });
});

describe('the tangent kernel', () => {
  test.each([1, 2, 3])('is the Jacobian’s Gram matrix at depth %d', (depth) => {
    const { model, weights } = modelWith({ depth, bias: 0.2, activation: 'gelu' }, 2);
    const { inputs, count } = randomSamples(4, INPUT_DIM, 2, 1);
    const entries = count * 2;
    const rows = Array.from({ length: entries }, (_, n) => model.pullback(weights, inputs, new Float64Array(entries).with(n, 1)));
    const gram = rows.flatMap((a) => rows.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
    expectClose(model.tangentKernel(weights, inputs), gram, 1e-13);
  });
});

describe('a start', () => {
  const start = (values: Record<string, number | string> = {}, seed = 1, draw = 0) => {
    const { shape, data } = makeBatch({ values: { width: 64, depth: 2, ...values }, inputDim: INPUT_DIM });
    return fullyConnected.model(shape, INPUT_DIM, 1).draw({ seed, draw, values: shape }, data);
  };

  test('depends on seed, draw and shape only; scales multiply it', () => {
    const base = start();
    expect(start({ outputScale: 7, activation: 'relu', loss: 'squared' })).toEqual(base);
    expect(start({}, 2)).not.toEqual(base);
    expect(start({}, 1, 1)).not.toEqual(base);
    expect(start({ initScale: 0.5 })).toEqual(base.map((w) => 0.5 * w));
    const output = base.length - 64;
    expect(start({ initScaleOutput: 0 })).toEqual(base.map((w, n) => (n < output ? w : 0 * w)));
  });

  test('has unit variance, or 1/fan-in in the standard parametrisation, and no bias', () => {
    const variance = (weights: Float64Array) => weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
    const hidden = (weights: Float64Array) => weights.subarray(64 * INPUT_DIM, 64 * INPUT_DIM + 64 * 64);
    // 4096 draws: four standard errors of a variance are 4·√(2/4096).
    expect(Math.abs(variance(hidden(start())) - 1)).toBeLessThan(0.09);
    expect(Math.abs(64 * variance(hidden(start({ parametrisation: 'standard' }))) - 1)).toBeLessThan(0.09);
    const biased = start({ bias: 0.1 });
    expect(Array.from({ length: 64 }, (_, j) => biased[j * (INPUT_DIM + 1) + INPUT_DIM])).toEqual(new Array(64).fill(0));
  });

  test('of unit-variance activations keeps pre-activations of order one at every depth', () => {
    for (const activation of activationIds) {
      const values = { width: 256, depth: 3, activation, activationBeta: 0 };
      const { shape, data } = makeBatch({ values, inputDim: 16 });
      const model = fullyConnected.model(shape, 16, 1);
      const { inputs } = randomSamples(8, 16, 1, 1);
      const z = model.preactivations(model.draw({ seed: 4, draw: 0, values: shape }, data), inputs);
      const rms = Math.sqrt(z.reduce((sum, u) => sum + u * u, 0) / z.length);
      expect(rms, activation).toBeGreaterThan(0.7);
      expect(rms, activation).toBeLessThan(1.4);
    }
  });

  test('takes given weights as they are', () => {
    const { shape, data } = makeBatch({ values: { width: 3, depth: 1 }, inputDim: 2 });
    const model = fullyConnected.model(shape, 2, 1);
    const weights = Float64Array.from({ length: 9 }, (_, n) => n);
    const draw = (given: Float64Array) => model.draw({ seed: 0, draw: 0, values: shape, weights: given }, data);
    expect(draw(weights)).toEqual(weights);
    expect(() => draw(weights.slice(1))).toThrow('expected 9 numbers, got 8');
  });
});

describe('records for buffers', () => {
  test('packing loses nothing but digits, and leaves zeros in the padding', () => {
    const { shape } = makeBatch({ values: { width: 5, depth: 2, bias: 0.1 } });
    const resolved = shapeOf(shape, 3, 2);
    const { parameterCount } = fullyConnected.model(shape, 3, 2);
    const flat = Float64Array.from({ length: parameterCount }, (_, n) => n + 1);
    const packed = packWeights(flat, resolved);
    expect(packed.length).toBe(layoutOf(resolved).words);
    expect(unpackWeights(packed, resolved)).toEqual(flat);
    expect(packed.filter((word) => word === 0).length).toBe(packed.length - parameterCount);
  });

  test('a network’s record holds its numbers; a flow has no learning rate', () => {
    const batch = makeBatch({
      flow: {},
      cells: [{ outputScale: 100, predictor: 'plain', learningRateRatio: 0.5, hiddenRate: 2 }],
    });
    const words = networkRecord({ ...batch.networks[1], start: 1 }, 2 ** 32 - 1, batch);
    const numbers = new Float32Array(words.buffer);
    expect(numbers[NETWORK.outputScale]).toBe(100);
    expect(numbers[NETWORK.centred]).toBe(0);
    expect(numbers[NETWORK.learningRate]).toBe(0);
    expect([numbers[NETWORK.hiddenRate], numbers[NETWORK.outputRate]]).toEqual([2, 0.5]);
    expect(numbers[NETWORK.initialStep]).toBe(Math.fround(0.005));
    expect([words[NETWORK.seed], words[NETWORK.start]]).toEqual([2 ** 32 - 1, 1]);
  });

  test('β = 0 stands for the activation’s usual choice', () => {
    const { shape } = makeBatch({ values: { activation: 'softplus', activationBeta: 0 } });
    expect(shapeOf(shape, 2, 1).activationBeta).toBe(activationOf('softplus').usualBeta);
    expect(shapeOf({ ...shape, activationBeta: 2 }, 2, 1).activationBeta).toBe(2);
  });
});
