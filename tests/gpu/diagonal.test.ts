// Diagonal networks on the GPU against float64: same steps, same weights, same sums, at every size of start.

import { describe, expect, it } from 'vitest';
import { diagonal } from '../../shaders/families/diagonal/family.ts';
import { diagonalParameters } from '../../shaders/families/diagonal/parameters.ts';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { Batch, DeviceLimits, Network } from '../../src/core/family.ts';
import { DOMAIN_VARIABLES, type Observable, type Term } from '../../src/core/observable.ts';
import type { Values } from '../../src/core/parameter.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { randomSource } from '../../src/core/random.ts';
import { type Descent, type Flow, trainingParameters } from '../../src/core/training.ts';
import { createGpuTrainer } from '../../src/engine/gpu-trainer.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { openSession } from '../../src/engine/session.ts';
import type { Trainer } from '../../src/engine/trainer.ts';
import { limitsOf } from '../../src/engine/trainer-source.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { sparse } from '../../src/tasks/sparse.ts';
import { uniformDiagonalLimit } from '../../src/theory/diagonal-limit.ts';
import { valuesOf } from '../node/tasks/values-of.ts';
import { testDevice, testLimits } from './device.ts';
import { randomSamples } from './make-batch.ts';

const lease = await testDevice();
const acquire = async () => acquireDevice({ gpu: await nodeGpu(), limits: testLimits });

interface Request {
  readonly inputDim?: number;
  readonly samples?: number;
  readonly shape?: Values;
  /** One start and one network per seed for each. */
  readonly cells?: readonly Values[];
  readonly seeds?: number;
  readonly flow?: Partial<Flow>;
  readonly descent?: Partial<Descent>;
  readonly teacher?: boolean;
}

function makeBatch({
  inputDim = 6,
  samples = 5,
  shape = {},
  cells = [{}],
  seeds = 1,
  flow,
  descent,
  teacher = true,
}: Request): Batch {
  const defaults = Object.fromEntries([...diagonalParameters, ...trainingParameters].map((p) => [p.id, p.default]));
  const all: Values = { ...defaults, learningRate: 0.02, ...shape };
  const common = { maxTime: 1e6, maxSteps: 100_000, stop: {}, checkpoints: [1e6] };
  const training: Descent | Flow = flow
    ? { ...common, method: 'flow', integrator: 'euler', tolerance: 1e-2, outputTolerance: 0.3, ...flow }
    : { ...common, method: 'descent', momentum: 0, batchSize: 0, ...descent };
  const networks: Network[] = cells.flatMap((values, cell) =>
    Array.from({ length: seeds }, (_, member) => ({ cell, member, start: cell * seeds + member, values: { ...all, ...values } })),
  );
  return {
    shape: all,
    data: {
      inputDim,
      outputDim: 1,
      train: randomSamples(samples, inputDim, 1, 1),
      test: randomSamples(11, inputDim, 1, 2),
      probe: randomSamples(9, inputDim, 1, 3),
      ...(teacher ? { teacher: randomSource(4, 4).normals(inputDim) } : {}),
      description: 'random',
    },
    training,
    starts: networks.map(({ values, member }) => ({ seed: member + 3, draw: 0, values })),
    networks,
    seeds,
  };
}

/** Trainers of all programs of a batch, and what they are compared with. */
async function openAll(batch: Batch, observables: readonly Observable[], limits: Partial<DeviceLimits> = {}) {
  const programs = diagonal.programs(
    batch,
    observables.flatMap(({ terms }) => terms),
    { ...limitsOf(lease), ...limits },
  );
  return Promise.all(
    programs.map((program) => createGpuTrainer({ acquire, family: diagonal, batch, program, observables, label: program.label })),
  );
}

const advance = async (trainer: Trainer, horizon: number) => {
  while ((await trainer.advance(horizon)).unfinished > 0);
};

/**
 * Complaints where weights, times or steps at the horizons differ from the reference; the scale is that of the moved distance.
 */
