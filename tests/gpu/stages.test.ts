// Staged sweeps on both engines: the same networks, through changes of task, head and frozen layers; nothing is left behind.

import { afterAll, describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { UNKNOWN } from '../../src/core/film.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { openSession, type Session } from '../../src/engine/session.ts';
import type { Snapshot } from '../../src/engine/snapshot.ts';
import { acquireDevice } from '../../src/gpu/device.ts';

const gpu = await nodeGpu();
// Held for the whole file, so that kernels are compiled once.
const lease = await acquireDevice({ gpu, limits: 'best', features: ['subgroups'] });
afterAll(() => lease.release());

/** A float32 flow of Dormand and Prince with this tolerance against its float64 twin. */
const TOLERANCE = 2e-3;

const linear = { depth: 1, activation: 'linear', parametrisation: 'standard', predictor: 'plain', loss: 'squared' };
const json = {
  version: 1,
  family: 'fully-connected',
  task: { kind: 'whitened', inputDim: 3, outputDim: 3 },
  axes: [
    { parameter: 'balance', values: [-1, 0.5] },
    { parameter: 'width', values: [3, 5] },
  ],
  fixed: { ...linear, initialisation: 'balanced', productScale: 0.1, laterBalance: 2 },
  seeds: 2,
  training: {
    method: 'flow',
    maxTime: 14,
    checkpoints: [1, 4, 5, 6, 8, 9, 11, 12],
    integrator: 'dormand-prince',
    tolerance: 1e-5,
    outputTolerance: null,
  },
  stages: [
    { from: 4, task: { taskSeed: 1 }, test: 'first' },
    { from: 8, task: { signs: 'reversed' }, rebalance: true },
    { from: 11, task: { outputDim: 2, taskSeed: 5 }, head: 'new', frozen: ['hidden'] },
  ],
  observables: ['trainingLoss', 'testLoss', 'weightChangeLayer1', 'weightChangeLayer2', 'kernelChange', 'halvingTime'],
};
const sweep = parseSweep(json, catalog);
/** One width and two observables: what a device of its own takes less time to compile. */
const small = parseSweep(
  { ...json, axes: json.axes.slice(0, 1), fixed: { ...json.fixed, width: 3 }, observables: ['trainingLoss', 'testLoss'] },
  catalog,
);

/** `gpu` with every buffer of its devices counted. */
function counting(): { gpu: GPU; live: Set<GPUBuffer>; devices: () => number; made: () => number } {
  const live = new Set<GPUBuffer>();
  let made = 0;
  let devices = 0;
  const watch = (device: GPUDevice) => {
    devices += 1;
    const create = device.createBuffer.bind(device);
    device.createBuffer = (request) => {
      const buffer = create(request);
      made += 1;
      live.add(buffer);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        return destroy();
      };
      return buffer;
    };
    return device;
  };
  const counted = {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = await gpu.requestAdapter(options);
      if (adapter === null) return null;
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => watch(await request(descriptor));
      return adapter;
    },
  };
  return { gpu: counted as GPU, live, devices: () => devices, made: () => made };
}

async function finish(session: Session): Promise<Snapshot[]> {
  const snapshots: Snapshot[] = [];
  for await (const snapshot of session) snapshots.push(snapshot);
  return snapshots;
}

/** The first values of a film that are further from its float64 twin's than they may be. */
function differences(own: Session, truth: Session): string[] {
  const wrong: string[] = [];
  for (const [id, values] of Object.entries(truth.film.network)) {
    const scale = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
    values.forEach((value, index) => {
      const got = own.film.network[id][index];
      if (Object.is(value, got) || Math.abs(got - value) <= TOLERANCE * scale) return;
      wrong.push(`${id}[${index}]: expected ${value}, got ${got}, of ${scale}`);
    });
  }
  return wrong.slice(0, 5);
}

