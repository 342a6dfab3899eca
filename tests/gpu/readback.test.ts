// Reading back and timing on a real device.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Arena } from '../../src/gpu/arena.ts';
import { createArena } from '../../src/gpu/arena.ts';
import { createSubmitTimer, wallClock } from '../../src/gpu/clock.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { completionTickMs, createSubmitQueue } from '../../src/gpu/submit-queue.ts';
import { testDevice } from './device.ts';

let device: GPUDevice;
let arena: Arena;

beforeEach(async () => {
  ({ device } = await testDevice('best', ['timestamp-query']));
  arena = createArena(device, 'readback test');
});
afterEach(() => arena.dispose());

const words = (content: ArrayBuffer): number[] => [...new Uint32Array(content)];
const source = (data: Uint32Array): GPUBuffer =>
  arena.buffer({ label: 'source', usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST, data });

describe('readback', () => {
  test('each of twenty concurrent reads sees its own moment', async () => {
    const buffer = source(new Uint32Array(4));
    const readback = createReadback(arena);
    const reads = Array.from({ length: 20 }, (_, turn) => {
      device.queue.writeBuffer(buffer, 0, new Uint32Array(4).fill(turn));
      return readback.read(buffer);
    });
    const got = (await Promise.all(reads)).map(words);
    expect(got).toEqual(Array.from({ length: 20 }, (_, turn) => [turn, turn, turn, turn]));
    // The source and a ring of three are left: 16 bytes each.
    expect(arena.count).toBe(4);
    expect(arena.bytes).toBe(64);
  });

  test('ring buffers grow when more is read and are reused for less', async () => {
    const buffer = source(Uint32Array.from({ length: 1000 }, (_, index) => index));
    const readback = createReadback(arena);
    for (const size of [1, 10, 100, 1000, 10, 1]) {
      const reads = await Promise.all(Array.from({ length: 3 }, () => readback.read(buffer, 0, 4 * size)));
      for (const read of reads) expect(words(read)).toEqual(Array.from({ length: size }, (_, index) => index));
      expect(arena.count).toBe(4);
    }
  });

  test('parts of several buffers come back in order, by one map', async () => {
    const [a, b] = [source(new Uint32Array([1, 2, 3, 4])), source(new Uint32Array([5, 6]))];
    const readback = createReadback(arena);
    const parts = await readback.readMany([
      { buffer: b },
      { buffer: a, offset: 4, bytes: 8 },
      { buffer: a, bytes: 0 },
      { buffer: a, offset: 12 },
    ]);
    expect(parts.map(words)).toEqual([[5, 6], [2, 3], [], [4]]);
    expect(arena.count).toBe(3);
  });

  test('reads under way when the device is lost reject', async () => {
    const lost = await testDevice();
    const own = createArena(lost.device, 'lost');
    const buffer = own.buffer({ label: 'source', bytes: 64, usage: GPUBufferUsage.COPY_SRC });
    const read = createReadback(own).read(buffer);
    lost.device.destroy();
    await expect(read).rejects.toThrow();
    await lost.lost;
    own.dispose();
  });
});

describe('timing', () => {
  test('a submit is timed by timestamps where the device has them, else by the wall', async () => {
    const { ms, source: how } = await createSubmitTimer(arena).time(() => undefined);
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(['timestamp', 'wall']).toContain(how);
  });

  test('a queue keeps at most its depth under way and gives every submit a time, in order', async () => {
    const queue = createSubmitQueue<number>(device, { clock: wallClock, depth: 3 });
    const buffer = source(new Uint32Array(1 << 18));
    const target = arena.buffer({ label: 'target', bytes: 1 << 20, usage: GPUBufferUsage.COPY_DST });
    const tags: number[] = [];
    let time = 0;
    const begin = wallClock.now();
    for (let turn = 0; turn < 12; turn += 1) {
      const encoder = device.createCommandEncoder();
      for (let copy = 0; copy < 8; copy += 1) encoder.copyBufferToBuffer(buffer, 0, target, 0, 1 << 20);
      await queue.submit(encoder.finish(), turn, 1);
      expect(queue.underWay).toBeLessThan(3);
      for (const { tag, ms } of queue.take()) {
        tags.push(tag);
        time += ms;
      }
    }
    await queue.drain();
    for (const { tag, ms } of queue.take()) {
      tags.push(tag);
      time += ms;
    }
    expect(tags).toEqual(Array.from({ length: 12 }, (_, turn) => turn));
    expect(time).toBeLessThanOrEqual(wallClock.now() - begin);
    expect(time).toBeGreaterThan(0);
  });

  test('this runtime tells completions finely', async () => {
    expect(await completionTickMs(device, wallClock)).toBeLessThan(20);
  });
});
