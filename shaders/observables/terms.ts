// Terms that several observables share, so that they are summed once. See core/observable for domains and variables.

import type { Domain, Sums, Term } from '../../src/core/observable.ts';

function product(domain: Domain, id: string, a: 'now' | 'start', b: 'now' | 'start'): Term {
  return { id, domain, wgsl: `${a} * ${b}`, measure: (element) => element[a] * element[b] };
}

/** The three products of a domain with `now` and `start`. */
export interface Products {
  readonly nowNow: Term;
  readonly nowStart: Term;
  readonly startStart: Term;
}

function productsOf(domain: Domain): Products {
  return {
    nowNow: product(domain, `${domain}NowNow`, 'now', 'now'),
    nowStart: product(domain, `${domain}NowStart`, 'now', 'start'),
    startStart: product(domain, `${domain}StartStart`, 'start', 'start'),
  };
}

export const kernelProducts = productsOf('kernel');
export const kernelRowProducts = productsOf('kernelRows');
export const representationProducts = productsOf('representation');
export const representationRowProducts = productsOf('representationRows');
export const weightProducts = productsOf('weights');

/** Σ (now − start)²: not from the products, which would cancel. */
export function squaredChange(domain: Domain): Term {
  return {
    id: `${domain}SquaredChange`,
    domain,
    wgsl: '(now - start) * (now - start)',
    measure: ({ now, start }) => (now - start) ** 2,
  };
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
