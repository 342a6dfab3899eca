// Terms that several observables share, so that they are summed once. See core/observable for domains and variables.

import type { Domain, Sums, Term } from '../../src/core/observable.ts';

function product(domain: Domain, id: string, a: 'now' | 'start', b: 'now' | 'start'): Term {
  return { id, domain, wgsl: `${a} * ${b}`, measure: (element) => element[a] * element[b] };
}

export interface Products {
  readonly nowNow: Term;
  readonly nowStart: Term;
  readonly startStart: Term;
}

/** The three products of a domain with `now` and `start`. */
export function productsOf(domain: Domain): Products {
  return {
    nowNow: product(domain, `${domain}NowNow`, 'now', 'now'),
    nowStart: product(domain, `${domain}NowStart`, 'now', 'start'),
    startStart: product(domain, `${domain}StartStart`, 'start', 'start'),
  };
}

export const kernelProducts = productsOf('kernel');
export const weightProducts = productsOf('weights');

/** Σ (now − start)²: not from the products, which would cancel. */
export function squaredChange(domain: Domain): Term {
  return {
    id: `${domain}SquaredChange`,
    domain,
    wgsl: 'change * change',
    measure: ({ now, start }) => (now - start) ** 2,
  };
}

/** What the distance of two matrices is made of. */
export interface DistanceTerms extends Products {
  /** Σ (now − start)². */
  readonly change: Term;
  /** Σ (now² − start²) as Σ (now − start)(now + start). */
  readonly growth: Term;
}

export function distanceTerms(domain: Domain): DistanceTerms {
  const growth: Term = {
    id: `${domain}Growth`,
    domain,
    wgsl: 'change * (now + start)',
    measure: ({ now, start }) => (now - start) * (now + start),
  };
  return { ...productsOf(domain), change: squaredChange(domain), growth };
}

/**
 * S = 1 − cos(K, K₀) = [‖K − K₀‖² − (‖K‖ − ‖K₀‖)²]/(2‖K‖‖K₀‖), with ‖K‖ − ‖K₀‖ = (‖K‖² − ‖K₀‖²)/(‖K‖ + ‖K₀‖): half the squared
 * chord between the normalised matrices. Entries and sums good to a relative ε give it an error of about ε² + ε√S while the norms
 * stay alike, and of ε‖K − K₀‖²/(2‖K‖‖K₀‖) at most; where that is more than ε, 1 − cos itself is taken, whose error is ε.
 */
export function distanceOf(sums: Sums, { nowNow, nowStart, startStart, change, growth }: DistanceTerms): number {
  return halfChord(sums.of(nowNow), sums.of(nowStart), sums.of(startStart), sums.of(change), sums.of(growth));
}

/** The same from ‖K‖², ⟨K, K₀⟩, ‖K₀‖², ‖K − K₀‖² and ‖K‖² − ‖K₀‖². */
function halfChord(nowNow: number, nowStart: number, startStart: number, change: number, growth: number): number {
  const [now, start] = [Math.sqrt(nowNow), Math.sqrt(startStart)];
  if (change > 2 * now * start) return 1 - nowStart / (now * start);
  const longer = growth / (now + start);
  return Math.max(0, change - longer * longer) / (2 * now * start);
}

/** Sums of row sums: the sums over all pairs. */
export interface Totals {
  readonly now: Term;
  readonly start: Term;
  /** Σ (now − start). */
  readonly change: Term;
}

export function totals(domain: Domain): Totals {
  return {
    now: { id: `${domain}Now`, domain, wgsl: 'now', measure: ({ now }) => now },
    start: { id: `${domain}Start`, domain, wgsl: 'start', measure: ({ start }) => start },
    change: { id: `${domain}Change`, domain, wgsl: 'change', measure: ({ now, start }) => now - start },
  };
}

/**
 * Cosine of the angle between two matrices from their Frobenius products; NaN where a square is beyond single precision: not 0.
 */
export function alignmentOf(sums: Pick<Sums, 'of'>, { nowNow, nowStart, startStart }: Products): number {
  const square = sums.of(nowNow) * sums.of(startStart);
  return square < Number.POSITIVE_INFINITY ? sums.of(nowStart) / Math.sqrt(square) : Number.NaN;
}

/** ⟨JAJ, JBJ⟩ = ⟨A, B⟩ − (2/n) a·b + (Σa)(Σb)/n², a and b the row sums of symmetric matrices, J = 1 − 11ᵀ/n. */
function centre(n: number, pair: number, row: number, total: number, otherTotal: number): number {
  return pair - (2 / n) * row + (total * otherTotal) / (n * n);
}

/** The cosine after double centring K → JKJ, J = 1 − 11ᵀ/n. */
export function centredAlignmentOf(sums: Sums, pairs: Products, rows: Products, total: Pick<Totals, 'now' | 'start'>): number {
  const n = sums.count(rows.nowNow.domain);
  const now = sums.of(total.now);
  const start = sums.of(total.start);
  const centred = (pair: Term, row: Term, s: number, s0: number) => centre(n, sums.of(pair), sums.of(row), s, s0);
  const nowNow = centred(pairs.nowNow, rows.nowNow, now, now);
  const startStart = centred(pairs.startStart, rows.startStart, start, start);
  return centred(pairs.nowStart, rows.nowStart, now, start) / Math.sqrt(nowNow * startStart);
}

/**
 * The half chord of `distanceOf` after double centring: change and growth are centred by themselves, so that nothing of the size
 * of the kernels cancels. Sums good to ε give an error of ε‖K − K₀‖² in the centred chord: its share of the distance is ε times
 * what centring takes off the change.
 */
export function centredDistanceOf(sums: Sums, pairs: DistanceTerms, rows: DistanceTerms, total: Totals): number {
  const n = sums.count(rows.nowNow.domain);
  const [now, start, change] = [sums.of(total.now), sums.of(total.start), sums.of(total.change)];
  const centred = (pair: Term, row: Term, s: number, s0: number) => centre(n, sums.of(pair), sums.of(row), s, s0);
  return halfChord(
    centred(pairs.nowNow, rows.nowNow, now, now),
    centred(pairs.nowStart, rows.nowStart, now, start),
    centred(pairs.startStart, rows.startStart, start, start),
    centred(pairs.change, rows.change, change, change),
    centred(pairs.growth, rows.growth, change, now + start),
  );
}
