// Time as an argument: the wall clock, and a clock for tests.

export interface Clock {
  /** Milliseconds since some fixed moment; never decreases. */
  now(): number;
}

/** `performance.now`, in browsers and Node. */
export const wallClock: Clock = { now: () => performance.now() };

export interface FakeClock extends Clock {
  /** Moves time on by `ms` ≥ 0. */
  advance(ms: number): void;
}

/** A clock that stands still until told: for tests. @param start First reading, ms. Defaults to 0. */
export function createFakeClock(start = 0): FakeClock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`clock: ms must be ≥ 0, got ${ms}`);
      time += ms;
    },
  };
}
