// The browser that the tests run in can do what they are about: without a WebGPU adapter nothing below would mean anything.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from './open-page.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ serve: 'source' });
});
afterAll(() => stage.close());

test('this Chromium has a WebGPU adapter and computes on it', async () => {
  const { page, close } = await stage.open('/tests/e2e/blank.html');
  const sum = await page.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter();
    const device = await adapter?.requestDevice();
    if (device === undefined) return null;
    const code = `@group(0) @binding(0) var<storage, read_write> out: array<f32>;
      @compute @workgroup_size(1) fn main() { out[0] = 2.0f + 3.0f; }`;
    const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module: device.createShaderModule({ code }) } });
    const out = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const read = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: out } }],
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(out, 0, read, 0, 4);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const value = new Float32Array(read.getMappedRange())[0];
    device.destroy();
    return value;
  });
  expect(sum).toBe(5);
  await close();
});

test('a warning of the page fails its test', async () => {
  const { page, close } = await stage.open('/tests/e2e/blank.html');
  await page.evaluate(() => console.warn('something is off'));
  await expect(close()).rejects.toThrow('warning: something is off');
});

test('a warning that was expected does not', async () => {
  const { page, close } = await stage.open('/tests/e2e/blank.html', { expected: [/something is off/] });
  await page.evaluate(() => console.warn('something is off'));
  await expect(close()).resolves.toBeUndefined();
});
