// Alignment and disalignment of the two layers of mean-field networks on one input: what the activation
// makes of the linear theory.

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

/** Norm of a vector over the root of its length. */
const size = (vector: Float64Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0) / vector.length);

/**
 * Drawn weights with norms and angle as in the limit of infinite width: |w|² = WIDTH, |u|² = WIDTH·scale², cos(u, w) = `cosine`.
 * What moments of single draws scatter would scatter the end four times as much.
 */
function exactStart(drawn: Float64Array, scale: number, cosine: number): Float64Array {
  const w = drawn.slice(0, WIDTH);
  const length = size(w);
  w.forEach((value, i) => {
    w[i] = value / length;
  });
  const overlap = w.reduce((sum, value, i) => sum + value * drawn[WIDTH + i], 0) / WIDTH;
  const across = drawn.slice(WIDTH).map((value, i) => value - overlap * w[i]);
  const breadth = size(across);
  const u = across.map((value, i) => scale * (cosine * w[i] + (Math.sqrt(1 - cosine ** 2) * value) / breadth));
  return Float64Array.from([...w, ...u]);
}

/** Mean over seeds of cos(u, w) at t = 20, Euler steps of 0.05: cosines differ by 0.002 from those of 0.02. */
async function meanCosine(activation: string, slope: number, start: { scale: number; cosine: number }): Promise<number> {
  const batch = makeBatch({
    values: {
      activation,
      depth: 1,
      width: WIDTH,
      loss: 'squared',
      normalisation: 'none',
      parametrisation: 'standard',
      predictor: 'plain',
      motion: 'plain',
      scaling: 'mean-field',
      learningRate: 0.05,
    },
    seeds: SEEDS,
    descent: { maxTime: 20, checkpoints: [20] },
  });
  const gpu = await nodeGpu();
  const data = line(slope);
  const model = fullyConnected.model(batch.shape, 1, 1);
  const starts = batch.starts.map((own) => ({ ...own, weights: exactStart(model.draw(own, data), start.scale, start.cosine) }));
  for (const { weights } of starts) expect(cosine(weights)).toBeCloseTo(start.cosine, 12);
  const trainer = await openGpuTrainer(fullyConnected, { ...batch, starts, data }, [], {
    acquire: () => acquireDevice({ gpu, limits: testLimits, features: ['subgroups'] }),
    clock: wallClock,
    tune: false,
  });
  try {
    while ((await trainer.advance(20)).unfinished > 0);
    return (await trainer.weights()).reduce((sum, weights) => sum + cosine(weights), 0) / SEEDS;
  } finally {
    trainer.dispose();
  }
}

await testDevice('best', ['subgroups']);

// Published for plain Euler steps in float64; over seeds of exact starts the standard deviation is 0.003 at most.
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
      expect(Math.abs((await meanCosine(id, 1, { scale: 1, cosine: 0 })) - aligned)).toBeLessThan(0.01);
      // u = 2 (z₁ + 0.6 z₂)/√1.36 beside w = z₁.
      const turned = await meanCosine(id, 0.2, { scale: 2, cosine: 1 / Math.sqrt(1.36) });
      expect(Math.abs(turned - disaligned), `cos ${turned}`).toBeLessThan(0.01);
    },
  );
});
