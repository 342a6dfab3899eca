// A digest tells bit-identical results, results within tolerance and other results apart, and says where they differ.

import { describe, expect, test } from 'vitest';
import { createFilm, type Film } from '../../../src/core/film.ts';
import { outcomeCode } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { copyPlain } from '../../../src/core/plain-json.ts';
import { compareDigest, digestOf, MAX_MEANS, readDigest, TOLERANCE } from '../../../src/core/result-digest.ts';
import { catalog, sweepJson } from './fixtures.ts';

const { observables } = catalog;
const [kernelChange, testError] = observables;
const LAST = 3;

/** A film of 200 cells with plausible numbers; `change` may alter each. */
function filmOf(change: (value: number, id: string, cell: number) => number = (value) => value, steps = 100): Film {
  const axes = [
    { parameter: 'outputScale', scale: 'log', from: 1e-3, to: 1e3, steps },
    { parameter: 'width', values: [16, 32] },
  ];
  const training = { method: 'flow', maxTime: 10, checkpoints: [0.1, 1, 10] };
  const film = createFilm(parseSweep(sweepJson({ axes, seeds: 4, training }), catalog), () => false);
  for (const [id, values] of Object.entries(film.network)) {
    for (let i = 0; i < values.length; i++) {
      const cell = Math.floor(i / 4) % film.cells;
      values[i] = change((id === 'kernelChange' ? 10 ** (cell / 20 - 5) : 0.3 - cell / 1000) * (1 + 0.01 * (i % 4)), id, cell);
    }
  }
  film.outcomes.fill(outcomeCode.converged);
  return film;
}

const film = filmOf();
const digest = digestOf(film, LAST, [kernelChange]);
const verdict = (other: Film) =>
  compareDigest(readDigest(copyPlain(JSON.parse(JSON.stringify(digest)), 'd'), 'd'), other, observables);

describe('digests', () => {
  test('of one film are short, and find it again', () => {
    expect(digest).toMatchObject({ frame: LAST, cells: 200, seeds: 4 });
    expect(JSON.stringify(digest).length).toBeLessThan(450);
    expect(verdict(filmOf())).toEqual({
      verdict: 'identical',
      words: 'Identical to the shared result, bit for bit.',
      worst: null,
    });
  });

  test('wait until every network is known', () => {
    const young = filmOf();
    young.outcomes[(LAST + 1) * young.cells * young.seeds - 1] = 255;
    expect(digestOf(young, LAST, [kernelChange])).toBeNull();
    expect(digestOf(young, LAST - 1, [kernelChange])).not.toBeNull();
    expect(verdict(young).verdict).toBe('unknown');
  });

  test('see the last bit of a number, an outcome, and a NaN', () => {
    const one = (alter: (other: Film) => void) => {
      const other = filmOf();
      alter(other);
      return verdict(other).verdict;
    };
    const last = film.network.kernelChange.length - 1;
    const next = (other: Film) =>
      new Float64Array(new BigUint64Array([new BigUint64Array(other.network.kernelChange.buffer)[last] + 1n]).buffer)[0];
    expect(one((other) => other.network.kernelChange.fill(next(other), last))).toBe('within');
    expect(one((other) => other.outcomes.fill(outcomeCode.stalled, last))).toBe('within');
    expect(one((other) => other.network.kernelChange.fill(Number.NaN, last - 799))).toBe('differs');
  });

  test('measure a ratio where means are geometric', () => {
    const { verdict: words, worst } = verdict(
      filmOf((value, id, cell) => (id === 'kernelChange' && cell > 150 ? value * (1 + TOLERANCE / 2) : value)),
    );
    expect(words).toBe('within');
    expect(worst?.difference).toBeCloseTo(TOLERANCE / 2, 4);
    expect(worst?.cell).toBeGreaterThan(150);
  });

  test('say where and by how much another result is another', () => {
    const {
      verdict: kind,
      worst,
      words,
    } = verdict(filmOf((value, id, cell) => (id === 'kernelChange' && cell === 1 ? 2 * value : value)));
    expect(kind).toBe('differs');
    expect(worst).toMatchObject({ observable: 'kernelChange', cell: 1 });
    expect(worst?.difference).toBeCloseTo(0.5, 3);
    expect(words).toBe('Differs from the shared result: 50 % apart, label in cell 1.');
  });

  test('count linear differences in shares of the largest mean', () => {
    const linear = digestOf(film, LAST, [testError]);
    if (linear === null) throw new Error('no digest');
    const found = compareDigest(
      linear,
      filmOf((value, id, cell) => (id === 'testError' && cell >= 190 ? value + 0.002 : value)),
      observables,
    );
    expect(found.verdict).toBe('within');
    expect(found.worst?.difference).toBeCloseTo(0.002 / 0.3045, 3);
  });

  test('know what they cannot tell', () => {
    expect(verdict(filmOf((value, id) => (id === 'testError' ? value + 1 : value)))).toMatchObject({
      verdict: 'within',
      worst: null,
    });
    expect(verdict(filmOf(undefined, 50)).verdict).toBe('unknown');
    const other = digest === null ? null : { ...digest, hashes: {} };
    expect(other && compareDigest(other, film, observables).verdict).toBe('unknown');
  });

  test('keep small films whole, and large, tiny, negative and missing means to five digits', () => {
    const values = [3.4e38, 1e-38, -12345.678, Number.NaN, 0, 1 / 3];
    const small = filmOf((_, id, cell) => (id === 'testError' ? values[cell % values.length] : 1), 5);
    const of = digestOf(small, LAST, [testError]);
    expect(atob(of?.means.testError ?? '').length).toBe(3 * Math.min(10, MAX_MEANS));
    small.outcomes[LAST * 40] = outcomeCode.stalled;
    expect(of && compareDigest(of, small, observables)).toMatchObject({ verdict: 'within', worst: null });
  });

  test.each([
    [{ frame: -1 }],
    [{ hashes: { x: 'ABCDEFABCDEF' } }],
    [{ means: { x: 'AAAA' } }],
    [{ means: [] }],
    [{ cells: 1e99 }],
    [{ more: 1 }],
  ])('that are damaged are refused: %j', (change) => {
    expect(() => readDigest(copyPlain({ ...digest, ...change }, 'd'), 'd')).toThrow(/^d/);
  });
});
