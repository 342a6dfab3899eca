// Brings buffers back to the CPU through a ring of staging buffers. Waits for nothing but the map.

import type { Arena } from './arena.ts';

export interface Readback {
  /**
   * Reads a stretch as it stands after everything submitted before this call; offset and bytes are multiples of 4. Left out:
   * from the start, to the end. Any number of reads may be under way; beyond the ring each takes a staging buffer of its own. The
   * source needs COPY_SRC. Rejects when the device is lost or the arena disposed meanwhile.
   */
  read(buffer: GPUBuffer, offset?: number, bytes?: number): Promise<ArrayBuffer>;
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

  return {
    async read(buffer, offset = 0, bytes = buffer.size - offset) {
      if (bytes === 0) return new ArrayBuffer(0);
      const staging = take(bytes);
      try {
        const encoder = device.createCommandEncoder({ label: `${arena.label}: readback` });
        encoder.copyBufferToBuffer(buffer, offset, staging.buffer, 0, bytes);
        device.queue.submit([encoder.finish()]);
        await staging.buffer.mapAsync(GPUMapMode.READ, 0, bytes);
        const copy = staging.buffer.getMappedRange(0, bytes).slice(0);
        staging.buffer.unmap();
        return copy;
      } finally {
        give(staging);
      }
    },
  };
}
