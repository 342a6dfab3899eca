// A session on the float64 reference in a worker of the page's own origin; where none can be had, or the
// sweep reads files that only the page has been given, on the page's own thread.
// Says which of the two it is in `EngineInfo.thread`. Only for pages: in Node open a session directly.

import { type Caps, checkCaps } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { createFilm, type Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import { readsFiles } from './reads-files.ts';
import type { FrameValues, ReferencePart, ReferenceQuestion } from './reference-worker.ts';
import { openSession, type Session } from './session.ts';
import type { Snapshot } from './snapshot.ts';
import type { EngineInfo, Inspection } from './trainer.ts';
import { openLetters, type WorkerLetters } from './worker-letters.ts';

export type ReferenceSession = Omit<Session, 'timings'>;

export interface ReferenceOptions {
  readonly catalog: Catalog;
  readonly caps: Caps;
  readonly signal?: AbortSignal;
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
  let letters: WorkerLetters<ReferenceQuestion, ReferencePart> | null = null;
  /** The session on this thread, where there is no worker. */
  let here: Session | null = null;
  let over = false;

  /** False where no worker could begin. */
  async function* inWorker(): AsyncGenerator<Snapshot, boolean> {
    if (readsFiles(sweep)) return false;
    letters = openLetters(
      () => new Worker(new URL('./reference-worker.ts', import.meta.url), { type: 'module', name: 'phase-atlas reference' }),
      'the session has ended',
    );
    if (letters === null) return false;
    const parts: ReferencePart[] = [];
    let ended = false;
    let wake = (): void => undefined;
    const hear = (part: ReferencePart): void => {
      parts.push(part);
      wake();
    };
    const running = letters.ask({ kind: 'run', sweep, caps }, hear).finally(() => {
      ended = true;
      wake();
    });
    // Its failure is looked at below, when all parts have been.
    running.catch(() => undefined);
    let begun = false;
    while (!ended || parts.length > 0) {
      const part = parts.shift();
      if (part === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      begun = true;
      if (part === 'begun') continue;
      const { frame, filled, progress, engine } = part;
      if (filled !== null) fillFrame(film, frame, filled);
      yield { film, frame, progress, engine: onThread(engine, 'worker') };
    }
    try {
      await running;
    } catch (cause) {
      if (over) return true;
      letters?.dispose();
      letters = null;
      // Refused before it has begun: where pages are sandboxed, or the module is another origin's.
      if (!begun) return false;
      throw cause;
    }
    return true;
  }

  async function* run(): AsyncGenerator<Snapshot> {
    if (over || (yield* inWorker())) return;
    here = openSession(sweep, { catalog, engine: 'reference', caps, ...(signal === undefined ? {} : { signal }) });
    for await (const snapshot of here) yield { ...snapshot, engine: onThread(snapshot.engine, 'page') };
  }

  const command = (kind: 'pause' | 'resume' | 'cancel'): void => {
    if (here !== null) here[kind]();
    // Before the run has begun and after its end there is nothing to command.
    else letters?.ask({ kind }).catch(() => undefined);
  };
  function dispose(): void {
    over = true;
    letters?.dispose();
    here?.dispose();
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
      if (letters === null) return Promise.reject(new Error('nothing runs yet'));
      return letters.ask({ kind: 'inspect', cell, seed }) as Promise<Inspection>;
    },
    dispose,
  };
}
