// A real device loss, and the state brought over to a new device.

import { expect, test } from 'vitest';
import { nodeGpu } from '../../src/cli/node-gpu.ts';
import { createArena } from '../../src/gpu/arena.ts';
import { createCheckpointer, restoreBuffers } from '../../src/gpu/checkpoint.ts';
import { acquireDevice } from '../../src/gpu/device.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { createFakeClock } from '../node/gpu/fake-clock.ts';
import { testLimits } from './device.ts';

test('after a real loss a fresh device takes up the last checkpoint, bit for bit', async () => {
  const gpu = await nodeGpu();
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const usage = STORAGE | COPY_SRC | COPY_DST;
  // Every bit pattern class: NaNs with payloads, infinities, subnormals, negative zero.
  const weights = Uint32Array.from({ length: 4096 }, (_, index) => Math.imul(index, 0x9e3779b1) >>> 0);
  weights.set([0x7fc00001, 0xff800000, 0x7f800000, 1, 0x80000000]);
  const progress = new Uint32Array([3, 1, 4, 1, 5]);
  const clock = createFakeClock();

  const first = await acquireDevice({ gpu, limits: testLimits });
  const before = createArena(first.device, 'before');
  const old = new Map([
    ['weights', before.buffer({ label: 'weights', usage, data: weights })],
    ['progress', before.buffer({ label: 'progress', usage, data: progress })],
  ]);
  const checkpointer = createCheckpointer(clock);
  expect(checkpointer.due()).toBe(false);
  clock.advance(2000);
  expect(checkpointer.due()).toBe(true);
  const saving = checkpointer.take(createReadback(before), old);
  // What is written after the checkpoint began is not part of it.
  first.device.queue.writeBuffer(old.get('progress')!, 0, new Uint32Array([9, 9, 9, 9, 9]));
  await saving;
  expect(checkpointer.due()).toBe(false);

  first.device.destroy();
  expect((await first.lost).message).not.toBe('');
  // A checkpoint that the loss interrupts leaves the last one in place.
  await expect(checkpointer.take(createReadback(before), old)).rejects.toThrow();
  before.dispose();
  first.release();

  const second = await acquireDevice({ gpu, limits: testLimits });
  expect(second.device).not.toBe(first.device);
  const after = createArena(second.device, 'after');
  const fresh = new Map([
    ['weights', after.buffer({ label: 'weights', usage, bytes: weights.byteLength })],
    ['progress', after.buffer({ label: 'progress', usage, bytes: progress.byteLength })],
  ]);
  const saved = checkpointer.last!;
  restoreBuffers(second.device, saved, fresh);
  const readback = createReadback(after);
  expect(new Uint32Array(await readback.read(fresh.get('weights')!))).toEqual(weights);
  expect(new Uint32Array(await readback.read(fresh.get('progress')!))).toEqual(progress);

  const short = new Map([['weights', fresh.get('progress')!]]);
  expect(() => restoreBuffers(second.device, saved, short)).toThrow('buffer "weights" must have 16384 bytes, got 20');
  expect(() => restoreBuffers(second.device, saved, new Map())).toThrow('got no such buffer');
  after.dispose();
  second.release();
});
