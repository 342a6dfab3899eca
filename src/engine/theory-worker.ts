// The worker that solves theories off the page's thread: one sweep per worker, its first message. See theory-client.ts for the other end.

import { catalog } from '../catalog.ts';
import { reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import type { TheoryPlane } from '../core/theory.ts';
import { wallClock } from '../gpu/clock.ts';
import type { Prediction } from './theory-film.ts';
import { restForEvents, runInSlices, type TheoryRun } from './theory-run.ts';
import { createTheorySolver } from './theory-solver.ts';

/** What the page asks. `open` comes first, once. Answers carry the question's `ticket`. */
export type TheoryQuestion =
  | { readonly kind: 'open'; readonly ticket: number; readonly sweep: Sweep; readonly theory: string }
  | { readonly kind: 'cells'; readonly ticket: number }
  | { readonly kind: 'detail'; readonly ticket: number; readonly cell: number }
  | { readonly kind: 'spectrum'; readonly ticket: number; readonly cell: number; readonly weights: Float64Array }
  | { readonly kind: 'boundaries'; readonly ticket: number; readonly plane: TheoryPlane };

export type TheoryReply =
  | { readonly kind: 'portion'; readonly portion: readonly Prediction[] }
  | { readonly kind: 'answer'; readonly ticket: number; readonly value: unknown }
  | { readonly kind: 'fault'; readonly ticket: number; readonly message: string };

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: { readonly data: TheoryQuestion }) => void) | null;
  postMessage(reply: TheoryReply, transfer: readonly ArrayBufferLike[]): void;
}

/** Longest stretch without looking at new questions, ms. */
const SLICE_MS = 25;
const scope = self as unknown as Scope;
let run: TheoryRun | null = null;

async function answer(question: TheoryQuestion): Promise<unknown> {
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
      scope.postMessage(
        { kind: 'portion', portion },
        portion.map(({ values }) => values.buffer),
      ),
    );
    return true;
  }
  if (question.kind === 'detail') return run.detail(question.cell);
  if (question.kind === 'spectrum') return run.spectrum(question.cell, question.weights);
  return run.boundaries(question.plane);
}

scope.onmessage = ({ data }) => {
  answer(data).then(
    (value) => scope.postMessage({ kind: 'answer', ticket: data.ticket, value }, []),
    (cause) => scope.postMessage({ kind: 'fault', ticket: data.ticket, message: reasonOf(cause) }, []),
  );
};
