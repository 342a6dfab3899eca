// The float64 model of convolutional networks: the paper's sizes, gradients, kernels and starts.

import { describe, expect, test } from 'vitest';
import { convolutional } from '../../../shaders/families/convolutional/family.ts';
import { leastSide, shapeOf } from '../../../shaders/families/convolutional/layout.ts';
import { catalog } from '../../../src/catalog.ts';
import type { Model } from '../../../src/core/family.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { arrays } from '../../../src/tasks/arrays.ts';
import { type ConvolutionalRequest, makeConvolutionalBatch } from '../../gpu/convolutional-batch.ts';
import { valuesOf } from '../tasks/values-of.ts';
import { expectClose } from './expect-close.ts';

function modelOf(request: ConvolutionalRequest) {
  const batch = makeConvolutionalBatch(request);
  const { data, shape } = batch;
  const model = convolutional.model(shape, data.inputDim, data.outputDim, undefined, data.image);
  return { batch, model, weights: model.draw(batch.starts[0], data) };
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

test('a network on 28 × 28 pixels makes maps of 13, 11, 5 and 3 pixels per side, on 32 × 32 of 15, 13, 6 and 4', () => {
  const { shape } = makeConvolutionalBatch({ values: { blocks: 2, width: 4 } });
  const sides = (side: number, channels: number) =>
    shapeOf(shape, { side, channels }, 1).convolutions.map(({ outSide }) => outSide);
  expect(sides(28, 1)).toEqual([13, 11, 5, 3]);
  expect(sides(32, 3)).toEqual([15, 13, 6, 4]);
  expect([1, 2].map(leastSide)).toEqual([7, 19]);
});

test('images that are too small and inputs that are no images are refused', () => {
  const { shape } = makeConvolutionalBatch({ values: { blocks: 2 } });
  expect(() => shapeOf(shape, { side: 14, channels: 1 }, 1)).toThrow(
    'expected images of at least 19 × 19 pixels for 2 blocks, got 14 × 14. Take fewer blocks or larger images.',
  );
  expect(() => shapeOf(shape, undefined, 1)).toThrow('family "convolutional": expected a task of images');
});

test('a sweep of inputs that are no images, or of images that are too small, is refused before anything is loaded', () => {
  const parse = (task: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}) =>
    parseSweep(
      {
        version: 1,
        family: 'convolutional',
        task,
        axes: [{ parameter: 'outputScale', values: [1] }],
        training: { method: 'flow', maxTime: 1 },
        ...rest,
      },
      catalog,
    );
  const advice = 'Use an image task with features: "pixels", or own data with imageChannels.';
  const withoutImages = catalog.tasks.filter((task) => task.sequential !== true && task.imageOf === undefined);
  expect(withoutImages.map(({ kind }) => kind)).toContain('stripe');
  for (const { kind } of withoutImages) expect(() => parse({ kind })).toThrow(advice);
  for (const kind of ['mnist-parity', 'fashion-parity', 'mnist-pair', 'images', 'image-files']) {
    expect(() => parse({ kind, features: 'pca' })).toThrow(advice);
    expect(parse({ kind, features: 'pixels' }).family).toBe('convolutional');
  }
  expect(() => parse({ kind: 'arrays' })).toThrow(advice);
  expect(parse({ kind: 'arrays', imageChannels: 3 }).family).toBe('convolutional');
  const small = 'expected images of at least 19 × 19 pixels for 2 blocks, got 14 × 14';
  expect(() => parse({ kind: 'mnist-parity', features: 'pixels', imageSide: '14' })).toThrow(small);
  const axes = [{ parameter: 'imageSide', values: ['28', '14'] }];
  expect(() => parse({ kind: 'mnist-parity', features: 'pixels' }, { axes })).toThrow(small);
  expect(() => parse({ kind: 'mnist-parity', features: 'pixels' }, { axes, fixed: { blocks: 1 } })).not.toThrow();
});

