// What a session yields while a sweep runs.

import type { Film } from '../core/film.ts';
import type { EngineInfo } from './trainer.ts';

export type Phase = 'loading' | 'compiling' | 'training' | 'paused' | 'finished' | 'cancelled';

export interface Progress {
  readonly phase: Phase;
  /** One short sentence for the status line. */
  readonly message: string;
  /** Share of the planned work done, 0 … 1. */
  readonly fraction: number;
  /** Networks that have finished, of all. */
  readonly networksDone: number;
  readonly networks: number;
  /** Wall-clock seconds so far and, where it can be estimated, to come; null elsewhere. */
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number | null;
  /** Of a run that waits for the reader to allow it: why, a sentence or two. */
  readonly asks?: string;
}

/** The film so far and where the run stands. The film's arrays are filled in place: the same object all through a run. */
export interface Snapshot {
  readonly film: Film;
  /** Frame that was filled last; −1 before the first. */
  readonly frame: number;
  readonly progress: Progress;
  readonly engine: EngineInfo;
}

/** Share of the wall time by activity, in seconds, for the bench and the provenance. */
export interface Timings {
  readonly planning: number;
  readonly loading: number;
  readonly compiling: number;
  readonly training: number;
  readonly measuring: number;
  readonly total: number;
}
