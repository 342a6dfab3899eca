// The float64 trainer: what gradient descent and gradient flow must do, whatever the engine.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { observables } from '../../../shaders/observables/registry.ts';
import { batchSample } from '../../../src/core/batches.ts';
import type { Batch } from '../../../src/core/family.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import type { Trainer } from '../../../src/engine/trainer.ts';
import { type BatchRequest, makeBatch } from '../../gpu/make-batch.ts';
import { expectClose } from './expect-close.ts';

const small = { width: 8, depth: 1, activation: 'softplus' };

function open(batch: Batch): Trainer {
  const offered = fullyConnected.domains(batch.shape);
  const own = observables.filter(({ terms }) => terms.every(({ domain }) => offered.includes(domain)));
  return createReferenceTrainer(fullyConnected, batch, own);
}

async function train(request: BatchRequest, horizon: number): Promise<Trainer> {
  const trainer = open(makeBatch(request));
  while ((await trainer.advance(horizon)).unfinished > 0);
  return trainer;
}

describe('gradient descent', () => {
  const values = { ...small, loss: 'squared', outputScale: 2, learningRate: 0.05 };

  /** One step by hand from the weights of network 0, with gradient over the samples `indices`. */
  function stepByHand(batch: Batch, weights: Float64Array, indices: readonly number[]): Float64Array {
    const { data, starts } = batch;
    const model = fullyConnected.model(batch.shape, data.inputDim, 1);
    const start = model.draw(starts[0], data);
    const inputs = Float64Array.from(
      indices.flatMap((p) => [...data.train.inputs.subarray(p * data.inputDim, (p + 1) * data.inputDim)]),
    );
    const [now, first] = [model.outputs(weights, inputs), model.outputs(start, inputs)];
    const slopes = now.map((f, n) => (2 * (f - first[n]) - data.train.targets[indices[n]]) / indices.length);
    const gradient = model.pullback(weights, inputs, slopes);
    return weights.map((weight, n) => weight - 0.05 * model.gain * gradient[n]);
  }

  test('steps by −η·gain·∂(mean ℓ)/∂f', async () => {
    const batch = makeBatch({ values, descent: {} });
    const trainer = open(batch);
    const before = (await trainer.inspect(0)).weights;
    while ((await trainer.advance(0.1)).unfinished > 0);
    const all = Array.from({ length: batch.data.train.count }, (_, p) => p);
    const { weights, time, attempts } = await trainer.inspect(0);
    expect([time, attempts]).toEqual([0.1, 2]);
    expectClose(weights, stepByHand(batch, stepByHand(batch, before, all), all), 1e-14);
  });

  test('takes the mini-batch that seed and step name', async () => {
    const batch = makeBatch({ values, descent: { batchSize: 3 } });
    const trainer = open(batch);
    const before = (await trainer.inspect(0)).weights;
    while ((await trainer.advance(0.05)).unfinished > 0);
    const { seed } = batch.starts[0];
    const drawn = [0, 1, 2].map((slot) => batchSample(seed, 0, slot, batch.data.train.count));
    expectClose((await trainer.inspect(0)).weights, stepByHand(batch, before, drawn), 1e-14);
  });

  test('a learning-rate ratio of 0 freezes the output layer, and only it', async () => {
    const trainer = await train({ values: { ...values, learningRateRatio: 0 }, descent: {} }, 0.5);
    const { values: measured } = await trainer.measure();
    expect(measured.weightChangeLayer2[0]).toBe(0);
    expect(measured.weightChangeLayer1[0]).toBeGreaterThan(0);
    expect(measured.weightChangeLayer3[0]).toBeNaN();
  });

  test('that diverges is an outcome, and is left out of the ensemble', async () => {
    const cells = [{ learningRate: 0.05 }, { learningRate: 10 }];
    const trainer = await train({ values: { ...values, activation: 'linear' }, cells, descent: {} }, 100);
    const { outcomes, values: measured } = await trainer.measure();
    expect(outcomes).toEqual(['running', 'running', 'diverged', 'diverged']);
    expect(measured.testError[2]).toBeNaN();
    expect(measured.ensembleError[0]).toBeGreaterThanOrEqual(0);
    expect(measured.ensembleError[1]).toBeNaN();
  });
});

