// Writes what a crew has measured into the film, cell by cell. Measures nothing.

import type { Film } from '../core/film.ts';
import { outcomeCode } from '../core/outcome.ts';
import type { Crew } from './crew.ts';
import type { Measured } from './trainer.ts';

export function recordFrame(film: Film, crew: Crew, frame: number, measured: Measured): void {
  const { seeds } = film;
  const outcomes = measured.outcomes.map((outcome, n) => crew.outcomeOf(n, outcome));
  crew.bucket.cells.forEach((cell, index) => {
    const at = frame * film.cells + cell;
    const own = outcomes.slice(index * seeds, (index + 1) * seeds);
    // What is measured over all seeds of a cell has no value where some of them must not be averaged.
    const whole = !own.includes('obstructed');
    for (const [id, values] of Object.entries(film.cell)) values[at] = whole ? measured.values[id][index] : Number.NaN;
    for (const [id, values] of Object.entries(film.network)) {
      values.set(measured.values[id].subarray(index * seeds, (index + 1) * seeds), at * seeds);
    }
    own.forEach((outcome, seed) => {
      film.outcomes[at * seeds + seed] = outcomeCode[outcome];
    });
  });
}
