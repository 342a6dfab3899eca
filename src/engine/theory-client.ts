// Finds a thread for a theory: a module worker of the page's own origin where there can be one, else short slices of this thread.
// A worker cannot be had in Node, in sandboxed frames, and where the module comes from another origin than the page.

import type { Catalog } from '../core/catalog.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Boundary, Theory } from '../core/theory.ts';
import { wallClock } from '../gpu/clock.ts';
import type { TheoryRun } from './theory-run.ts';
import type { TheoryDetail } from './theory-solver.ts';
import type { TheoryQuestion, TheoryReply } from './theory-worker.ts';

/** Longest stretch of work on the page's own thread, ms. */
const SLICE_MS = 8;

/** A question without its ticket. */
type Asked<Q = TheoryQuestion> = Q extends TheoryQuestion ? Omit<Q, 'ticket'> : never;

/** A worker that has answered once; null where none can be had. */
async function openWorker(sweep: Sweep, theory: string): Promise<TheoryRun | null> {
  if (typeof Worker === 'undefined') return null;
  let worker: Worker;
  try {
    worker = new Worker(new URL('./theory-worker.ts', import.meta.url), { type: 'module', name: 'phase-atlas theory' });
  } catch {
    return null;
  }
  let tickets = 0;
  let told: Parameters<TheoryRun['cells']>[0] = () => undefined;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>();
  const fail = (message: string) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message || 'the worker could not be loaded');
  };
  worker.onmessage = ({ data }: MessageEvent<TheoryReply>) => {
    if (data.kind === 'portion') {
      told(data.portion);
      return;
    }
    const asked = waiting.get(data.ticket);
    waiting.delete(data.ticket);
    if (data.kind === 'answer') asked?.resolve(data.value);
    else asked?.reject(new Error(`theory: ${data.message}`));
  };
  let disposed = false;
  const ask = (question: Asked): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (disposed) {
        resolve(null);
        return;
      }
      const ticket = tickets++;
      waiting.set(ticket, { resolve, reject });
      worker.postMessage({ ...question, ticket });
    });
  const dispose = () => {
    disposed = true;
    worker.terminate();
    for (const { resolve } of waiting.values()) resolve(null);
    waiting.clear();
  };
  try {
    await ask({ kind: 'open', sweep, theory });
  } catch {
    dispose();
    return null;
  }
  return {
    async cells(listener) {
      told = listener;
      await ask({ kind: 'cells' });
    },
    detail: (cell) => ask({ kind: 'detail', cell }) as Promise<TheoryDetail | null>,
    spectrum: (cell, weights) => ask({ kind: 'spectrum', cell, weights }) as Promise<readonly Float64Array[] | null>,
    boundaries: async (plane) => ((await ask({ kind: 'boundaries', plane })) ?? []) as readonly Boundary[],
    dispose,
  };
}

/** A run of `theory` over a parsed sweep. `thread`: `here` asks for no worker. */
export async function openTheory(
  sweep: Sweep,
  theory: Theory,
  catalog: Catalog,
  thread: 'worker' | 'here' = 'worker',
): Promise<TheoryRun> {
  const elsewhere = thread === 'here' ? null : await openWorker(sweep, theory.id);
  if (elsewhere !== null) return elsewhere;
  const [{ restForEvents, runInSlices }, { createTheorySolver }] = await Promise.all([
    import('./theory-run.ts'),
    import('./theory-solver.ts'),
  ]);
  const solver = createTheorySolver(sweep, catalog, theory);
  return runInSlices(solver, { clock: wallClock, sliceMs: SLICE_MS, rest: restForEvents });
}
