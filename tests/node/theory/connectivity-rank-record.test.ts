// The theory of rank and laziness as a record, against networks that the float64 trainer trains from the same starts.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { kernelAlignment } from '../../../shaders/observables/kernel-alignment.ts';
import { representationAlignment } from '../../../shaders/observables/representation-alignment.ts';
import type { Values } from '../../../src/core/parameter.ts';
import type { Task } from '../../../src/core/task.ts';
import { taskParameters } from '../../../src/core/task.ts';
import { type Training, trainingParameters } from '../../../src/core/training.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { features } from '../../../src/tasks/features.ts';
import { whitened } from '../../../src/tasks/whitened.ts';
import { connectivityRank } from '../../../src/theory/connectivity-rank/theory.ts';
import { theories } from '../../../src/theory/registry.ts';
import { expectClose } from '../reference/expect-close.ts';

const maxTime = 60;
const training: Training = {
  method: 'flow',
  integrator: 'dormand-prince',
  tolerance: 1e-7,
  outputTolerance: 1e30,
  maxTime,
  maxSteps: 1e6,
  stop: {},
  checkpoints: [maxTime],
};

function valuesOf(task: Task, own: Values): Values {
  const parameters = [...taskParameters, ...task.parameters, ...fullyConnected.parameters, ...trainingParameters];
  return {
    ...Object.fromEntries(parameters.map((parameter) => [parameter.id, parameter.default])),
    depth: 1,
    activation: 'linear',
    loss: 'squared',
    parametrisation: 'standard',
    predictor: 'plain',
    width: 10,
    inputDim: 8,
    outputDim: 1,
    initialisation: 'low-rank',
    initScale: 1e-3,
    ...own,
  };
}

/** [KA, RA] as predicted and as trained. */
const TASKS: Readonly<Record<string, Task>> = { features, whitened };

async function compared(kind: string, own: Values) {
  const task = TASKS[kind];
  const values = valuesOf(task, own);
  const data = await task.load(values, {});
  const start = { seed: 4, draw: 0, values };
  const weights = fullyConnected.model(values, data.inputDim, 1).draw(start, data);
  const setting = { family: 'fully-connected', task: task.kind, values, training };
  expect(connectivityRank.refusal(setting)).toBeNull();
  const predicted = new Float64Array(2);
  connectivityRank.solve({ ...setting, data, weights }).at(maxTime, predicted);
  const networks = [{ cell: 0, member: 0, start: 0, values }];
  const batch = { shape: values, data, training, starts: [start], networks, seeds: 1 };
  const trainer = createReferenceTrainer(fullyConnected, batch, [kernelAlignment, representationAlignment]);
  while ((await trainer.advance(500)).unfinished > 0);
  const { values: measured } = await trainer.measure();
  trainer.dispose();
  return { predicted, trained: [measured.kernelAlignment[0], measured.representationAlignment[0]] };
}

describe('the theory of connectivity and rank', () => {
  test('is one of the theories', () => expect(theories).toContain(connectivityRank));

  test.each([
    ['features', { initRank: 2, productSpectrum: 'gaussian', initScaleOutput: 0 }],
    ['features', { initRank: 1, initDirection: 'leading-features', initScaleOutput: 0 }],
    ['features', { initRank: 1, initDirection: 'task', initAlignment: 0.6, initOutput: 'balanced' }],
    ['features', { initRank: 0, targetNorm: 3, samples: 20 }],
    ['whitened', { initialisation: 'gaussian' }],
    ['whitened', { initRank: 3, width: 5, outputScale: 3, motion: 'plain' }],
    ['whitened', { initRank: 2, parametrisation: 'ntk', outputScale: 0.5 }],
    ['whitened', { initRank: 2, predictor: 'centred' }],
    ['whitened', { initRank: 2, parametrisation: 'mean-field' }],
  ] as [string, Values][])('says where networks that learn %s end: %j', { timeout: 60_000 }, async (kind, own) => {
    const { predicted, trained } = await compared(kind, own);
    expectClose(trained, predicted, 3e-3, 1);
  });

  test('is exact at any size for a balanced start along the task, and silent about it beyond small ones', {
    timeout: 60_000,
  }, async () => {
    const balanced: Values = { initRank: 1, initDirection: 'task', initOutput: 'balanced' };
    for (const initScale of [1e-3, 0.02, 0.2]) {
      const { predicted, trained } = await compared('features', { ...balanced, initScale });
      expectClose(trained, [1, 1], 1e-9);
      if (initScale < 0.1) expectClose(predicted, [1, 1], 1e-12);
      else expect(Array.from(predicted)).toEqual([Number.NaN, Number.NaN]);
    }
  });

  test('misses a hundredth at the largest start that it speaks about', { timeout: 60_000 }, async () => {
    // ‖W₁‖² + |w₂|² ≈ initScale² (h + 1), here just below a fiftieth of |β| = 1.
    for (const initRank of [1, 3, 8]) {
      const { predicted, trained } = await compared('features', { initRank, initScale: 0.04 });
      expect(predicted[0]).not.toBeNaN();
      expectClose([trained[0]], [predicted[0]], 0.003, 1);
      expectClose([trained[1]], [predicted[1]], 0.012, 1);
    }
  });

  test('says nothing about a start that cannot begin to learn', async () => {
    const own = { initRank: 1, initDirection: 'task', initAlignment: 0, initScaleOutput: 0 };
    const values = valuesOf(features, own);
    const data = await features.load(values, {});
    const weights = new Float64Array(10 * 9);
    const predicted = new Float64Array(2);
    connectivityRank.solve({ family: 'fully-connected', task: 'features', values, training, data, weights }).at(1, predicted);
    expect(Array.from(predicted)).toEqual([Number.NaN, Number.NaN]);
  });

  test('says where it does not hold', () => {
    const refusal = (own: Values, task = whitened, other: Training = training) =>
      connectivityRank.refusal({ family: 'fully-connected', task: task.kind, values: valuesOf(task, own), training: other });
    expect(refusal({ depth: 2 })).toBe('It holds for one hidden layer, and this network has 2.');
    expect(refusal({ activation: 'relu' })).toBe('It holds for the activation linear, not for relu.');
    expect(refusal({ outputDim: 3 })).toBe('It holds for one output, and this task has 3.');
    expect(refusal({ hiddenRate: 0.5 })).toBe('It holds for equal learning rates of the two layers.');
    expect(refusal({}, { ...whitened, kind: 'stripe' })).toMatch(/whose inputs are white, not for stripe\.$/);
    const descent: Training = {
      method: 'descent',
      momentum: 0,
      batchSize: 0,
      maxTime,
      maxSteps: 1e6,
      stop: {},
      checkpoints: [maxTime],
    };
    expect(refusal({}, whitened, descent)).toBe('It holds for gradient flow, not for descent.');
  });
});
