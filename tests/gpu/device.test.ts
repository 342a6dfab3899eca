// The shared device: leases, limits, features, losses, errors.

import { describe, expect, test } from 'vitest';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import type { GpuError } from '../../src/gpu/device.ts';
import { acquireDevice, RAISED_LIMITS } from '../../src/gpu/device.ts';
import { takeErrors, testDevice, testLimits } from './device.ts';

/** WebGPU's guaranteed limits, in the order of RAISED_LIMITS. */
const GUARANTEED = [268_435_456, 134_217_728, 16_384, 256, 256, 256];

describe('acquireDevice', () => {
  test('leases share one device, and only the last release destroys it', async () => {
    const gpu = await nodeGpu();
    const [first, second] = await Promise.all([acquireDevice({ gpu }), acquireDevice({ gpu })]);
    expect(second.device).toBe(first.device);
    let destroyed = false;
    void first.device.lost.then(() => (destroyed = true));
    first.release();
    first.release();
    await second.device.queue.onSubmittedWorkDone();
    expect(destroyed).toBe(false);
    second.release();
    await second.device.lost;
    const third = await acquireDevice({ gpu });
    expect(third.device).not.toBe(first.device);
    third.release();
  });

  test('a second copy of the module shares the same device', async () => {
    const gpu = await nodeGpu();
    // A query makes another module instance of the same file: what a page with two bundles has.
    const path = '../../src/gpu/device.ts?copy=1';
    const copy = (await import(/* @vite-ignore */ path)) as { acquireDevice: typeof acquireDevice };
    expect(copy.acquireDevice).not.toBe(acquireDevice);
    const [ours, theirs] = [await acquireDevice({ gpu }), await copy.acquireDevice({ gpu })];
    expect(theirs.device).toBe(ours.device);
    ours.release();
    await theirs.device.queue.onSubmittedWorkDone();
    expect(theirs.loss).toBeNull();
    theirs.release();
  });

  test("default limits are the guaranteed ones, best are the adapter's", async () => {
    const gpu = await nodeGpu();
    const adapter = await gpu.requestAdapter();
    const plain = await acquireDevice({ gpu, limits: 'default' });
    const best = await acquireDevice({ gpu, limits: 'best' });
    expect(RAISED_LIMITS.map((name) => plain.info.limits[name])).toEqual(GUARANTEED);
    expect(RAISED_LIMITS.map((name) => best.info.limits[name])).toEqual(RAISED_LIMITS.map((name) => adapter?.limits[name]));
    expect(best.info.limits.maxStorageBuffersPerShaderStage).toBe(8);
    plain.release();
    best.release();
  });

  test('features come only when asked for and present', async () => {
    const gpu = await nodeGpu();
    const bare = await acquireDevice({ gpu });
    expect(bare.info.features.has('timestamp-query')).toBe(false);
    const timed = await acquireDevice({ gpu, features: ['timestamp-query'] });
    const adapter = await gpu.requestAdapter();
    expect(timed.info.features.has('timestamp-query')).toBe(adapter?.features.has('timestamp-query'));
    bare.release();
    timed.release();
  });

  test('a release is no loss; a destruction behind the back is one, though the browser says "destroyed"', async () => {
    const gpu = await nodeGpu();
    const released = await acquireDevice({ gpu });
    let told = false;
    void released.lost.then(() => (told = true));
    released.release();
    await released.device.lost;
    await Promise.resolve();
    expect(told).toBe(false);

    const robbed = await acquireDevice({ gpu });
    robbed.device.destroy();
    expect(await robbed.lost).toMatchObject({ reason: 'destroyed' });
    expect(robbed.loss).not.toBeNull();
    const fresh = await acquireDevice({ gpu });
    expect(fresh.device).not.toBe(robbed.device);
    robbed.release();
    await fresh.device.queue.onSubmittedWorkDone();
    expect(fresh.loss).toBeNull();
    fresh.release();
  });

  test('no adapter is a loud failure with a hint, and the next try starts afresh', async () => {
    const none = { requestAdapter: async () => null } as unknown as GPU;
    for (let turn = 0; turn < 2; turn += 1) {
      await expect(acquireDevice({ gpu: none })).rejects.toThrow(/^gpu: expected a WebGPU adapter, got none\. .*"reference"/);
    }
  });

  test('no WebGPU at all is said so', async () => {
    const has = typeof navigator !== 'undefined' && 'gpu' in navigator && navigator.gpu;
    expect(has).toBeFalsy();
    await expect(acquireDevice()).rejects.toThrow(/^gpu: expected WebGPU, got a page without it\. /);
  });

  test('uncaptured errors reach every listener, with their kind, until it stops listening', async () => {
    const lease = await testDevice();
    const heard: GpuError[] = [];
    const stop = lease.onError((error) => heard.push(error));
    const wrong = (): GPUBuffer => lease.device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | 0x8000 });
    wrong();
    expect(await takeErrors()).toMatchObject([{ kind: 'validation' }]);
    expect(heard).toMatchObject([{ kind: 'validation' }]);
    stop();
    wrong();
    expect(await takeErrors()).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });

  test('the test device obeys PHASE_ATLAS_LIMITS', async () => {
    const { info } = await testDevice();
    expect(info.adapter).not.toBe('');
    if (testLimits === 'default') expect(RAISED_LIMITS.map((name) => info.limits[name])).toEqual(GUARANTEED);
  });
});
