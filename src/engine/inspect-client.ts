// Finds a thread for looking into networks: a module worker of the page's own origin where there can be one, else this thread. A worker
// cannot be had in Node, in sandboxed frames, where the module comes from another origin than the page, and where a sweep reads files
// that only the page has been given.

import type { Catalog } from '../core/catalog.ts';
import type { Sweep } from '../core/sweep.ts';
import type { BenchStep } from './inspect-bench.ts';
import type { NetworkPicture } from './inspect-picture.ts';
import type { InspectionQuestion, InspectionReply } from './inspect-worker.ts';
import { readsFiles } from './reads-files.ts';

/** A bench in this thread or in another. */
export interface InspectionRun {
  readonly thread: 'worker' | 'page';
  look(cell: number, seed: number, time: number, weights: Float64Array): Promise<NetworkPicture>;
  /** Resolves when frame `until` is reached, or after an abort; `told` hears of every step. */
  train(
    network: { readonly cell: number; readonly seed: number; readonly until: number; readonly attempts: number | null },
    told: (step: BenchStep) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  cost(cell: number, until: number, attempts: number | null): Promise<number>;
  /** Ends everything; questions still open are rejected. Safe to call twice. */
  dispose(): void;
}

/** A question without its ticket. */
type Asked<Q = InspectionQuestion> = Q extends InspectionQuestion ? Omit<Q, 'ticket'> : never;

/** A worker that has answered once; null where none can be had. */
async function openWorker(sweep: Sweep): Promise<InspectionRun | null> {
  if (typeof Worker === 'undefined') return null;
  let worker: Worker;
  try {
    worker = new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module', name: 'phase-atlas inspection' });
  } catch {
    return null;
  }
  let tickets = 0;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>();
  const listeners = new Map<number, (step: BenchStep) => void>();
  const fail = (message: string) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message || 'the worker could not be loaded');
  };
  worker.onmessage = ({ data }: MessageEvent<InspectionReply>) => {
    if (data.kind === 'step') {
      listeners.get(data.ticket)?.(data.step);
      return;
    }
    const asked = waiting.get(data.ticket);
    waiting.delete(data.ticket);
    if (data.kind === 'answer') asked?.resolve(data.value);
    else asked?.reject(new Error(data.message));
  };
  let disposed = false;
  const ask = (question: Asked, ticket = tickets++): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (disposed) {
        reject(new Error('the inspection has ended'));
        return;
      }
      waiting.set(ticket, { resolve, reject });
      worker.postMessage({ ...question, ticket });
    });
  const dispose = () => {
    disposed = true;
    worker.terminate();
    fail('the inspection has ended');
  };
  try {
    await ask({ kind: 'open', sweep });
  } catch {
    dispose();
    return null;
  }
  return {
    thread: 'worker',
    look: (cell, seed, time, weights) => ask({ kind: 'look', cell, seed, time, weights }) as Promise<NetworkPicture>,
    cost: (cell, until, attempts) => ask({ kind: 'cost', cell, until, attempts }) as Promise<number>,
    async train(network, told, signal) {
      if (signal?.aborted === true) return;
      const ticket = tickets++;
      const stop = () => worker.postMessage({ kind: 'stop', ticket } satisfies InspectionQuestion);
      listeners.set(ticket, told);
      signal?.addEventListener('abort', stop, { once: true });
      try {
        await ask({ kind: 'train', ...network }, ticket);
      } finally {
        listeners.delete(ticket);
        signal?.removeEventListener('abort', stop);
      }
    },
    dispose,
  };
}

/** A bench for the networks of a parsed sweep. `thread`: `here` asks for no worker. */
export async function openInspection(
  sweep: Sweep,
  catalog: Catalog,
  thread: 'worker' | 'here' = 'worker',
): Promise<InspectionRun> {
  const elsewhere = thread === 'here' || readsFiles(sweep) ? null : await openWorker(sweep);
  if (elsewhere !== null) return elsewhere;
  const { createInspectionBench } = await import('./inspect-bench.ts');
  const bench = createInspectionBench(sweep, catalog);
  const abort = new AbortController();
  return {
    thread: 'page',
    look: (cell, seed, time, weights) => bench.look(cell, seed, time, weights),
    cost: (cell, until, attempts) => bench.cost(cell, until, attempts),
    async train({ cell, seed, until, attempts }, told, signal) {
      const ended = signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]);
      for await (const step of bench.train(cell, seed, until, attempts, ended)) told(step);
    },
    dispose: () => abort.abort(),
  };
}
