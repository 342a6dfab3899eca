// Reading back on a real device.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Arena } from '../../src/gpu/arena.ts';
import { createArena } from '../../src/gpu/arena.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { testDevice } from './device.ts';

let device: GPUDevice;
let arena: Arena;

beforeEach(async () => {
  ({ device } = await testDevice());
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

  test('a stretch is what lies between its ends', async () => {
    const buffer = source(new Uint32Array([1, 2, 3, 4]));
    const readback = createReadback(arena);
    const stretches = [[], [4, 8], [8, 0], [12]] as const;
    const reads = await Promise.all(stretches.map(([offset, bytes]) => readback.read(buffer, offset, bytes)));
    expect(reads.map(words)).toEqual([[1, 2, 3, 4], [2, 3], [], [4]]);
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
