// The tiled kernels against the float64 reference: same steps, same weights, in every geometry.

import { describe, expect, it } from 'vitest';
import { tiledGeometries, tiledTraining } from '../../shaders/families/fully-connected/tiled/tiled.ts';
import { trainingOptionsOf } from '../../shaders/families/fully-connected/training-options.ts';
import type { TiledGeometry } from '../../shaders/lib/training/tiled/sizes.ts';
import type { DeviceLimits } from '../../src/core/family.ts';
import { testDevice } from './device.ts';
import { referenceStandings, runKernel, worstError } from './drive-program.ts';
import { type BatchRequest, makeBatch, RATES } from './make-batch.ts';

const lease = await testDevice('best', ['subgroups']);

/** Relative to the largest weight, after at most some tens of steps in float32. */
const WEIGHT_TOLERANCE = 1e-4;

const storage: TiledGeometry = {
  staging: 'storage',
  rows: 8,
  vectors: 2,
  threadRows: 1,
  threadColumns: 16,
  chunk: 0,
  subgroupSize: 0,
  blockSamples: 2048,
};
/** Small, for the sake of a software adapter: barriers are dear there. */
const staged: TiledGeometry = {
  staging: 'staged',
  rows: 4,
  vectors: 1,
  threadRows: 4,
  threadColumns: 4,
  chunk: 8,
  subgroupSize: 0,
  blockSamples: 2048,
};

/** Several blocks of rows and of columns, and stretches that do not divide. */
const resident: TiledGeometry = { ...storage, staging: 'resident', rows: 24, threadColumns: 4, chunk: 12, subgroupSize: 4 };

/** Complaints about networks that ended elsewhere than the reference. */
async function compare(
  request: BatchRequest,
  geometry: TiledGeometry,
  horizon: number,
  rounds: readonly number[],
  slack = 0,
): Promise<string[]> {
  const batch = makeBatch({ cells: [{ outputScale: 1 }, { outputScale: 10 }, RATES], ...request });
  const truths = await referenceStandings(batch, horizon);
  const kernel = tiledTraining(batch.data.train, trainingOptionsOf(batch), geometry);
  const found = await runKernel(lease, batch, kernel, rounds, horizon, 3);
  return found.flatMap((own, n) => {
    const truth = truths[n];
    const { error, index } = worstError(own.weights, truth.weights);
    const complaints: string[] = [];
    if (!(error <= WEIGHT_TOLERANCE)) {
      complaints.push(`weight ${index}: expected ${truth.weights[index]}, got ${own.weights[index]}, error ${error}`);
    }
    if (Math.abs(own.accepted - truth.accepted) > slack)
      complaints.push(`accepted: expected ${truth.accepted}, got ${own.accepted}`);
    if (own.outcome !== truth.outcome) complaints.push(`outcome: expected ${truth.outcome}, got ${own.outcome}`);
    if (!(Math.abs(own.loss - truth.loss) <= 1e-4 * Math.abs(truth.loss) + 1e-6)) {
      complaints.push(`loss: expected ${truth.loss}, got ${own.loss}`);
    }
    return complaints.map((complaint) => `network ${n}, ${complaint}`);
  });
}

const relu = { activation: 'relu', loss: 'squared', learningRate: 0.02 };

const descents: readonly (readonly [string, BatchRequest])[] = [
  ['depth 1, relu, narrow', { values: { ...relu, depth: 1, width: 7 } }],
  [
    'depth 1, softplus, soft hinge, bias',
    { values: { ...relu, activation: 'softplus', loss: 'softHinge', depth: 1, width: 20, bias: 0.1 } },
  ],
  [
    'depth 2, tanh, 3 outputs',
    { values: { ...relu, activation: 'tanh', depth: 2, width: 64 }, outputDim: 3, samples: 64, inputDim: 16 },
  ],
  [
    'depth 2, linear, 9 outputs, bias',
    { values: { ...relu, activation: 'linear', depth: 2, width: 33, bias: 0.2 }, outputDim: 9, samples: 37 },
  ],
  [
    'depth 3, relu, cross-entropy',
    { values: { ...relu, loss: 'crossEntropy', depth: 3, width: 70 }, outputDim: 3, samples: 77, inputDim: 31 },
  ],
  [
    'depth 3, softplus, momentum',
    { values: { ...relu, activation: 'softplus', depth: 3, width: 16 }, descent: { momentum: 0.6 } },
  ],
  ['depth 2, mini-batch', { values: { ...relu, depth: 2, width: 24 }, samples: 50, descent: { batchSize: 13, momentum: 0.3 } }],
  [
    'depth 2, standard, frozen hidden',
    { values: { ...relu, depth: 2, width: 24, parametrisation: 'standard' }, frozen: ['hidden'] },
  ],
  ['depth 1, sigmoid, frozen output', { values: { ...relu, depth: 1, width: 24, activation: 'sigmoid' }, frozen: ['output'] }],
];

