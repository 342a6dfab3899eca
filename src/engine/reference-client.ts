// A session on the float64 reference in a worker of the page's own origin; where none can be had, or the
// sweep reads files that only the page has been given, on the page's own thread.
// Says which of the two it is in `EngineInfo.thread`. Only for pages: in Node open a session directly.

import { type Caps, checkCaps } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { createFilm, type Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import { readsFiles } from './reads-files.ts';
import type { FrameValues, ReferenceQuestion, ReferenceReply } from './reference-worker.ts';
import { openSession, type Session } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import type { EngineInfo, Inspection } from './trainer.ts';

export type ReferenceSession = Omit<Session, 'timings'>;

export interface ReferenceOptions {
  readonly catalog: Catalog;
  readonly caps: Caps;
  readonly signal?: AbortSignal;
  /** `here` asks for no worker. */
  readonly thread?: 'worker' | 'here';
}

function startWorker(): Worker | null {
  if (typeof Worker === 'undefined') return null;
  try {
    return new Worker(new URL('./reference-worker.ts', import.meta.url), { type: 'module', name: 'phase-atlas reference' });
  } catch {
    return null;
  }
}

const onThread = (engine: EngineInfo, thread: 'worker' | 'page'): EngineInfo => ({ ...engine, thread });

function fillFrame(film: Film, frame: number, { values, outcomes }: FrameValues): void {
  for (const [id, own] of Object.entries(values)) (film.network[id] ?? film.cell[id])?.set(own, frame * own.length);
  film.outcomes.set(outcomes, frame * outcomes.length);
}

/** Opens a session; the work starts when it is iterated. Throws InputError where the sweep exceeds the caps. */
export function openReference(sweep: Sweep, options: ReferenceOptions): ReferenceSession {
  const { catalog, caps, signal } = options;
  checkCaps(sweep, caps);
  const film = createFilm(sweep, (id) => catalog.observables.find((observable) => observable.id === id)?.per === 'cell');
  let worker: Worker | null = null;
  /** The session on this thread, where there is no worker. */
  let here: Session | null = null;
  let over = false;
  let tickets = 0;
  const waiting = new Map<number, { resolve(value: Inspection): void; reject(cause: Error): void }>();
  const replies: ReferenceReply[] = [];
  let wake = (): void => undefined;
  const hear = (reply: ReferenceReply): void => {
    replies.push(reply);
    wake();
  };
  const tell = (question: ReferenceQuestion): void => worker?.postMessage(question);

  function onMessage({ data }: MessageEvent<ReferenceReply>): void {
    if (data.kind !== 'answer' && data.kind !== 'refusal') {
      hear(data);
      return;
    }
    const asked = waiting.get(data.ticket);
    waiting.delete(data.ticket);
    if (data.kind === 'answer') asked?.resolve(data.value as Inspection);
    else asked?.reject(new Error(data.message));
  }

  /** The next reply; `end` once all is over. */
  async function next(): Promise<ReferenceReply> {
    while (replies.length === 0 && !over) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (replies.length > 0 || over) resolve();
      });
    }
    return replies.shift() ?? { kind: 'end' };
  }

  async function* inWorker(): AsyncGenerator<Snapshot, boolean> {
    worker = options.thread === 'here' || readsFiles(sweep) ? null : startWorker();
    if (worker === null) return false;
    worker.onmessage = onMessage;
    worker.onerror = (event) => {
      event.preventDefault();
      hear({ kind: 'fault', message: event.message || 'the worker could not be loaded' });
    };
    tell({ kind: 'open', sweep, caps });
    let ready = false;
    for (;;) {
      const reply = await next();
      if (reply.kind === 'end') return true;
      if (reply.kind === 'fault') {
        worker.terminate();
        worker = null;
        // Refused before it has begun: where pages are sandboxed, or the module is another origin's.
        if (!ready) return false;
        throw new Error(reply.message);
      }
      ready = true;
      if (reply.kind !== 'snapshot') continue;
      const { frame, filled, progress, engine } = reply;
      if (filled !== null) fillFrame(film, frame, filled);
      yield { film, frame, progress, engine: onThread(engine, 'worker') };
    }
  }

  async function* run(): AsyncGenerator<Snapshot> {
    if ((yield* inWorker()) || over) return;
    here = openSession(sweep, { catalog, engine: 'reference', caps, ...(signal === undefined ? {} : { signal }) });
    for await (const snapshot of here) yield { ...snapshot, engine: onThread(snapshot.engine, 'page') };
  }

  const command = (kind: 'pause' | 'resume' | 'cancel'): void => {
    if (here !== null) here[kind]();
    else tell({ kind });
  };
  function dispose(): void {
    over = true;
    worker?.terminate();
    worker = null;
    for (const { reject } of waiting.values()) reject(new Error('the session has ended'));
    waiting.clear();
    here?.dispose();
    wake();
  }
  signal?.addEventListener('abort', dispose, { once: true });

  return {
    get film() {
      return here?.film ?? film;
    },
    [Symbol.asyncIterator]: run,
    pause: () => command('pause'),
    resume: () => command('resume'),
    cancel: () => command('cancel'),
    inspect(cell, seed) {
      if (here !== null) return here.inspect(cell, seed);
      return new Promise((resolve, reject) => {
        if (worker === null) {
          reject(new Error('nothing runs yet'));
          return;
        }
        const ticket = tickets++;
        waiting.set(ticket, { resolve, reject });
        tell({ kind: 'inspect', ticket, cell, seed });
      });
    },
    dispose,
  };
}
