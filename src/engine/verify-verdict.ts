// Whether a network of the film and the same network trained again in float64 agree: the largest difference of every observable,
// and a verdict against a stated tolerance. Pure: trains nothing (verify-run.ts) and words nothing for the page.

import { activationIds, activationOf } from '../../shaders/lib/activations.ts';
import { type Film, UNKNOWN } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { OUTCOMES, type Outcome, outcomeCode } from '../core/outcome.ts';
import type { Value, Values } from '../core/parameter.ts';
import type { RetrainedFrame } from './verify-run.ts';

/**
 * Largest difference that is allowed, as a share of the float64 value where the observable's scale is logarithmic, else of
 * the largest of its curve. Most networks agree to 10⁻⁴; two hundredths leave room for adaptive steps that rounding accepts or
 * refuses differently, of which distances near 0 feel twice the effect, and for kinks of ReLU that are crossed a step earlier or
 * later. Small beside the width of any boundary between lazy and rich.
 */
export const TOLERANCE = { smooth: 0.02, kinked: 0.05 } as const;
/**
 * On logarithmic scales, values below this share of the largest count as it: what is left of a loss depends on
 * the very step it stopped at.
 */
const RESOLVED = 1e-2;
/**
 * Order parameters compare a network with its start: what float32 rounds away of kernels and weights is
 * that much of them, absolute.
 */
const ROUNDED = 1e-6;
/** Beyond this float32 has no numbers. */
const LARGEST = 3e38;
/** Observables that measure how exact the integration is: shown, not judged. */
const NUMERICAL: readonly string[] = ['balanceDrift'];
/** Observables that count: one element more or less is no disagreement, since its margin may lie at the very edge. */
const COUNTED: Readonly<Record<string, 'train' | 'test' | 'gates'>> = {
  testError: 'test',
  unmetMargins: 'train',
  gateFlips: 'gates',
};
/** Elements of a count that may fall to the other side. */
const MOST_FLIPPED = 1;
/** Times that only change at accepted steps: both engines may cross a level one step apart. */
const STEPPED: readonly string[] = ['halvingTime'];
const STEPPED_TOLERANCE = 0.05;

/** One observable, compared at all checkpoints that both have. */
export interface ComparedObservable {
  readonly id: string;
  /** Checkpoints at which both are numbers. */
  readonly compared: number;
  /** Where the share is largest, |film − float64| and that share (see TOLERANCE); of classes, how many and what share of checkpoints
   * differ. NaN for none compared. */
  readonly difference: number;
  readonly share: number;
  /** Largest `share` that is allowed. */
  readonly tolerance: number;
  /** Where the difference is largest: its frame, and both values. −1 for none compared. */
  readonly frame: number;
  readonly film: number;
  readonly float64: number;
  readonly within: boolean;
  /** First frame beyond the tolerance; −1 where it is kept. */
  readonly left: number;
}

export interface Verdict {
  readonly observables: readonly ComparedObservable[];
  /** Outcomes at the last frame compared. */
  readonly outcomes: { readonly film: Outcome | null; readonly float64: Outcome | null };
  /** True where every observable is within its tolerance, something was compared, and both ended alike. */
  readonly agrees: boolean;
}

/** Numbers of elements behind counts, where they are known. */
export interface Counts {
  readonly train?: number;
  readonly test?: number;
  readonly gates?: number;
}

/** The tolerance that a network of these values has to meet: kinked activations have the wider one. */
export function toleranceOf({ activation }: Values): number {
  const kinked = typeof activation === 'string' && activationIds.includes(activation) && activationOf(activation).kinked;
  return kinked ? TOLERANCE.kinked : TOLERANCE.smooth;
}

/** The numbers of elements that values of a sweep tell of. */
export function countsOf(values: Values): Counts {
  const number = (value: Value | undefined) => (typeof value === 'number' ? value : undefined);
  const [train, test, probe] = [number(values.samples), number(values.testSamples), number(values.probeSamples)];
  const [width, depth] = [number(values.width), number(values.depth)];
  return {
    ...(train === undefined ? {} : { train }),
    ...(test === undefined ? {} : { test }),
    ...(probe === undefined || width === undefined ? {} : { gates: probe * width * (depth ?? 1) }),
  };
}

type Compared = Pick<Observable, 'id' | 'scale' | 'role'>;

