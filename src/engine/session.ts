// Runs a sweep: what a reader may do to a run, and how it ends. Its course is run-sweep.ts. Draws nothing.

import { type Caps, PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Connectivity } from '../core/connectivity/connectivity.ts';
import { createFilm, type Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import { type Clock, wallClock } from '../gpu/clock.ts';
import { createActivities } from './activities.ts';
import { createBell } from './bell.ts';
import { createBucketData } from './bucket-data.ts';
import type { Crew } from './crew.ts';
import { loadConnectivity } from './own-connectivity.ts';
import { planSweep } from './plan.ts';
import { createProgressMeter } from './progress-meter.ts';
import { type Run, runSweep, snapshotOf } from './run-sweep.ts';
import type { Snapshot, Timings } from './snapshot.ts';
import type { Inspection } from './trainer.ts';

export interface SessionOptions {
  readonly catalog: Catalog;
  /** Defaults to `gpu`. Nothing falls back to another engine by itself. */
  readonly engine?: 'gpu' | 'reference';
  readonly signal?: AbortSignal;
  /** Defaults to the page's `navigator.gpu`; in Node `await nodeGpu()`. */
  readonly gpu?: GPU;
  /** `default`: ask the adapter for nothing beyond WebGPU's guaranteed limits. Defaults to `best`. */
  readonly limits?: 'default' | 'best';
  /** Defaults to `PAGE_CAPS`. */
  readonly caps?: Caps;
  readonly clock?: Clock;
}

/** A running sweep. Iterate it once; leaving the loop early or `cancel` ends it. `dispose` frees what `inspect` needs. */
export interface Session extends AsyncIterable<Snapshot> {
  readonly film: Film;
  /** Wall time by activity so far; activities overlap where kernels compile while others train. */
  readonly timings: Timings;
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Opens network `seed` (0 … seeds−1) of a cell as it stands. Rejects where the cell has not been started yet. */
  inspect(cell: number, seed: number): Promise<Inspection>;
  dispose(): void;
}

/** Opens a session; the work starts when it is iterated. Throws InputError where the sweep exceeds the caps. */
export function openSession(sweep: Sweep, options: SessionOptions): Session {
  const { catalog, engine = 'gpu', caps = PAGE_CAPS, clock = wallClock } = options;
  const begun = clock.now();
  const plan = planSweep(sweep, catalog, caps);
  const film = createFilm(sweep, (id) => plan.observables.find((observable) => observable.id === id)?.per === 'cell');
  const crews: Crew[] = [];
  const activities = createActivities(clock, begun, () => {
    for (const { trainer } of crews) trainer.dispose();
  });
  const abort = new AbortController();
  const { signal } = abort;
  options.signal?.addEventListener('abort', () => abort.abort(), { once: true });
  if (options.signal?.aborted === true) abort.abort();
  const news = createBell();
  signal.addEventListener('abort', news.ring);
  let ownConnectivity: Promise<Connectivity | undefined> | null = null;
  const run: Run = {
    source: { plan, caps, options, clock },
    activities,
    signal,
    dataOf: createBucketData(plan, signal),
    connectivity: () => (ownConnectivity ??= loadConnectivity(sweep)),
    crews,
    film,
    meter: createProgressMeter(plan, clock),
    news,
    paused: false,
    info: { engine, label: 'starting', adapter: '', kernel: '' },
    toldAt: clock.now(),
  };

  return {
    film,
    get timings() {
      return activities.timings;
    },
    [Symbol.asyncIterator]: () => told(run),
    pause() {
      run.paused = true;
    },
    resume() {
      run.paused = false;
      news.ring();
    },
    cancel() {
      abort.abort();
    },
    async inspect(cell, seed) {
      const crew = crews.find(({ bucket }) => bucket.cells.includes(cell));
      if (crew === undefined) throw new Error(`session: cell ${cell} has not been started yet`);
      return crew.inspect(crew.bucket.cells.indexOf(cell) * sweep.seeds + seed);
    },
    dispose() {
      abort.abort();
      activities.end();
    },
  };
}

/** A run with its end: finished, or cancelled. */
async function* told(run: Run): AsyncGenerator<Snapshot> {
  let frame = -1;
  try {
    for await (const one of runSweep(run)) {
      frame = one.frame;
      yield one;
    }
  } catch (cause) {
    // What breaks because of the cancelling is part of it.
    if (!run.signal.aborted) throw cause;
  }
  yield run.signal.aborted
    ? snapshotOf(run, 'cancelled', 'Cancelled; what was measured stays.', frame)
    : snapshotOf(run, 'finished', 'Finished.', run.film.times.length - 1);
}
