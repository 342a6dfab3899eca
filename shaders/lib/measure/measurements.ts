// Bookkeeping of measuring kernels, alike in every family: terms by domain, words of their results,
// the buffer `sums`. Makes no kernel.
//
// A row of `sums` has as many words as its Measurement's terms have in all, in their order: the word of term t, part i, is
// row · words + Σ_{s<t} words_s + i. Measurements run in order, each over all units before the next.

import type { Domain, Term } from '../../../src/core/observable.ts';
import type { BufferSpec, Measurement, Pass } from '../../../src/core/program.ts';

export interface MeasureKernels {
  readonly buffers: readonly BufferSpec[];
  /** Over the starts, in order; scratch buffers count starts of the span here. */
  readonly prepare: readonly Pass[];
  /** Of `per: 'cell'` measurements a span counts cells, and scratch buffers hold count × seeds networks. */
  readonly measurements: readonly Measurement[];
}

export type TermsByDomain<Of extends Domain> = Readonly<Record<Of, readonly Term[]>>;

/** Terms with the same id are summed once. */
export function byDomain<Of extends Domain>(terms: readonly Term[], domains: readonly Of[]): TermsByDomain<Of> {
  const unique = [...new Map(terms.map((term) => [term.id, term])).values()];
  const entries = domains.map((domain) => [domain, unique.filter((term) => term.domain === domain)]);
  return Object.fromEntries(entries) as TermsByDomain<Of>;
}

/** Terms of `words` results each: one, or one for every layer. */
export const withWords = (terms: readonly Term[], words: number): Measurement['terms'] => terms.map(({ id }) => ({ id, words }));

export const oneWord = (terms: readonly Term[]): Measurement['terms'] => withWords(terms, 1);

/** Words of a row of `sums`. */
export function rowWords({ terms }: Pick<Measurement, 'terms'>): number {
  return terms.reduce((sum, { words }) => sum + words, 0);
}

/** The buffer that all measurements write to in turn; none for none. */
export function sumsBuffers(measurements: readonly Measurement[]): BufferSpec[] {
  if (measurements.length === 0) return [];
  return [{ name: 'sums', scope: 'network', words: Math.max(...measurements.map(rowWords)) }];
}
