// Turns rows of sums, as the kernels leave them, into the values of observables. Float64 from here on.

import type { Batch, Family } from '../core/family.ts';
import type { Domain, Observable, Standing, Sums, Term } from '../core/observable.ts';
import type { Measurement } from '../core/program.ts';

/** Rows of one measurement: (units, words), units being networks or cells. */
export interface MeasuredRows {
  readonly measurement: Measurement;
  readonly rows: Float32Array;
}

interface Place {
  readonly rows: Float32Array;
  readonly stride: number;
  readonly offset: number;
  readonly words: number;
}

/** The distinct terms of some observables. */
export function termsOf(observables: readonly Observable[]): readonly Term[] {
  return [...new Map(observables.flatMap(({ terms }) => terms).map((term) => [term.id, term])).values()];
}

/** Finds each term's words once, then gives the `Sums` of any unit. */
export function createSumsReader(
  measured: readonly MeasuredRows[],
  family: Family,
  batch: Batch,
): (unit: number, network: number, progress: Standing) => Sums {
  const places = new Map<string, Place>();
  for (const { measurement, rows } of measured) {
    const stride = measurement.terms.reduce((sum, { words }) => sum + words, 0);
    let offset = 0;
    for (const { id, words } of measurement.terms) {
      places.set(id, { rows, stride, offset, words });
      offset += words;
    }
  }
  const placeOf = (term: Term): Place => {
    const place = places.get(term.id);
    if (place === undefined) throw new Error(`engine: the term "${term.id}" has not been summed`);
    return place;
  };
  const counts = new Map<Domain, number>();
  const countOf = (domain: Domain): number => {
    let count = counts.get(domain);
    if (count === undefined) {
      count = family.domainCount(domain, batch.shape, batch.data);
      counts.set(domain, count);
    }
    return count;
  };
  return (unit, network, progress) => ({
    of(term) {
      const { rows, stride, offset, words } = placeOf(term);
      let sum = 0;
      for (let word = 0; word < words; word++) sum += rows[unit * stride + offset + word];
      return sum;
    },
    ofLayer(term, layer) {
      const { rows, stride, offset, words } = placeOf(term);
      return layer >= 1 && layer <= words ? rows[unit * stride + offset + layer - 1] : Number.NaN;
    },
    count: countOf,
    values: batch.networks[network].values,
    taskDistance: batch.data.taskDistance ?? Number.NaN,
    progress,
  });
}
