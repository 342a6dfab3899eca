// What the commands may do to the world: write lines, show progress, end with a code. Knows no science.

/** Exit codes of `phase-atlas`. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A wrong command line: printed with a pointer to the help, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Console {
  /** A line of results, to standard output. */
  print(line: string): void;
  /** A line for the person at the terminal, to standard error. */
  note(line: string): void;
  /** The state of a long task, `fraction` 0 … 1: one line that is rewritten on a terminal, a line per tenth elsewhere. */
  progress(line: string, fraction: number): void;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A console on two streams, usually the process's own. */
export function createConsole(out: Stream, err: Stream): Console {
  let pending = false;
  let tenth = -1;
  const clear = (): void => {
    if (pending) err.write('\r\u001b[2K');
    pending = false;
  };
  return {
    print(line) {
      clear();
      out.write(`${line}\n`);
    },
    note(line) {
      clear();
      err.write(`${line}\n`);
    },
    progress(line, fraction) {
      if (err.isTTY === true) {
        err.write(`\r\u001b[2K${line.slice(0, (err.columns ?? 80) - 1)}`);
        pending = true;
        return;
      }
      const reached = Math.floor(fraction * 10);
      if (reached <= tenth) return;
      tenth = reached;
      err.write(`${line}\n`);
    },
  };
}

/** Seconds as people say them: `8 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
