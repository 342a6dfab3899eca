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
 * S = 1 − cos(K, K₀) = [‖K − K₀‖² − (‖K‖ − ‖K₀‖)²]/(2‖K‖‖K₀‖), with ‖K‖ − ‖K₀‖ = (‖K‖² − ‖K₀‖²)/(‖K‖ + ‖K₀‖): half the squared chord
 * between the normalised matrices. Entries and sums good to a relative ε give it an error of about ε² + ε√S while the norms stay alike,
 * and of ε‖K − K₀‖²/(2‖K‖‖K₀‖) at most; where that is more than ε, 1 − cos itself is taken, whose error is ε.
 */
export function distanceOf(sums: Sums, { nowNow, nowStart, startStart, change, growth }: DistanceTerms): number {
  const [now, start] = [Math.sqrt(sums.of(nowNow)), Math.sqrt(sums.of(startStart))];
  const moved = sums.of(change);
  if (moved > 2 * now * start) return 1 - sums.of(nowStart) / (now * start);
  const longer = sums.of(growth) / (now + start);
  return Math.max(0, moved - longer * longer) / (2 * now * start);
}

/** Sums of row sums: the sums over all pairs. */
export function totals(domain: Domain): { readonly now: Term; readonly start: Term } {
  return {
    now: { id: `${domain}Now`, domain, wgsl: 'now', measure: ({ now }) => now },
    start: { id: `${domain}Start`, domain, wgsl: 'start', measure: ({ start }) => start },
  };
}

/** Cosine of the angle between two matrices from their Frobenius products. */
export function alignmentOf(sums: Sums, { nowNow, nowStart, startStart }: Products): number {
  return sums.of(nowStart) / Math.sqrt(sums.of(nowNow) * sums.of(startStart));
}

/**
 * The same after double centring K → JKJ, J = 1 − 11ᵀ/n, from row sums r: ⟨JKJ, JK₀J⟩ = ⟨K, K₀⟩ − (2/n) r·r₀ + s s₀/n², s = Σ r.
 */
export function centredAlignmentOf(sums: Sums, pairs: Products, rows: Products, total: { now: Term; start: Term }): number {
  const n = sums.count(rows.nowNow.domain);
  const now = sums.of(total.now);
  const start = sums.of(total.start);
  const centred = (pair: Term, row: Term, s: number, s0: number) => sums.of(pair) - (2 / n) * sums.of(row) + (s * s0) / (n * n);
  const nowNow = centred(pairs.nowNow, rows.nowNow, now, now);
  const startStart = centred(pairs.startStart, rows.startStart, start, start);
  return centred(pairs.nowStart, rows.nowStart, now, start) / Math.sqrt(nowNow * startStart);
}