const requests: readonly (readonly [string, ConvolutionalRequest])[] = [
  ['one channel of pixels', { values: { width: 2 } }],
  ['three channels and outputs', { values: { width: 3, activation: 'tanh' }, image: { side: 9, channels: 3 }, outputDim: 3 }],
  ['two blocks', { values: { width: 2, blocks: 2, activation: 'gelu' }, image: { side: 19, channels: 1 }, samples: 2 }],
];

describe.each(requests)('%s', (_, request) => {
  const { batch, model, weights } = modelOf(request);
  const { inputs, count } = batch.data.train;
  const { outputDim } = model;

  test('the gradient is that of the outputs', () => {
    const cotangent = randomSource(3, STREAMS.data).normals(count * outputDim);
    expectClose(model.pullback(weights, inputs, cotangent), differences(model, weights, inputs, cotangent), 3e-8);
  });

  test('the tangent kernel is that of the gradients by differences', () => {
    const few = inputs.subarray(0, 2 * batch.data.inputDim);
    const rows = Array.from({ length: 2 * outputDim }, (_, n) =>
      differences(model, weights, few, new Float64Array(2 * outputDim).fill(1, n, n + 1)),
    );
    const expected = rows.flatMap((left) => rows.map((right) => left.reduce((sum, g, i) => sum + g * right[i], 0)));
    expectClose(model.tangentKernel(weights, few), expected, 3e-8);
  });

  test('outputs are linear in the representation, and representations average activations', () => {
    const { offset, length } = model.layers[model.layers.length - 1];
    const width = length / outputDim;
    const pooled = model.representation(weights, inputs);
    const expected = Array.from({ length: count * outputDim }, (_, n) => {
      const [p, c] = [Math.floor(n / outputDim), n % outputDim];
      let sum = 0;
      for (let k = 0; k < width; k++) sum += weights[offset + c * width + k] * pooled[p * width + k];
      return sum / width;
    });
    expectClose(model.outputs(weights, inputs), expected, 1e-12);
  });
});

test('a shift by two pixels away from the borders leaves the sum of an inner map as it is', () => {
  // Linear convolutions commute with shifts by their stride: the first map of a shifted point is the shifted map.
  const { model, weights } = modelOf({ values: { width: 2, activation: 'linear' }, image: { side: 28, channels: 1 } });
  const point = (row: number, column: number) => new Float64Array(784).fill(1, row * 28 + column, row * 28 + column + 1);
  const sum = (input: Float64Array) => model.representation(weights, input);
  expectClose(sum(point(12, 12)), sum(point(14, 16)), 1e-12);
});

test('starts are standard normal and repeat', () => {
  const { batch, model, weights } = modelOf({ values: { width: 16, blocks: 2 }, image: { side: 28, channels: 1 } });
  expect(model.parameterCount).toBe(25 * 16 + 3 * 25 * 256 + 16);
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const square = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
  // Standard errors are 0.007 and 0.010.
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(square - 1)).toBeLessThan(0.04);
  expect(model.draw(batch.starts[0], batch.data)).toEqual(weights);
});

test('own data are images where they say how many channels they have', async () => {
  const rows = (count: number) => Array.from({ length: count }, (_, n) => Array.from({ length: 27 }, (_, i) => (n * i) % 5));
  const settings = { trainInputs: rows(6), trainTargets: [1, -1, 1, -1, 1, -1] };
  const values = valuesOf(arrays, { samples: 4, testSamples: 2, probeSamples: 2, imageChannels: 3 });
  expect((await arrays.load(values, settings)).image).toEqual({ side: 3, channels: 3 });
  expect((await arrays.load({ ...values, imageChannels: 0 }, settings)).image).toBeUndefined();
  await expect(arrays.load({ ...values, imageChannels: 1 }, settings)).rejects.toThrow(
    'task "arrays": imageChannels: expected rows of 1 square planes, got 27 numbers per row. Use 1 for grey and 3 for colour.',
  );
});
