// The difference form of the training kernels against the float64 reference: the same steps and the same motion U = W − W₀,
// relative to its own size, at output scales where W₀ + U would have lost it.

import { describe, expect, it } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { trainingOptionsOf } from '../../shaders/families/fully-connected/training-options.ts';
import type { Batch } from '../../src/core/family.ts';
import type { Values } from '../../src/core/parameter.ts';
import { PROGRESS, PROGRESS_WORDS, type Program } from '../../src/core/program.ts';
import { loadProgram, spansOf, submitStart } from '../../src/engine/loaded-program.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { testDevice } from './device.ts';
import { type BatchRequest, makeBatch } from './make-batch.ts';
import { unpackWeights } from './unpack-weights.ts';

const lease = await testDevice('best', ['subgroups']);

/**
 * Of the largest weight change. Rounding alone leaves about 1e-6; a unit of ReLU that changes sides in one
 * of both only leaves more.
 */
const TOLERANCE = 1e-4;

function programsOf(batch: Batch, lanes: number): readonly Program[] {
  return fullyConnected.programs(batch, [], {
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxStorageBuffersPerShaderStage: 8,
    lanes,
    subgroupSize: lease.info.subgroupSize === lanes ? lanes : 0,
  });
}

/** Trains in submits of these numbers of steps; two networks at a time, so that scratch is shared. */
async function run(batch: Batch, program: Program, steps: readonly number[], horizon: number) {
  const loaded = await loadProgram(lease, batch, program, program.label);
  try {
    submitStart(loaded);
    const { fused } = program.train;
    for (const count of steps) {
      const spans = spansOf(batch.networks.length, 2).map((span) => ({ ...span, steps: fused ? count : 1, horizon }));
      for (const span of spans) loaded.submit(loaded.train, [span], fused ? 1 : count);
    }
    const { read } = loaded.readback;
    const [w, p] = await Promise.all([read(loaded.buffer('weights')), read(loaded.buffer('progress'))]);
    return { weights: new Float32Array(w), progress: new Uint32Array(p) };
  } finally {
    loaded.dispose();
  }
}

/** One line for each network whose motion or number of steps differs from the reference's. */
async function differences(request: BatchRequest, lanes: number, steps: readonly number[], horizon: number) {
  const batch = makeBatch(request);
  const { shape, layout } = trainingOptionsOf(batch);
  const model = fullyConnected.model(batch.shape, batch.data.inputDim, batch.data.outputDim);
  const reference = createReferenceTrainer(fullyConnected, batch, []);
  while ((await reference.advance(horizon)).unfinished > 0);
  const truths = await Promise.all(batch.networks.map((_, n) => reference.inspect(n)));
  const reports: string[] = [];
  for (const program of programsOf(batch, lanes)) {
    expect(program.label).toContain('difference form');
    const { weights, progress } = await run(batch, program, steps, horizon);
    truths.forEach((truth, n) => {
      const start = model.draw(batch.starts[batch.networks[n].start], batch.data);
      const moved = truth.weights.map((w, i) => w - start[i]);
      const own = unpackWeights(weights.subarray(n * layout.words, (n + 1) * layout.words), shape);
      const scale = moved.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
      const errors = own.map((w, i) => Math.abs(w - moved[i]) / scale);
      const worst = errors.reduce((at, error, i) => (error <= errors[at] ? at : i), 0);
      const accepted = progress[n * PROGRESS_WORDS + PROGRESS.accepted];
      if (!(errors[worst] < TOLERANCE) || Math.abs(accepted - truth.accepted) > 0.02 * truth.accepted) {
        reports.push(
          `${program.label}, network ${n}, weight ${worst}: expected ${moved[worst]}, got ${own[worst]}, share of tolerance ` +
            `${errors[worst] / TOLERANCE}; steps expected ${truth.accepted}, got ${accepted}`,
        );
      }
    });
  }
  return reports;
}

/**
 * Time of flows: some twenty steps at α̃ = 1e8, before steps reach the limit of stability,
 * where rounding decides which are taken.
 */
