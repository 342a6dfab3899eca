// Stages that set the recurrent weights of circuits anew: what stays, what has which rank and norm,
// and what a session shows of it.

import { describe, expect, test } from 'vitest';
import { recurrent } from '../../../shaders/families/recurrent/family.ts';
import { catalog } from '../../../src/catalog.ts';
import { PAGE_CAPS } from '../../../src/core/caps.ts';
import { spectralRadius } from '../../../src/core/eigenvalues.ts';
import { cutToRank } from '../../../src/core/low-rank.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { singularValues, thinSvd } from '../../../src/core/svd.ts';
import { sweepToJson } from '../../../src/core/sweep-json.ts';
import { batchOf, planSweep } from '../../../src/engine/plan.ts';
import { openSession } from '../../../src/engine/session.ts';
import { stageBatch } from '../../../src/engine/stages.ts';
import { expectClose } from '../reference/expect-close.ts';
import { outcomesAt, valueAt } from './staged.ts';

const WIDTH = 12;
const GAIN = 1.5;
/** ‖W‖_F that the gain sets. */
const NORM = GAIN * Math.sqrt(WIDTH);
const norm = (matrix: Float64Array) => Math.hypot(...matrix);
const fixed = { width: WIDTH, gain: GAIN, samples: 8, testSamples: 8, probeSamples: 8, kernelTrials: 2 };
const json = {
  version: 1,
  family: 'recurrent',
  task: { kind: 'two-alternative' },
  axes: [
    { parameter: 'laterConnectivity', values: ['trained', 'random'] },
    { parameter: 'laterRank', values: [0, 3] },
  ],
  fixed,
  seeds: 2,
  training: { method: 'descent', maxTime: 0.4, learningRate: 0.02, momentum: 0.9, batchSize: 8, checkpoints: [0.2, 0.21, 0.4] },
  stages: [{ from: 0.2, recut: true }],
  observables: ['trainingLoss', 'recurrentWeightChange', 'participationRatio'],
};

/** The starts of stage `index` for networks that ended the one before with invented weights, those of a seed alike. */
async function enter(change: Record<string, unknown> = {}, index = 1) {
  const sweep = parseSweep({ ...json, ...change }, catalog);
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const [bucket] = plan.buckets;
  const batch = batchOf(plan, bucket, await plan.task.load(bucket.taskValues, sweep.task.settings));
  const { inputDim, outputDim, sequence } = batch.data;
  const model = recurrent.model(batch.shape, inputDim, outputDim, sequence);
  const invented = (member: number) =>
    Float64Array.from({ length: model.parameterCount }, (_, n) => Math.sin(1 + member + n * n));
  const weights = batch.networks.map(({ member }) => invented(member));
  const entered = stageBatch(recurrent, batch, sweep, index, batch.data, weights);
  expect(weights).toEqual(batch.networks.map(({ member }) => invented(member)));
  const [, { offset, length }] = model.layers;
  const inner = (flat: Float64Array) => flat.slice(offset, offset + length);
  return entered.starts.map(({ weights: start = new Float64Array() }, n) => ({
    values: batch.networks[n].values,
    begun: inner(model.draw(batch.starts[batch.networks[n].start], batch.data)),
    before: inner(weights[n]),
    after: inner(start),
    sides: [weights[n], start].map((flat) => [...flat.subarray(0, offset), ...flat.subarray(offset + length)]),
  }));
}

describe('a recut', () => {
  test('keeps input and output weights, and gives the recurrent ones the rank asked for and the norm of the start', async () => {
    for (const { values, after, sides } of await enter()) {
      expect(sides[1]).toEqual(sides[0]);
      const s = singularValues(after, WIDTH, WIDTH);
      expect(s.filter((value) => value > 1e-9 * s[0]).length).toBe(values.laterRank === 0 ? WIDTH : values.laterRank);
      // A Gaussian draw has it on average.
      if (values.laterConnectivity === 'trained') expectClose([norm(after)], [NORM], 1e-12);
      else expect(Math.abs(norm(after) / NORM - 1)).toBeLessThan(0.2);
    }
  });

  test('of trained weights is their best approximation of that rank, rescaled', async () => {
    for (const { values, before, after } of await enter({ axes: json.axes.slice(1) })) {
      const best = values.laterRank === 0 ? before : cutToRank(thinSvd(before, WIDTH, WIDTH), 3, 'none');
      expectClose(
        after,
        best.map((weight) => (weight * NORM) / norm(best)),
        1e-10,
      );
    }
  });

  test('at random is reproducible, and another draw for every seed, every stage and the first start', async () => {
    const axes = [{ parameter: 'laterConnectivity', values: ['random'] }];
    const stages = [
      { from: 0.1, recut: true },
      { from: 0.2, recut: true },
    ];
    const [first, again, second] = [
      await enter({ axes, stages }),
      await enter({ axes, stages }),
      await enter({ axes, stages }, 2),
    ];
    expect(again).toEqual(first);
    const draws = [...first.flatMap(({ begun, after }) => [begun, after]), ...second.map(({ after }) => after)];
    expect(new Set(draws.map(String)).size).toBe(6);
    // Ranks of a seed share their draw.
    const cut = (await enter({ axes: [...axes, json.axes[1]], stages }))[2];
    expectClose(cut.after, cutToRank(thinSvd(first[0].after, WIDTH, WIDTH), 3), 1e-10);
    // Cells that draw apart from each other do so here too.
    const apart = await enter({
      axes: [{ parameter: 'outputScale', values: [1, 2] }],
      fixed: { ...fixed, laterConnectivity: 'random' },
      independentSeeds: true,
    });
    expect(new Set(apart.map(({ after }) => String(after))).size).toBe(4);
  });

  test('follows the norms of the start', async () => {
    const radius = await enter({ fixed: { ...fixed, gainNorm: 'radius' } });
    for (const { after } of radius) expectClose([spectralRadius(after, WIDTH)], [GAIN], 1e-9);
    const [full, , cut] = await enter({ axes: json.axes.slice(1), fixed: { ...fixed, rankNorm: 'none' } });
    const [whole, kept] = [full, cut].map(({ after }) => singularValues(after, WIDTH, WIDTH));
    expectClose(kept.subarray(0, 3), whole.subarray(0, 3), 1e-10);
    for (const { after } of await enter({ fixed: { ...fixed, gain: 0 } }))
      expect(after.every((weight) => weight === 0)).toBe(true);
  });
});

