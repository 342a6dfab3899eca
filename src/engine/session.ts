// Runs a sweep: loads its data, trains its batches coarse to fine, fills the film and yields Snapshots. Draws nothing.

import { type Caps, PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Connectivity } from '../core/connectivity/connectivity.ts';
import { createFilm, type Film } from '../core/film.ts';
import { type Outcome, outcomeCode } from '../core/outcome.ts';
import type { Sweep } from '../core/sweep.ts';
import { type Clock, wallClock } from '../gpu/clock.ts';
import { createBucketData } from './bucket-data.ts';
import { commonLabel } from './common-label.ts';
import { loadConnectivity } from './own-connectivity.ts';
import { type Bucket, batchOf, type Plan, planSweep } from './plan.ts';
import { createProgressMeter } from './progress-meter.ts';
import type { Phase, Snapshot, Timings } from './snapshot.ts';
import { checkAsked, excludedNetworks, stageBatch, stageStart, stageTowards } from './stages.ts';
import type { EngineInfo, Inspection, Measured, Trainer } from './trainer.ts';
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
  /** That of the present stage; its time counts from the stage's start. */
  trainer: Trainer;
  /** 0 for the sweep's own task. */
  stage: number;
  /** By network: outcome that no trainer knows, because of its start or of an earlier stage; null for all others. */
  excluded: readonly (Outcome | null)[];
  /** Checkpoint it was measured at last. */
  frame: number;
  /** Settled when a change of stage under way is over. */
  changed: Promise<void>;
  /** Inspections under way, which need the trainer that they began with. */
  readonly inspections: Set<Promise<unknown>>;
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

  let ownConnectivity: Promise<Connectivity | undefined> | null = null;
  const connectivity = () => (ownConnectivity ??= loadConnectivity(sweep));

  const dataOf = createBucketData(plan, abort.signal);

  function record({ bucket, trainer, excluded, stage }: Crew, frame: number, measured: Measured): void {
    const { seeds } = sweep;
    const outcomes = measured.outcomes.map((outcome, n) => (outcome === 'diverged' ? outcome : (excluded[n] ?? outcome)));
    bucket.cells.forEach((cell, index) => {
      const at = frame * film.cells + cell;
      const own = outcomes.slice(index * seeds, (index + 1) * seeds);
      // What is measured over all seeds of a cell has no value where some of them must not be averaged.
      const whole = !own.includes('obstructed');
      for (const [id, values] of Object.entries(film.cell)) values[at] = whole ? measured.values[id][index] : Number.NaN;
      for (const [id, values] of Object.entries(film.network)) {
        values.set(measured.values[id].subarray(index * seeds, (index + 1) * seeds), at * seeds);
      }
      own.forEach((outcome, seed) => {
        film.outcomes[at * seeds + seed] = outcomeCode[outcome];
      });
    });
    // Networks that have ended go on in the next stage.
    const ended = stage === sweep.stages.length ? measured.outcomes : [];
    meter.measured(bucket, frame, trainer.batch.networks.length, ended);
  }

  /** Opens the buckets of a level one after the other and measures them at their start; `joined` hears of each. */
  async function openLevel(source: TrainerSource, level: number, joined: (crew: Crew) => void): Promise<void> {
    for (const bucket of plan.buckets.filter((one) => one.level === level)) {
      const data = await timed('loading', () => dataOf(bucket));
      checkAsked(data, bucket.shape.loss);
      // Later tasks that do not fit are told of now, not after an hour of training.
      for (let stage = 1; stage <= sweep.stages.length; stage++) {
        checkAsked(await timed('loading', () => dataOf(bucket, stage)), bucket.shape.loss);
      }
      if (abort.signal.aborted) return;
      const batch = batchOf(plan, bucket, data, await connectivity());
      const trainer = await timed('compiling', () => openTrainer(source, batch, level, crews));
      if (disposed) {
        trainer.dispose();
        return;
      }
      const excluded = excludedNetworks(plan.family, batch);
      const crew: Crew = { bucket, trainer, stage: 0, excluded, frame: 0, changed: Promise.resolve(), inspections: new Set() };
      crews.push(crew);
      info = { ...trainer.info, label: commonLabel(crews.map((one) => one.trainer.info.label)) };
      if (abort.signal.aborted) return;
      record(crew, 0, await timed('measuring', () => trainer.measure()));
      joined(crew);
    }
  }

  /** Puts a crew's networks, with the weights they have, to the task of the next stage. The old trainer is freed first. */
  async function changeStage(source: TrainerSource, crew: Crew, level: number): Promise<void> {
    const stage = crew.stage + 1;
    const data = await timed('loading', () => dataOf(crew.bucket, stage));
    const weights = await timed('measuring', () => crew.trainer.weights());
    if (abort.signal.aborted) return;
    await Promise.allSettled(crew.inspections);
    const batch = stageBatch(plan.family, crew.trainer.batch, sweep, stage, data, weights);
    const excluded = excludedNetworks(plan.family, batch, crew.excluded);
    const others = crews.filter((other) => other !== crew);
    const trainer = await timed('compiling', () => openTrainer(source, batch, level, others, crew.trainer));
    crew.trainer = trainer;
    crew.stage = stage;
    crew.excluded = excluded;
    if (disposed) trainer.dispose();
  }

  /** Trains a crew to its next checkpoint and measures it there. Yields what is worth telling; returns early when aborted. */
  async function* toNextFrame(source: TrainerSource, crew: Crew, level: number): AsyncGenerator<Snapshot> {
    const frame = crew.frame + 1;
    const stage = stageTowards(sweep, film.times[frame]);
    const horizon = film.times[frame] - stageStart(sweep, stage);
    for (;;) {
      if (paused) {
        yield snapshot('paused', 'Paused.', frame - 1);
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (!paused || abort.signal.aborted) resolve();
        });
      }
      if (abort.signal.aborted) return;
      if (crew.stage < stage) {
        const change = changeStage(source, crew, level);
        crew.changed = change.catch(() => undefined);
        await change;
        if (abort.signal.aborted) return;
      }
      const { unfinished, ahead } = await timed('training', () => crew.trainer.advance(horizon, abort.signal));
      if (unfinished === 0) break;
      if (clock.now() - lastTold > TELL_MS) {
        lastTold = clock.now();
        meter.underWay(crew.bucket, frame, crew.trainer.batch.networks.length, ahead);
        yield snapshot('training', describe(plan, level, stage), frame - 1);
      }
    }
    if (abort.signal.aborted) return;
    record(crew, frame, await timed('measuring', () => crew.trainer.measure()));
    crew.frame = frame;
    lastTold = clock.now();
    yield snapshot('training', describe(plan, level, stage), frame);
  }

  async function* run(): AsyncGenerator<Snapshot> {
    const source: TrainerSource = { plan, caps, options, clock };
    const last = film.times.length - 1;
    yield snapshot('loading', `Loading ${plan.task.label}.`, -1);
    await timed('loading', connectivity);
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
          yield snapshot('training', describe(plan, level, 0), 0);
        }
        const behind = own.filter((crew) => crew.frame < last).sort((a, b) => a.frame - b.frame);
        if (behind.length > 0 && (together || !opening)) yield* toNextFrame(source, behind[0], level);
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
      const index = crew.bucket.cells.indexOf(cell) * sweep.seeds + seed;
      await crew.changed;
      const { stage, excluded } = crew;
      const inspected = crew.trainer.inspect(index);
      crew.inspections.add(inspected);
      try {
        const { time, outcome, ...rest } = await inspected;
        const told = outcome === 'diverged' ? outcome : (excluded[index] ?? outcome);
        return { ...rest, time: stageStart(sweep, stage) + time, outcome: told };
      } finally {
        crew.inspections.delete(inspected);
      }
    },
    dispose,
  };
}

function describe({ levels, sweep }: Plan, level: number, stage: number): string {
  const pass = levels === 1 ? '' : `, pass ${level + 1} of ${levels}`;
  return `Training${pass}${sweep.stages.length === 0 ? '' : `, stage ${stage + 1} of ${sweep.stages.length + 1}`}.`;
}