const HORIZON = 3e-7;

/** Networks of one batch: scales apart, rates of their own, and a plain predictor among the centred ones. */
const cells: readonly Values[] = [
  { outputScale: 1e3 },
  { outputScale: 1e8 },
  { outputScale: 1e5, hiddenRate: 0.4, learningRateRatio: 2, rateImbalanceExponent: 0.3, outputScaleExponent: -0.2 },
  { outputScale: 10, predictor: 'plain' },
];

describe.each([4, 32])('the difference form on %i lanes', (lanes) => {
  // The motion carries no α: a lazy network learns in a time of about 1/α.
  const base = { activation: 'relu', loss: 'squared', learningRate: 1e-9 };
  const descents: readonly (readonly [string, BatchRequest])[] = [
    ['depth 1, relu', { values: { ...base, depth: 1, width: 34 }, samples: 40, inputDim: 10 }],
    ['depth 1, linear', { values: { ...base, depth: 1, width: 16, activation: 'linear' }, samples: 32 }],
    [
      'depth 1, softplus, 3 outputs, bias',
      { values: { ...base, depth: 1, width: 9, activation: 'softplus', bias: 0.1 }, outputDim: 3 },
    ],
    [
      'depth 1, tanh, momentum, mini-batch',
      { values: { ...base, depth: 1, width: 8, activation: 'tanh' }, samples: 40, descent: { momentum: 0.5, batchSize: 9 } },
    ],
    ['depth 1, frozen output', { values: { ...base, depth: 1, width: 7, activation: 'leakyRelu' }, frozen: ['output'] }],
    ['depth 2, relu', { values: { ...base, depth: 2, width: 20 }, inputDim: 17, samples: 33 }],
    ['depth 3, gelu, 2 outputs, bias', { values: { ...base, depth: 3, width: 9, activation: 'gelu', bias: 0.1 }, outputDim: 2 }],
    [
      'depth 2, softplus, momentum, several chunks',
      { values: { ...base, depth: 2, width: 70, activation: 'softplus' }, descent: { momentum: 0.5 } },
    ],
    [
      'depth 2, mini-batch, cross-entropy',
      {
        values: { ...base, depth: 2, width: 8, activation: 'erf', loss: 'crossEntropy' },
        outputDim: 3,
        samples: 40,
        descent: { batchSize: 9 },
      },
    ],
    ['depth 2, frozen hidden', { values: { ...base, depth: 2, width: 9, activation: 'sigmoid' }, frozen: ['hidden'] }],
  ];
  // Every third case on wide hardware's geometry: compiling takes most of the time.
  const some = <Case>(all: readonly Case[]) => (lanes === 4 ? all : all.filter((_, index) => index % 3 === 0));
  it.each(some(descents))('descent: %s', async (_, request) => {
    expect(await differences({ cells, ...request, seeds: 1 }, lanes, [1, 7, 12], 20e-9)).toEqual([]);
  });

  const flows: readonly (readonly [string, BatchRequest])[] = [
    ['euler, depth 1, softplus', { values: { depth: 1, width: 12, activation: 'softplus' }, flow: {} }],
    [
      'order 3, depth 1, tanh',
      { values: { depth: 1, width: 12, activation: 'tanh' }, flow: { integrator: 'bogacki-shampine', tolerance: 1e-3 } },
    ],
    [
      'order 5, depth 2, silu, bias',
      { values: { depth: 2, width: 8, activation: 'silu', bias: 0.2 }, flow: { integrator: 'dormand-prince', tolerance: 1e-3 } },
    ],
    [
      'euler, depth 2, relu, frozen output',
      {
        values: { depth: 2, width: 12, activation: 'relu' },
        flow: { tolerance: Infinity, outputTolerance: 0.1 },
        frozen: ['output'],
      },
    ],
  ];
  it.each(some(flows))('flow: %s', async (_, request) => {
    expect(await differences({ cells, ...request, seeds: 1 }, lanes, [1, 30, 500], HORIZON)).toEqual([]);
  });
});