/** Largest share of difference that an observable is allowed. */
function allowedFor(id: string, scale: Observable['scale'], tolerance: number): number {
  if (NUMERICAL.includes(id)) return Number.POSITIVE_INFINITY;
  if (STEPPED.includes(id)) return STEPPED_TOLERANCE;
  return scale === 'class' ? 0 : tolerance;
}

function compareOne(
  film: Film,
  cell: number,
  seed: number,
  frames: readonly RetrainedFrame[],
  { id, scale, role }: Compared,
  tolerance: number,
  counts: Counts,
): ComparedObservable {
  const pairs = frames.flatMap(({ frame, values, outcome }) => {
    const at = (frame * film.cells + cell) * film.seeds + seed;
    const pair = { frame, film: film.network[id][at], float64: values[id] };
    const known = film.outcomes[at] !== UNKNOWN && (Number.isFinite(pair.film) || Number.isFinite(pair.float64));
    // Networks that diverge leave float32 before float64; that both do is for their outcomes to say.
    const diverged = outcome === 'diverged' || film.outcomes[at] === outcomeCode.diverged;
    const beyond = !Number.isFinite(pair.film) && Math.abs(pair.float64) > LARGEST;
    return known && !diverged && !beyond ? [pair] : [];
  });
  const nothing = { frame: -1, film: Number.NaN, float64: Number.NaN, difference: Number.NaN, share: Number.NaN };
  if (pairs.length === 0) return { id, compared: 0, ...nothing, tolerance, within: true, left: -1 };
  const largest = pairs.reduce((most, { float64 }) => Math.max(most, Math.abs(float64) || 0), 0);
  const allowed = allowedFor(id, scale, tolerance);
  const worst = { ...nothing, share: -1 };
  let differing = 0;
  let left = -1;
  for (const pair of pairs) {
    const gap = Math.abs(pair.film - pair.float64);
    const difference = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    const against = scale === 'log' ? Math.max(Math.abs(pair.float64) || 0, RESOLVED * largest) : largest;
    const share = difference === 0 ? 0 : difference / against;
    if (difference > 0) differing += 1;
    if (share > allowed && left < 0) left = pair.frame;
    if (share > worst.share) Object.assign(worst, pair, { difference, share });
  }
  if (scale === 'class') Object.assign(worst, { difference: differing, share: differing / pairs.length });
  const elements = counts[COUNTED[id]];
  const flipped = elements !== undefined && worst.difference <= (MOST_FLIPPED + 1e-6) / elements;
  const rounded = role === 'order' && scale !== 'class' && worst.difference <= ROUNDED;
  const within = worst.share <= allowed || flipped || rounded;
  return { id, compared: pairs.length, ...worst, tolerance: allowed, within, left: within ? -1 : left };
}

/** Compares network `seed` of `cell` with what float64 gave. `tolerance`: share of the largest value, see `toleranceOf`. */
export function verdictOf(
  film: Film,
  cell: number,
  seed: number,
  frames: readonly RetrainedFrame[],
  observables: readonly Compared[],
  tolerance: number,
  counts: Counts = {},
): Verdict {
  const own = observables.filter(({ id }) => film.network[id] !== undefined);
  const rows = own.map((observable) => compareOne(film, cell, seed, frames, observable, tolerance, counts));
  const last = [...frames]
    .reverse()
    .find(({ frame }) => film.outcomes[(frame * film.cells + cell) * film.seeds + seed] !== UNKNOWN);
  const code = last === undefined ? UNKNOWN : film.outcomes[(last.frame * film.cells + cell) * film.seeds + seed];
  const outcomes = { film: code === UNKNOWN ? null : OUTCOMES[code], float64: last?.outcome ?? null };
  const alike = code !== UNKNOWN && last !== undefined && sameEnd(code, last.outcome);
  return {
    observables: rows,
    outcomes,
    agrees: alike && rows.every(({ within }) => within) && rows.some(({ compared }) => compared > 0),
  };
}

/**
 * Converged and still running are neighbours: a margin met a step later ends no argument. Diverged,
 * stalled and obstructed must agree.
 */
function sameEnd(film: number, float64: Outcome): boolean {
  const ordinary: readonly Outcome[] = ['running', 'converged', 'out-of-budget'];
  return film === outcomeCode[float64] || (ordinary.includes(OUTCOMES[film]) && ordinary.includes(float64));
}
