// The worker that looks into networks and trains them again off the page's thread: one sweep per worker, its first message. See
// inspect-client.ts for the other end.

import { catalog } from '../catalog.ts';
import { reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import { type BenchStep, createInspectionBench, type InspectionBench } from './inspect-bench.ts';

/** What the page asks. `open` comes first, once. Answers carry the question's `ticket`; `stop` names the ticket it stops. */
export type InspectionQuestion =
  | { readonly kind: 'open'; readonly ticket: number; readonly sweep: Sweep }
  | {
      readonly kind: 'look';
      readonly ticket: number;
      readonly cell: number;
      readonly seed: number;
      readonly time: number;
      readonly weights: Float64Array;
    }
  | {
      readonly kind: 'train';
      readonly ticket: number;
      readonly cell: number;
      readonly seed: number;
      readonly until: number;
      readonly attempts: number | null;
    }
  | {
      readonly kind: 'cost';
      readonly ticket: number;
      readonly cell: number;
      readonly until: number;
      readonly attempts: number | null;
    }
  | { readonly kind: 'stop'; readonly ticket: number };

export type InspectionReply =
  | { readonly kind: 'step'; readonly ticket: number; readonly step: BenchStep }
  | { readonly kind: 'answer'; readonly ticket: number; readonly value: unknown }
  | { readonly kind: 'fault'; readonly ticket: number; readonly message: string };

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: { readonly data: InspectionQuestion }) => void) | null;
  postMessage(reply: InspectionReply): void;
}

const scope = self as unknown as Scope;
const stops = new Map<number, AbortController>();
let bench: InspectionBench | null = null;

async function answer(question: InspectionQuestion): Promise<unknown> {
  if (question.kind === 'stop') {
    stops.get(question.ticket)?.abort();
    return true;
  }
  if (question.kind === 'open') {
    bench = createInspectionBench(question.sweep, catalog);
    return true;
  }
  if (bench === null) throw new Error('the worker has no sweep yet');
  const { ticket, cell } = question;
  if (question.kind === 'look') return bench.look(cell, question.seed, question.time, question.weights);
  if (question.kind === 'cost') return bench.cost(cell, question.until, question.attempts);
  const abort = new AbortController();
  stops.set(ticket, abort);
  try {
    for await (const step of bench.train(cell, question.seed, question.until, question.attempts, abort.signal)) {
      scope.postMessage({ kind: 'step', ticket, step });
    }
    return true;
  } finally {
    stops.delete(ticket);
  }
}

scope.onmessage = ({ data }) => {
  answer(data).then(
    (value) => {
      if (data.kind !== 'stop') scope.postMessage({ kind: 'answer', ticket: data.ticket, value });
    },
    (cause) => scope.postMessage({ kind: 'fault', ticket: data.ticket, message: reasonOf(cause) }),
  );
};
