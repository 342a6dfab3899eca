// Questions to a worker and what it says to them, both ends of the thread. Knows nothing of what is asked: see theory-client.ts,
// inspect-client.ts and reference-client.ts, and the worker beside each.

import { reasonOf } from '../core/errors.ts';

/** From the page. A `question` opens a ticket; null: its answer is no longer wanted. */
interface Letter<Question> {
  readonly ticket: number;
  readonly question: Question | null;
}

/** From the worker: parts of an answer in order, then the answer or why there is none. */
type Reply<Part> =
  | { readonly ticket: number; readonly kind: 'part'; readonly part: Part }
  | { readonly ticket: number; readonly kind: 'answer'; readonly value: unknown }
  | { readonly ticket: number; readonly kind: 'refusal'; readonly message: string };

/** The part of a worker that the page uses. */
export interface WorkerSeen {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(letter: unknown): void;
  terminate(): void;
}

/** The part of its own global scope that the worker uses. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(reply: unknown, transfer: ArrayBuffer[]): void;
}

/** The page's end. */
export interface WorkerLetters<Question, Part> {
  /**
   * Rejects with the worker's reason, with the worker's own failure, or after `dispose`. `told` hears the parts of the answer in
   * order. `signal` tells the worker that no more is wanted; how it answers then is its own affair.
   */
  ask(question: Question, told?: (part: Part) => void, signal?: AbortSignal): Promise<unknown>;
  /** Ends the worker; questions still open are rejected. Safe to call twice. */
  dispose(): void;
}

interface Open<Part> {
  readonly told: ((part: Part) => void) | undefined;
  resolve(value: unknown): void;
  reject(cause: Error): void;
}

/**
 * A worker to ask; null where none can be had. Where a page is sandboxed, or the module is another origin's, the first question
 * is what tells: it is rejected. `start` calls the constructor itself, so that bundlers see it. `ended`: what questions
 * after `dispose` are told.
 */
export function openLetters<Question, Part = never>(
  start: () => WorkerSeen,
  ended: string,
): WorkerLetters<Question, Part> | null {
  let worker: WorkerSeen;
  try {
    worker = start();
  } catch {
    return null;
  }
  const open = new Map<number, Open<Part>>();
  let tickets = 0;
  let disposed = false;
  const fail = (message: string): void => {
    for (const { reject } of open.values()) reject(new Error(message));
    open.clear();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message || 'the worker could not be loaded');
  };
  worker.onmessage = ({ data }: MessageEvent<Reply<Part>>) => {
    const asked = open.get(data.ticket);
    if (data.kind === 'part') {
      asked?.told?.(data.part);
      return;
    }
    open.delete(data.ticket);
    if (data.kind === 'answer') asked?.resolve(data.value);
    else asked?.reject(new Error(data.message));
  };
  const post = (letter: Letter<Question>): void => worker.postMessage(letter);
  return {
    async ask(question, told, signal) {
      if (disposed) throw new Error(ended);
      const ticket = tickets++;
      const stop = () => post({ ticket, question: null });
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await new Promise((resolve, reject) => {
          open.set(ticket, { told, resolve, reject });
          post({ ticket, question });
        });
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    dispose() {
      disposed = true;
      worker.terminate();
      fail(ended);
    },
  };
}

/** Tells the page a part of an answer, handing over the buffers of `transfer`. */
export type TellPart<Part> = (part: Part, transfer?: ArrayBuffer[]) => void;

/**
 * The worker's end: `answer` is called for every question, also while others are open.
 * `signal` is aborted when no more is wanted.
 */
export function answerLetters<Question, Part = never>(
  answer: (question: Question, tell: TellPart<Part>, signal: AbortSignal) => Promise<unknown>,
  scope: WorkerScope = self as unknown as WorkerScope,
): void {
  const open = new Map<number, AbortController>();
  const reply = (message: Reply<Part>, transfer: ArrayBuffer[] = []): void => scope.postMessage(message, transfer);
  scope.onmessage = ({ data: { ticket, question } }: MessageEvent<Letter<Question>>) => {
    if (question === null) {
      open.get(ticket)?.abort();
      return;
    }
    const abort = new AbortController();
    open.set(ticket, abort);
    answer(question, (part, transfer) => reply({ ticket, kind: 'part', part }, transfer), abort.signal)
      .then(
        (value) => reply({ ticket, kind: 'answer', value }),
        (cause: unknown) => reply({ ticket, kind: 'refusal', message: reasonOf(cause) }),
      )
      .finally(() => open.delete(ticket));
  };
}
