// What a check finds, as data: one row per case, quantity and trainer, with the worst error in units of its tolerance.

import type { Batch, Family } from '../core/family.ts';
import type { Observable } from '../core/observable.ts';
import type { Trainer } from '../engine/trainer.ts';
import type { Place } from './case-json.ts';

/** Who computed: closed forms, the float64 trainer or model, or the GPU. */
export type Computer = 'theory' | 'reference' | 'gpu';

/** Opens a trainer for a batch; of fully connected networks unless another family is given. */
export type TrainerFactory = (batch: Batch, observables: readonly Observable[], family?: Family) => Promise<Trainer>;

/** A trainer to be checked. */
export interface Candidate {
  readonly name: Exclude<Computer, 'theory'>;
  readonly open: TrainerFactory;
}

/** Where the worst error was found: a flat index into the quantity's numbers, or a time and an index. */
export interface Worst {
  readonly index: number;
  readonly expected: number;
  readonly got: number;
}

/** Agreement of one quantity of one case. */
export interface CheckRow {
  readonly case: string;
  readonly quantity: string;
  readonly trainer: Computer;
  /** Largest |got − expected| over `scale`; Infinity where a number is missing or not finite. */
  readonly error: number;
  readonly tolerance: number;
  /** error / tolerance: more than 1 fails. */
  readonly share: number;
  readonly worst: Worst;
}

/** Something in a case file that was not compared: neither a pass nor a fail. */
export interface Unchecked {
  readonly case: string;
  readonly reason: string;
}

export interface CheckReport {
  /** Name of the schema that was recognised. */
  readonly schema: string;
  readonly rows: readonly CheckRow[];
  readonly unchecked: readonly Unchecked[];
}

/** One recognised kind of case file. A new kind is one of these in check.ts's list. */
export interface CaseSchema {
  readonly id: string;
  /** One line for the help. */
  readonly summary: string;
  recognises(content: unknown): boolean;
  check(place: Place, candidates: readonly Candidate[]): Promise<Pick<CheckReport, 'rows' | 'unchecked'>>;
}

const largestOf = (values: ArrayLike<number>) => Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Compares numbers with the case's. Errors are relative to the largest |expected|, or to `scale` where that is larger (to 1 where
 * all are zero): numbers that are differences of others are known to the digits of those.
 */
export function compare(
  where: Pick<CheckRow, 'case' | 'quantity' | 'trainer' | 'tolerance'>,
  expected: ArrayLike<number>,
  got: ArrayLike<number>,
  scale = 0,
): CheckRow {
  const unit = Math.max(scale, largestOf(expected)) || 1;
  let error = -1;
  let worst: Worst = { index: 0, expected: expected[0], got: got[0] };
  for (let index = 0; index < Math.max(expected.length, got.length); index++) {
    const difference = Math.abs(got[index] - expected[index]) / unit;
    const own = Number.isFinite(difference) ? difference : Number.POSITIVE_INFINITY;
    if (own > error) {
      error = own;
      worst = { index, expected: expected[index], got: got[index] };
    }
  }
  return { ...where, error, share: error / where.tolerance, worst };
}