it('GPU and reference agree through all stages', async () => {
  const truth = openSession(sweep, { catalog, engine: 'reference' });
  const own = openSession(sweep, { catalog, engine: 'gpu', gpu });
  await finish(truth);
  await finish(own);
  expect(own.film.outcomes.includes(UNKNOWN)).toBe(false);
  expect(own.film.outcomes).toEqual(truth.film.outcomes);
  expect(differences(own, truth)).toEqual([]);
  // The hidden layer of the last stage is frozen, the new head is not.
  const last = (id: string) => [...own.film.network[id].slice(-8)];
  expect(last('weightChangeLayer1')).toEqual(Array.from({ length: 8 }, () => 0));
  expect((await own.inspect(3, 1)).weights.length).toBe(5 * 3 + 2 * 5);
  truth.dispose();
  own.dispose();
});

it('GPU and reference agree where a head grows and some outputs are not asked for', async () => {
  const grown = parseSweep(
    {
      ...json,
      task: { kind: 'hierarchy' },
      axes: [{ parameter: 'balance', values: [0.5, 2] }],
      fixed: { ...linear, width: 8, initialisation: 'balanced', productScale: 0.1 },
      seeds: 1,
      training: { ...json.training, maxTime: 12, checkpoints: [6, 12] },
      stages: [{ from: 6, task: { variant: 'added-feature' }, head: 'extended' }],
      observables: ['trainingLoss', 'transfer', 'weightChangeLayer2'],
    },
    catalog,
  );
  const [truth, own] = (['reference', 'gpu'] as const).map((engine) => openSession(grown, { catalog, engine, gpu }));
  await finish(truth);
  await finish(own);
  expect(differences(own, truth)).toEqual([]);
  // Both layers moved, and what is granted to the sibling is told by the new output alone.
  expect(Math.min(...truth.film.network.transfer.slice(-2))).toBeGreaterThan(0.2);
  expect(Math.max(...truth.film.network.transfer.slice(-2))).toBeLessThan(0.5);
  truth.dispose();
  own.dispose();
});

it('gives a diverged network nothing to go on from, whatever weights it was left with', async () => {
  const wild = parseSweep(
    {
      version: 1,
      family: 'recurrent',
      task: { kind: 'two-alternative' },
      axes: [{ parameter: 'learningRate', values: [0.01, 1e8] }],
      fixed: { width: 4, gain: 1, samples: 4, testSamples: 4, probeSamples: 4, laterConnectivity: 'random' },
      seeds: 1,
      training: { method: 'descent', maxTime: 2e9, maxSteps: 20, batchSize: 4, checkpoints: [1e9, 2e9] },
      stages: [{ from: 1e9, recut: true }],
      observables: ['trainingLoss'],
    },
    catalog,
  );
  const session = openSession(wild, { catalog, engine: 'gpu', gpu });
  await finish(session);
  const [calm, diverged] = [await session.inspect(0, 0), await session.inspect(1, 0)];
  session.dispose();
  expect([calm.outcome, diverged.outcome]).toEqual(['out-of-budget', 'diverged']);
  expect(calm.weights.every(Number.isFinite)).toBe(true);
  expect(diverged.weights.some(Number.isFinite)).toBe(false);
});

describe.each(['reference', 'gpu'] as const)('a staged session on the %s engine', (engine) => {
  it('repeats bit for bit', async () => {
    const [one, two] = [openSession(sweep, { catalog, engine, gpu }), openSession(sweep, { catalog, engine, gpu })];
    await finish(one);
    await finish(two);
    expect(two.film.network).toEqual(one.film.network);
    one.dispose();
    two.dispose();
  });

  it('pauses, is inspected at sweep time, and goes on', async () => {
    const session = openSession(sweep, { catalog, engine, gpu });
    const frame = sweep.training.checkpoints.indexOf(5) + 1;
    const times: number[] = [];
    for await (const snapshot of session) {
      if (snapshot.progress.phase === 'paused') {
        times.push((await session.inspect(0, 0)).time);
        session.resume();
      } else if (snapshot.frame === frame && times.length === 0) session.pause();
    }
    expect(times.length).toBe(1);
    expect(times[0]).toBeGreaterThanOrEqual(4);
    expect(session.film.outcomes.includes(UNKNOWN)).toBe(false);
    session.dispose();
  });

  it('is inspected while its stage changes', async () => {
    const session = openSession(sweep, { catalog, engine, gpu });
    const inspections: Promise<{ time: number }>[] = [];
    for await (const { frame } of session) if (frame >= 0) inspections.push(session.inspect(0, 0), session.inspect(0, 1));
    for (const { time } of await Promise.all(inspections)) expect(time >= 0 && time <= 14).toBe(true);
    session.dispose();
  });

  it('stops when cancelled in a later stage and keeps what it has', async () => {
    const session = openSession(sweep, { catalog, engine, gpu });
    const frame = sweep.training.checkpoints.indexOf(9) + 1;
    const phases: string[] = [];
    for await (const snapshot of session) {
      phases.push(snapshot.progress.phase);
      if (snapshot.frame === frame) session.cancel();
    }
    expect(phases.at(-1)).toBe('cancelled');
    expect(session.film.outcomes.includes(UNKNOWN)).toBe(true);
    expect((await session.inspect(0, 0)).time).toBeGreaterThanOrEqual(8);
    session.dispose();
  });
});

