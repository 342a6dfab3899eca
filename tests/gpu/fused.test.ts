// The fused kernels against the float64 reference: same steps, same weights.

import { describe, expect, it } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { fusedTraining } from '../../shaders/families/fully-connected/fused/fused.ts';
import { packWeights } from '../../shaders/families/fully-connected/records.ts';
import { trainingOptionsOf } from '../../shaders/families/fully-connected/training-options.ts';
import { beginPass } from '../../shaders/lib/training/begin.wgsl.ts';
import { NETWORK_WORDS, networkRecords } from '../../shaders/lib/training/network-record.ts';
import type { Batch } from '../../src/core/family.ts';
import { PROGRESS, PROGRESS_WORDS, type Program } from '../../src/core/program.ts';
import { loadProgram } from '../../src/engine/loaded-program.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { testDevice, testLimits } from './device.ts';
import { type BatchRequest, makeBatch, RATES } from './make-batch.ts';
import { unpackWeights } from './unpack-weights.ts';

const lease = await testDevice('best', ['subgroups']);

/** Programs of all fused geometries for a batch, without measurements. */
function programsOf(batch: Batch, lanes: number): Program[] {
  const options = trainingOptionsOf(batch);
  const { layout, shape, outputStride } = options;
  const model = fullyConnected.model(batch.shape, batch.data.inputDim, batch.data.outputDim);
  const startWeights = new Float32Array(batch.starts.length * layout.words);
  const startOutputs = new Float32Array(batch.starts.length * shape.outputDim * outputStride);
  batch.starts.forEach((start, s) => {
    const weights = model.draw(start, batch.data);
    startWeights.set(packWeights(weights, shape), s * layout.words);
    const f = model.outputs(weights, batch.data.train.inputs);
    for (let p = 0; p < options.samples; p++) {
      for (let c = 0; c < shape.outputDim; c++) {
        startOutputs[(s * shape.outputDim + c) * outputStride + p] = f[p * shape.outputDim + c];
      }
    }
  });
  const limits = {
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxStorageBuffersPerShaderStage: 8,
    lanes,
    subgroupSize: lease.info.subgroupSize === lanes ? lanes : 0,
  };
  return fusedTraining(batch.data.train, options, limits).map((kernel) => ({
    label: kernel.label,
    buffers: [
      { name: 'networks', scope: 'network', words: NETWORK_WORDS, data: networkRecords(batch) },
      { name: 'progress', scope: 'network', words: PROGRESS_WORDS },
      { name: 'startWeights', scope: 'start', words: layout.words, data: startWeights },
      { name: 'startTrainOutputs', scope: 'start', words: shape.outputDim * outputStride, data: startOutputs },
      { name: 'weights', scope: 'network', words: layout.words },
      { name: 'outputs', scope: 'network', words: 3 * shape.outputDim * outputStride },
      ...kernel.buffers,
    ],
    prepare: [],
    begin: [beginPass(layout.words, shape.outputDim * outputStride)],
    train: { passes: kernel.passes, fused: true },
    measurements: [],
    weights: { buffer: 'weights', layers: [] },
  }));
}

async function run(batch: Batch, program: Program, steps: readonly number[], horizon: number) {
  const loaded = await loadProgram(lease, batch, program, program.label);
  const span = { first: 0, count: batch.networks.length };
  loaded.submit(loaded.begin, [span]);
  for (const count of steps) loaded.submit(loaded.train, [{ ...span, steps: count, horizon }]);
  const { read } = loaded.readback;
  const [w, p] = await Promise.all([read(loaded.buffer('weights')), read(loaded.buffer('progress'))]);
  loaded.dispose();
  return { weights: new Float32Array(w), progress: new Uint32Array(p) };
}

/** Largest weight difference relative to the largest weight, and the difference in accepted steps. */
async function compare(request: BatchRequest, lanes: number, steps: readonly number[], horizon: number) {
  const batch = makeBatch(request);
  const { shape, layout } = trainingOptionsOf(batch);
  const reference = createReferenceTrainer(fullyConnected, batch, []);
  while ((await reference.advance(horizon)).unfinished > 0);
  const truths = await Promise.all(batch.networks.map((_, n) => reference.inspect(n)));
  const reports: string[] = [];
  for (const program of programsOf(batch, lanes)) {
    const { weights, progress } = await run(batch, program, steps, horizon);
    truths.forEach((truth, n) => {
      const own = unpackWeights(weights.subarray(n * layout.words, (n + 1) * layout.words), shape);
      const scale = truth.weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
      const worst = own.reduce((most, w, i) => Math.max(most, Math.abs(w - truth.weights[i]) / scale), 0);
      const accepted = progress[n * PROGRESS_WORDS + PROGRESS.accepted];
      if (!(worst < 1e-4) || Math.abs(accepted - truth.accepted) > 0.02 * truth.accepted) {
        reports.push(`${program.label}, network ${n}: error ${worst}, accepted ${accepted} of ${truth.accepted}`);
      }
    });
  }
  return reports;
}

const scales = [{ outputScale: 1 }, { outputScale: 10 }, RATES];

/**
 * What four lanes, and devices of default limits, are tested on: geometry depends on them; losses,
 * frozen layers and momentum do not.
 */
