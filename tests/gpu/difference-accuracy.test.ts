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
/** The same where the two took another number of steps. */
const STEP_TOLERANCE = 3e-2;

const OBSERVABLES = ['kernelChange', 'weightChange', 'kernelDistance', 'inputDistance', 'testLoss', 'kernelTrace'];
const WIDTH = Number(process.env.PHASE_ATLAS_WIDTH ?? 16);
const SAMPLES = 2 * WIDTH;

/** Six times as long as the loss takes to fall by half, and long enough for rich networks to learn. */
const timeOf = (outputScale: number) => (6.4 * WIDTH) / (outputScale + 10);

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
/** Relative kernel change of softplus networks by output scale, as measured on the GPU. */
const changes = new Map<number, number>();

describe.each(['softplus', 'relu'])('%s', (activation) => {
  test.each(SCALES)('α̃ = %d', async (outputScale) => {
    const { got, truth, label } = await trained({ activation }, outputScale, activation === 'relu');
    expect(label).toBe(outputScale >= 1e3 ? 'WebGPU, float32, difference form' : 'WebGPU, float32');
    const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    const errors = [
      ['F', Math.sqrt(square(got.outputs.map((value, n) => value - truth.outputs[n])) / square(truth.outputs)), '', ''],
      ...OBSERVABLES.map((id) => {
        const [value, exact] = [got.values[id][0], truth.values[id][0]];
        return [id, Math.abs(value / exact - 1), exact, value] as const;
      }),
    ] as const;
    const steps = `${got.accepted} steps of ${truth.accepted}`;
    console.log(
      `${activation}, α̃ = ${outputScale}, ${steps}: ${errors.map(([id, error]) => `${id} ${error.toExponential(1)}`).join(', ')}`,
    );
    // A ReLU that flips one step earlier leaves another sequence of first-order steps behind it: then they agree as such steps do.
    const tolerance = activation === 'relu' && got.accepted !== truth.accepted ? STEP_TOLERANCE : TOLERANCE;
    for (const [id, error, exact, value] of errors) {
      expect(error, `${id}: expected ${exact}, got ${value}, share of tolerance ${error / tolerance}`).toBeLessThan(tolerance);
    }
    if (activation === 'softplus') changes.set(outputScale, got.values.kernelChange[0]);
  });
});

test('the kernel change of lazy networks falls as 1/α̃, up to 1e8', () => {
  const changeOf = (scale: number) => changes.get(scale) ?? Number.NaN;
  for (const [from, to] of [
    [1e3, 1e4],
    [1e4, 1e5],
    [1e5, 1e6],
    [1e6, 1e8],
  ]) {
    const slope = Math.log(changeOf(to) / changeOf(from)) / Math.log(to / from);
    expect(Math.abs(slope + 1), `slope between ${from} and ${to}: expected -1, got ${slope}`).toBeLessThan(0.01);
  }
});
