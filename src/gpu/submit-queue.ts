// Keeps a few submits under way and tells how long each took. Decides no sizes: see submit-budget.ts.

import type { Clock } from './clock.ts';

/** A finished submit. `work` is what the caller passed. */
export interface SubmitRecord<T> {
  readonly tag: T;
  /** Time on the GPU as seen from here, ms: from its submit, or the end of the one before, to its end. */
  readonly ms: number;
}

export interface SubmitQueue<T> {
  /** Submits at once, then waits until fewer than `depth` submits are under way. Lets the page breathe between. */
  submit(commands: GPUCommandBuffer, tag: T, work: number): Promise<void>;
  /** Records that finished since the last call, oldest first. */
  take(): SubmitRecord<T>[];
  /** Waits for everything under way. */
  drain(): Promise<void>;
  /** Submits that have not finished. */
  readonly underWay: number;
}

export interface SubmitQueueOptions {
  readonly clock: Clock;
  /** Submits under way at once. Defaults to 2: one runs while the next waits. */
  readonly depth?: number;
}

interface Entry<T> {
  readonly tag: T;
  readonly work: number;
  readonly submitted: number;
  done: number;
}

/**
 * Ends that are reported together: some browsers look only every 100 ms (Firefox) and then report several. Their common
 * time is shared out by work.
 */
const SAME_TICK_MS = 1;
/** The main thread is never held longer without a task in between. */
const BREATH_MS = 12;

export function createSubmitQueue<T>(device: GPUDevice, { clock, depth = 2 }: SubmitQueueOptions): SubmitQueue<T> {
  const running = new Set<Promise<void>>();
  let finished: Entry<T>[] = [];
  let lastEnd = -Infinity;
  let lastBreath = clock.now();

  const track = async (entry: Entry<T>): Promise<void> => {
    try {
      await device.queue.onSubmittedWorkDone();
      entry.done = clock.now();
      finished.push(entry);
    } catch {
      // The device is lost: the lease reports it, and there is no time to learn from.
    }
  };

  return {
    get underWay() {
      return running.size;
    },
    async submit(commands, tag, work) {
      device.queue.submit([commands]);
      const tracked = track({ tag, work, submitted: clock.now(), done: 0 });
      running.add(tracked);
      void tracked.then(() => running.delete(tracked));
      while (running.size >= depth) {
        await Promise.race(running);
        lastBreath = clock.now();
      }
      if (clock.now() - lastBreath > BREATH_MS) {
        await nextTask();
        lastBreath = clock.now();
      }
    },
    take() {
      const records: SubmitRecord<T>[] = [];
      while (finished.length > 0) {
        const first = finished[0];
        const end = finished.findIndex(({ done }) => done - first.done > SAME_TICK_MS);
        // The youngest tick may still be coming in, unless nothing is left to come or it is over.
        if (end < 0 && running.size > 0 && clock.now() - first.done <= SAME_TICK_MS) break;
        const tick = end < 0 ? finished : finished.slice(0, end);
        finished = finished.slice(tick.length);
        const done = tick[tick.length - 1].done;
        const ms = Math.max(0, done - Math.max(first.submitted, lastEnd));
        const work = tick.reduce((sum, entry) => sum + entry.work, 0);
        for (const entry of tick) records.push({ tag: entry.tag, ms: work > 0 ? (ms * entry.work) / work : ms / tick.length });
        lastEnd = done;
      }
      return records;
    },
    async drain() {
      await Promise.all(running);
    },
  };
}

/** Resolves in a new task, so that input and painting come first. Unlike timers it is not held back to 4 ms. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * How coarsely the browser tells that work is done, ms: about 100 in Firefox, under a millisecond elsewhere.
 * Two empty waits: the first falls anywhere into the browser's rhythm, the second shows its period.
 */
export async function completionTickMs(device: GPUDevice, clock: Clock): Promise<number> {
  await device.queue.onSubmittedWorkDone();
  const start = clock.now();
  await device.queue.onSubmittedWorkDone();
  return clock.now() - start;
}

export interface Pace {
  /** For `createSubmitQueue`. */
  readonly depth: number;
  /** For `createBudget`, ms. */
  readonly aimMs: number;
}

/**
 * How many submits of what length keep the GPU busy when completions are told every `tickMs`. Those under way must last for
 * two ticks and more: otherwise the GPU waits, and the budget takes its waiting for work.
 */
export function paceFor(tickMs: number): Pace {
  if (tickMs < 20) return { depth: 2, aimMs: 16 };
  const depth = Math.min(8, Math.ceil((2.2 * tickMs) / 30));
  return { depth, aimMs: Math.min(60, (2.2 * tickMs) / depth) };
}
