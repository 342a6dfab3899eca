// What panels about single networks share: one bench per figure, networks trained again in float64, pictures of their insides.
// Headless; draws nothing and judges nothing: see phase-inspector.ts and phase-verify.ts.

import { reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import type { InspectionRun } from '../engine/inspect-client.ts';
import type { NetworkPicture } from '../engine/inspect-picture.ts';
import type { RetrainedFrame } from '../engine/verify-run.ts';
import type { Figure } from './figure.ts';

/** A network trained again in float64, as far as it has come. */
export interface Retraining {
  readonly cell: number;
  readonly seed: number;
  /** Frame that it is trained to. */
  readonly until: number;
  readonly phase: 'training' | 'finished' | 'cancelled' | 'failed';
  /** 0 … 1. */
  readonly share: number;
  /** What went wrong; empty otherwise. */
  readonly message: string;
  /** Filled in place. */
  readonly frames: RetrainedFrame[];
}

/** Where weights come from: the run as it stands, or the float64 network at a frame. */
export type WeightSource = { readonly of: 'run' } | { readonly of: 'float64'; readonly frame: number };

/** Runs that have finished or been cancelled, kept for the panels of one sweep. */
const MOST_KEPT = 24;

const shared = new WeakMap<Figure, Inspections>();

export class Inspections {
  readonly #figure: Figure;
  readonly #listeners = new Set<() => void>();
  readonly #retrained = new Map<string, Retraining>();
  #sweep: Sweep | null = null;
  #run: Promise<InspectionRun> | null = null;
  #abort: AbortController | null = null;

  constructor(figure: Figure) {
    this.#figure = figure;
  }

  /** Those of a figure. */
  static of(figure: Figure): Inspections {
    let own = shared.get(figure);
    if (own === undefined) {
      own = new Inspections(figure);
      shared.set(figure, own);
    }
    return own;
  }

  /** Calls `listener` when a retraining has gone on. Returns how to stop; when nobody listens any more, the worker ends. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#close();
    };
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #close(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.#run?.then(
      (run) => run.dispose(),
      () => {},
    );
    this.#run = null;
  }

  /** The bench of the sweep that is shown. What belongs to another sweep is forgotten. */
  #bench(): Promise<InspectionRun> {
    const { sweep, science } = this.#figure;
    if (sweep === null) return Promise.reject(new Error('nothing has been run yet'));
    this.#follow(sweep);
    this.#run ??= import('../engine/inspect-client.ts').then(({ openInspection }) => openInspection(sweep, science.catalog));
    return this.#run;
  }

  #follow(sweep: Sweep | null): void {
    if (sweep === this.#sweep) return;
    this.#close();
    this.#retrained.clear();
    this.#sweep = sweep;
  }

  /** The float64 network, if it has been asked for. */
  retraining(cell: number, seed: number): Retraining | null {
    this.#follow(this.#figure.sweep);
    return this.#retrained.get(`${cell}:${seed}`) ?? null;
  }

  /** What is inside a network. Rejects where the run's networks cannot be had, or the float64 one has not come to its frame. */
  async picture(cell: number, seed: number, source: WeightSource): Promise<NetworkPicture> {
    const bench = await this.#bench();
    if (source.of === 'run') {
      const { time, weights } = await this.#figure.inspect(cell, seed);
      return bench.look(cell, seed, time, weights);
    }
    const frames = this.retraining(cell, seed)?.frames ?? [];
    const found = frames[Math.min(source.frame, frames.length - 1)];
    if (found === undefined) throw new Error('this network has not been trained again yet');
    return bench.look(cell, seed, found.time, found.weights);
  }

  /** Steps that a network of the run has taken; null where that is not known. */
  async #attempts(cell: number, seed: number): Promise<number | null> {
    return this.#figure.inspect(cell, seed).then(
      ({ attempts }) => (attempts > 0 ? attempts : null),
      () => null,
    );
  }

  /** Seconds that training a network again is expected to take. */
  async cost(cell: number, seed: number, until: number): Promise<number> {
    const [bench, attempts] = await Promise.all([this.#bench(), this.#attempts(cell, seed)]);
    return bench.cost(cell, until, attempts);
  }

  /** True where the work is done in the page's own thread. */
  async inPage(): Promise<boolean> {
    return (await this.#bench()).thread === 'page';
  }

  /** Trains a network again, ending the training under way. Resolves when it has ended, however it did. */
  async retrain(cell: number, seed: number, until: number): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    const key = `${cell}:${seed}`;
    this.#follow(this.#figure.sweep);
    const frames: RetrainedFrame[] = [];
    const put = (patch: Partial<Retraining>) => {
      const now = this.#retrained.get(key);
      if (now === undefined || now.frames !== frames) return;
      this.#retrained.set(key, { ...now, ...patch });
      this.#tell();
    };
    this.#retrained.delete(key);
    this.#retrained.set(key, { cell, seed, until, phase: 'training', share: 0, message: '', frames });
    for (const oldest of this.#retrained.keys()) if (this.#retrained.size > MOST_KEPT) this.#retrained.delete(oldest);
    this.#tell();
    try {
      const [bench, attempts] = await Promise.all([this.#bench(), this.#attempts(cell, seed)]);
      await bench.train(
        { cell, seed, until, attempts },
        ({ share, frame }) => {
          if (frame !== null) frames.push(frame);
          if (!abort.signal.aborted) put({ share });
        },
        abort.signal,
      );
      put(abort.signal.aborted ? { phase: 'cancelled' } : { phase: 'finished', share: 1 });
    } catch (cause) {
      put(abort.signal.aborted ? { phase: 'cancelled' } : { phase: 'failed', message: reasonOf(cause) });
    }
  }

  /** Stops the training under way. What it has come to stays. */
  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
  }
}