const SHAPES = new Set([
  'depth 1, relu, above the workgroup',
  'depth 1, softplus, 3 outputs, bias',
  'depth 1, mini-batch',
  'depth 2, relu',
  'depth 3, gelu, 2 outputs, bias',
  'depth 2, softplus, momentum',
  'euler, depth 1, softplus',
  'order 3, depth 1, tanh',
  'order 5, depth 3, silu',
]);

describe.each([4, 32])('fused training on %i lanes', (lanes) => {
  const onLanes = <Case extends readonly [string, BatchRequest]>(all: readonly Case[]) =>
    lanes === 4 || testLimits === 'default' ? all.filter(([name]) => SHAPES.has(name)) : all;
  const base = { activation: 'relu', loss: 'squared', learningRate: 0.02 };
  const cases: readonly (readonly [string, BatchRequest])[] = [
    ['depth 1, relu', { values: { ...base, depth: 1, width: 7 } }],
    ['depth 1, relu, above the workgroup', { values: { ...base, depth: 1, width: 70 }, samples: 77, inputDim: 10 }],
    ['depth 1, linear', { values: { ...base, depth: 1, width: 16, activation: 'linear' }, samples: 32, inputDim: 16 }],
    [
      'depth 1, softplus, 3 outputs, bias',
      { values: { ...base, depth: 1, width: 9, activation: 'softplus', bias: 0.1 }, outputDim: 3 },
    ],
    ['depth 1, tanh, momentum', { values: { ...base, depth: 1, width: 8, activation: 'tanh' }, descent: { momentum: 0.5 } }],
    ['depth 1, mini-batch', { values: { ...base, depth: 1, width: 8 }, samples: 40, descent: { batchSize: 9 } }],
    ['depth 2, relu', { values: { ...base, depth: 2, width: 20 }, inputDim: 17, samples: 33 }],
    ['depth 3, gelu, 2 outputs, bias', { values: { ...base, depth: 3, width: 9, activation: 'gelu', bias: 0.1 }, outputDim: 2 }],
    [
      'depth 2, softplus, momentum',
      { values: { ...base, depth: 2, width: 80, activation: 'softplus' }, descent: { momentum: 0.5 } },
    ],
    ['depth 2, mini-batch', { values: { ...base, depth: 2, width: 8 }, samples: 40, descent: { batchSize: 9 } }],
    [
      'depth 1, leaky relu, frozen output',
      { values: { ...base, depth: 1, width: 7, activation: 'leakyRelu' }, frozen: ['output'] },
    ],
    ['depth 2, sigmoid, frozen hidden', { values: { ...base, depth: 2, width: 9, activation: 'sigmoid' }, frozen: ['hidden'] }],
    ['depth 2, cross-entropy', { values: { ...base, depth: 2, width: 8, loss: 'crossEntropy' }, outputDim: 3 }],
  ];
  it.each(onLanes(cases))('descent: %s', async (_, request) => {
    expect(await compare({ cells: scales, ...request }, lanes, [1], 0.02)).toEqual([]);
    expect(await compare({ cells: scales, ...request }, lanes, [1, 20, 40], 50 * 0.02)).toEqual([]);
  });

  const flows: readonly (readonly [string, BatchRequest])[] = [
    ['euler, depth 1, softplus', { values: { depth: 1, width: 12, activation: 'softplus' }, flow: {} }],
    [
      'euler, depth 1, relu',
      { values: { depth: 1, width: 12, activation: 'relu' }, flow: { tolerance: Infinity, outputTolerance: 0.1 } },
    ],
    ['euler, depth 2, softplus', { values: { depth: 2, width: 12, activation: 'softplus' }, flow: {} }],
    [
      'order 3, depth 1, tanh',
      { values: { depth: 1, width: 12, activation: 'tanh' }, flow: { integrator: 'bogacki-shampine', tolerance: 1e-3 } },
    ],
    [
      'order 5, depth 3, silu',
      { values: { depth: 3, width: 8, activation: 'silu' }, flow: { integrator: 'dormand-prince', tolerance: 1e-3 } },
    ],
  ];
  const frozen: readonly (readonly [string, BatchRequest])[] = [
    ['euler, depth 1, frozen hidden', { values: { depth: 1, width: 12, activation: 'linear' }, flow: {}, frozen: ['hidden'] }],
    [
      'order 3, depth 1, frozen output',
      {
        values: { depth: 1, width: 12, activation: 'sigmoid' },
        flow: { integrator: 'bogacki-shampine', tolerance: 1e-3 },
        frozen: ['output'],
      },
    ],
    ['euler, depth 2, frozen hidden', { values: { depth: 2, width: 12, activation: 'softplus' }, flow: {}, frozen: ['hidden'] }],
    [
      'order 5, depth 1, all frozen',
      {
        values: { depth: 1, width: 8, activation: 'tanh' },
        flow: { integrator: 'dormand-prince', tolerance: 1e-3 },
        frozen: ['hidden', 'output'],
      },
    ],
  ];
  it.each(onLanes([...flows, ...frozen]))('flow: %s', async (_, request) => {
    expect(await compare({ cells: scales, ...request }, lanes, [1, 3, 400], 0.3)).toEqual([]);
  });
});
