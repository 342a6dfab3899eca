// Brings buffers back to the CPU through a ring of staging buffers. Waits for nothing but the map.

import type { Arena } from './arena.ts';

/** A stretch of a buffer; offset and bytes are multiples of 4. Left out: from the start, to the end. */
export interface BufferRange {
  readonly buffer: GPUBuffer;
  readonly offset?: number;
  readonly bytes?: number;
}

export interface Readback {
  /**
   * Reads a stretch as it stands after everything submitted before this call. Any number of reads may be under way;
   * beyond the ring each takes a staging buffer of its own. The source needs COPY_SRC.
   * Rejects when the device is lost or the arena disposed meanwhile.
   */
  read(buffer: GPUBuffer, offset?: number, bytes?: number): Promise<ArrayBuffer>;
  /** Reads several stretches of one moment by one copy and one map, in order. */
  readMany(ranges: readonly BufferRange[]): Promise<ArrayBuffer[]>;
}

interface Staging {
  buffer: GPUBuffer;
  busy: boolean;
}

/** Staging buffers kept for reuse: one being filled, one being mapped, one being read. */
const RING = 3;

/** The staging buffers belong to the arena and go with it. */
export function createReadback(arena: Arena): Readback {
  const { device } = arena;
  const ring: Staging[] = [];

  const stage = (bytes: number): GPUBuffer =>
    arena.buffer({ label: 'staging', bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });

  /** A staging buffer of at least `bytes`, taken in this very call so that the copy sees this moment. */
  const take = (bytes: number): Staging => {
    const free = ring.filter(({ busy }) => !busy);
    const found = free.find(({ buffer }) => buffer.size >= bytes);
    if (found) {
      found.busy = true;
      return found;
    }
    // Doubling keeps growth rare; the first size is what was asked for.
    if (ring.length < RING || free.length === 0) {
      const fresh = { buffer: stage(bytes), busy: true };
      if (ring.length < RING) ring.push(fresh);
      return fresh;
    }
    const grown = free[0];
    const size = Math.max(bytes, Math.min(2 * grown.buffer.size, device.limits.maxBufferSize));
    const buffer = stage(size);
    arena.free(grown.buffer);
    grown.buffer = buffer;
    grown.busy = true;
    return grown;
  };

  const give = (staging: Staging): void => {
    staging.busy = false;
    if (!ring.includes(staging)) arena.free(staging.buffer);
  };

  const readMany = async (ranges: readonly BufferRange[]): Promise<ArrayBuffer[]> => {
    const sizes = ranges.map(({ buffer, offset = 0, bytes }) => bytes ?? buffer.size - offset);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total === 0) return sizes.map(() => new ArrayBuffer(0));
    const staging = take(total);
    try {
      const encoder = device.createCommandEncoder({ label: `${arena.label}: readback` });
      let at = 0;
      ranges.forEach(({ buffer, offset = 0 }, index) => {
        if (sizes[index] > 0) encoder.copyBufferToBuffer(buffer, offset, staging.buffer, at, sizes[index]);
        at += sizes[index];
      });
      device.queue.submit([encoder.finish()]);
      await staging.buffer.mapAsync(GPUMapMode.READ, 0, total);
      const mapped = staging.buffer.getMappedRange(0, total);
      let from = 0;
      const copies = sizes.map((size) => {
        const copy = mapped.slice(from, from + size);
        from += size;
        return copy;
      });
      staging.buffer.unmap();
      return copies;
    } finally {
      give(staging);
    }
  };

  return {
    readMany,
    async read(buffer, offset = 0, bytes = buffer.size - offset) {
      const [copy] = await readMany([{ buffer, offset, bytes }]);
      return copy;
    },
  };
}