const flows: readonly (readonly [string, BatchRequest])[] = [
  ['euler, depth 2, softplus', { values: { depth: 2, width: 20, activation: 'softplus' }, flow: {} }],
  [
    'euler, depth 1, relu, 3 outputs',
    { values: { depth: 1, width: 12, activation: 'relu' }, outputDim: 3, flow: { tolerance: Infinity, outputTolerance: 0.1 } },
  ],
  [
    'order 3, depth 3, tanh, bias',
    { values: { depth: 3, width: 17, activation: 'tanh', bias: 0.1 }, flow: { integrator: 'bogacki-shampine', tolerance: 1e-3 } },
  ],
  [
    'order 5, depth 2, silu',
    { values: { depth: 2, width: 12, activation: 'silu' }, samples: 40, flow: { integrator: 'dormand-prince', tolerance: 1e-3 } },
  ],
];

const frozen: readonly (readonly [string, BatchRequest])[] = [
  [
    'euler, depth 1, leaky relu, frozen output',
    {
      values: { depth: 1, width: 12, activation: 'leakyRelu' },
      flow: { tolerance: Infinity, outputTolerance: 0.1 },
      frozen: ['output'],
    },
  ],
  [
    'order 3, depth 2, linear, frozen hidden',
    {
      values: { depth: 2, width: 12, activation: 'linear' },
      flow: { integrator: 'bogacki-shampine', tolerance: 1e-3 },
      frozen: ['hidden'],
    },
  ],
];

describe('tiled training follows the float64 reference', () => {
  it.each(descents)('descent: %s', async (_, request) => {
    expect(await compare(request, storage, 0.02, [1])).toEqual([]);
    expect(await compare(request, storage, 50 * 0.02, [1, 20, 40])).toEqual([]);
  });

  it.each([...flows, ...frozen])('flow: %s', async (_, request) => {
    expect(await compare(request, storage, 0.3, [1, 3, 400])).toEqual([]);
  });

  it.each([descents[2], descents[4]])('staged through workgroup memory, descent: %s', async (_, request) => {
    expect(await compare(request, staged, 10 * 0.02, [12])).toEqual([]);
  });

  it('staged through workgroup memory, flow', async () => {
    expect(await compare(flows[2][1], staged, 0.1, [150])).toEqual([]);
  });

  it.each([descents[4], descents[6]])('resident in registers, descent: %s', async (_, request) => {
    expect(await compare(request, resident, 10 * 0.02, [12])).toEqual([]);
  });

  it('resident in registers, flow', async () => {
    expect(await compare(flows[2][1], resident, 0.1, [150])).toEqual([]);
  });

  it('samples that take turns in blocks are one batch', async () => {
    const blocks = { ...storage, blockSamples: 24 };
    const many = { samples: 61, inputDim: 7 };
    expect(await compare({ ...descents[5][1], ...many }, blocks, 20 * 0.02, [1, 5, 60])).toEqual([]);
    expect(await compare({ ...descents[6][1], ...many, descent: { batchSize: 40 } }, blocks, 10 * 0.02, [1, 30])).toEqual([]);
    expect(await compare({ ...flows[0][1], ...many }, blocks, 0.1, [1, 1, 200])).toEqual([]);
    expect(await compare({ ...flows[2][1], ...many }, blocks, 0.1, [2, 300])).toEqual([]);
  });

  it('a network of depth 3, width 512 on 784 inputs and 128 samples', async () => {
    const request: BatchRequest = {
      values: { ...relu, depth: 3, width: 512, loss: 'softHinge' },
      inputDim: 784,
      samples: 128,
      seeds: 1,
      cells: [{ outputScale: 1 }],
    };
    expect(await compare(request, storage, 2 * 0.02, [2])).toEqual([]);
  });

  it('full-size data fits the default binding limit at width 1000 and depth 6', () => {
    const small = makeBatch({ values: { depth: 6, width: 1000 }, flow: {} });
    const samples = 10_000;
    const train = { count: samples, inputs: new Float64Array(784 * samples), targets: new Float64Array(samples) };
    const batch = { ...small, data: { ...small.data, inputDim: 784, train } };
    for (const geometry of tiledGeometries({ ...lease.device.limits, lanes: 32, subgroupSize: 0 } as DeviceLimits)) {
      const { buffers } = tiledTraining(train, trainingOptionsOf(batch), geometry);
      const beyond = buffers.filter(({ words }) => 4 * words > 2 ** 27).map(({ name, words }) => `${name}: ${4 * words} bytes`);
      expect(beyond).toEqual([]);
    }
  });
});
