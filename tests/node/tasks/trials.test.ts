// What the trials of the neuroscience tasks promise: their normal numbers, what an ideal observer can
// reach, and where answers stand.

import { expect, test } from 'vitest';
import { normalDistribution } from '../../../shaders/lib/error-function.ts';
import { drawTrials, normalOfWord, TRIAL_PURPOSES, trialKindOf, trialKinds } from '../../../src/core/trials.ts';
import { tasks } from '../../../src/tasks/registry.ts';
import { valuesOf } from './values-of.ts';

const COUNT = 4000;

function draw(id: string, multiplier = 1) {
  const kind = trialKindOf(id);
  const steps = 8 * multiplier;
  const { inputs, targets } = drawTrials(kind, multiplier, { seed: 5, purpose: TRIAL_PURPOSES.evaluation, iteration: 0 }, COUNT);
  const at = (trial: number, step: number, channel: number) => inputs[(trial * steps + step) * kind.channels + channel];
  const answer = (trial: number, step: number) =>
    targets.subarray((trial * steps + step) * 3, (trial * steps + step + 1) * 3).indexOf(1);
  return { steps, at, answer };
}

/** Share of trials in which `guess` is the answer of the last step. */
function accuracy(id: string, guess: (at: ReturnType<typeof draw>['at'], trial: number) => number): number {
  const { at, answer, steps } = draw(id);
  let right = 0;
  for (let trial = 0; trial < COUNT; trial++) if (guess(at, trial) === answer(trial, steps - 1)) right += 1;
  return right / COUNT;
}

/** Four standard deviations of a share of COUNT trials. */
const WITHIN = 4 * Math.sqrt(0.25 / COUNT);

test('a word is a standard normal number: its quantile is the inverse of the distribution function to 3e-6', () => {
  for (let k = 0; k < 2 ** 23; k += 99_991) {
    const u = (k + 0.5) / 2 ** 23;
    const error = Math.abs(normalDistribution(normalOfWord((k * 512) >>> 0)) - u) / Math.min(u, 1 - u);
    expect(error, `word ${k} · 2⁹`).toBeLessThan(3e-6);
  }
});

test('an ideal observer decides two alternatives in 87.5 % of trials', () => {
  const sum = (at: ReturnType<typeof draw>['at'], trial: number, channel: number) =>
    [0, 1, 2, 3, 4, 5, 6].reduce((total, step) => total + at(trial, step, channel), 0);
  const share = accuracy('two-alternative', (at, trial) => (sum(at, trial, 1) > sum(at, trial, 2) ? 1 : 2));
  expect(Math.abs(share - 0.875)).toBeLessThan(WITHIN);
});

test('an ideal observer matches samples in every trial', () => {
  const shown = (at: ReturnType<typeof draw>['at'], trial: number, step: number) =>
    at(trial, step, 1) > at(trial, step, 2) ? 1 : 2;
  expect(accuracy('delay-match', (at, trial) => (shown(at, trial, 0) === shown(at, trial, 6) ? 1 : 2))).toBe(1);
});

test('an ideal observer decides by context in 87.6 % of trials, and by chance without it', () => {
  const larger = (at: ReturnType<typeof draw>['at'], trial: number, modality: number) => {
    const first = 1 + 2 * modality;
    return at(trial, 0, first) + at(trial, 1, first) > at(trial, 0, first + 1) + at(trial, 1, first + 1) ? 1 : 2;
  };
  const context = (at: ReturnType<typeof draw>['at'], trial: number) => (at(trial, 7, 5) === 1 ? 0 : 1);
  expect(Math.abs(accuracy('context-decision', (at, trial) => larger(at, trial, context(at, trial))) - 0.876)).toBeLessThan(
    WITHIN,
  );
  expect(Math.abs(accuracy('context-decision', (at, trial) => larger(at, trial, 1 - context(at, trial))) - 0.5)).toBeLessThan(
    WITHIN,
  );
});

test('answers are 0 until the last period, choices are balanced, and finer steps have more noise each', () => {
  for (const { id } of trialKinds) {
    for (const multiplier of [1, 4]) {
      const { answer, steps } = draw(id, multiplier);
      let ones = 0;
      for (let trial = 0; trial < COUNT; trial++) {
        for (let step = 0; step < steps; step++) expect(answer(trial, step) === 0).toBe(step < 7 * multiplier);
        ones += answer(trial, steps - 1) === 1 ? 1 : 0;
      }
      expect(Math.abs(ones / COUNT - 0.5), id).toBeLessThan(WITHIN);
    }
  }
  const { at } = draw('delay-match', 4);
  // Channel 1 in the first period is 0 or 1 plus noise of 0.1·√4.
  let square = 0;
  for (let trial = 0; trial < COUNT; trial++) square += (at(trial, 0, 1) - Math.round(at(trial, 1, 1) > 0.5 ? 1 : 0)) ** 2;
  expect(Math.sqrt(square / COUNT)).toBeGreaterThan(0.19);
  expect(Math.sqrt(square / COUNT)).toBeLessThan(0.24);
});

test('tasks of sequences weigh their steps with sum 1 and begin probe and test with the same trials', async () => {
  for (const task of tasks.filter(({ sequential }) => sequential === true)) {
    const changes = { samples: 30, testSamples: 20, probeSamples: 10, kernelTrials: 30 };
    const drawn = task.kind === 'sequential-digits' ? { ...changes, digits: 'drawn' } : changes;
    const { sequence, test: evaluation, probe, inputDim, outputDim } = await task.load(valuesOf(task, drawn), {});
    if (sequence === undefined) throw new Error(`${task.kind}: no sequence`);
    expect(sequence.stepWeights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect([sequence.steps * sequence.channels, sequence.steps * sequence.outputs]).toEqual([inputDim, outputDim]);
    expect(sequence.kernelTrials).toBe(10);
    expect(probe.inputs).toEqual(evaluation.inputs.subarray(0, probe.inputs.length));
    const decision = sequence.decisionStep * sequence.outputs;
    for (let p = 0; p < evaluation.count; p++) {
      const row = evaluation.targets.subarray(p * outputDim + decision, p * outputDim + decision + sequence.outputs);
      expect(row.reduce((a, b) => a + b, 0)).toBe(1);
    }
  }
});
