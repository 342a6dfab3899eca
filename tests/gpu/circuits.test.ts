// Circuits on both engines, from the sweep to the film: starts from a matrix of the user's own, recurrent weights that are set
// anew, and circuits that fall silent.

import { expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { linesWithoutValue } from '../../src/cli/without-value.ts';
import { reduceFrame } from '../../src/core/diagram.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { singularValues } from '../../src/core/svd.ts';
import type { Sweep } from '../../src/core/sweep.ts';
import { openSession } from '../../src/engine/session.ts';

const gpu = await nodeGpu();
const SIZE = 6;
const matrix = Array.from({ length: SIZE }, (_, i) =>
  Array.from({ length: SIZE }, (_, j) => ((3 * i + 5 * j) % 7) - 3 + (i === j ? 4 : 0)),
);
const json = {
  version: 1,
  family: 'recurrent',
  task: { kind: 'two-alternative', samples: 16, testSamples: 16, probeSamples: 16, kernelTrials: 4 },
  axes: [
    { parameter: 'connectivity', values: ['gauss', 'own'] },
    { parameter: 'initRank', values: [0, 2] },
  ],
  fixed: { width: SIZE, gain: 0.5 },
  connectivity: { matrix },
  seeds: 2,
  training: { method: 'descent', maxTime: 0.2, learningRate: 0.02, momentum: 0.9, batchSize: 8, checkpoints: 1 },
  observables: ['kernelAlignment', 'recurrentWeightChange', 'participationRatio'],
};

async function finish(sweep: Sweep, engine: 'gpu' | 'reference') {
  const session = openSession(sweep, { catalog, engine, gpu });
  for await (const snapshot of session) expect(snapshot.progress.phase).not.toBe('cancelled');
  session.dispose();
  return session.film;
}

/** What the reference measures of a sweep, once the GPU was found to measure the same. */
async function measuredAlike(sweep: Sweep) {
  const films = [await finish(sweep, 'reference'), await finish(sweep, 'gpu')];
  const [reference, trained] = films.map(({ network }) => network);
  for (const id of sweep.observables) {
    reference[id].forEach((expected, index) => {
      const got = trained[id][index];
      expect(Math.abs(got - expected), `${id}, index ${index}: expected ${expected}, got ${got}`).toBeLessThan(
        1e-4 * Math.abs(expected) + 1e-6,
      );
    });
  }
  return reference;
}

test('both engines train the given matrix at its gain and rank', async () => {
  const reference = await measuredAlike(parseSweep(json, catalog));
  const s = singularValues(Float64Array.from(matrix.flat()), SIZE, SIZE)
    .map((value) => value ** 2)
    .sort()
    .reverse();
  const ratio = (kept: Float64Array) => kept.reduce((a, b) => a + b, 0) ** 2 / kept.reduce((a, b) => a + b * b, 0);
  // Frame 0, cells (own, rank 0) and (own, rank 2), all seeds alike.
  const expected = [ratio(s), ratio(s), ratio(s.slice(0, 2)), ratio(s.slice(0, 2))];
  expected.forEach((value, i) => {
    expect(reference.participationRatio[4 + i]).toBeCloseTo(value, 9);
  });
});

test('both engines go on from recurrent weights that are set anew', async () => {
  const { connectivity: _, ...given } = json;
  const axes = [{ parameter: 'laterConnectivity', values: ['trained', 'random'] }];
  const fixed = { ...json.fixed, laterRank: 2 };
  const training = { ...json.training, checkpoints: [0.1, 0.2] };
  const { participationRatio } = await measuredAlike(
    parseSweep({ ...given, axes, fixed, training, stages: [{ from: 0.1, recut: true }] }, catalog),
  );
  // Frame 1 shows the end of the stage before, where both cells are alike, frame 2 where they went.
  const ratios = (frame: number, cell: number) => [
    ...participationRatio.subarray(4 * frame + 2 * cell, 4 * frame + 2 * cell + 2),
  ];
  expect(ratios(1, 1)).toEqual(ratios(1, 0));
  expect(ratios(2, 1)).not.toEqual(ratios(2, 0));
});

test('silent and exploding circuits are counted, and enter no mean', async () => {
  const silent = parseSweep(
    {
      version: 1,
      family: 'recurrent',
      task: { kind: 'two-alternative', samples: 16, testSamples: 16, probeSamples: 16, kernelTrials: 4 },
      axes: [{ parameter: 'gain', values: [0, 1, 100] }],
      fixed: { width: SIZE, learningRate: 1e-6 },
      seeds: 2,
      training: { method: 'descent', maxTime: 1e-6, batchSize: 8, checkpoints: 1 },
      observables: ['silence', 'representationAlignment', 'trainingLoss'],
    },
    catalog,
  );
  for (const engine of ['reference', 'gpu'] as const) {
    const session = openSession(silent, { catalog, engine, gpu });
    for await (const snapshot of session) expect(snapshot.progress.phase).not.toBe('cancelled');
    const { film } = session;
    session.dispose();
    // Without recurrent weights nothing is left at the decision step, whose inputs are 0.
    const [silence, alignment, loss] = (['silence', 'representationAlignment', 'trainingLoss'] as const).map((id, k) => {
      const observable = catalog.observables.find((one) => one.id === id);
      if (observable === undefined) throw new Error(`no observable ${id}`);
      return reduceFrame(film, k === 2 ? 1 : 0, observable);
    });
    expect([...silence.mean].slice(0, 2)).toEqual([1, 0]);
    expect([...alignment.excluded].slice(0, 2)).toEqual([2, 0]);
    expect(alignment.mean[0]).toBeNaN();
    // At gain 100 activity grows beyond bounds within a trial; the other networks of the batch go on.
    expect([...loss.outcomes.diverged]).toEqual([0, 0, 2]);
    expect([...loss.excluded]).toEqual([0, 0, 2]);
    expect([...loss.count]).toEqual([2, 2, 0]);
    expect(linesWithoutValue(film, catalog.observables)).toEqual([
      'representationAlignment: 2 of 4 networks have no value at the end, as where no hidden unit answers any probe sample ' +
        '(see the observable silence); they enter no mean.',
    ]);
  }
});
