// Alignment and disalignment of the two layers of mean-field networks on one input: what the activation makes of the linear theory.

import { describe, expect, it } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { TaskData } from '../../src/core/task.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { testDevice, testLimits } from './device.ts';
import { makeBatch } from './make-batch.ts';

const SEEDS = 3;
const WIDTH = 1000;

/** 32 inputs from −1.5 to 1.5 with targets y = slope·x. */
function line(slope: number): TaskData {
  const inputs = Float64Array.from({ length: 32 }, (_, p) => -1.5 + (3 * p) / 31);
  const train = { count: 32, inputs, targets: inputs.map((x) => slope * x) };
  return { inputDim: 1, outputDim: 1, train, test: train, probe: train, description: 'a line' };
}

function cosine(weights: Float64Array): number {
  const [w, u] = [weights.subarray(0, WIDTH), weights.subarray(WIDTH)];
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot(u, w) / Math.sqrt(dot(u, u) * dot(w, w));
}

/** Mean over seeds of cos(u, w) at the start and at t = 20, Euler steps of 0.02. */
async function meanCosines(
  activation: string,
  slope: number,
  start: Readonly<Record<string, number>>,
): Promise<[number, number]> {
  const batch = makeBatch({
    values: {
      ...start,
      activation,
      depth: 1,
      width: WIDTH,
      loss: 'squared',
      normalisation: 'none',
      parametrisation: 'standard',
      predictor: 'plain',
      motion: 'plain',
      scaling: 'mean-field',
      learningRate: 0.02,
    },
    seeds: SEEDS,
    descent: { maxTime: 20, checkpoints: [20] },
  });
  const gpu = await nodeGpu();
  const trainer = await openGpuTrainer(fullyConnected, { ...batch, data: line(slope) }, [], {
    acquire: () => acquireDevice({ gpu, limits: testLimits, features: ['subgroups'] }),
    clock: wallClock,
    tune: false,
  });
  try {
    const mean = async () => (await trainer.weights()).reduce((sum, weights) => sum + cosine(weights), 0) / SEEDS;
    const before = await mean();
    while ((await trainer.advance(20)).unfinished > 0);
    return [before, await mean()];
  } finally {
    trainer.dispose();
  }
}

await testDevice('best', ['subgroups']);

// Measured by plain Euler steps in float64, whose standard deviation over seeds is at most 0.004.
describe('cos(u, w) of mean-field networks of width 1000', () => {
  it.each([
    ['linear', 0.71, 0.192],
    ['relu', 0.896, 0.364],
    ['leakyRelu', 0.878, 0.335],
    ['sigmoid', 0.983, 0.681],
    ['silu', 0.896, 0.364],
  ] as const)(
    '%s: independent layers align to %d on y = x, parallel ones disalign to %d on y = x/5',
    async (id, aligned, disaligned) => {
      const [independent, after] = await meanCosines(id, 1, {});
      expect(Math.abs(independent)).toBeLessThan(4 / Math.sqrt(WIDTH * SEEDS));
      expect(Math.abs(after - aligned)).toBeLessThan(0.01);
      // u = 2 (z₁ + 0.6 z₂)/√1.36 beside w = z₁.
      const [parallel, turned] = await meanCosines(id, 0.2, { initScaleOutput: 2, weightCorrelation: 1 / Math.sqrt(1.36) });
      expect(Math.abs(parallel - 1 / Math.sqrt(1.36))).toBeLessThan(0.01);
      expect(Math.abs(turned - disaligned)).toBeLessThan(0.01);
    },
  );
});
