// The arena on a real device: nothing is left behind, contents arrive, sizes beyond a limit are refused.

import { describe, expect, test } from 'vitest';
import { createArena } from '../../src/gpu/arena.ts';
import { createReadback } from '../../src/gpu/readback.ts';
import { createSpans } from '../../src/gpu/spans.ts';
import { testDevice } from './device.ts';

interface Count {
  readonly device: GPUDevice;
  /** Labels of the buffers and query sets that were made and not destroyed. */
  readonly live: Set<string>;
  /** Everything ever made. */
  made: number;
}

/** The device with every creation and destruction counted. */
function counting(device: GPUDevice): Count {
  const live = new Set<string>();
  const count: Count = { device: {} as GPUDevice, live, made: 0 };
  const watch = <T extends { label: string; destroy(): undefined }>(thing: T): T => {
    count.made += 1;
    const name = `${count.made} ${thing.label}`;
    live.add(name);
    const destroy = thing.destroy.bind(thing);
    thing.destroy = () => {
      live.delete(name);
      return destroy();
    };
    return thing;
  };
  const proxy = new Proxy(device, {
    get(target, property) {
      if (property === 'createBuffer') return (request: GPUBufferDescriptor) => watch(target.createBuffer(request));
      if (property === 'createQuerySet') return (request: GPUQuerySetDescriptor) => watch(target.createQuerySet(request));
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return Object.assign(count, { device: proxy });
}

describe('arena', () => {
  test('after dispose nothing is left: buffers, spans, staging, and what errors interrupted', async () => {
    const lease = await testDevice();
    const count = counting(lease.device);
    const arena = createArena(count.device, 'session 3');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const weights = arena.buffer({ label: 'hidden weights', bytes: 1000, usage });
    createSpans(arena);
    const readback = createReadback(arena);
    await Promise.all(Array.from({ length: 5 }, () => readback.read(weights)));
    expect(() => arena.buffer({ label: 'huge', bytes: 2 ** 40, usage })).toThrow();
    expect(() => arena.buffer({ label: 'narrow', bytes: 4, usage, data: new Float32Array(2) })).toThrow();
    const interrupted = readback.read(weights);
    expect([...count.live].some((name) => name.endsWith('session 3: hidden weights'))).toBe(true);
    expect(arena.bytes).toBeGreaterThan(1000);
    arena.dispose();
    arena.dispose();
    await expect(interrupted).rejects.toThrow();
    expect([...count.live]).toEqual([]);
    expect(count.made).toBeGreaterThan(5);
    expect(arena.bytes).toBe(0);
    expect(() => arena.buffer({ label: 'late', bytes: 4, usage })).toThrow('arena "session 3" was used after dispose');
    expect([...count.live]).toEqual([]);
  });

  test('first contents arrive bit for bit, padded with zeros; live bytes follow buffers', async () => {
    const { device } = await testDevice();
    const arena = createArena(device, 'contents');
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
    const whole = new Float32Array([1, -0, NaN, 3.5e-42, Infinity]);
    const part = whole.subarray(1, 4);
    const buffer = arena.buffer({ label: 'part', bytes: 18, usage, data: part });
    expect(buffer.size).toBe(20);
    expect(arena.bytes).toBe(20);
    const got = new Uint32Array(await createReadback(arena).read(buffer));
    expect([...got]).toEqual([...new Uint32Array(whole.buffer, 4, 3), 0, 0]);
    const before = arena.bytes;
    arena.free(buffer);
    expect(arena.bytes).toBe(before - 20);
    expect(() => arena.free(buffer)).toThrow(/does not own/);
    arena.dispose();
  });

  test('sizes beyond a limit are refused before the driver sees them; the message names limit and size', async () => {
    const { device } = await testDevice('default');
    const { device: counted, live } = counting(device);
    const arena = createArena(counted, 'session 1');
    const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage;
    expect(() => arena.buffer({ label: 'weights', bytes: 300 * 2 ** 20, usage: COPY_DST })).toThrow(
      'session 1: weights: size must be at most 268,435,456 bytes = 256 MiB (maxBufferSize), got 314,572,800 bytes = 300 MiB. ' +
        'Use smaller batches.',
    );
    expect(() => arena.buffer({ label: 'weights', bytes: 200 * 2 ** 20, usage: STORAGE })).toThrow(
      'must be at most 134,217,728 bytes = 128 MiB (maxStorageBufferBindingSize), got 209,715,200 bytes = 200 MiB',
    );
    expect(() => arena.buffer({ label: 'spans', bytes: 70_000, usage: UNIFORM })).toThrow(/maxUniformBufferBindingSize/);
    for (const bytes of [0, -4, 1.5, NaN]) {
      expect(() => arena.buffer({ label: 'x', bytes, usage: STORAGE })).toThrow(/positive number/);
    }
    expect([...live]).toEqual([]);
    arena.dispose();
  });
});
