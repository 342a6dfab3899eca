// A sweep comes through the loss of its device, in the ordinary and in the difference form: same film as undisturbed, nothing
// left behind; and its networks can be looked at.

import { expect, it } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { kernelChange } from '../../shaders/observables/kernel-change.ts';
import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { Batch } from '../../src/core/family.ts';
import { createReferenceTrainer } from '../../src/engine/reference-trainer.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { acquireDevice, type DeviceLease } from '../../src/gpu/device.ts';
import { makeBatch } from './make-batch.ts';

/** Bitwise on one adapter; another device of the same adapter is the same. */
const TOLERANCE = 1e-6;

const gpu = await nodeGpu();
const values = { depth: 1, width: 8, activation: 'softplus' };
const ordinary = makeBatch({ values, cells: [{ outputScale: 1 }, { outputScale: 30 }], flow: {} });
const differences = makeBatch({ values, cells: [{ outputScale: 1e4 }, { outputScale: 1e6 }], flow: {} });
const observables = [kernelChange, trainingLoss];
const horizons = [0.05, 0.1, 0.2, 0.4, 0.8];
/** Lazy networks learn in a time of about 1/α̃. */
const LAZY_UNIT = 1e-4;

/**
 * Trains to all horizons; `disturb` is called before each with the device then in use. Checkpoints are due after
 * `pause` ms more each time.
 */
async function train(batch: Batch, disturb: (device: GPUDevice, index: number) => void, pause: number) {
  const leases: DeviceLease[] = [];
  const acquire = async () => {
    const lease = await acquireDevice({ gpu });
    leases.push(lease);
    return lease;
  };
  let offset = 0;
  const clock = { now: () => performance.now() + offset };
  const trainer = await openGpuTrainer(fullyConnected, batch, observables, { acquire, clock, tune: false });
  const values: number[][] = [];
  const unit = batch === differences ? LAZY_UNIT : 1;
  for (const [index, share] of horizons.entries()) {
    const horizon = unit * share;
    offset += pause;
    disturb(leases[leases.length - 1].device, index);
    while ((await trainer.advance(horizon)).unfinished > 0);
    const measured = await trainer.measure();
    values.push(observables.flatMap(({ id }) => [...measured.values[id]]));
  }
  const { label } = trainer.info;
  const inspections = await Promise.all(batch.networks.map((_, n) => trainer.inspect(n)));
  trainer.dispose();
  return { label, inspections, values: values.flat(), devices: new Set(leases.map(({ device }) => device)).size };
}

it.each([
  ['from its last checkpoint', ordinary, 2500],
  ['from the start, where there was no checkpoint yet', ordinary, 0],
  ['from its last checkpoint in the difference form', differences, 2500],
] as const)('goes on after a loss %s', async (_, batch, pause) => {
  const calm = await train(batch, () => undefined, pause);
  const destroy = (device: GPUDevice, index: number) => {
    if (index === 2) device.destroy();
  };
  const disturbed = await train(batch, destroy, pause);
  for (const { label } of [calm, disturbed]) {
    expect(label).toBe(batch === differences ? 'WebGPU, float32, difference form' : 'WebGPU, float32');
  }
  expect(calm.devices).toBe(1);
  expect(disturbed.devices).toBe(2);
  disturbed.values.forEach((value, i) => {
    const expected = calm.values[i];
    expect([i, expected, value, Math.abs(value - expected) <= TOLERANCE * Math.abs(expected)]).toEqual([
      i,
      expected,
      value,
      true,
    ]);
  });
});

it('shows weights of the difference form as start plus motion, with the digits of the motion', async () => {
  const { inspections } = await train(differences, () => undefined, 0);
  const { shape, data } = differences;
  const model = fullyConnected.model(shape, data.inputDim, data.outputDim);
  const reference = createReferenceTrainer(fullyConnected, differences, []);
  for (const share of horizons) while ((await reference.advance(LAZY_UNIT * share)).unfinished > 0);
  for (const [n, { weights, outcome, accepted }] of inspections.entries()) {
    const start = model.draw(differences.starts[differences.networks[n].start], data);
    const truth = await reference.inspect(n);
    expect([n, outcome, accepted]).toEqual([n, truth.outcome, truth.accepted]);
    const length = Math.hypot(...truth.weights.map((w, i) => w - start[i]));
    // The start as float32 is no part of the motion.
    const error = Math.hypot(...truth.weights.map((w, i) => weights[i] - Math.fround(start[i]) - (w - start[i]))) / length;
    expect(error, `network ${n}: motion expected to within 1e-3 of ${length}, got ${error}`).toBeLessThan(1e-3);
  }
});

it('gives up after four losses in a row, saying so', async () => {
  await expect(train(ordinary, (device) => device.destroy(), 0)).rejects.toThrow(/lost too often/);
});
