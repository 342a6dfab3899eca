// Finds a thread for a theory: a module worker of the page's own origin where there can be one, else short slices of this thread.
// A worker cannot be had in Node, in sandboxed frames, and where the module comes from another origin than the page.

import type { Catalog } from '../core/catalog.ts';
import { reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Boundary, Theory } from '../core/theory.ts';
import { wallClock } from '../gpu/clock.ts';
import type { Prediction } from './theory-film.ts';
import type { TheoryRun } from './theory-run.ts';
import type { TheoryDetail } from './theory-solver.ts';
import type { TheoryQuestion } from './theory-worker.ts';
import { openLetters } from './worker-letters.ts';

/** Longest stretch of work on the page's own thread, ms. */
const SLICE_MS = 8;

/** A worker that has answered once; null where none can be had. */
async function openWorker(sweep: Sweep, theory: string): Promise<TheoryRun | null> {
  const letters = openLetters<TheoryQuestion, readonly Prediction[]>(
    () => new Worker(new URL('./theory-worker.ts', import.meta.url), { type: 'module', name: 'phase-atlas theory' }),
    'the theory has ended',
  );
  if (letters === null) return null;
  let disposed = false;
  const ask = async (question: TheoryQuestion, told?: (portion: readonly Prediction[]) => void): Promise<unknown> => {
    try {
      return await letters.ask(question, told);
    } catch (cause) {
      if (disposed) return null;
      throw new Error(`theory: ${reasonOf(cause)}`);
    }
  };
  const dispose = () => {
    disposed = true;
    letters.dispose();
  };
  try {
    await ask({ kind: 'open', sweep, theory });
  } catch {
    dispose();
    return null;
  }
  return {
    async cells(told) {
      await ask({ kind: 'cells' }, told);
    },
    detail: (cell) => ask({ kind: 'detail', cell }) as Promise<TheoryDetail | null>,
    spectrum: (cell, weights) => ask({ kind: 'spectrum', cell, weights }) as Promise<readonly Float64Array[] | null>,
    boundaries: async (plane) => ((await ask({ kind: 'boundaries', plane })) ?? []) as readonly Boundary[],
    dispose,
  };
}

/** A run of `theory` over a parsed sweep. */
export async function openTheory(sweep: Sweep, theory: Theory, catalog: Catalog): Promise<TheoryRun> {
  const elsewhere = await openWorker(sweep, theory.id);
  if (elsewhere !== null) return elsewhere;
  const [{ restForEvents, runInSlices }, { createTheorySolver }] = await Promise.all([
    import('./theory-run.ts'),
    import('./theory-solver.ts'),
  ]);
  const solver = createTheorySolver(sweep, catalog, theory);
  return runInSlices(solver, { clock: wallClock, sliceMs: SLICE_MS, rest: restForEvents });
}
