// Differences seed by seed: exact where seeds shift every value alike, and only over seeds that have both.

import { describe, expect, it } from 'vitest';
import { formatPaired, pairedTables } from '../../../src/analysis/paired.ts';
import { catalog } from '../../../src/catalog.ts';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';

const SEEDS = 4;
const kernelChange = { id: 'kernelChange', per: 'network' } as const;

/** A finished film of outputScale × width in which seed s adds s to every value. */
function filmOf(changes: object = {}): Film {
  const sweep = parseSweep(
    {
      version: 1,
      family: 'fully-connected',
      task: { kind: 'stripe', inputDim: 4 },
      axes: [
        { parameter: 'outputScale', values: [1, 10, 100] },
        { parameter: 'width', values: [4, 8] },
      ],
      seeds: SEEDS,
      training: { method: 'flow', maxTime: 1, checkpoints: [1] },
      observables: ['kernelChange'],
      ...changes,
    },
    catalog,
  );
  const film = createFilm(sweep, () => false);
  const last = film.times.length - 1;
  for (let cell = 0; cell < film.cells; cell++) {
    for (let seed = 0; seed < SEEDS; seed++) {
      const at = (last * film.cells + cell) * SEEDS + seed;
      film.network.kernelChange[at] = 10 * cell + seed;
      film.outcomes[at] = outcomeCode.converged;
    }
  }
  return film;
}

describe('paired differences', () => {
  it('are free of what seeds add to all values', () => {
    const [first, second] = pairedTables(filmOf(), kernelChange, 'outputScale');
    expect(first.where).toEqual({ width: 4 });
    expect(second.where).toEqual({ width: 8 });
    expect(first.rows.map(({ value }) => value)).toEqual([1, 10, 100]);
    expect(first.rows[0].difference).toBeNull();
    // Cells are (scale, width), so that one step in scale is two cells: 20.
    expect(first.rows[1].difference).toEqual({ mean: 20, std: 0, count: SEEDS, up: SEEDS, down: 0 });
    expect(second.rows[2].difference).toEqual({ mean: 40, std: 0, count: SEEDS, up: SEEDS, down: 0 });
    expect(first.rows[0].mean).toBe(1.5);
  });

  it('leave out seeds that diverged on either side', () => {
    const film = filmOf();
    const last = film.times.length - 1;
    film.outcomes[(last * film.cells + 2) * SEEDS + 1] = outcomeCode.diverged;
    film.outcomes[last * film.cells * SEEDS + 3] = outcomeCode.diverged;
    const [{ rows }] = pairedTables(film, kernelChange, 'outputScale');
    expect(rows[1].difference).toEqual({ mean: 20, std: 0, count: SEEDS - 2, up: SEEDS - 2, down: 0 });
    expect(rows[1].count).toBe(SEEDS - 1);
  });

  it('are refused where nothing pairs the seeds, or nothing varies', () => {
    expect(() => pairedTables(filmOf({ independentSeeds: true }), kernelChange, 'width')).toThrow(/independentSeeds/);
    expect(() => pairedTables(filmOf(), kernelChange, 'depth')).toThrow(/It varies outputScale, width/);
  });

  it('say in words how many seeds went which way', () => {
    const text = formatPaired(filmOf(), [kernelChange], 'outputScale');
    expect(text).toContain('kernelChange over outputScale, width = 4');
    expect(text).toContain('100  41.5 ± 1.291 (4)  +40 ± 0, 4 up, 0 down of 4');
  });
});
