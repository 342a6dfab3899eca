// Time as an argument: the wall clock, a clock for tests, and how long one submit takes on the GPU.

import type { Arena } from './arena.ts';
import { createReadback } from './readback.ts';

export interface Clock {
  /** Milliseconds since some fixed moment; never decreases. */
  now(): number;
}

/** `performance.now`, in browsers and Node. */
export const wallClock: Clock = { now: () => performance.now() };

export interface FakeClock extends Clock {
  /** Moves time on by `ms` ≥ 0. */
  advance(ms: number): void;
}

/** A clock that stands still until told: for tests. @param start First reading, ms. Defaults to 0. */
export function createFakeClock(start = 0): FakeClock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`clock: ms must be ≥ 0, got ${ms}`);
      time += ms;
    },
  };
}

export interface SubmitTime {
  /** Milliseconds. Timestamps may come in steps of 0.1 ms; wall time includes the way to the GPU and back. */
  readonly ms: number;
  readonly source: 'timestamp' | 'wall';
}

export interface SubmitTimer {
  /** Encodes one compute pass by `encode`, submits it alone and waits for it. `before` runs just ahead of the submit. */
  time(encode: (pass: GPUComputePassEncoder) => void, before?: () => void): Promise<SubmitTime>;
}

/** Measures by timestamp queries where the device has the feature, else by `clock`. What it allocates goes with the arena. */
export function createSubmitTimer(arena: Arena, clock: Clock = wallClock): SubmitTimer {
  const { device } = arena;
  const stamps = device.features.has('timestamp-query') ? createStamps(arena) : null;
  return {
    async time(encode, before) {
      const encoder = device.createCommandEncoder({ label: `${arena.label}: timing` });
      const pass = encoder.beginComputePass(stamps ? { timestampWrites: stamps.writes } : {});
      encode(pass);
      pass.end();
      stamps?.resolve(encoder);
      before?.();
      const start = clock.now();
      device.queue.submit([encoder.finish()]);
      await device.queue.onSubmittedWorkDone();
      const wallMs = clock.now() - start;
      const ms = stamps ? await stamps.read() : 0;
      // Some drivers leave the stamps empty, and quantised ones can be equal: then the wall knows more.
      return ms > 0 ? { ms, source: 'timestamp' } : { ms: wallMs, source: 'wall' };
    },
  };
}

interface Stamps {
  readonly writes: GPUComputePassTimestampWrites;
  resolve(encoder: GPUCommandEncoder): void;
  read(): Promise<number>;
}

function createStamps(arena: Arena): Stamps {
  const querySet = arena.own(arena.device.createQuerySet({ label: `${arena.label}: timestamps`, type: 'timestamp', count: 2 }));
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  const resolved = arena.buffer({ label: 'timestamps', bytes: 16, usage });
  const readback = createReadback(arena);
  return {
    writes: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    resolve: (encoder) => encoder.resolveQuerySet(querySet, 0, 2, resolved, 0),
    async read() {
      const [from, to] = new BigUint64Array(await readback.read(resolved));
      return Number(to - from) / 1e6;
    },
  };
}
