// A sweep comes through the loss of its device: same film as undisturbed, nothing left behind.

import { expect, it } from 'vitest';
import { fullyConnected } from '../../shaders/families/fully-connected/family.ts';
import { kernelChange } from '../../shaders/observables/kernel-change.ts';
import { trainingLoss } from '../../shaders/observables/training-loss.ts';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { openGpuTrainer } from '../../src/engine/trainer-source.ts';
import { acquireDevice, type DeviceLease } from '../../src/gpu/device.ts';
import { makeBatch } from './make-batch.ts';

/** Bitwise on one adapter; another device of the same adapter is the same. */
const TOLERANCE = 1e-6;

const gpu = await nodeGpu();
const batch = makeBatch({
  values: { depth: 1, width: 8, activation: 'softplus' },
  cells: [{ outputScale: 1 }, { outputScale: 30 }],
  flow: {},
});
const observables = [kernelChange, trainingLoss];
const horizons = [0.05, 0.1, 0.2, 0.4, 0.8];

/** Trains to all horizons; `disturb` is called before each with the device then in use. Checkpoints are due after `pause` ms more each time. */
async function train(disturb: (device: GPUDevice, index: number) => void, pause: number) {
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
  for (const [index, horizon] of horizons.entries()) {
    offset += pause;
    disturb(leases[leases.length - 1].device, index);
    while ((await trainer.advance(horizon)).unfinished > 0);
    const measured = await trainer.measure();
    values.push(observables.flatMap(({ id }) => [...measured.values[id]]));
  }
  trainer.dispose();
  return { values: values.flat(), devices: new Set(leases.map(({ device }) => device)).size };
}

it.each([
  ['from its last checkpoint', 2500],
  ['from the start, where there was no checkpoint yet', 0],
])('goes on after a loss %s', async (_, pause) => {
  const calm = await train(() => undefined, pause);
  const disturbed = await train((device, index) => {
    if (index === 2) device.destroy();
  }, pause);
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

it('gives up after four losses in a row, saying so', async () => {
  await expect(train((device) => device.destroy(), 0)).rejects.toThrow(/lost too often/);
});
