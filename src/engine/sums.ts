// Turns rows of sums, as the kernels leave them, into the values of observables. Float64 from here on.

import type { Batch, Family } from '../core/family.ts';
import type { Domain, Observable, Standing, Sums, Term } from '../core/observable.ts';
import type { Measurement } from '../core/program.ts';
import type { TaskData } from '../core/task.ts';

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

/** Samples on which kernels are measured. */
export function probeSamplesOf({ probe, sequence }: TaskData): number {
  return sequence?.kernelTrials ?? probe.count;
}

/** Parts of a sum, or of a maximum, as one. */
export function combine({ reduce }: Term, parts: ArrayLike<number>): number {
  let whole = reduce === 'max' ? Number.NEGATIVE_INFINITY : 0;
  for (let i = 0; i < parts.length; i++) whole = reduce === 'max' ? Math.max(whole, parts[i]) : whole + parts[i];
  return whole;
}

/** Index of a layer as `Sums.ofLayer` counts them; −1 where there is none. */
export function layerIndex(layer: number, layers: number): number {
  const index = layer < 0 ? layers + layer : layer - 1;
  return layer !== 0 && index >= 0 && index < layers ? index : -1;
}

/** True where a term cannot be known without `TaskData.teacher`. Kernels read zeros there. */
function readsTeacher({ domain, wgsl }: Term): boolean {
  return domain === 'map' && /\bteacher\b/.test(wgsl);
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
  const known = (term: Term): boolean => batch.data.teacher !== undefined || !readsTeacher(term);
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
      if (!known(term)) return Number.NaN;
      const { rows, stride, offset, words } = placeOf(term);
      return combine(term, rows.subarray(unit * stride + offset, unit * stride + offset + words));
    },
    ofLayer(term, layer) {
      const { rows, stride, offset, words } = placeOf(term);
      const index = layerIndex(layer, words);
      return index < 0 ? Number.NaN : rows[unit * stride + offset + index];
    },
    count: countOf,
    values: batch.networks[network].values,
    probeSamples: probeSamplesOf(batch.data),
    taskDistance: batch.data.taskDistance ?? Number.NaN,
    progress,
  });
}