it('frees each stage before the next, on one device, and everything at the end', async () => {
  const counted = counting();
  const session = openSession(small, { catalog, engine: 'gpu', gpu: counted.gpu });
  let most = 0;
  let first = 0;
  for await (const { frame } of session) {
    if (frame >= 0 && first === 0) first = counted.live.size;
    most = Math.max(most, counted.live.size);
  }
  // One trainer is open at any time: a change of stage adds none beyond it but staging buffers.
  expect(counted.made()).toBeGreaterThan(3 * first);
  expect(most).toBeLessThan(1.5 * first);
  session.dispose();
  expect([counted.live.size, counted.devices()]).toEqual([0, 1]);
});

it('comes through the loss of its device in a later stage', async () => {
  const calm = openSession(small, { catalog, engine: 'gpu', gpu });
  await finish(calm);
  const devices: GPUDevice[] = [];
  const watched = {
    async requestAdapter(options?: GPURequestAdapterOptions) {
      const adapter = await gpu.requestAdapter(options);
      if (adapter === null) return null;
      const request = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await request(descriptor);
        devices.push(device);
        return device;
      };
      return adapter;
    },
  };
  const shaken = openSession(small, { catalog, engine: 'gpu', gpu: watched as GPU });
  const frame = sweep.training.checkpoints.indexOf(9) + 1;
  let lost = false;
  for await (const snapshot of shaken) {
    if (snapshot.frame !== frame || lost) continue;
    lost = true;
    devices[devices.length - 1].destroy();
  }
  expect(devices.length).toBeGreaterThan(1);
  const wrong = Object.entries(calm.film.network).flatMap(([id, values]) =>
    Array.from(values).flatMap((value, index) => {
      const got = shaken.film.network[id][index];
      const same = Object.is(value, got) || Math.abs(got - value) <= 1e-6 * Math.abs(value);
      return same ? [] : [`${id}[${index}]: expected ${value}, got ${got}`];
    }),
  );
  expect(wrong.slice(0, 5)).toEqual([]);
  calm.dispose();
  shaken.dispose();
});

it('counts the memory of all stages before the first', async () => {
  // Twenty-four scales share one start at first; later each network has its own.
  const axes = [{ parameter: 'outputScale', from: 1, to: 2, steps: 24 }];
  const fixed = { ...json.fixed, width: 64 };
  const observables = ['trainingLoss', 'kernelChange'];
  const shared = { ...json, task: { ...json.task, samples: 200 }, axes, fixed, observables };
  const caps = { cells: 100, networks: 1000, bytes: 60 * 2 ** 20, seconds: 1000 };
  const first = async (sweepJson: unknown) => {
    const session = openSession(parseSweep(sweepJson, catalog), { catalog, engine: 'gpu', gpu, caps });
    try {
      for await (const { frame } of session) if (frame >= 0) break;
    } finally {
      session.dispose();
    }
  };
  await first({ ...shared, stages: [] });
  await expect(first(shared)).rejects.toThrow(/expected at most 60 MiB of memory/);
});
