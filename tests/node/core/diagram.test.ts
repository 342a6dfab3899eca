// From a film to phase diagrams: who is averaged, who is counted, and which frame a cell shows.

import { describe, expect, test } from 'vitest';
import { latestFrame, latestFrames, memberValues, reduceFrame, reduceFrames } from '../../../src/core/diagram.ts';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { cellIndices } from '../../../src/core/sweep.ts';
import { catalog, observable, sweepJson } from './fixtures.ts';

const linear = observable('testError');
const log = observable('kernelChange', { scale: 'log' });
const perCell = observable('seedVariance', { per: 'cell' });

/** Two widths × two scales, three seeds, frames at 0, 1, 10. */
function emptyFilm(): Film {
  const sweep = parseSweep(
    sweepJson({
      axes: [
        { parameter: 'width', values: [16, 32] },
        { parameter: 'outputScale', values: [1, 10] },
      ],
      seeds: 3,
      training: { method: 'flow', maxTime: 10, checkpoints: [1, 10] },
      observables: ['kernelChange', 'testError', 'seedVariance'],
    }),
    catalog,
  );
  return createFilm(sweep, (id) => id === 'seedVariance');
}

function put(
  film: Film,
  frame: number,
  cell: number,
  values: readonly number[],
  outcome: keyof typeof outcomeCode = 'running',
): void {
  values.forEach((value, s) => {
    const at = (frame * film.cells + cell) * film.seeds + s;
    film.network.testError[at] = value;
    film.network.kernelChange[at] = value;
    film.outcomes[at] = outcomeCode[outcome];
  });
}

describe('phase diagrams', () => {
  test('cells are row-major over the axes', () => {
    const film = emptyFilm();
    for (let cell = 0; cell < 4; cell++) {
      const [w, a] = cellIndices(film.sweep, cell);
      put(film, 0, cell, [10 * w + a, 10 * w + a, 10 * w + a]);
    }
    expect([...reduceFrame(film, 0, linear).mean]).toEqual([0, 1, 10, 11]);
  });

  test('log observables are averaged geometrically', () => {
    const film = emptyFilm();
    put(film, 1, 2, [1, 10, 100]);
    expect(reduceFrame(film, 1, log).mean[2]).toBeCloseTo(10, 12);
    expect(reduceFrame(film, 1, linear).mean[2]).toBe(37);
  });

  test('a cell has the class of most of its seeds', () => {
    const film = emptyFilm();
    put(film, 1, 2, [4, 1, 4]);
    const { mean, std, count } = reduceFrame(film, 1, observable('kernelChange', { scale: 'class' }));
    expect([mean[2], std[2], count[2]]).toEqual([4, 1 - 2 / 3, 3]);
  });

  test('diverged networks are counted, and not averaged', () => {
    const film = emptyFilm();
    put(film, 1, 0, [1, 2, 1e30], 'converged');
    film.outcomes[film.cells * film.seeds + 2] = outcomeCode.diverged;
    const diagram = reduceFrame(film, 1, linear);
    expect(diagram.mean[0]).toBe(1.5);
    expect([diagram.count[0], diagram.excluded[0]]).toEqual([2, 1]);
    expect([diagram.outcomes.converged[0], diagram.outcomes.diverged[0]]).toEqual([2, 1]);
  });

  test('what has not been measured is empty, not zero', () => {
    const film = emptyFilm();
    put(film, 0, 0, [1, 1, 1]);
    const diagram = reduceFrame(film, 0, linear);
    expect(diagram.mean[1]).toBeNaN();
    expect([diagram.count[1], diagram.excluded[1], diagram.outcomes.running[1]]).toEqual([0, 3, 0]);
    expect([...memberValues(film, 'testError', 0, 1)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  test('an observable per cell keeps its value', () => {
    const film = emptyFilm();
    put(film, 1, 3, [1, 1, 1]);
    film.cell.seedVariance[film.cells + 3] = -0.25;
    const diagram = reduceFrame(film, 1, perCell);
    expect([diagram.mean[3], diagram.count[3], diagram.std[3]]).toEqual([-0.25, 1, Number.NaN]);
    expect(diagram.count[0]).toBe(0);
  });

  test('each cell shows its last measured frame at or before the one asked for', () => {
    const film = emptyFilm();
    put(film, 0, 0, [5, 5, 5]);
    put(film, 2, 0, [7, 7, 7]);
    put(film, 1, 1, [6, 6, 6]);
    expect([...latestFrames(film)]).toEqual([2, 1, -1, -1]);
    expect(latestFrame(film, 0, 1)).toBe(0);
    expect([...reduceFrames(film, latestFrames(film), linear).mean]).toEqual([7, 6, Number.NaN, Number.NaN]);
    expect([...reduceFrames(film, latestFrames(film, 1), linear).mean]).toEqual([5, 6, Number.NaN, Number.NaN]);
  });

  test('quartiles of three seeds', () => {
    const film = emptyFilm();
    put(film, 0, 0, [3, 1, 2]);
    expect(reduceFrame(film, 0, linear).quantiles.map((values) => values[0])).toEqual([1.5, 2, 2.5]);
  });

  test('an observable that the film does not hold is a fault', () => {
    expect(() => reduceFrame(emptyFilm(), 0, observable('unknown'))).toThrow('the film holds no observable unknown');
  });
});
