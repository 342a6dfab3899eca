// What every export is made of. Plain data: exports read it and change nothing.

import type { Film } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import type { Provenance } from '../core/result.ts';
import type { ResultLabels } from '../core/result-labels.ts';
import type { TheoryRecord } from '../core/result-theory.ts';

export interface ExportSource {
  readonly film: Film;
  /** Records of at least the observables that the film holds. */
  readonly observables: readonly Observable[];
  readonly provenance: Provenance;
  /** What a theory says of the sweep; left out or null, nothing. */
  readonly theory?: TheoryRecord | null;
  /** Words with which a result can be drawn by itself; left out, none are written. */
  readonly labels?: ResultLabels;
}
