// The worker that solves theories off the page's thread: one sweep per worker, its first message.
// See theory-client.ts for the other end.

import { catalog } from '../catalog.ts';
import type { Sweep } from '../core/sweep.ts';
import type { TheoryPlane } from '../core/theory.ts';
import { wallClock } from '../gpu/clock.ts';
import type { Prediction } from './theory-film.ts';
import { restForEvents, runInSlices, type TheoryRun } from './theory-run.ts';
import { createTheorySolver } from './theory-solver.ts';
import { answerLetters } from './worker-letters.ts';

/** What the page asks. `open` comes first, once. The answer to `cells` comes in portions. */
export type TheoryQuestion =
  | { readonly kind: 'open'; readonly sweep: Sweep; readonly theory: string }
  | { readonly kind: 'cells' }
  | { readonly kind: 'detail'; readonly cell: number }
  | { readonly kind: 'spectrum'; readonly cell: number; readonly weights: Float64Array }
  | { readonly kind: 'boundaries'; readonly plane: TheoryPlane };

/** Longest stretch without looking at new questions, ms. */
const SLICE_MS = 25;
let run: TheoryRun | null = null;

answerLetters<TheoryQuestion, readonly Prediction[]>(async (question, tell) => {
  if (question.kind === 'open') {
    const theory = catalog.theories.find(({ id }) => id === question.theory);
    if (theory === undefined) throw new Error(`there is no theory ${question.theory}`);
    run = runInSlices(createTheorySolver(question.sweep, catalog, theory), {
      clock: wallClock,
      sliceMs: SLICE_MS,
      rest: restForEvents,
    });
    return true;
  }
  if (run === null) throw new Error('the worker has no sweep yet');
  if (question.kind === 'cells') {
    await run.cells((portion) =>
      tell(
        portion,
        portion.map(({ values }) => values.buffer as ArrayBuffer),
      ),
    );
    return true;
  }
  if (question.kind === 'detail') return run.detail(question.cell);
  if (question.kind === 'spectrum') return run.spectrum(question.cell, question.weights);
  return run.boundaries(question.plane);
});
