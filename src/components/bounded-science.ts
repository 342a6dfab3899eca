// Keeps what an element may run within its caps: beyond them a run waits, in words that say what it would cost, until the reader
// lets it go on. Headless: to the figure a waiting run is a paused one.

import { CapError, type Caps, checkCaps, PAGE_CAPS } from '../core/caps.ts';
import { createFilm, type Film } from '../core/film.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import type { Progress, Snapshot } from '../engine/snapshot.ts';
import type { EngineInfo } from '../engine/trainer.ts';
import { formatSeconds } from './numbers.ts';
import type { RunningSession, RunOptions, Science } from './science.ts';

/** What the reader may allow beyond an element's own caps, by a click each time: never more than the atlas itself runs. */
const MOST = PAGE_CAPS;

const WAITING: EngineInfo = { engine: 'gpu', label: 'waits', adapter: '', kernel: '' };

const count = (number: number): string => number.toLocaleString('en');

/** Sentence that asks for a run; empty where the sweep is within the caps. Bytes are known only once it has begun. */
function sizeQuestion(sweep: Sweep, caps: Caps): string {
  const cells = cellCount(sweep);
  const networks = cells * sweep.seeds;
  if (cells <= caps.cells && networks <= caps.networks) return '';
  return `This sweep trains ${count(networks)} networks in ${count(cells)} cells; without asking, this figure runs at most ${count(caps.networks)} in ${count(caps.cells)}.`;
}

export interface Bounds {
  /** Read whenever a sweep is run. */
  readonly caps: () => Caps;
  /** Hears that the GPU went away under a run. */
  readonly lost: (message: string) => void;
  /** ms; a clock that only goes forward. */
  readonly now: () => number;
}

/** The film of a sweep of which nothing is known, and a progress of nothing done. */
function asking(film: Film, engine: EngineInfo, asks: string, before: Progress | null): Snapshot {
  const networks = film.cells * film.seeds;
  const none = { fraction: 0, networksDone: 0, networks, elapsedSeconds: 0, remainingSeconds: null };
  return { film, frame: -1, engine, progress: { ...none, ...before, phase: 'paused', message: 'Waiting.', asks } };
}

/** The same science, asking before it runs what exceeds the caps. */
export function boundedScience(science: Science, bounds: Bounds): Science {
  return { ...science, openSession: (sweep, options) => openBounded(science, sweep, options, bounds) };
}

function openBounded(science: Science, sweep: Sweep, options: RunOptions, { caps: capsNow, lost, now }: Bounds): RunningSession {
  const caps = capsNow();
  checkCaps(sweep, MOST);
  const perCell = (id: string) => science.catalog.observables.find((observable) => observable.id === id)?.per === 'cell';
  const question = sizeQuestion(sweep, caps);
  const empty = createFilm(sweep, perCell);
  let inner: RunningSession | null = null;
  let over = false;
  let allowed = (): void => undefined;
  let waits = false;
  /** Seconds that may still be spent before the next question. */
  let left = caps.seconds;

  function end(): void {
    over = true;
    allowed();
  }
  options.signal?.addEventListener('abort', end, { once: true });

  /** Resolves when the reader allows it, or all is over. */
  function permission(): Promise<void> {
    waits = true;
    return new Promise((resolve) => {
      allowed = () => {
        waits = false;
        resolve();
      };
      if (over) allowed();
    });
  }

  /** Runs within `bytes`; asks again whenever the time is used up. */
  async function* within(own: Caps): AsyncGenerator<Snapshot> {
    const session = science.openSession(sweep, { ...options, caps: own });
    inner = session;
    void session.lost?.then(({ message }) => {
      if (!over) lost(message);
    });
    let last: number | null = null;
    let asked = false;
    for await (const snapshot of session) {
      const { phase, remainingSeconds } = snapshot.progress;
      if (phase === 'training' && last !== null) left -= (now() - last) / 1000;
      last = phase === 'training' ? now() : null;
      if (left <= 0 && phase === 'training' && !asked) {
        session.pause();
        asked = true;
      }
      if (asked && phase === 'paused') {
        asked = false;
        left = caps.seconds;
        const rest = remainingSeconds === null ? '' : ` About ${formatSeconds(remainingSeconds)} of work are left.`;
        const asks = `The ${formatSeconds(caps.seconds)} that this figure computes without asking are used up.${rest}`;
        yield { ...snapshot, progress: { ...snapshot.progress, asks } };
      } else yield snapshot;
    }
  }

  async function* run(): AsyncGenerator<Snapshot> {
    if (question !== '') {
      yield asking(empty, WAITING, question, null);
      await permission();
      if (over) return;
    }
    const own = question === '' ? caps : { ...caps, cells: MOST.cells, networks: MOST.networks };
    try {
      yield* within(own);
    } catch (cause) {
      if (!(cause instanceof CapError) || own.bytes >= MOST.bytes || over) throw cause;
      inner?.dispose();
      inner = null;
      yield asking(empty, WAITING, `${cause.message} That is what this figure takes without asking.`, null);
      await permission();
      if (!over) yield* within({ ...MOST, seconds: caps.seconds });
    }
  }

  return {
    get film() {
      return inner?.film ?? empty;
    },
    [Symbol.asyncIterator]: run,
    pause: () => inner?.pause(),
    resume: () => {
      if (waits) allowed();
      else inner?.resume();
    },
    cancel: () => {
      end();
      inner?.cancel();
    },
    inspect: (cell, seed) => inner?.inspect(cell, seed) ?? Promise.reject(new Error('nothing has been run yet')),
    dispose: () => {
      end();
      inner?.dispose();
    },
  };
}
