// Predictor and observables of networks trained on the GPU against the float64 reference, from α̃ = 1e-4 to 1e8: float32 in the
// ordinary form below 1e3, in the difference form from there on.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { PAGE_CAPS } from '../../src/core/caps.ts';
import type { Family } from '../../src/core/family.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';
import { batchOf, planSweep } from '../../src/engine/plan.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import type { Trainer } from '../../src/engine/trainer.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { wallClock } from '../../src/gpu/clock.ts';
import { acquireDevice } from '../../src/gpu/device.ts';

/** Of the root mean square of F on the test set, and of an observable. */
const TOLERANCE = 1e-3;
/**
 * With ReLU the steps are bounded by the outputs alone and grow until they are unstable, which amplifies rounding until a trial
 * is refused: a step sooner or later, by luck. Rounding enters through the soft hinge above all, whose slope is β = 20 times as
 * uncertain as F. Where float32 and float64 part, they may be as far apart as float64 networks are from one another whose losses'
 * derivatives are uncertain by this much.
 */
const UNCERTAINTY = 20 * 2 ** -22;
/** Such networks, and the factor on their largest distance from the exact one. */
const UNCERTAIN_NETWORKS = 8;
const UNCERTAIN_FACTOR = 2;

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
  /** The family with derivatives of the loss off by UNCERTAINTY at random. */
  const uncertain = (seed: number): Family => ({
    ...plan.family,
    model(...about) {
      const model = plan.family.model(...about);
      const source = randomSource(seed, STREAMS.data);
      const off = (e: number) => e * (1 + UNCERTAINTY * (2 * source.uniform() - 1));
      return { ...model, pullback: (weights, inputs, cotangent) => model.pullback(weights, inputs, cotangent.map(off)) };
    },
  });
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
  const uncertainOnes = () =>
    Promise.all(
      Array.from({ length: UNCERTAIN_NETWORKS }, (_, seed) =>
        finish(createReferenceTrainer(uncertain(seed), batch, plan.observables)),
      ),
    );
  return { label: onGpu.info.label, got: await finish(onGpu), truth: await finish(reference), uncertainOnes };
}

type Finished = Awaited<ReturnType<typeof trained>>['truth'];

const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);

/** Relative errors of F and of all observables. */
function errorsOf(got: Finished, truth: Finished): Record<string, number> {
  const outputs = Math.sqrt(square(got.outputs.map((value, n) => value - truth.outputs[n])) / square(truth.outputs));
  const observed = OBSERVABLES.map((id) => [id, Math.abs(got.values[id][0] / truth.values[id][0] - 1)] as const);
  return { F: outputs, ...Object.fromEntries(observed) };
}

const SCALES = [1e-4, 1e-2, 1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e8];
/** Relative kernel change of softplus networks by output scale, as measured on the GPU. */
const changes = new Map<number, number>();

describe.each(['softplus', 'relu'])('%s', (activation) => {
  test.each(SCALES)('α̃ = %d', async (outputScale) => {
    const { got, truth, label, uncertainOnes } = await trained({ activation }, outputScale, activation === 'relu');
    expect(label).toBe(outputScale >= 1e3 ? 'WebGPU, float32, difference form' : 'WebGPU, float32');
    const errors = errorsOf(got, truth);
    const told = (of: Readonly<Record<string, number>>) =>
      Object.entries(of)
        .map(([id, error]) => `${id} ${error.toExponential(1)}`)
        .join(', ');
    console.log(`${activation}, α̃ = ${outputScale}, ${got.accepted} steps of ${truth.accepted}: ${told(errors)}`);
    const parted = activation === 'relu' && Object.values(errors).some((error) => error >= TOLERANCE);
    const others = parted ? (await uncertainOnes()).map((one) => errorsOf(one, truth)) : [];
    const farthest = others.sort((one, other) => other.F - one.F).slice(0, 1);
    for (const other of farthest) console.log(`  float64 with uncertain derivatives, at most: ${told(other)}`);
    for (const [id, error] of Object.entries(errors)) {
      const tolerance = Math.max(TOLERANCE, ...others.map((other) => UNCERTAIN_FACTOR * other[id]));
      expect(error, `${id}: got an error of ${error}, share of tolerance ${error / tolerance}`).toBeLessThan(tolerance);
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
