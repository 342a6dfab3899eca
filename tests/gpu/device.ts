// The device of GPU tests: one per test file. No adapter is a failure, and so is any error nobody expected.

import { afterAll, afterEach } from 'vitest';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { DeviceLease, GpuError, OptionalFeature } from '../../src/gpu/device.ts';
import { acquireDevice } from '../../src/gpu/device.ts';

/** `PHASE_ATLAS_LIMITS=default` runs every test within WebGPU's guaranteed limits. */
export const testLimits: 'default' | 'best' = process.env.PHASE_ATLAS_LIMITS === 'default' ? 'default' : 'best';

const leases: DeviceLease[] = [];
const errors: GpuError[] = [];

/**
 * A lease on the test device, released after the last test of the file.
 * @param limits Defaults to `best`; `PHASE_ATLAS_LIMITS=default` overrules both.
 */
export async function testDevice(
  limits: 'default' | 'best' = 'best',
  features: readonly OptionalFeature[] = [],
): Promise<DeviceLease> {
  const gpu = await nodeGpu();
  const lease = await acquireDevice({ gpu, limits: testLimits === 'default' ? 'default' : limits, features });
  lease.onError((error) => errors.push(error));
  leases.push(lease);
  return lease;
}

/** Waits for what is under way, then hands over the uncaptured errors so far: for tests that provoke one. */
export async function takeErrors(): Promise<GpuError[]> {
  for (const { device, loss } of leases) {
    if (!loss) await device.queue.onSubmittedWorkDone();
  }
  return errors.splice(0);
}

afterEach(async () => {
  const [first, ...more] = await takeErrors();
  if (first) throw new Error(`uncaptured ${first.kind} error (and ${more.length} more): ${first.message}`);
});

afterAll(() => {
  for (const lease of leases.splice(0)) lease.release();
});
