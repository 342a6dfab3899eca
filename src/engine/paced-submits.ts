// Cuts work over many units (networks or cells) into submits of the right length and keeps two of them under way.
// Each submit is followed by a read of what it wrote: its arrival is the submit's end. Knows no kernels.

import type { Clock } from '../gpu/clock.ts';
import { createBudget, observeLoss, observeSubmit, planSubmit, type SubmitBudget } from '../gpu/submit-budget.ts';

/** Submits under way at once: one runs while the next waits. */
const DEPTH = 2;

/** A stretch of units. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
}

/** What a finished submit turned out to be: units × steps that were really worked on. */
export interface Worked {
  readonly units: number;
  readonly steps: number;
}

export interface PacedSubmits {
  /** Units and steps of the next submit. */
  plan(units: number, stepsWanted: number): { readonly units: number; readonly steps: number };
  /**
   * Submits (`submit` encodes and submits at once and returns the read that ends it) and, where `DEPTH` are under way,
   * waits for the oldest. `finish` handles what was read and says what was worked on.
   */
  run<T>(submit: () => Promise<T>, finish: (read: T) => Worked): Promise<void>;
  /** Waits for everything under way. */
  drain(): Promise<void>;
  /** Forgets what is under way after a device loss; counts the loss. True: too many, give up. */
  lost(): boolean;
}

export function createPacedSubmits(clock: Clock): PacedSubmits {
  let budget: SubmitBudget = createBudget();
  let underWay: Promise<void>[] = [];
  let lastEnd = 0;
  let generation = 0;

  return {
    plan(units, stepsWanted) {
      const { networks, steps } = planSubmit(budget, { networks: units, stepsWanted });
      return { units: networks, steps };
    },
    async run(submit, finish) {
      const begun = clock.now();
      const own = generation;
      const ended = submit()
        .then((read) => {
          if (own !== generation) return;
          const now = clock.now();
          const { units, steps } = finish(read);
          budget = observeSubmit(budget, { networks: units, steps, ms: now - Math.max(begun, lastEnd) });
          lastEnd = now;
        })
        // Stays in the list until it has ended: somebody else may be waiting for it too.
        .finally(() => {
          underWay = underWay.filter((one) => one !== ended);
        });
      underWay.push(ended);
      // Awaited below or in `drain`; until then a rejection must not count as unhandled.
      ended.catch(() => undefined);
      while (underWay.length >= DEPTH) await underWay[0];
    },
    async drain() {
      while (underWay.length > 0) await underWay[0];
    },
    lost() {
      generation++;
      underWay = [];
      budget = observeLoss(budget, clock.now());
      return budget.givenUp;
    },
  };
}

/**
 * The next stretch at or after `from`, wrapping around: up to `most` wanted units and `span` units in all. Gaps of unwanted units
 * are bridged while they are short: an idle network costs little, a dispatch of its own more. Null where nothing is wanted.
 */
export function nextStretch(wanted: Uint8Array, from: number, most: number, span: number): Stretch | null {
  let first = wanted.indexOf(1, from);
  if (first < 0) first = wanted.indexOf(1);
  if (first < 0) return null;
  let end = first + 1;
  let taken = 1;
  const limit = Math.min(wanted.length, first + span);
  while (taken < most) {
    const next = wanted.indexOf(1, end);
    if (next < 0 || next >= limit || next - end > 8 + taken / 4) break;
    end = next + 1;
    taken++;
  }
  return { first, count: end - first };
}
