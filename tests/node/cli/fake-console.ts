// A console that remembers, for tests of the command line.

import type { Console } from '../../../src/cli/console.ts';

export interface FakeConsole extends Console {
  readonly printed: string[];
  readonly noted: string[];
  readonly progressed: number[];
}

export function fakeConsole(): FakeConsole {
  const printed: string[] = [];
  const noted: string[] = [];
  const progressed: number[] = [];
  return {
    printed,
    noted,
    progressed,
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    progress: (_, fraction) => void progressed.push(fraction),
  };
}