describe('gradient flow', () => {
  const tight = { integrator: 'dormand-prince', tolerance: 1e-9, outputTolerance: 1e9 } as const;

  test('conserves the balance W2ᵀW2 − W1W1ᵀ of a linear network', async () => {
    const values = { ...small, activation: 'linear', parametrisation: 'standard', loss: 'squared', predictor: 'plain' };
    const batch = makeBatch({ values, outputDim: 2, flow: { ...tight, maxTime: 3 } });
    const trainer = open(batch);
    const balance = (weights: Float64Array) => {
      const [h, d, c] = [8, 5, 2];
      const second = weights.subarray(h * d);
      return Array.from({ length: h * h }, (_, at) => {
        const [i, j] = [Math.floor(at / h), at % h];
        let sum = 0;
        for (let k = 0; k < c; k++) sum += second[k * h + i] * second[k * h + j];
        for (let k = 0; k < d; k++) sum -= weights[i * d + k] * weights[j * d + k];
        return sum;
      });
    };
    const before = await trainer.inspect(0);
    while ((await trainer.advance(3)).unfinished > 0);
    const after = await trainer.inspect(0);
    expect(after.time).toBe(3);
    expectClose(balance(after.weights), balance(before.weights), 1e-7);
    expect(after.weights).not.toEqual(before.weights);
  });

  test('gives the same trajectory under every integrator, to each one’s accuracy', async () => {
    const at = async (flow: BatchRequest['flow']) =>
      (await (await train({ values: small, flow: { ...flow, maxTime: 2 } }, 2)).outputs(0)).test;
    const truth = await at(tight);
    expectClose(await at({ integrator: 'bogacki-shampine', tolerance: 1e-7, outputTolerance: 1e9 }), truth, 1e-5);
    expectClose(await at({ integrator: 'euler', tolerance: 1e-5, outputTolerance: 1e-2 }), truth, 2e-2);
  });

  test('becomes lazy as the output scale grows: kernel and weight change fall as 1/α', async () => {
    const cells = [1e4, 1e5].map((outputScale) => ({ outputScale }));
    const request = {
      values: { ...small, width: 32 },
      cells,
      seeds: 1,
      samples: 8,
      flow: { maxTime: 1e3, stop: { margins: true } },
    };
    const { outcomes, values } = await (await train(request, 1e3)).measure();
    expect(outcomes).toEqual(['converged', 'converged']);
    for (const id of ['kernelChange', 'weightChange']) expect(values[id][0] / values[id][1], id).toBeCloseTo(10, 1);
    expect(values.kernelAlignment[1]).toBeCloseTo(1, 6);
    expect(values.unmetMargins).toEqual(Float64Array.of(0, 0));
  });

  test('knows its halving time only once the loss has halved', async () => {
    const trainer = open(
      makeBatch({ values: { ...small, outputScale: 100 }, seeds: 1, flow: { maxTime: 100, stop: { margins: true } } }),
    );
    expect((await trainer.measure()).values.halvingTime[0]).toBeNaN();
    while ((await trainer.advance(100)).unfinished > 0);
    const { values } = await trainer.measure();
    const { time } = await trainer.inspect(0);
    expect(values.halvingTime[0]).toBeGreaterThan(0);
    expect(values.halvingTime[0]).toBeLessThan(time);
    expect(values.trainingLoss[0]).toBeLessThan(0.5);
  });

  test('stops early where it is aborted', async () => {
    const trainer = open(makeBatch({ values: small, flow: tight }));
    const stopper = new AbortController();
    stopper.abort();
    expect(await trainer.advance(1, stopper.signal)).toEqual({ unfinished: 2, ahead: 2, steps: 0, stepsAhead: 2e6 });
  });
});

describe('observables', () => {
  test('say that nothing has changed at the start', async () => {
    const { values } = await open(makeBatch({ values: small, flow: {} })).measure();
    const { kernelChange, weightChange, gateFlips, outputNorm, kernelAlignment, centredRepresentationAlignment, seedVariance } =
      values;
    for (const zero of [kernelChange, weightChange, gateFlips, outputNorm]) expect(zero).toEqual(Float64Array.of(0, 0));
    for (const one of [kernelAlignment, centredRepresentationAlignment]) expectClose(one, [1, 1], 1e-12);
    expect(seedVariance).toEqual(Float64Array.of(0));
  });

  test('have distinct ids, and terms of one id are one sum', () => {
    expect(new Set(observables.map(({ id }) => id)).size).toBe(observables.length);
    const terms = observables.flatMap((one) => one.terms);
    for (const term of terms) {
      const twins = terms.filter(({ id }) => id === term.id);
      expect(new Set(twins.map(({ domain, wgsl }) => `${domain} ${wgsl}`)).size, term.id).toBe(1);
    }
  });
});
