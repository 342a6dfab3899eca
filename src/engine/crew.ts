// The networks of a bucket at work: their trainer, from stage to stage, and what is known of them that no trainer knows.
// Which of them works next is the session's business.

import type { Connectivity } from '../core/connectivity/connectivity.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Activities } from './activities.ts';
import type { BucketData } from './bucket-data.ts';
import { type Bucket, batchOf } from './plan.ts';
import { checkAsked, excludedNetworks, stageBatch, stageStart } from './stages.ts';
import type { AdvanceReport, Inspection, Measured, Trainer } from './trainer.ts';
import { openTrainer, type TrainerSource } from './trainer-source.ts';

/** What the crews of a session share. */
export interface Workplace {
  readonly source: TrainerSource;
  readonly activities: Activities;
  readonly signal: AbortSignal;
  readonly dataOf: BucketData;
  /** The reader's own connectivity, where the sweep has one. */
  readonly connectivity: () => Promise<Connectivity | undefined>;
  /** All that have been opened. */
  readonly crews: readonly Crew[];
}

export class Crew {
  readonly bucket: Bucket;
  /** Checkpoint it was measured at last. */
  frame = 0;
  readonly #place: Workplace;
  /** That of the present stage; its time counts from the stage's start. */
  #trainer: Trainer;
  /** 0 for the sweep's own task. */
  #stage = 0;
  /** By network: outcome because of its start or of an earlier stage; null for all others. */
  #excluded: readonly (Outcome | null)[];
  /** Settled when a change of stage under way is over. */
  #changed: Promise<void> = Promise.resolve();
  /** Inspections under way, which need the trainer that they began with. */
  readonly #inspections = new Set<Promise<unknown>>();

  constructor(place: Workplace, bucket: Bucket, trainer: Trainer) {
    this.bucket = bucket;
    this.#place = place;
    this.#trainer = trainer;
    this.#excluded = excludedNetworks(place.source.plan.family, trainer.batch);
  }

  get trainer(): Trainer {
    return this.#trainer;
  }

  /** True in the sweep's last stage: whoever ends there goes on no more. */
  get inLastStage(): boolean {
    return this.#stage === this.#place.source.plan.sweep.stages.length;
  }

  /** Outcome of network `index` (batch order), whose trainer says `own`. */
  outcomeOf(index: number, own: Outcome): Outcome {
    return own === 'diverged' ? own : (this.#excluded[index] ?? own);
  }

  /** Changes tasks up to that of stage `stage`; less far when the session is aborted. */
  async enter(stage: number): Promise<void> {
    while (this.#stage < stage && !this.#place.signal.aborted) {
      const change = this.#changeStage();
      this.#changed = change.catch(() => undefined);
      await change;
    }
  }

  /** Trains for a while towards `time`, which is the sweep's. */
  advance(time: number): Promise<AdvanceReport> {
    const { activities, signal } = this.#place;
    return activities.timed('training', () => this.#trainer.advance(time - this.#begun, signal));
  }

  measure(): Promise<Measured> {
    return this.#place.activities.timed('measuring', () => this.#trainer.measure());
  }

  /** Opens network `index` (batch order); its time is the sweep's. */
  async inspect(index: number): Promise<Inspection> {
    await this.#changed;
    const begun = this.#begun;
    const inspected = this.#trainer.inspect(index);
    this.#inspections.add(inspected);
    try {
      const inspection = await inspected;
      return { ...inspection, time: begun + inspection.time, outcome: this.outcomeOf(index, inspection.outcome) };
    } finally {
      this.#inspections.delete(inspected);
    }
  }

  /** When the present stage began. */
  get #begun(): number {
    return stageStart(this.#place.source.plan.sweep, this.#stage);
  }

  /** Puts the networks, with the weights they have, to the task of the next stage. The old trainer is freed first. */
  async #changeStage(): Promise<void> {
    const { source, activities, signal, dataOf, crews } = this.#place;
    const { sweep, family } = source.plan;
    const stage = this.#stage + 1;
    const data = await activities.timed('loading', () => dataOf(this.bucket, stage));
    const weights = await activities.timed('measuring', () => this.#trainer.weights());
    if (signal.aborted) return;
    await Promise.allSettled(this.#inspections);
    const batch = stageBatch(family, this.#trainer.batch, sweep, stage, data, weights);
    const others = crews.filter((crew) => crew !== this);
    this.#trainer = await activities.timed('compiling', () =>
      openTrainer(source, batch, this.bucket.level, others, this.#trainer),
    );
    this.#stage = stage;
    this.#excluded = excludedNetworks(family, batch, this.#excluded);
    if (activities.ended) this.#trainer.dispose();
  }
}

/** Loads what a bucket's networks learn from and opens their trainer. Null where the session ended meanwhile. */
export async function openCrew(place: Workplace, bucket: Bucket): Promise<Crew | null> {
  const { source, activities, signal, dataOf, connectivity, crews } = place;
  const { plan } = source;
  const data = await activities.timed('loading', () => dataOf(bucket));
  checkAsked(data, bucket.shape.loss);
  // Later tasks that do not fit are told of now, not after an hour of training.
  for (let stage = 1; stage <= plan.sweep.stages.length; stage++) {
    checkAsked(await activities.timed('loading', () => dataOf(bucket, stage)), bucket.shape.loss);
  }
  if (signal.aborted) return null;
  const batch = batchOf(plan, bucket, data, await connectivity());
  const trainer = await activities.timed('compiling', () => openTrainer(source, batch, bucket.level, crews));
  if (!activities.ended) return new Crew(place, bucket, trainer);
  trainer.dispose();
  return null;
}
