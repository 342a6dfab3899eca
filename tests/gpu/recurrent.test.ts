// Recurrent networks on the GPU follow the float64 model: descent through time in every geometry,
// and everything that is measured.

import { expect, test } from 'vitest';
import { recurrent } from '../../shaders/families/recurrent/family.ts';
import { layoutOf } from '../../shaders/families/recurrent/layout.ts';
import { keptStarts } from '../../shaders/families/recurrent/measure/kept-kernels.wgsl.ts';
import type { Geometry } from '../../shaders/families/recurrent/train/options.ts';
import { geometriesOf } from '../../shaders/families/recurrent/train/training.ts';
import { observables } from '../../shaders/observables/registry.ts';
import { sharpest } from '../../src/core/observable.ts';
import { testDevice } from './device.ts';
import { type Request, recurrentBatch, trainBoth } from './recurrent-fixture.ts';

const lease = await testDevice('best', ['subgroups']);
const { subgroupSize } = lease.info;

const tiles = (lanes: number, vectors: number, resident = false): Geometry => ({ lanes, rows: 8, vectors, resident });
const carried = (lanes: number): Geometry => ({ ...tiles(lanes, 1), carried: true, subgroup: subgroupSize });

/** Share of the distance moved by which trajectories may differ within 20 steps. */
const TRAJECTORY = 1e-4;
/** Relative error of an observable, plus its floor. */
const OBSERVABLE = 1e-4;
const FLOOR = 1e-6;

interface Case extends Request {
  readonly name: string;
  readonly geometry: Geometry;
}

const adam = { optimiser: 'adam', momentum: 0, adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } } as const;

const cases: readonly Case[] = [
  { name: '5 units, 3 trials, carried', task: 'two-alternative', values: { width: 5, learningRate: 0.05 }, geometry: carried(4) },
  {
    name: '65 tanh units with an outer leak, 16 steps, tiles',
    task: 'two-alternative',
    values: { width: 65, learningRate: 0.05, activation: 'tanh', leakPlacement: 'outside', timeStepMultiplier: 2 },
    descent: { batchSize: 5 },
    geometry: tiles(8, 2),
  },
  {
    name: '32 softplus units that start awake, squared loss at the decision, resident weights',
    task: 'context-decision',
    values: {
      width: 32,
      learningRate: 0.01,
      activation: 'softplus',
      leakPlacement: 'outside',
      loss: 'squared',
      lossSteps: 'decision',
    },
    descent: { batchSize: 32 },
    geometry: tiles(16, 4, true),
  },
  {
    name: '9 units with an inner leak, carried',
    task: 'delay-match',
    values: { width: 9, learningRate: 0.02, timeStepMultiplier: 2, hiddenRate: 0.5, learningRateRatio: 2, outputScale: 1.5 },
    descent: { batchSize: 9 },
    geometry: carried(4),
  },
  {
    name: '32 units of rank 2 with Adam',
    task: 'delay-match',
    values: { width: 32, learningRate: 0.002, initRank: 2 },
    descent: { batchSize: 9, ...adam },
    geometry: tiles(64, 1, true),
  },
  {
    name: 'one unit on the whole training set without momentum',
    task: 'delay-match',
    values: { width: 1, learningRate: 0.02, samples: 7, gain: 0.5, activation: 'tanh' },
    descent: { batchSize: 0, momentum: 0 },
    geometry: tiles(4, 2),
  },
  {
    name: '12 units on mini-batches of stored digits',
    task: 'sequential-digits',
    values: { width: 12, learningRate: 0.02, gain: 1, digits: 'drawn', samples: 40 },
    descent: { batchSize: 6 },
    geometry: tiles(8, 2),
  },
];

for (const { name, geometry, ...request } of cases) {
  test(`20 steps agree with float64: ${name}`, async () => {
    const batch = await recurrentBatch(request);
    const { gpu, reference } = await trainBoth(lease, batch, geometry, 20);
    for (let n = 0; n < batch.networks.length; n++) {
      const [got, expected] = [await gpu.inspect(n), await reference.inspect(n)];
      expect([got.attempts, got.outcome]).toEqual([expected.attempts, expected.outcome]);
      const start = recurrent.model(batch.shape, 0, 0, batch.data.sequence).draw(batch.starts[n], batch.data);
      const moved = expected.weights.reduce((most, w, i) => Math.max(most, Math.abs(w - start[i])), 0);
      let worst = 0;
      expected.weights.forEach((w, i) => {
        if (!(Math.abs(got.weights[i] - w) <= Math.abs(got.weights[worst] - expected.weights[worst]))) worst = i;
      });
      const share = Math.abs(got.weights[worst] - expected.weights[worst]) / (TRAJECTORY * moved);
      expect(share, `index ${worst}: expected ${expected.weights[worst]}, got ${got.weights[worst]}`).toBeLessThan(1);
      expect(Math.abs(got.loss / expected.loss - 1)).toBeLessThan(TRAJECTORY);
    }
    gpu.dispose();
  });
}

