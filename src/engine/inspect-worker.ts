// The worker that looks into networks and trains them again off the page's thread: one sweep per worker, its first message. See
// inspect-client.ts for the other end.

import { catalog } from '../catalog.ts';
import type { Sweep } from '../core/sweep.ts';
import { type BenchStep, createInspectionBench, type InspectionBench } from './inspect-bench.ts';
import { answerLetters } from './worker-letters.ts';

/** What the page asks. `open` comes first, once. The answer to `train` comes in steps, and it may be stopped. */
export type InspectionQuestion =
  | { readonly kind: 'open'; readonly sweep: Sweep }
  | {
      readonly kind: 'look';
      readonly cell: number;
      readonly seed: number;
      readonly time: number;
      readonly weights: Float64Array;
    }
  | {
      readonly kind: 'train';
      readonly cell: number;
      readonly seed: number;
      readonly until: number;
      readonly attempts: number | null;
    }
  | { readonly kind: 'cost'; readonly cell: number; readonly until: number; readonly attempts: number | null };

let bench: InspectionBench | null = null;

answerLetters<InspectionQuestion, BenchStep>(async (question, tell, signal) => {
  if (question.kind === 'open') {
    bench = createInspectionBench(question.sweep, catalog);
    return true;
  }
  if (bench === null) throw new Error('the worker has no sweep yet');
  const { cell } = question;
  if (question.kind === 'look') return bench.look(cell, question.seed, question.time, question.weights);
  if (question.kind === 'cost') return bench.cost(cell, question.until, question.attempts);
  for await (const step of bench.train(cell, question.seed, question.until, question.attempts, signal)) tell(step);
  return true;
});
