// Which theory to lay beside a sweep. Asks theories whether they hold; solves nothing.

import { cellCount, cellValues, type Sweep } from '../core/sweep.ts';
import type { Theory } from '../core/theory.ts';

/** Cells asked to tell whether a theory holds anywhere. */
const ASKED_CELLS = 96;

/** Why a theory does not hold in any of the cells asked; null where it holds in one. */
export function refusalEverywhere(sweep: Sweep, theory: Theory): string | null {
  const cells = cellCount(sweep);
  const stride = Math.max(1, Math.ceil(cells / ASKED_CELLS));
  let first: string | null = null;
  for (let cell = 0; cell < cells; cell += stride) {
    const values = cellValues(sweep, cell);
    const refusal = theory.refusal({ family: sweep.family, task: sweep.task.kind, values, training: sweep.training });
    if (refusal === null) return null;
    first ??= refusal;
  }
  return first ?? 'The sweep has no cells.';
}

/** A theory and why it holds nowhere; null where it holds somewhere. */
export interface ChosenTheory {
  readonly theory: Theory;
  readonly refusal: string | null;
}

/**
 * The theory to lay beside a sweep: `wish` where it holds anywhere, else the first that does, else `wish` with its reason; null
 * where there is nothing to say.
 */
export function chooseTheory(sweep: Sweep, theories: readonly Theory[], wish?: string): ChosenTheory | null {
  const wished = theories.find(({ id }) => id === wish);
  const refusal = wished === undefined ? null : refusalEverywhere(sweep, wished);
  if (wished !== undefined && refusal === null) return { theory: wished, refusal: null };
  const holds = theories.find((theory) => theory !== wished && refusalEverywhere(sweep, theory) === null);
  if (holds !== undefined) return { theory: holds, refusal: null };
  return wished === undefined ? null : { theory: wished, refusal };
}
