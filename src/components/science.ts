// The door to everything that is not face: what the elements need of catalog, parser and engine. Given from outside, so that a
// host may run sweeps elsewhere and tests may run none.

import type { Caps } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import type { Film } from '../core/film.ts';
import type { Preset } from '../core/preset.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Theory } from '../core/theory.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import type { TheoryRun } from '../engine/theory-run.ts';
import type { Inspection } from '../engine/trainer.ts';
import type { Thumbnails } from './thumbnail.ts';

/** A sweep that runs. Iterating it yields Snapshots until it has finished, was cancelled or failed (then it throws). */
export interface RunningSession extends AsyncIterable<Snapshot> {
  readonly film: Film;
  pause(): void;
  resume(): void;
  cancel(): void;
  inspect(cell: number, seed: number): Promise<Inspection>;
  /** Frees what `inspect` needs. */
  dispose(): void;
  /** Resolves when the GPU went away though nobody ended the session; stays pending otherwise. */
  readonly lost?: Promise<{ readonly message: string }>;
}

export interface RunOptions {
  readonly engine?: 'gpu' | 'reference';
  readonly signal?: AbortSignal;
  /** Defaults to those of the atlas itself. */
  readonly caps?: Caps;
}

export interface Science {
  readonly catalog: Catalog;
  readonly presets: readonly Preset[];
  /** In the order in which they are offered. */
  readonly theories: readonly Theory[];
  /** Throws InputError. */
  parseSweep(json: unknown): Sweep;
  /** Throws InputError where the sweep exceeds the caps. */
  openSession(sweep: Sweep, options: RunOptions): RunningSession;
  /** Lets a theory solve a sweep, off the page's thread where that can be. */
  openTheory(sweep: Sweep, theory: Theory): Promise<TheoryRun>;
  /** True where a GPU can be had. */
  gpuAvailable(): Promise<boolean>;
  /** Small pictures of the presets, where there are any. */
  thumbnails?(): Promise<Thumbnails>;
}