async function compare(request: Request, horizons: readonly number[], tolerance: number, limits: Partial<DeviceLimits> = {}) {
  const batch = makeBatch(request);
  const reference = createReferenceTrainer(diagonal, batch, []);
  const trainers = await openAll(batch, [], limits);
  const complaints: string[] = [];
  let worst = 0;
  try {
    for (const horizon of horizons) {
      for (const trainer of [reference, ...trainers]) await advance(trainer, horizon);
      for (const trainer of trainers) {
        for (let n = 0; n < batch.networks.length; n++) {
          const [truth, got] = [await reference.inspect(n), await trainer.inspect(n)];
          const start = diagonal.model(batch.shape, batch.data.inputDim, 1).draw(batch.starts[n], batch.data);
          const moved = truth.weights.reduce((most, w, i) => Math.max(most, Math.abs(w - start[i])), 0);
          const off = got.weights.reduce((most, w, i) => Math.max(most, Math.abs(w - truth.weights[i])), 0) / moved;
          worst = Math.max(worst, off);
          const steps = Math.abs(got.accepted - truth.accepted) <= 0.02 * truth.accepted;
          if (!(off < tolerance) || !steps || got.outcome !== truth.outcome) {
            complaints.push(
              `${trainer.info.kernel}, network ${n}, t = ${horizon}: error ${off} of the distance, accepted ${got.accepted} of ` +
                `${truth.accepted}, ${got.outcome} for ${truth.outcome}`,
            );
          }
        }
      }
    }
  } finally {
    for (const trainer of trainers) trainer.dispose();
  }
  console.log(`${((100 * worst) / tolerance).toFixed(0)} % of the tolerance`);
  return complaints;
}

const scales = [0.01, 1, 30].map((initScale) => ({ initScale }));

describe.each([4, 32])('training on %i lanes', (lanes) => {
  const cases: readonly (readonly [string, Request])[] = [
    ['one input, one sample', { inputDim: 1, samples: 1, descent: {} }],
    ['small starts', { cells: scales.slice(0, 2), descent: {} }],
    ['large starts keep their digits', { cells: scales.slice(2), shape: { learningRate: 1e-5 }, descent: {} }],
    ['momentum', { cells: scales.slice(0, 2), descent: { momentum: 0.5 } }],
    ['mini-batches', { samples: 21, descent: { batchSize: 6 } }],
    ['more coordinates than lanes', { inputDim: 137, samples: 9, shape: { learningRate: 1e-3 }, descent: {} }],
    ['more samples than lanes', { inputDim: 6, samples: 150, descent: {} }],
    ['three factors', { shape: { depth: 3 }, cells: [{ initScale: 0.5 }, { initScale: 2, learningRate: 1e-3 }], descent: {} }],
    [
      'spread starts, output scale, plain motion',
      { shape: { initSpread: 0.3, outputScale: 2, motion: 'plain', learningRateRatio: 0.5, predictor: 'centred' }, descent: {} },
    ],
    ['logistic loss', { shape: { loss: 'crossEntropy' }, descent: {} }],
  ];
  it.each(cases)('descent: %s', async (_, request) => {
    const own = typeof request.shape?.learningRate === 'number' ? request.shape.learningRate : 0.02;
    expect(await compare(request, [own, 60 * own], 1e-4, { lanes })).toEqual([]);
  });
});

describe('flow', () => {
  const flows: readonly (readonly [string, Request, number])[] = [
    ['euler', { cells: scales.slice(0, 2), flow: {} }, 0.6],
    ['order 3', { cells: scales.slice(0, 2), flow: { integrator: 'bogacki-shampine', tolerance: 1e-3 } }, 0.6],
    ['order 5', { cells: scales.slice(0, 2), flow: { integrator: 'dormand-prince', tolerance: 1e-3 } }, 3],
    [
      'order 5 from large starts',
      { cells: [{ initScale: 30 }, { initScale: 1e3 }], flow: { integrator: 'dormand-prince', tolerance: 1e-3 } },
      3e-7,
    ],
    ['order 5, samples in blocks', { inputDim: 40, samples: 700, flow: { integrator: 'dormand-prince', tolerance: 1e-3 } }, 0.3],
  ];
  it.each(flows)('%s', async (_, request, horizon) => {
    expect(await compare(request, [horizon / 10, horizon], 2e-4)).toEqual([]);
  });
});

