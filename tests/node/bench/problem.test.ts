// The benchmark compares like with like: the problem that contenders get is the one that the product's trainer gets.

import { expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { createReferenceTrainer } from '../../../src/engine/reference-trainer.ts';
import { trainerContender } from '../../bench/contenders/phase-atlas.ts';
import { compareWeights, createProblem, type ProblemSpec, trueWeights, usefulWork } from '../../bench/problem.ts';

const SPEC: ProblemSpec = { networks: 3, samples: 8, inputDim: 4, width: 6, depth: 3, activation: 'softplus' };

test("the product's float64 trainer follows the benchmark's own descent", async () => {
  const problem = createProblem(SPEC, 1);
  const contender = trainerContender('reference', 'wasm', async (batch) => createReferenceTrainer(fullyConnected, batch, []));
  const prepared = await contender.prepare(problem);
  await prepared.step(3);
  await prepared.step(4);
  const { error, moved } = compareWeights(problem, await prepared.weights(3), trueWeights(problem, 7, 3));
  prepared.dispose();
  expect(error).toBeLessThan(1e-12);
  expect(moved).toBeGreaterThan(1e-3);
});

test('large output scales are checked by their motion', async () => {
  const problem = createProblem({ ...SPEC, outputScale: 1e4 }, 1);
  const contender = trainerContender('reference', 'wasm', async (batch) => createReferenceTrainer(fullyConnected, batch, []));
  const prepared = await contender.prepare(problem);
  await prepared.step(7);
  const truth = trueWeights(problem, 7, 3);
  const { error, moved } = compareWeights(problem, await prepared.weights(3), truth);
  prepared.dispose();
  expect(error).toBeLessThan(1e-8);
  expect(moved).toBeLessThan(1e-3);
  expect(compareWeights(problem, problem.weights, truth).error).toBeCloseTo(1, 9);
});

test('a single wrong weight is seen', () => {
  const problem = createProblem(SPEC, 1);
  const truth = trueWeights(problem, 2, 1);
  const layers = problem.weights.map((values) => Float64Array.from(values));
  let offset = 0;
  for (const layer of layers) {
    const size = layer.length / SPEC.networks;
    layer.set(truth[0].subarray(offset, offset + size));
    offset += size;
  }
  expect(compareWeights(problem, layers, truth).error).toBe(0);
  layers[2][5] += 0.1;
  expect(compareWeights(problem, layers, truth).error).toBeGreaterThan(1e-3);
});

test('useful work counts each product of forward, backward and gradient once', () => {
  const { samples: P, inputDim: d, width: h } = SPEC;
  expect(usefulWork({ ...SPEC, depth: 1 })).toBe(4 * P * d * h + 6 * P * h);
  expect(usefulWork(SPEC)).toBe(4 * P * d * h + 12 * P * h * h + 6 * P * h);
});
