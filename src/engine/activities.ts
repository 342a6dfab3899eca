// Wall time by activity, and the end of them all: what they share is freed once none is in the middle of using it.

import type { Clock } from '../gpu/clock.ts';
import type { Timings } from './snapshot.ts';

export type Activity = 'loading' | 'compiling' | 'training' | 'measuring';

export interface Activities {
  /** So far; activities may overlap. */
  readonly timings: Timings;
  readonly ended: boolean;
  timed<T>(activity: Activity, work: () => Promise<T>): Promise<T>;
  /** Frees what they share, as soon as none is under way. Safe to call twice. */
  end(): void;
}

/** `begun`: when planning began, on the clock; it has just ended. `free` must be safe to call twice. */
export function createActivities(clock: Clock, begun: number, free: () => void): Activities {
  const spent = { planning: clock.now() - begun, loading: 0, compiling: 0, training: 0, measuring: 0 };
  let underWay = 0;
  let ended = false;

  function freeIfLast(): void {
    if (ended && underWay === 0) free();
  }

  return {
    get timings() {
      const seconds = Object.fromEntries(Object.entries(spent).map(([id, ms]) => [id, ms / 1000])) as Omit<Timings, 'total'>;
      return { ...seconds, total: (clock.now() - begun) / 1000 };
    },
    get ended() {
      return ended;
    },
    async timed(activity, work) {
      const from = clock.now();
      underWay++;
      try {
        return await work();
      } finally {
        underWay--;
        spent[activity] += clock.now() - from;
        freeIfLast();
      }
    },
    end() {
      ended = true;
      freeIfLast();
    },
  };
}
