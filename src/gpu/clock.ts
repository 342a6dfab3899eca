// Time as an argument, so that tests may bring their own.

export interface Clock {
  /** Milliseconds since some fixed moment; never decreases. */
  now(): number;
}

/** `performance.now`, in browsers and Node. */
export const wallClock: Clock = { now: () => performance.now() };
