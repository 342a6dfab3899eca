// The course of a run: buckets are opened level by level, coarse to fine, and those that are behind train first. Yields
// Snapshots. What a reader may do to a run is session.ts.

import type { Film } from '../core/film.ts';
import type { Bell } from './bell.ts';
import { commonLabel } from './common-label.ts';
import { type Crew, openCrew, type Workplace } from './crew.ts';
import type { Plan } from './plan.ts';
import type { ProgressMeter } from './progress-meter.ts';
import { recordFrame } from './record-frame.ts';
import type { Phase, Snapshot } from './snapshot.ts';
import { stageTowards } from './stages.ts';
import type { EngineInfo } from './trainer.ts';

/** What the parts of a run share. */
export interface Run extends Workplace {
  readonly crews: Crew[];
  readonly film: Film;
  readonly meter: ProgressMeter;
  /** Rung when a crew has joined, after `paused` was changed, and when `signal` is aborted. */
  readonly news: Bell;
  paused: boolean;
  info: EngineInfo;
  /** When how far training is was told last, on the clock. */
  toldAt: number;
}

/** At least this often a snapshot tells how far training is, ms. */
const TELL_MS = 200;

/** Runs everything; ends early when aborted. Rejects where a part of it fails. */
export async function* runSweep(run: Run): AsyncGenerator<Snapshot> {
  const { activities, connectivity, dataOf, signal } = run;
  const { plan } = run.source;
  yield snapshotOf(run, 'loading', `Loading ${plan.task.label}.`, -1);
  await activities.timed('loading', connectivity);
  await activities.timed('loading', () => dataOf(plan.buckets[0]));
  if (signal.aborted) return;
  yield snapshotOf(run, 'compiling', 'Compiling kernels.', -1);
  for (let level = 0; level < plan.levels && !signal.aborted; level++) yield* runLevel(run, level);
}

/** Where a run stands; `frame` was filled last. */
export function snapshotOf({ film, info, meter }: Run, phase: Phase, message: string, frame: number): Snapshot {
  return { film, frame, engine: info, progress: meter.progress(phase, message) };
}

/** Trains the networks of a level to the end, those that are behind first. */
async function* runLevel(run: Run, level: number): AsyncGenerator<Snapshot> {
  const { film, news, signal, source } = run;
  const last = film.times.length - 1;
  // While the first level's kernels compile, those that are ready train. Later ones may be timed first,
  // which nothing may disturb.
  const together = level === 0 && source.plan.levels > 1;
  const own: Crew[] = [];
  let told = 0;
  let opening = true;
  const opened = openLevel(run, level, own).finally(() => {
    opening = false;
    news.ring();
  });
  // Whoever waits for it below hears of a failure; nobody may be left to.
  opened.catch(() => undefined);
  for (;;) {
    if (signal.aborted) return;
    if (told < own.length) {
      told = own.length;
      yield snapshotOf(run, 'training', describe(source.plan, level, 0), 0);
    }
    const behind = own.filter((crew) => crew.frame < last).sort((a, b) => a.frame - b.frame);
    if (behind.length > 0 && (together || !opening)) yield* toNextFrame(run, behind[0]);
    else if (opening) while (opening && told === own.length) await news.rung();
    else break;
  }
  await opened;
}

/** Opens the buckets of a level one after the other and measures them at their start; adds each to `own`. */
async function openLevel(run: Run, level: number, own: Crew[]): Promise<void> {
  const { crews, news, signal, source } = run;
  for (const bucket of source.plan.buckets.filter((one) => one.level === level)) {
    const crew = await openCrew(run, bucket);
    if (crew === null) return;
    crews.push(crew);
    run.info = { ...crew.trainer.info, label: commonLabel(crews.map(({ trainer }) => trainer.info.label)) };
    if (signal.aborted) return;
    await measure(run, crew, 0);
    own.push(crew);
    news.ring();
  }
}

/** Trains a crew to its next checkpoint and measures it there. Yields what is worth telling. */
async function* toNextFrame(run: Run, crew: Crew): AsyncGenerator<Snapshot> {
  const { film, meter, news, signal } = run;
  const { plan, clock } = run.source;
  const frame = crew.frame + 1;
  const time = film.times[frame];
  const stage = stageTowards(plan.sweep, time);
  const training = describe(plan, crew.bucket.level, stage);
  for (;;) {
    if (run.paused) {
      yield snapshotOf(run, 'paused', 'Paused.', frame - 1);
      while (run.paused && !signal.aborted) await news.rung();
    }
    await crew.enter(stage);
    if (signal.aborted) return;
    const from = clock.now();
    const report = await crew.advance(time);
    meter.advanced(crew.bucket, frame, report, (clock.now() - from) / 1000);
    if (report.unfinished === 0) break;
    if (clock.now() - run.toldAt > TELL_MS) {
      run.toldAt = clock.now();
      yield snapshotOf(run, 'training', training, frame - 1);
    }
  }
  if (signal.aborted) return;
  await measure(run, crew, frame);
  run.toldAt = clock.now();
  yield snapshotOf(run, 'training', training, frame);
}

async function measure({ film, meter, source }: Run, crew: Crew, frame: number): Promise<void> {
  const from = source.clock.now();
  const measured = await crew.measure();
  recordFrame(film, crew, frame, measured);
  // Networks that have ended go on in the next stage.
  const outcomes = crew.inLastStage ? measured.outcomes : [];
  meter.measured(crew.bucket, frame, outcomes, (source.clock.now() - from) / 1000);
  crew.frame = frame;
}

function describe({ levels, sweep }: Plan, level: number, stage: number): string {
  const pass = levels === 1 ? '' : `, pass ${level + 1} of ${levels}`;
  return `Training${pass}${sweep.stages.length === 0 ? '' : `, stage ${stage + 1} of ${sweep.stages.length + 1}`}.`;
}