test('a session shows the end of the stage before where a recut happens, and changes begin anew', async () => {
  const session = openSession(parseSweep(json, catalog), { catalog, engine: 'reference' });
  for await (const { progress } of session) expect(progress.phase).not.toBe('cancelled');
  const { film } = session;
  const cells = [0, 1, 2, 3];
  const all = (id: string, time: number) => cells.map((cell) => valueAt(film, id, time, cell, 1));
  // All cells were trained alike until then.
  expect(new Set(all('trainingLoss', 0.2)).size).toBe(1);
  expect(new Set(all('participationRatio', 0.2)).size).toBe(1);
  expect(new Set(all('trainingLoss', 0.4)).size).toBe(4);
  const [before, after] = [all('recurrentWeightChange', 0.2), all('recurrentWeightChange', 0.21)];
  for (const cell of cells) expect(after[cell]).toBeLessThan(0.5 * before[cell]);
  for (const cell of [1, 3]) expect(valueAt(film, 'participationRatio', 0.21, cell)).toBeLessThan(3.2);
  session.dispose();
});

test('a recut does not bring back a network that has diverged, whatever weights it was left with', async () => {
  const training = { method: 'descent', maxTime: 4e9, batchSize: 8, checkpoints: [2e9, 4e9], learningRate: 1e8 };
  const wild = { ...json, axes: json.axes.slice(0, 1), training, stages: [{ from: 2e9, recut: true }] };
  const session = openSession(parseSweep(wild, catalog), { catalog, engine: 'reference' });
  for await (const { progress } of session) expect(progress.phase).not.toBe('cancelled');
  const { weights } = await session.inspect(0, 0);
  session.dispose();
  for (const frame of [1, 2]) expect(outcomesAt(session.film, frame, 1)).toEqual([outcomeCode.diverged, outcomeCode.diverged]);
  expect(weights.some(Number.isFinite)).toBe(false);
});

describe('a sweep with a recut', () => {
  test('is written and read back', () => {
    const sweep = parseSweep(json, catalog);
    expect(sweep.stages[0].recut).toBe(true);
    expect(parseSweep(sweepToJson(sweep), catalog)).toEqual(sweep);
  });

  test.each([
    [{ fixed: { width: 2 } }, 'sweep: laterRank: expected at most the width 2, got 3. Use 0 for full rank at every width.'],
    [
      { axes: [{ parameter: 'laterRank', values: [-1] }] },
      'sweep: axis "laterRank".values[0]: expected an integer ≥ 0 and ≤ 1024, got -1',
    ],
    [{ axes: [{ parameter: 'laterConnectivity', values: ['gauss'] }] }, 'got "gauss". Known: trained, random.'],
    [
      {
        fixed: { width: 3 },
        connectivity: {
          matrix: [
            [0, 1, 0],
            [0, 0, 1],
            [1, 0, 0],
          ],
        },
      },
      'sweep: laterConnectivity: expected "trained" for connectivity "own", got "random". A given matrix cannot be drawn anew.',
    ],
    [
      { stages: [{ from: 0.2, rebalance: true }] },
      'sweep.stages[0].rebalance: family "recurrent" has no such stage. Leave "rebalance" out.',
    ],
    [{ stages: [{ from: 0.2, recut: 1 }] }, 'sweep.stages[0].recut: expected true or false, got 1'],
    [
      { stages: [{ from: 0.2, recut: true, rebalance: true }] },
      'sweep.stages[0].rebalance: family "recurrent" has no such stage',
    ],
  ])('that cannot be is refused: %j', (change, words) => {
    expect(() => parseSweep({ ...json, ...change }, catalog)).toThrow(words);
  });
});
