// Diagonal networks on the GPU against float64: same steps, same weights, same sums, at every size of start.

import { describe, expect, it } from 'vitest';
import { diagonal } from '../../shaders/families/diagonal/family.ts';
import { diagonalParameters } from '../../shaders/families/diagonal/parameters.ts';
import type { Batch, DeviceLimits, Network } from '../../src/core/family.ts';
import { DOMAIN_VARIABLES, type Observable, type Term } from '../../src/core/observable.ts';
import type { Values } from '../../src/core/parameter.ts';
import { randomSource } from '../../src/core/random.ts';
import { type Descent, type Flow, trainingParameters } from '../../src/core/training.ts';
import { createGpuTrainer } from '../../src/engine/gpu-trainer.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import type { Trainer } from '../../src/engine/trainer.ts';
import { limitsOf } from '../../src/engine/trainer-source.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
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

function makeBatch({ inputDim = 6, samples = 5, shape = {}, cells = [{}], seeds = 1, flow, descent, teacher = true }: Request): Batch {
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

/** Complaints where weights, times or steps at the horizons differ from the reference; the scale is that of the moved distance. */
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
  console.log(`worst error ${worst.toExponential(1)} of tolerance ${tolerance}`);
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
    ['spread starts, output scale, plain motion', { shape: { initSpread: 0.3, outputScale: 2, motion: 'plain', learningRateRatio: 0.5, predictor: 'centred' }, descent: {} }],
    ['logistic loss', { shape: { loss: 'crossEntropy' }, descent: {} }],
  ];
  it.each(cases)('descent: %s', async (_, request) => {
    const own = typeof request.shape?.learningRate === 'number' ? request.shape.learningRate : 0.02;
    expect(await compare(request, [own, 60 * own], 1e-4, { lanes })).toEqual([]);
  });
});
