// Tells of networks that trained but have no value of an observable: alignments of silent networks, for one. Reads films only.

import type { Film } from '../core/film.ts';
import { UNKNOWN } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { isExcluded, OUTCOMES } from '../core/outcome.ts';
import { isAveraged } from '../core/statistics.ts';

/** One line per observable of which networks have no value at the end, though they neither diverged nor are obstructed. */
export function linesWithoutValue(film: Film, observables: readonly Observable[]): string[] {
  // Of the last checkpoint.
  const first = (film.times.length - 1) * film.cells * film.seeds;
  return observables.flatMap(({ id, scale, terms }) => {
    const values = film.network[id]?.subarray(first, first + film.cells * film.seeds) ?? [];
    let trained = 0;
    let without = 0;
    values.forEach((value, n) => {
      const code = film.outcomes[first + n];
      if (code === UNKNOWN || isExcluded(OUTCOMES[code])) return;
      trained += 1;
      if (!isAveraged(value, scale)) without += 1;
    });
    if (without === 0) return [];
    const silent = terms.some(({ domain }) => /^kernel|representation/i.test(domain));
    const why = silent ? ', as where no hidden unit answers any probe sample (see the observable silence)' : '';
    return [`${id}: ${without} of ${trained} networks have no value at the end${why}; they enter no mean.`];
  });
}