/** One observable per sum; together they use every variable of every domain. */
const sums: readonly Observable[] = diagonal.domains({}).flatMap((domain) => {
  const variables: readonly string[] = DOMAIN_VARIABLES[domain];
  const terms: Term[] = variables.map((name) => ({ id: `${domain}.${name}`, domain, wgsl: name, measure: (e) => e[name] }));
  if (variables.includes('now')) {
    terms.push({ id: `${domain}.product`, domain, wgsl: 'now * start', measure: ({ now, start }) => now * start });
    terms.push({
      id: `${domain}.change`,
      domain,
      wgsl: '(now - start) * (now - start)',
      measure: ({ now, start }) => (now - start) ** 2,
    });
    terms.push({ id: `${domain}.most`, domain, wgsl: 'abs(now)', measure: ({ now }) => Math.abs(now), reduce: 'max' });
  }
  return terms.map(
    (term): Observable => ({
      id: term.id,
      label: term.id,
      symbol: term.id,
      description: '',
      source: '',
      unit: 'dimensionless',
      range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      scale: 'linear',
      role: 'quantity',
      per: domain === 'ensemble' ? 'cell' : 'network',
      terms: [term],
      finish: (found) => found.of(term),
    }),
  );
});

describe('sums agree with float64', () => {
  const cases: readonly (readonly [string, Request])[] = [
    ['one input', { inputDim: 1, samples: 2, seeds: 2 }],
    [
      'several cells, centred',
      {
        inputDim: 7,
        shape: { predictor: 'centred', outputScale: 3, initSpread: 0.4 },
        seeds: 2,
        cells: [{}, { initScale: 0.1 }],
      },
    ],
    ['four factors, no teacher', { inputDim: 12, shape: { depth: 4, initSpread: 0.2 }, seeds: 2, teacher: false }],
    ['many inputs and samples', { inputDim: 131, samples: 70, shape: { initSpread: 0.2 }, seeds: 2 }],
    ['large starts', { inputDim: 9, shape: { initSpread: 0.1, initScale: 20 }, seeds: 2 }],
  ];
  it.each(cases)('%s', async (_, request) => {
    const batch = makeBatch({ ...request, descent: {} });
    const reference = createReferenceTrainer(diagonal, batch, sums);
    const [trainer, ...others] = await openAll(batch, sums);
    for (const other of others) other.dispose();
    try {
      const source = randomSource(21, 1);
      for (let n = 0; n < batch.networks.length; n++) {
        const { weights } = await reference.inspect(n);
        const moved = weights.map((weight) => weight + 0.2 * source.normal());
        for (const one of [reference, trainer]) await one.replaceWeights(n, moved);
        const { weights: back } = await trainer.inspect(n);
        back.forEach((weight, i) => {
          expect([i, Math.abs(weight - moved[i]) < 1e-7]).toEqual([i, true]);
        });
      }
      const [truth, got] = [(await reference.measure()).values, (await trainer.measure()).values];
      const complaints = Object.entries(truth).flatMap(([id, values]) =>
        Array.from(values).flatMap((value, n) => {
          const off = Math.abs(got[id][n] - value);
          const scale = Math.max(1e-3, ...values.map(Math.abs));
          return off <= 1e-4 * scale || (Number.isNaN(value) && Number.isNaN(got[id][n]))
            ? []
            : [`${id}, unit ${n}: expected ${value}, got ${got[id][n]}`];
        }),
      );
      expect(complaints).toEqual([]);
    } finally {
      trainer.dispose();
    }
  });
});

it('refuses more inputs than fit the memory of a workgroup, and several outputs', () => {
  const batch = makeBatch({ inputDim: 5000, samples: 1 });
  expect(() => diagonal.programs(batch, [], { ...limitsOf(lease), maxComputeWorkgroupStorageSize: 16384 })).toThrow(
    /family "diagonal": expected at most about \d+ inputs on this adapter, got 5000/,
  );
  expect(() => diagonal.model(batch.shape, 3, 2)).toThrow('family "diagonal": expected a task with one output, got 2.');
});

