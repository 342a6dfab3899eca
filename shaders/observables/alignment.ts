// What two matrices over pairs tell of each other, now against the start: cosine and distance, as they are and centred. Makes
// observables; the domains that have them stand in the files that name them.

import type { Domain, Observable } from '../../src/core/observable.ts';
import { alignmentOf, centredAlignmentOf, centredDistanceOf, distanceOf, distanceTerms, productsOf, totals } from './terms.ts';

/** Domains of pairs, whose elements are entries of a symmetric matrix. */
export type PairDomain = Extract<
  Domain,
  'kernel' | 'kernelAll' | 'kernelDecision' | 'representation' | 'centredRepresentation' | 'outputGram'
>;
/** Domains of the row sums of such a matrix. */
export type RowDomain = Extract<Domain, 'kernelRows' | 'representationRows'>;

/** What tells one observable from another of its kind. */
export type Words = Pick<Observable, 'id' | 'label' | 'symbol' | 'description' | 'source'>;

const cosine = {
  unit: 'dimensionless',
  range: [-1, 1],
  scale: 'linear',
  role: 'order',
  threshold: 0.5,
  richSide: 'below',
  per: 'network',
} as const;

/** ⟨K, K₀⟩/(‖K‖‖K₀‖) in the Frobenius product. */
export function alignment(domain: PairDomain, words: Words): Observable {
  const products = productsOf(domain);
  return { ...words, ...cosine, terms: Object.values(products), finish: (sums) => alignmentOf(sums, products) };
}

/** The same after double centring of both matrices. */
export function centredAlignment(domain: PairDomain, rowDomain: RowDomain, words: Words): Observable {
  const [products, rowProducts, total] = [productsOf(domain), productsOf(rowDomain), totals(rowDomain)];
  return {
    ...words,
    ...cosine,
    terms: [...Object.values(products), ...Object.values(rowProducts), total.now, total.start],
    finish: (sums) => centredAlignmentOf(sums, products, rowProducts, total),
  };
}

/** What is left of a squared angle of 0 in single precision is some 1e-14; ten times the error of S there. */
const SQUARED_ANGLE = 1e-12;

const chord = {
  unit: 'dimensionless',
  range: [0, 2],
  scale: 'log',
  resolution: SQUARED_ANGLE,
  role: 'order',
  threshold: 0.01,
  richSide: 'above',
  per: 'network',
} as const;

/** 1 − alignment from the change of the matrix, so that it does not cancel where hardly anything changes. */
export function distance(domain: PairDomain, words: Words): Observable {
  const terms = distanceTerms(domain);
  return { ...words, ...chord, terms: Object.values(terms), finish: (sums) => distanceOf(sums, terms) };
}

/** The same after double centring of both matrices. */
export function centredDistance(domain: PairDomain, rowDomain: RowDomain, words: Words): Observable {
  const [terms, rowTerms, total] = [distanceTerms(domain), distanceTerms(rowDomain), totals(rowDomain)];
  return {
    ...words,
    ...chord,
    terms: [...Object.values(terms), ...Object.values(rowTerms), ...Object.values(total)],
    finish: (sums) => centredDistanceOf(sums, terms, rowTerms, total),
  };
}
