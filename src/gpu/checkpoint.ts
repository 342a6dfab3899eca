// Copies state buffers to the CPU now and then and back onto a new device.
// Knows neither what they hold nor when a device is lost.

import type { Clock } from './clock.ts';
import type { Readback } from './readback.ts';

/** Contents by buffer name. */
export type SavedBuffers = ReadonlyMap<string, ArrayBuffer>;

/** Reads whole buffers of one moment. They need COPY_SRC. */
async function saveBuffers(readback: Readback, buffers: ReadonlyMap<string, GPUBuffer>): Promise<SavedBuffers> {
  // All copies are submitted in this very call, before anything else can be: that makes them one moment.
  const reads = [...buffers].map(async ([name, buffer]) => [name, await readback.read(buffer)] as const);
  return new Map(await Promise.all(reads));
}

/**
 * Writes saved contents into buffers of the same names and sizes, which need COPY_DST.
 * @throws Error when a buffer is missing or has another size.
 */
export function restoreBuffers(device: GPUDevice, saved: SavedBuffers, buffers: ReadonlyMap<string, GPUBuffer>): void {
  for (const [name, content] of saved) {
    const size = buffers.get(name)?.size;
    if (size !== content.byteLength) {
      throw new Error(`checkpoint: buffer "${name}" must have ${content.byteLength} bytes, got ${size ?? 'no such buffer'}`);
    }
  }
  for (const [name, content] of saved) device.queue.writeBuffer(buffers.get(name)!, 0, content);
}

export interface Checkpointer {
  /** The last checkpoint that was completed, or null. */
  readonly last: SavedBuffers | null;
  /** True once the interval has passed since the last checkpoint began (or since creation). */
  due(): boolean;
  /** Saves the buffers as they stand now; keeps the previous checkpoint until the new one is whole. */
  take(readback: Readback, buffers: ReadonlyMap<string, GPUBuffer>): Promise<void>;
}

/** Work that a device loss may cost, ms. */
const INTERVAL_MS = 2000;

export function createCheckpointer(clock: Clock): Checkpointer {
  let begun = clock.now();
  let last: SavedBuffers | null = null;
  return {
    get last() {
      return last;
    },
    due: () => clock.now() - begun >= INTERVAL_MS,
    async take(readback, buffers) {
      begun = clock.now();
      last = await saveBuffers(readback, buffers);
    },
  };
}