describe('a sweep of sparse regression over the initial scale', () => {
  const sweep = parseSweep(
    {
      version: 1,
      family: 'diagonal',
      task: { kind: 'sparse', inputDim: 32, sparsity: 3, samples: 12, testSamples: 20, probeSamples: 6 },
      axes: [
        { parameter: 'initScale', scale: 'log', from: 0.1, to: 3, steps: 3 },
        { parameter: 'depth', values: [2, 3] },
      ],
      seeds: 1,
      training: { method: 'flow', maxTime: 3, checkpoints: 4, integrator: 'dormand-prince', tolerance: 1e-4 },
      observables: ['mapL1', 'mapL2', 'mapError', 'trainingLoss', 'kernelChange', 'representationAlignment', 'weightChange'],
    },
    catalog,
  );

  async function finish(engine: 'gpu' | 'reference') {
    const session = openSession(sweep, { catalog, engine, gpu: await nodeGpu() });
    const phases: string[] = [];
    for await (const { progress } of session) phases.push(progress.phase);
    expect(phases.at(-1)).toBe('finished');
    return session;
  }

  it('ends alike on both engines; the larger the start, the less the kernel changes and the larger the L1 norm', async () => {
    const [truth, own] = [await finish('reference'), await finish('gpu')];
    for (const [id, values] of Object.entries(truth.film.network)) {
      const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(own.film.network[id][i] - value) / scale), 0);
      expect([id, worst, worst < 1e-3]).toEqual([id, worst, true]);
    }
    // Cells: initial scale, then depth.
    const change = own.film.network.kernelChange.slice(-6);
    const l1 = own.film.network.mapL1.slice(-6);
    for (const cell of [0, 1, 2, 3]) {
      expect([cell, change[cell] > change[cell + 2]]).toEqual([cell, true]);
      expect([cell, l1[cell] < l1[cell + 2]]).toEqual([cell, true]);
    }
    truth.dispose();
    own.dispose();
  });

  it('is refused where it asks for what a network without nonlinearity has not, or for Adam', () => {
    const changed = (change: object) => () =>
      parseSweep(
        {
          version: 1,
          family: 'diagonal',
          task: { kind: 'sparse' },
          axes: [{ parameter: 'initScale', values: [1] }],
          training: { method: 'flow', maxTime: 1 },
          ...change,
        },
        catalog,
      );
    expect(changed({ observables: ['gateFlips'] })).toThrow(/family "diagonal" does not have/);
    expect(changed({ training: { method: 'descent', maxTime: 1, optimiser: 'adam' } })).toThrow(
      /sweep.training.optimiser: expected momentum/,
    );
  });
});

it('ends at the predicted interpolator from small and from large starts', async () => {
  const data = await sparse.load(
    valuesOf(sparse, { inputDim: 32, sparsity: 3, samples: 12, testSamples: 8, probeSamples: 4, dataSeed: 1 }),
    {},
  );
  const starts = [0.03, 1, 30, 300];
  const request: Request = {
    cells: starts.map((initScale) => ({ initScale })),
    flow: {
      integrator: 'dormand-prince',
      tolerance: 1e-5,
      outputTolerance: 1e9,
      stop: { loss: 1e-11 },
      maxSteps: 20_000,
      maxTime: 1e4,
    },
  };
  const batch = { ...makeBatch(request), data };
  const [trainer, ...others] = await openAll(batch, []);
  for (const other of others) other.dispose();
  await advance(trainer, 1e4);
  for (const [n, scale] of starts.entries()) {
    const { weights, outcome } = await trainer.inspect(n);
    const { coefficients } = uniformDiagonalLimit(data.train, 32, scale);
    const size = coefficients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = coefficients.reduce(
      (most, value, i) => Math.max(most, Math.abs(weights[i] ** 2 - weights[32 + i] ** 2 - value) / size),
      0,
    );
    expect([scale, outcome, worst, worst < 3e-5]).toEqual([scale, 'converged', worst, true]);
  }
  trainer.dispose();
});
