// One network trained again in float64: the same numbers as the reference's own session, and a verdict that
// tells true from tampered.

import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import type { Film } from '../../../src/core/film.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { cellValues, type Sweep } from '../../../src/core/sweep.ts';
import { createInspectionBench } from '../../../src/engine/inspect-bench.ts';
import { openInspection } from '../../../src/engine/inspect-client.ts';
import { openSession } from '../../../src/engine/session.ts';
import type { RetrainedFrame } from '../../../src/engine/verify-run.ts';
import { countsOf, TOLERANCE, toleranceOf, verdictOf } from '../../../src/engine/verify-verdict.ts';

const tiny = parseSweep(
  {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe', inputDim: 4, samples: 12, testSamples: 20, probeSamples: 6 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 0.1, to: 10, steps: 3 },
      { parameter: 'width', values: [4, 8] },
    ],
    fixed: { depth: 1, activation: 'softplus' },
    seeds: 2,
    independentSeeds: true,
    training: { method: 'flow', maxTime: 3, checkpoints: 4 },
    observables: ['kernelChange', 'testError', 'trainingLoss', 'weightChange', 'seedVariance'],
  },
  catalog,
);

/** Continual learning of two stages, in which the second begins with other targets. */
const staged = parseSweep(
  {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'hierarchy' },
    axes: [{ parameter: 'balance', values: [0, 2] }],
    fixed: {
      depth: 1,
      width: 8,
      activation: 'linear',
      initialisation: 'balanced',
      initScale: 0.1,
      parametrisation: 'standard',
      predictor: 'plain',
      loss: 'squared',
    },
    seeds: 1,
    training: { method: 'flow', maxTime: 6, checkpoints: 4 },
    stages: [{ from: 3, task: { variant: 'reversed' } }],
    observables: ['trainingLoss', 'kernelTrace'],
  },
  catalog,
);

async function filmOf(sweep: Sweep): Promise<Film> {
  const session = openSession(sweep, { catalog, engine: 'reference' });
  for await (const _ of session);
  session.dispose();
  return session.film;
}

async function retrained(sweep: Sweep, cell: number, seed: number): Promise<{ frames: RetrainedFrame[]; shares: number[] }> {
  const frames: RetrainedFrame[] = [];
  const shares: number[] = [];
  for await (const { frame, share } of createInspectionBench(sweep, catalog).train(cell, seed, 1e9, null)) {
    shares.push(share);
    if (frame !== null) frames.push(frame);
  }
  return { frames, shares };
}

const observablesOf = (sweep: Sweep) => catalog.observables.filter(({ id }) => sweep.observables.includes(id));

describe.each([
  ['cells that draw their own weights', tiny, 3, 1],
  ['stages', staged, 1, 0],
] as const)('a network trained again in float64: %s', (_, sweep, cell, seed) => {
  it('gives the numbers of the reference session bit for bit, and the verdict says so', async () => {
    const film = await filmOf(sweep);
    const { frames, shares } = await retrained(sweep, cell, seed);
    expect(frames.map(({ time }) => time)).toEqual(film.times);
    for (const { frame, values } of frames) {
      for (const [id, own] of Object.entries(film.network)) {
        expect([frame, id, values[id]]).toEqual([frame, id, own[(frame * film.cells + cell) * film.seeds + seed]]);
      }
    }
    expect(shares.every((share, n) => share >= (shares[n - 1] ?? 0) && share <= 1)).toBe(true);
    const verdict = verdictOf(film, cell, seed, frames, observablesOf(sweep), TOLERANCE.smooth);
    expect(verdict.agrees).toBe(true);
    expect(verdict.observables.map(({ difference, compared }) => [difference, compared])).toEqual(
      Object.keys(film.network).map(() => [0, film.times.length]),
    );
  });
});

describe('a verdict', () => {
  it('is no where a result has been tampered with, and names observable, frame and both values', async () => {
    const film = await filmOf(tiny);
    const [cell, seed] = [2, 0];
    const { frames } = await retrained(tiny, cell, seed);
    const at = (3 * film.cells + cell) * film.seeds + seed;
    const truth = film.network.kernelChange[at];
    film.network.kernelChange[at] = truth * 1.05;
    const verdict = verdictOf(film, cell, seed, frames, observablesOf(tiny), TOLERANCE.smooth);
    expect(verdict.agrees).toBe(false);
    const [wrong, ...others] = verdict.observables.filter(({ within }) => !within);
    expect(others).toEqual([]);
    expect([wrong.id, wrong.frame, wrong.film, wrong.float64]).toEqual(['kernelChange', 3, truth * 1.05, truth]);
    expect(wrong.left).toBe(3);
    film.network.kernelChange[at] = Number.NaN;
    expect(verdictOf(film, cell, seed, frames, observablesOf(tiny), TOLERANCE.smooth).agrees).toBe(false);
    // Another network of the cell is not touched by it.
    film.network.kernelChange[at] = truth;
    const other = (await retrained(tiny, cell, 1)).frames;
    expect(verdictOf(film, cell, seed, other, observablesOf(tiny), TOLERANCE.smooth).agrees).toBe(false);
    expect(verdictOf(film, cell, 1, other, observablesOf(tiny), TOLERANCE.smooth).agrees).toBe(true);
  });

  it('lets one counted sample fall to the other side, not two', async () => {
    const film = await filmOf(tiny);
    const { frames } = await retrained(tiny, 0, 0);
    const counts = countsOf(cellValues(tiny, 0));
    expect(counts).toEqual({ train: 12, test: 20, gates: 24 });
    const at = 4 * film.cells * film.seeds;
    const truth = film.network.testError[at];
    const judge = () => verdictOf(film, 0, 0, frames, observablesOf(tiny), TOLERANCE.smooth, counts).agrees;
    film.network.testError[at] = truth + 1 / 20;
    expect(judge()).toBe(true);
    film.network.testError[at] = truth + 2 / 20;
    expect(judge()).toBe(false);
  });

  it('allows more where an activation has a kink', () => {
    expect([toleranceOf({ activation: 'relu' }), toleranceOf({ activation: 'tanh' }), toleranceOf({})]).toEqual([
      TOLERANCE.kinked,
      TOLERANCE.smooth,
      TOLERANCE.smooth,
    ]);
  });
});

describe('a bench in the page’s own thread', () => {
  it('stops when asked, estimates seconds, and refuses cells that are not there', async () => {
    const run = await openInspection(tiny, catalog);
    expect(run.thread).toBe('page');
    const abort = new AbortController();
    let heard = 0;
    await run.train(
      { cell: 0, seed: 0, until: 4, attempts: null },
      () => {
        heard += 1;
        abort.abort();
      },
      abort.signal,
    );
    expect(heard).toBe(1);
    const [few, many] = [await run.cost(0, 4, 10), await run.cost(0, 4, 1000)];
    expect(few).toBeGreaterThan(0);
    expect(many).toBeGreaterThan(few);
    await expect(run.look(99, 0, 0, new Float64Array())).rejects.toThrow('expected a cell below 6, got 99');
    run.dispose();
  });
});
