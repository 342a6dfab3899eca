// Finds a thread for looking into networks: a module worker of the page's own origin where there can be one, else this thread. A
// worker cannot be had in Node, in sandboxed frames, where the module comes from another origin than the page, and where a sweep
// reads files that only the page has been given.

import type { Catalog } from '../core/catalog.ts';
import type { Sweep } from '../core/sweep.ts';
import type { BenchStep } from './inspect-bench.ts';
import type { NetworkPicture } from './inspect-picture.ts';
import type { InspectionQuestion } from './inspect-worker.ts';
import { readsFiles } from './reads-files.ts';
import { openLetters } from './worker-letters.ts';

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

/** A worker that has answered once; null where none can be had. */
async function openWorker(sweep: Sweep): Promise<InspectionRun | null> {
  const letters = openLetters<InspectionQuestion, BenchStep>(
    () => new Worker(new URL('./inspect-worker.ts', import.meta.url), { type: 'module', name: 'phase-atlas inspection' }),
    'the inspection has ended',
  );
  if (letters === null) return null;
  const { ask, dispose } = letters;
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
      await ask({ kind: 'train', ...network }, told, signal);
    },
    dispose,
  };
}

/** A bench for the networks of a parsed sweep. */
export async function openInspection(sweep: Sweep, catalog: Catalog): Promise<InspectionRun> {
  const elsewhere = readsFiles(sweep) ? null : await openWorker(sweep);
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
