// A small film with numbers in every corner that exports may stumble over. Asserts nothing.

import { catalog } from '../../../src/catalog.ts';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import type { Provenance } from '../../../src/core/result.ts';
import type { ExportSource } from '../../../src/exports/export-source.ts';

export const provenance: Provenance = {
  version: '0.1.0',
  engine: 'reference, float64, slow',
  adapter: '',
  kernel: '',
  created: '2026-01-02T03:04:05.000Z',
  seconds: 1.5,
};

export const sweep = parseSweep(
  {
    version: 1,
    title: 'Small, "odd" & <wide>',
    family: 'fully-connected',
    task: { kind: 'stripe', inputDim: 4, samples: 16 },
    axes: [
      { parameter: 'outputScale', scale: 'log', values: [0.01, 1, 100] },
      { parameter: 'activation', values: ['relu', 'tanh'] },
    ],
    seeds: 2,
    seed: 7,
    training: { method: 'flow', maxTime: 10, checkpoints: [0.1, 10] },
    observables: ['kernelChange', 'testError', 'ensembleError'],
  },
  catalog,
);

/** Value of a network observable: its flat index over 10, negative for every second one. */
export const valueAt = (index: number): number => (index % 2 === 0 ? 1 : -1) * (index / 10);

/** 3 times × (3 × 2) cells × 2 seeds, all known but the last network at the last time. */
export function smallFilm(): Film {
  const film = createFilm(sweep, (id) => id === 'ensembleError');
  for (const values of Object.values(film.network)) values.set(Array.from(values, (_, i) => valueAt(i)));
  for (const values of Object.values(film.cell)) values.set(Array.from(values, (_, i) => i));
  film.outcomes.fill(outcomeCode.converged);
  film.outcomes[35] = 255;
  return film;
}

export const sourceOf = (film: Film = smallFilm()): ExportSource => ({ film, observables: catalog.observables, provenance });
