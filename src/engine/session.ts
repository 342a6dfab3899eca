// Runs a sweep: loads its data, trains its batches coarse to fine, fills the film and yields Snapshots. Draws nothing.

import { type Caps, PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { createFilm, type Film } from '../core/film.ts';
import { outcomeCode } from '../core/outcome.ts';
import type { Sweep } from '../core/sweep.ts';
import type { TaskData } from '../core/task.ts';
import { type Clock, wallClock } from '../gpu/clock.ts';
import { type Bucket, batchOf, type Plan, planSweep } from './plan.ts';
import { createProgressMeter } from './progress-meter.ts';
import type { Phase, Snapshot, Timings } from './snapshot.ts';
import type { EngineInfo, Inspection, Trainer } from './trainer.ts';
import { openTrainer, type TrainerSource } from './trainer-source.ts';

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

/** A trainer with the bucket it trains. */
interface Crew {
  readonly bucket: Bucket;
  readonly trainer: Trainer;
  /** Checkpoint it was measured at last. */
  frame: number;
}

/** At least this often a snapshot tells how far training is, ms. */
const TELL_MS = 200;

/** Opens a session; the work starts when it is iterated. Throws InputError where the sweep exceeds the caps. */
export function openSession(sweep: Sweep, options: SessionOptions): Session {
  const clock = options.clock ?? wallClock;
  const begun = clock.now();
  const caps = options.caps ?? PAGE_CAPS;
  const plan = planSweep(sweep, options.catalog, caps);
  const film = createFilm(sweep, (id) => plan.observables.find((observable) => observable.id === id)?.per === 'cell');
  const spent = { planning: clock.now() - begun, loading: 0, compiling: 0, training: 0, measuring: 0 };
  const abort = new AbortController();
  options.signal?.addEventListener('abort', () => abort.abort(), { once: true });
  if (options.signal?.aborted === true) abort.abort();
  const crews: Crew[] = [];
  const meter = createProgressMeter(plan, clock);
  let info: EngineInfo = { engine: options.engine ?? 'gpu', label: 'starting', adapter: '', kernel: '' };
  let paused = false;
  let wake: (() => void) | null = null;
  let disposed = false;
  /** Activities that may still use buffers. */
  let underWay = 0;
  let lastTold = clock.now();

  async function timed<T>(activity: keyof typeof spent, work: () => Promise<T>): Promise<T> {
    const from = clock.now();
    underWay++;
    try {
      return await work();
    } finally {
      underWay--;
      spent[activity] += clock.now() - from;
      if (disposed) free();
    }
  }

  const snapshot = (phase: Phase, message: string, frame: number): Snapshot => ({
    film,
    frame,
    engine: info,
    progress: meter.progress(phase, message),
  });

  function dispose(): void {
    if (disposed) return;
    disposed = true;
    abort.abort();
    wake?.();
    free();
  }

  /** Frees the trainers, once nothing is in the middle of using them. */
  function free(): void {
    if (underWay === 0) for (const { trainer } of crews) trainer.dispose();
  }

  const loaded = new Map<string, Promise<TaskData>>();
  function dataOf(bucket: Bucket): Promise<TaskData> {
    let data = loaded.get(bucket.dataKey);
    if (data === undefined) {
      data = plan.task.load(bucket.taskValues, sweep.task.settings, abort.signal);
      loaded.set(bucket.dataKey, data);
    }
    return data;
  }

  function record({ bucket, trainer }: Crew, frame: number, measured: Awaited<ReturnType<Trainer['measure']>>): void {
    const { seeds } = sweep;
    bucket.cells.forEach((cell, index) => {
      const at = frame * film.cells + cell;
      for (const [id, own] of Object.entries(film.cell)) own[at] = measured.values[id][index];
      for (const [id, own] of Object.entries(film.network)) {
        own.set(measured.values[id].subarray(index * seeds, (index + 1) * seeds), at * seeds);
      }
      for (let seed = 0; seed < seeds; seed++) {
        film.outcomes[at * seeds + seed] = outcomeCode[measured.outcomes[index * seeds + seed]];
      }
    });
    meter.measured(bucket, frame, trainer.batch.networks.length, measured.outcomes);
  }

  /** Opens the buckets of a level one after the other and measures them at their start; `joined` hears of each. */
  async function openLevel(source: TrainerSource, level: number, joined: (crew: Crew) => void): Promise<void> {
    for (const bucket of plan.buckets.filter((one) => one.level === level)) {
      const data = await timed('loading', () => dataOf(bucket));
      if (abort.signal.aborted) return;
      const trainer = await timed('compiling', () => openTrainer(source, batchOf(plan, bucket, data), level, crews));
      if (disposed) {
        trainer.dispose();
        return;
      }
      const crew = { bucket, trainer, frame: 0 };
      crews.push(crew);
      info = trainer.info;
      if (abort.signal.aborted) return;
      record(crew, 0, await timed('measuring', () => trainer.measure()));
      joined(crew);
    }
  }

  /** Trains a crew to its next checkpoint and measures it there. Yields what is worth telling; returns early when aborted. */
  async function* toNextFrame(crew: Crew, level: number): AsyncGenerator<Snapshot> {
    const frame = crew.frame + 1;
    for (;;) {
      if (paused) {
        yield snapshot('paused', 'Paused.', frame - 1);
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (!paused || abort.signal.aborted) resolve();
        });
      }
      if (abort.signal.aborted) return;
      const { unfinished } = await timed('training', () => crew.trainer.advance(film.times[frame], abort.signal));
      if (unfinished === 0) break;
      if (clock.now() - lastTold > TELL_MS) {
        lastTold = clock.now();
        meter.underWay(crew.bucket, frame, crew.trainer.batch.networks.length, unfinished);
        yield snapshot('training', describe(plan, level), frame - 1);
      }
    }
    if (abort.signal.aborted) return;
    record(crew, frame, await timed('measuring', () => crew.trainer.measure()));
    crew.frame = frame;
    lastTold = clock.now();
    yield snapshot('training', describe(plan, level), frame);
  }

  async function* run(): AsyncGenerator<Snapshot> {
    const source: TrainerSource = { plan, caps, options, clock };
    const last = film.times.length - 1;
    yield snapshot('loading', `Loading ${plan.task.label}.`, -1);
    await timed('loading', () => dataOf(plan.buckets[0]));
    if (abort.signal.aborted) return;
    yield snapshot('compiling', 'Compiling kernels.', -1);
    for (let level = 0; level < plan.levels; level++) {
      // While the first level's kernels compile, those that are ready train. Later ones may be timed first, which nothing may disturb.
      const together = level === 0 && plan.levels > 1;
      const own: Crew[] = [];
      let told = 0;
      let opening = true;
      let ring = (): void => undefined;
      const opened = openLevel(source, level, (crew) => {
        own.push(crew);
        ring();
      }).finally(() => {
        opening = false;
        ring();
      });
      // Whoever waits for it below hears of a failure; nobody may be left to.
      opened.catch(() => undefined);
      for (;;) {
        if (abort.signal.aborted) return;
        if (told < own.length) {
          told = own.length;
          yield snapshot('training', describe(plan, level), 0);
        }
        const behind = own.filter((crew) => crew.frame < last).sort((a, b) => a.frame - b.frame);
        if (behind.length > 0 && (together || !opening)) yield* toNextFrame(behind[0], level);
        else if (opening) {
          await new Promise<void>((resolve) => {
            ring = resolve;
            if (told < own.length || !opening) resolve();
          });
        } else break;
      }
      await opened;
    }
  }

  async function* told(): AsyncGenerator<Snapshot> {
    let frame = -1;
    try {
      for await (const one of run()) {
        frame = one.frame;
        yield one;
      }
      yield abort.signal.aborted
        ? snapshot('cancelled', 'Cancelled; what was measured stays.', frame)
        : snapshot('finished', 'Finished.', film.times.length - 1);
    } catch (cause) {
      // What breaks because of the cancelling is part of it.
      if (!abort.signal.aborted) throw cause;
      yield snapshot('cancelled', 'Cancelled; what was measured stays.', frame);
    }
  }

  return {
    film,
    get timings() {
      const seconds = Object.fromEntries(Object.entries(spent).map(([id, ms]) => [id, ms / 1000])) as Omit<Timings, 'total'>;
      return { ...seconds, total: (clock.now() - begun) / 1000 };
    },
    [Symbol.asyncIterator]: told,
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      wake?.();
    },
    cancel() {
      abort.abort();
      wake?.();
    },
    async inspect(cell, seed) {
      const crew = crews.find(({ bucket }) => bucket.cells.includes(cell));
      if (crew === undefined) throw new Error(`session: cell ${cell} has not been started yet`);
      return crew.trainer.inspect(crew.bucket.cells.indexOf(cell) * sweep.seeds + seed);
    },
    dispose,
  };
}

function describe({ levels }: Plan, level: number): string {
  return levels === 1 ? 'Training.' : `Training, pass ${level + 1} of ${levels}.`;
}
