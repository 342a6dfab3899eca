// Observables of structure through whole sweeps: both engines train and measure alike, and mechanisms fall where theory has them.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { latestFrame, latestFrames, memberValues, reduceFrames } from '../../src/core/diagram.ts';
import type { Film } from '../../src/core/film.ts';
import { MECHANISMS } from '../../src/core/mechanism.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { openSession } from '../../src/engine/session.ts';

const NUMBERS = [
  'alignmentCosine',
  'kernelRatio',
  'kernelTrace',
  'inputWeightNorm',
  'outputWeightNorm',
  'inputWeightChange',
  'outputWeightChange',
  'mapL1',
  'mapL2',
  'transfer',
] as const;

async function film(engine: 'gpu' | 'reference', json: object): Promise<Film> {
  const session = openSession(parseSweep(json, catalog), { catalog, engine, gpu: await nodeGpu() });
  for await (const _ of session);
  const { film: whole } = session;
  session.dispose();
  return whole;
}

describe('one-dimensional linear networks', () => {
  const sweep = {
    version: 1,
    family: 'fully-connected',
    task: { kind: 'line', samples: 4 },
    axes: [{ parameter: 'scaling', values: ['ntk', 'mean-field', 'small'] }],
    fixed: {
      depth: 1,
      width: 256,
      activation: 'linear',
      loss: 'squared',
      parametrisation: 'standard',
      normalisation: 'none',
      predictor: 'plain',
      motion: 'plain',
    },
    seeds: 3,
    training: {
      method: 'flow',
      integrator: 'dormand-prince',
      tolerance: 1e-5,
      outputTolerance: null,
      maxTime: 30,
      checkpoints: [30],
      stop: {},
    },
    observables: [...NUMBERS, 'mechanism'],
  };

  test('are measured alike by both engines, and change by the mechanism of their scaling', async () => {
    const [exact, found] = [await film('reference', sweep), await film('gpu', sweep)];
    const wrong = exact.network.alignmentCosine.length === 0 ? ['nothing was measured'] : [];
    for (let cell = 0; cell < exact.cells; cell++) {
      const frame = latestFrame(exact, cell);
      for (const id of NUMBERS) {
        const got = memberValues(found, id, frame, cell);
        memberValues(exact, id, frame, cell).forEach((value, seed) => {
          const off = Math.abs(got[seed] - value) / (1e-4 * Math.max(Math.abs(value), 1e-2));
          if (!(off <= 1))
            wrong.push(`${id}, cell ${cell}, seed ${seed}: expected ${value}, got ${got[seed]}, ${off} of the tolerance`);
        });
      }
    }
    expect(wrong).toEqual([]);
    const mechanism = { id: 'mechanism', scale: 'class', per: 'network' } as const;
    for (const film of [exact, found]) {
      const { mean, std } = reduceFrames(film, latestFrames(film), mechanism);
      expect([...mean].map((value) => MECHANISMS[value])).toEqual(['kernel', 'alignment', 'alignment']);
      expect([...std]).toEqual([0, 0, 0]);
    }
  }, 60_000);
});