const measured: readonly Case[] = [
  { name: '5 ReLU units', task: 'two-alternative', values: { width: 5, learningRate: 0.05 }, geometry: tiles(8, 1) },
  {
    name: '33 tanh units, 16 steps, sets that fill no tile',
    task: 'two-alternative',
    values: {
      width: 33,
      learningRate: 0.05,
      activation: 'tanh',
      leakPlacement: 'outside',
      timeStepMultiplier: 2,
      kernelTrials: 3,
      probeSamples: 37,
      testSamples: 40,
    },
    geometry: tiles(8, 1),
  },
  {
    // 27 entries of a kernel: 25 lanes, which no four divide.
    name: '12 softplus units that start awake, 72 steps, loss at the decision',
    task: 'context-decision',
    values: {
      width: 12,
      learningRate: 0.3,
      activation: 'softplus',
      leakPlacement: 'outside',
      loss: 'squared',
      lossSteps: 'decision',
      timeStepMultiplier: 9,
      kernelTrials: 2,
    },
    geometry: tiles(8, 1),
  },
  {
    name: '10 units on digits',
    task: 'sequential-digits',
    values: { width: 10, learningRate: 0.02, gain: 1, digits: 'drawn', samples: 40 },
    geometry: tiles(8, 1),
  },
];

for (const { name, geometry, ...request } of measured) {
  test(`every observable agrees with float64: ${name}`, async () => {
    const batch = await recurrentBatch(request);
    const domains = recurrent.domains(batch.shape);
    const offered = observables
      .filter(({ terms }) => terms.every(({ domain }) => domains.includes(domain)))
      .map((observable) => sharpest(observable, domains));
    // Measured at the start too, as sessions do: later kernels meet those of the start that were kept.
    const { gpu, reference } = await trainBoth(lease, batch, geometry, 10, offered, true);
    const [got, expected] = [(await gpu.measure()).values, (await reference.measure()).values];
    const wrong = offered.flatMap(({ id }) =>
      Array.from(expected[id], (value, n) => {
        if (Number.isNaN(value) && Number.isNaN(got[id][n])) return '';
        const share = Math.abs(got[id][n] - value) / (OBSERVABLE * (Math.abs(value) + FLOOR));
        return share < 1 ? '' : `${id} of network ${n}: expected ${value}, got ${got[id][n]}, share of tolerance ${share}`;
      }).filter((line) => line !== ''),
    );
    expect(wrong).toEqual([]);
    gpu.dispose();
  });
}

test('an exploding network has diverged, and the others go on', async () => {
  const batch = await recurrentBatch({ task: 'two-alternative', values: { width: 32, learningRate: 1e4 } });
  const { gpu } = await trainBoth(lease, batch, tiles(8, 1), 20);
  const { outcomes } = await gpu.measure();
  expect(outcomes).toEqual(['diverged', 'diverged']);
  gpu.dispose();
});

test('geometries keep within the guaranteed limits', () => {
  const limits = { maxComputeWorkgroupStorageSize: 16_384, maxComputeInvocationsPerWorkgroup: 256 };
  for (const lanes of [4, 32]) {
    for (const width of [5, 64, 300]) {
      const layout = layoutOf({ width, channels: 3, outputs: 3 });
      const own = { ...limits, lanes, subgroupSize: lanes === 4 ? 4 : 0 };
      const found = geometriesOf({ layout, batchTrials: 32 }, own);
      expect(found.length).toBeGreaterThan(0);
      for (const { resident, lanes: used } of found) {
        expect(used).toBeLessThanOrEqual(256);
        expect(8 * used + 8 + (resident ? 4 * layout.units ** 2 : 0)).toBeLessThanOrEqual(16_384);
      }
    }
  }
});

test('kernels of starts are kept as far as memory goes, those of the first starts', () => {
  const geometry = { tile: 6, tileRows: 4, tileColumns: 4, band: 24, bands: 1, pairs: 528 };
  const kernel = 4 * 528 * 24 * 24;
  const kept = (starts: number, kinds: number, bytes = 2 ** 27) =>
    keptStarts(geometry, starts, kinds, { maxStorageBufferBindingSize: bytes });
  expect([kept(3, 1), kept(1000, 1), kept(1000, 2)]).toEqual([3, 55, 27]);
  expect([kept(1000, 1, 2 * kernel), kept(1000, 1, kernel - 1)]).toEqual([2, 0]);
});
