// The Node adapter when the driver is wrong, and after. A file of its own: it changes the environment.

import { expect, test } from 'vitest';
import { nodeGpu } from '../../src/cli/node-gpu.ts';

test('a driver that does not answer is named with a way out, and is never replaced in silence', async () => {
  const names = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES'] as const;
  const before = names.map((name) => process.env[name]);
  try {
    for (const name of names) process.env[name] = '/nowhere/driver.json';
    await expect(nodeGpu()).rejects.toThrow(
      /^gpu: expected an adapter from the driver \/nowhere\/driver\.json, got none\. Install .*VK_DRIVER_FILES.*"reference"\.$/,
    );
    expect(process.env.VK_DRIVER_FILES).toBe('/nowhere/driver.json');
  } finally {
    names.forEach((name, at) => {
      const value = before[at];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    });
  }
  // A failure is not remembered: with the environment mended the next call answers, and every later one gives the same object.
  const gpu = await nodeGpu();
  expect(await gpu.requestAdapter()).not.toBeNull();
  expect(await nodeGpu()).toBe(gpu);
  expect(GPUBufferUsage.STORAGE).toBe(0x80);
});
