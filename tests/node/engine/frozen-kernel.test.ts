// Networks with a frozen kernel against what they must agree with: lazy networks, linear models solved by hand, their own kernel.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { catalog } from '../../../src/catalog.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { frozenKernels, trainFrozenKernel } from '../../../src/engine/frozen-kernel.ts';
import { createKernelModel } from '../../../src/engine/kernel-model.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { openSession } from '../../../src/engine/session.ts';
import { makeBatch, RATES } from '../../gpu/make-batch.ts';
import { expectClose } from '../reference/expect-close.ts';

const stripe = (changes: Record<string, unknown> = {}) =>
  parseSweep(
    {
      version: 1,
      family: 'fully-connected',
      task: { kind: 'stripe', inputDim: 5, samples: 32, testSamples: 100, probeSamples: 8 },
      axes: [{ parameter: 'outputScale', scale: 'log', values: [1e-2, 1e4] }],
      fixed: { width: 24, depth: 2, activation: 'softplus' },
      seeds: 1,
      training: { method: 'flow', maxTime: 1000, checkpoints: [1000] },
      observables: ['testError'],
      ...changes,
    },
    catalog,
  );

describe('the kernel of a linear model', () => {
  test.each([
    ['one rate', {}],
    ['a rate for each layer', RATES],
  ])('is the network’s at the weights it is frozen at, with %s', (_, values) => {
    const { shape, data, starts } = makeBatch({ values: { width: 8, depth: 2, activation: 'softplus' }, outputDim: 2 });
    const model = fullyConnected.model(shape, data.inputDim, 2);
    const weights = model.draw(starts[0], data);
    const rates = values === RATES ? [2, 2, 0.5] : [1, 1, 1];
    const linear = createKernelModel({ model, kernelAt: weights, start: weights, rates, train: data.train });
    const scaled = (factor: readonly number[]) => {
      // Θ is a sum over layers: the part of one is what freezing all others leaves.
      const parts = model.layers.map((__, layer) => {
        const only = createKernelModel({
          model,
          kernelAt: weights,
          start: weights,
          rates: rates.map((___, l) => Number(l === layer)),
          train: data.train,
        });
        return only.tangentKernel(only.draw(starts[0], data), data.train.inputs);
      });
      return parts[0].map((__, n) => parts.reduce((sum, part, l) => sum + factor[l] * part[n], 0));
    };
    const zero = linear.draw(starts[0], data);
    expectClose(linear.tangentKernel(zero, data.train.inputs), scaled(rates), 1e-9, 1e-9);
    if (values !== RATES) {
      expectClose(linear.tangentKernel(zero, data.train.inputs), model.tangentKernel(weights, data.train.inputs), 1e-9, 1e-9);
    }
    expectClose(linear.outputs(zero, data.test.inputs), model.outputs(weights, data.test.inputs), 1e-14);
  });

  test('has as many coordinates as the gradients have dimensions', () => {
    const { shape, data, starts } = makeBatch({ values: { width: 2, depth: 1, activation: 'linear' }, samples: 40, inputDim: 3 });
    const model = fullyConnected.model(shape, 3, 1);
    const weights = model.draw(starts[0], data);
    const { parameterCount } = createKernelModel({ model, kernelAt: weights, start: weights, rates: [1, 1], train: data.train });
    // 6 + 2 weights, but a linear network's gradients only span the inputs.
    expect(parameterCount).toBe(3);
  });
});

describe('training with a frozen kernel', () => {
  test('moves a network whose hidden layer rests as it moves itself', async () => {
    // With the hidden layer at rest the network is linear in what is trained: both must take the same steps.
    const batch = makeBatch({
      values: { width: 8, depth: 1, activation: 'softplus', outputScale: 2, hiddenRate: 0, loss: 'squared', learningRate: 0.05 },
      descent: { momentum: 0.5, maxTime: 2 },
    });
    const trainer = createReferenceTrainer(fullyConnected, batch, []);
    const initial = (await trainer.inspect(0)).weights;
    while ((await trainer.advance(2)).unfinished > 0);
    const { train, test: tested } = await trainer.outputs(0);
    const frozen = await trainFrozenKernel(fullyConnected, batch, 0, initial);
    expectClose(frozen.train, train, 1e-9, 1e-12);
    expectClose(frozen.test, tested, 1e-9, 1e-12);
    expect(frozen.outcome).toBe('converged');
  });

  test('at the start predicts what a lazy network learns, and not what a rich one does', async () => {
    const sweep = stripe();
    const kernels = frozenKernels(sweep, catalog);
    const session = openSession(sweep, { catalog, engine: 'reference' });
    for await (const { progress } of session) expect(progress.phase).not.toBe('cancelled');
    const errors = [];
    for (const cell of [0, 1]) {
      const network = await session.inspect(cell, 0);
      const { test: predicted, outcome, testError } = await kernels.train(cell, 0, 'initial');
      expect([outcome, network.outcome]).toEqual(['converged', 'converged']);
      // The network's own predictions on the test set, from the weights it ended with.
      const data = await catalog.tasks[0].load(sweep.fixed, sweep.task.settings);
      const model = fullyConnected.model(sweep.fixed, data.inputDim, 1);
      const [now, start] = [network.weights, await freshWeights(sweep, cell)].map((w) => model.outputs(w, data.test.inputs));
      const alpha = sweep.axes[0].values[cell] as number;
      errors.push(Math.max(...predicted.map((f, n) => Math.abs(f - alpha * (now[n] - start[n])))));
      expect(testError).toBeLessThan(0.5);
    }
    expect(errors[1]).toBeLessThan(1e-2);
    expect(errors[0]).toBeGreaterThan(0.1);
    session.dispose();
  });

  test('refuses Adam, stages, and cells or seeds that are not there', async () => {
    const adam = makeBatch({ descent: { optimiser: 'adam', adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } } });
    await expect(trainFrozenKernel(fullyConnected, adam, 0, new Float64Array())).rejects.toThrow(
      /expected a flow, or descent with momentum, got Adam/,
    );
    await expect(frozenKernels(stripe(), catalog).train(2, 0, 'initial')).rejects.toThrow(
      /a cell below 2 and a seed below 1, got 2 and 0/,
    );
    expect(() =>
      frozenKernels(stripe({ stages: [{ from: 10, task: { dataSeed: 2 } }], fixed: { predictor: 'plain' } }), catalog),
    ).toThrow(/expected a sweep of one task/);
  });
});

/** Initial weights of a cell's only network. */
async function freshWeights(sweep: ReturnType<typeof stripe>, cell: number): Promise<Float64Array> {
  const data = await catalog.tasks[0].load(sweep.fixed, sweep.task.settings);
  const model = fullyConnected.model(sweep.fixed, data.inputDim, 1);
  return model.draw({ seed: sweep.seed, draw: 0, values: { ...sweep.fixed, outputScale: sweep.axes[0].values[cell] } }, data);
}
