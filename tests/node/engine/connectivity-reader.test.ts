// Recurrent weights of a sweep's networks are those that the family's model draws, found again in what an inspection gives.

import { describe, expect, test } from 'vitest';
import { connectivityPicture } from '../../../src/analysis/connectivity-picture.ts';
import { catalog } from '../../../src/catalog.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { connectivityReader } from '../../../src/engine/connectivity-reader.ts';
import { openSession } from '../../../src/engine/session.ts';

const circuit = (more: object = {}) =>
  parseSweep(
    {
      version: 1,
      family: 'recurrent',
      task: { kind: 'two-alternative', testSamples: 4, probeSamples: 4, kernelTrials: 2, samples: 4 },
      axes: [
        { parameter: 'width', values: [6, 9] },
        { parameter: 'initRank', values: [1, 0] },
      ],
      fixed: { gain: 2 },
      seeds: 2,
      training: { method: 'descent', learningRate: 0.01, batchSize: 2, maxTime: 0.01, checkpoints: [0.01] },
      observables: ['trainingLoss'],
      ...more,
    },
    catalog,
  );

describe('recurrent weights of a network', () => {
  test('at the start have the cell’s size, rank and gain, and are the seed’s own', async () => {
    const reader = connectivityReader(circuit(), catalog);
    const [low, full, other] = await Promise.all([reader?.start(2, 0), reader?.start(3, 0), reader?.start(3, 1)]);
    const picture = (own = low) => connectivityPicture(own?.matrix ?? new Float64Array(0), own?.size ?? 0);
    expect([picture().size, picture().rank, picture(full).rank]).toEqual([9, 1, 9]);
    expect(picture().frobeniusNorm).toBeCloseTo(picture(full).frobeniusNorm, 10);
    expect(other?.matrix).not.toEqual(full?.matrix);
  });

  test('are found in an inspection', async () => {
    const sweep = circuit();
    const reader = connectivityReader(sweep, catalog);
    const session = openSession(sweep, { catalog, engine: 'reference' });
    for await (const _ of session);
    const { weights } = await session.inspect(1, 1);
    const now = await reader?.of(1, weights);
    const start = await reader?.start(1, 1);
    session.dispose();
    expect(now?.size).toBe(6);
    const moved = now?.matrix.map((weight, n) => Math.abs(weight - (start?.matrix[n] ?? 0))) ?? [];
    expect(Math.max(...moved)).toBeGreaterThan(0);
    expect(Math.max(...moved)).toBeLessThan(0.1);
  });

  test('of an own matrix are its ratios', async () => {
    const sweep = circuit({
      axes: [{ parameter: 'gain', values: [1] }],
      fixed: { width: 2 },
      connectivity: {
        matrix: [
          [0, 3],
          [-4, 0],
        ],
      },
    });
    const start = await connectivityReader(sweep, catalog)?.start(0, 0);
    expect([...(start?.matrix ?? [])].map((weight) => weight / Math.SQRT2)).toEqual(
      [0, 0.6, -0.8, 0].map((w) => expect.closeTo(w, 12)),
    );
  });

  test('are refused where there is no such network, and null where a family has none', async () => {
    const reader = connectivityReader(circuit(), catalog);
    await expect(reader?.start(4, 0)).rejects.toThrow('expected a cell below 4, got 4');
    await expect(reader?.start(0, 2)).rejects.toThrow('expected a seed below 2, got 2');
    await expect(reader?.of(0, new Float64Array(3))).rejects.toThrow('weights, got 3');
    const preset = catalog.presets.find(({ id }) => id === 'stripe-alpha-width');
    expect(connectivityReader(parseSweep(preset?.sweep, catalog), catalog)).toBeNull();
  });
});
