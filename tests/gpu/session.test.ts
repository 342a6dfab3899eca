// One suite for both engines: what a session promises, whoever trains.

import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { UNKNOWN } from '../../src/core/film.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { openSession } from '../../src/engine/session.ts';
import type { Snapshot } from '../../src/engine/snapshot.ts';

const gpu = await nodeGpu();
const sweep = parseSweep(
  {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'stripe', inputDim: 5, samples: 16, testSamples: 40, probeSamples: 8 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 0.1, to: 100, steps: 4 },
      { parameter: 'width', values: [4, 8] },
    ],
    fixed: { depth: 1, activation: 'softplus' },
    seeds: 2,
    training: { method: 'flow', maxTime: 30, checkpoints: 5 },
    observables: [
      'kernelChange',
      'testError',
      'trainingLoss',
      'weightChange',
      'seedVariance',
      'ensembleError',
      'halvingTime',
      'gateFlips',
    ],
  },
  catalog,
);

async function finish(engine: 'gpu' | 'reference') {
  const session = openSession(sweep, { catalog, engine, gpu });
  const snapshots: Snapshot[] = [];
  for await (const snapshot of session) snapshots.push(snapshot);
  return { session, snapshots };
}

describe.each(['reference', 'gpu'] as const)('a session on the %s engine', (engine) => {
  it('fills every frame of the film and finishes', async () => {
    const { session, snapshots } = await finish(engine);
    const last = snapshots[snapshots.length - 1];
    expect(last.progress.phase).toBe('finished');
    expect(last.progress.fraction).toBe(1);
    expect(session.film.outcomes.includes(UNKNOWN)).toBe(false);
    for (const values of [...Object.values(session.film.network), ...Object.values(session.film.cell)]) {
      expect(values.some(Number.isFinite)).toBe(true);
    }
    const inspection = await session.inspect(3, 1);
    expect(inspection.weights.length).toBe(8 * 5 + 8);
    session.dispose();
  });

  it('refuses networks too large for the memory before it makes any of them', async () => {
    const fixed = { ...sweep.fixed, depth: 6 };
    const large = { ...sweep, axes: [{ ...sweep.axes[1], values: [4096] }], fixed, seeds: 4000 };
    const run = (async () => {
      for await (const _ of openSession(large, { catalog, engine, gpu }));
    })();
    await expect(run).rejects.toThrow(/^sweep: expected at most 1024 MiB of memory, got \d+ MiB\. Take fewer/);
  });

  it('repeats bit for bit', async () => {
    const [one, two] = [await finish(engine), await finish(engine)];
    expect(two.session.film.network).toEqual(one.session.film.network);
    expect(two.session.film.outcomes).toEqual(one.session.film.outcomes);
    one.session.dispose();
    two.session.dispose();
  });

  it('stops when cancelled and keeps what it has', async () => {
    const session = openSession(sweep, { catalog, engine, gpu });
    const phases: string[] = [];
    for await (const { progress, frame } of session) {
      phases.push(progress.phase);
      if (frame >= 1) session.cancel();
    }
    expect(phases.at(-1)).toBe('cancelled');
    expect(session.film.outcomes.includes(UNKNOWN)).toBe(true);
    expect(session.film.outcomes.some((code) => code !== UNKNOWN)).toBe(true);
    session.dispose();
  });

  it('pauses and resumes', async () => {
    const session = openSession(sweep, { catalog, engine, gpu });
    const phases: string[] = [];
    for await (const { progress } of session) {
      phases.push(progress.phase);
      if (phases.length === 3) session.pause();
      if (progress.phase === 'paused') setTimeout(() => session.resume(), 5);
    }
    expect(phases).toContain('paused');
    expect(phases.at(-1)).toBe('finished');
    session.dispose();
  });
});

it('GPU and reference agree on every observable', async () => {
  const [truth, own] = [await finish('reference'), await finish('gpu')];
  const worst: Record<string, number> = {};
  for (const part of ['network', 'cell'] as const) {
    for (const [id, values] of Object.entries(truth.session.film[part])) {
      const scale = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
      worst[id] = values.reduce((most, value, i) => {
        const other = own.session.film[part][id][i];
        return Number.isNaN(value) && Number.isNaN(other) ? most : Math.max(most, Math.abs(other - value) / scale);
      }, 0);
    }
  }
  for (const [id, error] of Object.entries(worst)) expect([id, error, error < 0.03]).toEqual([id, error, true]);
  truth.session.dispose();
  own.session.dispose();
});
