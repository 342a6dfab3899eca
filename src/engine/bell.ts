// Wakes the one who waits for news, whatever they are: who waits looks for itself. Keeps nothing: news must be
// looked for before waiting.

export interface Bell {
  ring(): void;
  /** Resolves when it is rung next. */
  rung(): Promise<void>;
}

export function createBell(): Bell {
  let wake = (): void => undefined;
  return {
    ring: () => wake(),
    rung: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}
