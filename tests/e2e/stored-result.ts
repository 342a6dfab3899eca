// A result file of made-up numbers, as the command line writes it: enough to be drawn. Trains nothing.

import { catalog } from '../../src/catalog.ts';
import { createFilm } from '../../src/core/film.ts';
import { outcomeCode } from '../../src/core/outcome.ts';
import { parseSweep } from '../../src/core/parse-sweep.ts';
import { resultOf } from '../../src/core/result.ts';
import { labelsOf } from '../../src/core/result-labels.ts';
import { cellIndices } from '../../src/core/sweep.ts';
import { type Json, TINY } from './atlas-page.ts';

/** `json` with kernel changes that fall along its first axis and grow in time. */
export function storedResult(json: Json = TINY): string {
  const sweep = parseSweep(json, catalog);
  const film = createFilm(sweep, () => false);
  film.outcomes.fill(outcomeCode.converged);
  film.times.forEach((time, frame) => {
    for (let cell = 0; cell < film.cells; cell++) {
      for (let seed = 0; seed < film.seeds; seed++) {
        const at = (frame * film.cells + cell) * film.seeds + seed;
        for (const values of Object.values(film.network))
          values[at] = (10 ** (2 - cellIndices(sweep, cell)[0]) * (1 + seed) * time) / 3 + 1e-6;
      }
    }
  });
  const provenance = {
    version: '0.1.0',
    engine: 'WebGPU, float32',
    adapter: 'made up',
    kernel: '',
    created: '2026-01-02T03:04:05Z',
    seconds: 2,
  };
  const observables = catalog.observables.filter(({ id }) => sweep.observables.includes(id));
  return JSON.stringify(resultOf(film, observables, provenance, null, labelsOf(sweep, catalog)));
}
