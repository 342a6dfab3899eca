// Predictor and observables of networks trained on the GPU against the float64 reference, from α̃ = 1e-4 to 1e8: float32 in the ordinary form
// below 1e3, in the difference form from there on.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { PAGE_CAPS } from '../../src/core/caps.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { batchOf, planSweep } from '../../src/engine/plan.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import type { Trainer } from '../../src/engine/trainer.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';

/** Of the root mean square of F on the test set, and of an observable. */
const TOLERANCE = 1e-3;

const OBSERVABLES = ['kernelChange', 'weightChange', 'kernelDistance', 'inputDistance', 'testLoss', 'kernelTrace'];
const WIDTH = Number(process.env.K_WIDTH ?? 16);
const SAMPLES = Number(process.env.K_SAMPLES ?? 32);

/** Six times as long as the loss takes to fall by half, and long enough for rich networks to learn. */
const timeOf = (outputScale: number) => (0.03 * WIDTH * SAMPLES) / (outputScale + 10);

async function trained(fixed: Readonly<Record<string, unknown>>, outputScale: number, kinked: boolean) {
  const maxTime = timeOf(outputScale);
  const sweep = parseSweep(
    {
      version: 1,
      family: 'fully-connected',
      task: { kind: 'stripe', inputDim: 10, samples: SAMPLES, testSamples: 200, probeSamples: 32 },
      axes: [{ parameter: 'outputScale', values: [outputScale] }],
      fixed: { depth: 2, width: WIDTH, ...fixed },
      seeds: 1,
      training: {
        method: 'flow',
        integrator: 'euler',
        ...(kinked ? { tolerance: null, outputTolerance: 0.1 } : { tolerance: 1e-2, outputTolerance: 0.3 }),
        maxTime,
        checkpoints: [maxTime],
        stop: {},
      },
      observables: OBSERVABLES,
    },
    catalog,
  );
  const plan = planSweep(sweep, catalog, PAGE_CAPS);
  const [bucket] = plan.buckets;
  const data = await plan.task.load(bucket.taskValues, {});
  const batch = batchOf(plan, bucket, data);
  const gpu = await nodeGpu();
  const limits = 'best';
  const acquire = () => acquireDevice({ gpu, limits, features: [] });
  const onGpu = await openGpuTrainer(plan.family, batch, plan.observables, { acquire, clock: wallClock, tune: false });
  const reference = createReferenceTrainer(plan.family, batch, plan.observables);
  const finish = async (trainer: Trainer) => {
    while ((await trainer.advance(maxTime)).unfinished > 0);
    const [{ test: outputs }, { values }, { accepted, outcome }] = [
      await trainer.outputs(0),
      await trainer.measure(),
      await trainer.inspect(0),
    ];
    trainer.dispose();
    return { outputs, values, accepted, outcome };
  };
  return { label: onGpu.info.label, kernel: onGpu.info.kernel, got: await finish(onGpu), truth: await finish(reference) };
}

const SCALES = [1e-4, 1e-2, 1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e8];

describe.each(['softplus', 'relu'])('%s', (activation) => {
  test.each(SCALES)('α̃ = %d', async (outputScale) => {
    const { got, truth, label, kernel } = await trained({ activation }, outputScale, activation === 'relu');
    expect(label).toBe(outputScale >= 1e3 ? 'WebGPU, float32, difference form' : 'WebGPU, float32');
    const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    const off = Math.sqrt(square(got.outputs.map((value, n) => value - truth.outputs[n])) / square(truth.outputs));
    const shares = OBSERVABLES.map(
      (id) => [id, Math.abs(got.values[id][0] / truth.values[id][0] - 1), truth.values[id][0]] as const,
    );
    console.log(
      activation,
      outputScale,
      kernel,
      `steps ${got.accepted} of ${truth.accepted}, ${got.outcome}`,
      `F ${off.toExponential(1)}`,
      shares.map(([id, e, v]) => `${id} ${e.toExponential(1)} (${v.toExponential(3)})`).join(', '),
    );
    expect(off, 'F').toBeLessThan(TOLERANCE);
    for (const [id, share, value] of shares)
      expect(share, `${id}: expected ${value}, got ${got.values[id][0]}`).toBeLessThan(TOLERANCE);
  });
});
