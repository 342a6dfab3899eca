// A clock that stands still until told.

import type { Clock } from '../../../src/gpu/clock.ts';

interface FakeClock extends Clock {
  /** Moves time on by `ms` ≥ 0. */
  advance(ms: number): void;
}

/** @param start First reading, ms. Defaults to 0. */
export function createFakeClock(start = 0): FakeClock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`fake clock: ms must be ≥ 0, got ${ms}`);
      time += ms;
    },
  };
}
