// A result draws itself without the catalog: the same film comes out, with its words, and nothing that is no result.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { createFilm, type Film, UNKNOWN } from '../../../src/core/film.ts';
import { OUTCOMES } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { randomSource } from '../../../src/core/random.ts';
import { parseResult, resultOf } from '../../../src/core/result.ts';
import { labelsOf } from '../../../src/core/result-labels.ts';
import { parseStored } from '../../../src/core/stored-result.ts';
import { catalog, sweepJson } from './fixtures.ts';

const provenance = { version: '0.1.0', engine: 'e', adapter: 'a', kernel: 'k', created: '2025-01-01T00:00:00Z', seconds: 1.5 };

function randomFilm(): Film {
  const json = sweepJson({
    title: 'A small one',
    seeds: 2,
    observables: ['kernelChange', 'testError', 'seedVariance'],
    training: { method: 'flow', maxTime: 1, checkpoints: 2 },
  });
  const film = createFilm(parseSweep(json, catalog), (id) => id === 'seedVariance');
  const source = randomSource(3, 4);
  for (const values of [...Object.values(film.network), ...Object.values(film.cell)])
    for (let i = 0; i < values.length; i++) values[i] = source.uniform() < 0.1 ? Number.NaN : Math.exp(source.normal());
  for (let i = 0; i < film.outcomes.length; i++)
    film.outcomes[i] = source.uniform() < 0.1 ? UNKNOWN : source.below(OUTCOMES.length);
  return film;
}

const film = randomFilm();
const labels = labelsOf(film.sweep, catalog);
/** A file, free to be spoilt. */
// biome-ignore lint/suspicious/noExplicitAny: tests break it on purpose
const fileOf = (words = true): any =>
  JSON.parse(JSON.stringify(resultOf(film, catalog.observables, provenance, null, words ? labels : null)));

describe('a stored result', () => {
  test('is drawn from the very numbers that the strict reader gives, in the words of the catalog', () => {
    const stored = parseStored(fileOf());
    const { sweep, ...rest } = parseResult(fileOf(), catalog).film;
    expect(stored.film).toEqual({ ...rest, sweep: { axes: sweep.axes } });
    expect(stored.provenance).toEqual(provenance);
    expect(stored.title).toBe('A small one');
    expect(stored.axes.width).toEqual({ label: 'label', symbol: 's' });
    for (const { terms, finish, source, unit, description, ...drawn } of catalog.observables)
      expect(stored.observables.find(({ id }) => id === drawn.id)).toEqual({ ...drawn, description: '' });
  });

  test('of an older file has plain names', () => {
    const stored = parseStored(fileOf(false));
    expect(stored.title).toBe('');
    expect(stored.axes.width).toEqual({ label: 'width', symbol: '' });
    expect(stored.observables[0]).toMatchObject({ id: 'kernelChange', label: 'kernelChange', role: 'quantity', scale: 'log' });
    expect(() => parseResult(fileOf(false), catalog)).not.toThrow();
  });

  // biome-ignore lint/suspicious/noExplicitAny: as above
  const spoilt: [string, (file: any) => void, RegExp][] = [
    [
      'a label for nothing',
      (file) => (file.labels.axes.depth = { label: 'd', symbol: 'd' }),
      /labels.axes: expected a known name/,
    ],
    ['no label', (file) => delete file.labels.observables.testError, /labels.observables: expected "testError"/],
    ['a role', (file) => (file.labels.observables.testError.role = 'boss'), /role: expected a known role/],
    ['an endless label', (file) => (file.labels.axes.width.label = 'x'.repeat(201)), /at most 200 characters/],
    ['a format', (file) => (file.format = 'x'), /result.format: expected/],
    ['times that fall', (file) => (file.times[2] = 1e-9), /result.times\[2\]: expected a number >/],
    ['an axis twice', (file) => (file.axes[1].parameter = 'outputScale'), /expected another parameter/],
    ['too few values', (file) => file.observables.testError.values.pop(), /expected 126 numbers, got 125/],
    ['a code', (file) => (file.outcomes.codes[0] = 9), /codes\[0\]: expected null or 0 to 5/],
    ['another sweep', (file) => (file.sweep.seed = 77), /sweepHash/],
    ['a key', (file) => (file.extra = 1), /result: expected a known key/],
    ['an observable of a strange name', (file) => (file.observables['<b>'] = file.observables.testError), /known observable/],
    ['far more seeds than numbers', (file) => (file.sweep.seeds = 4000), /expected 252000 numbers, got 126/],
  ];
  test.each(spoilt)('with %s is refused in words', (_, spoil, message) => {
    const file = fileOf();
    spoil(file);
    expect(() => parseStored(file)).toThrow(InputError);
    expect(() => parseStored(file)).toThrow(message);
  });

  test('that was changed anywhere is read or refused, and never breaks the reader', () => {
    // biome-ignore lint/suspicious/noExplicitAny: any place of any document
    const places = (value: any, path: (string | number)[] = []): (string | number)[][] =>
      typeof value !== 'object' || value === null
        ? [path]
        : [
            path,
            ...Object.keys(value)
              .slice(0, 12)
              .flatMap((key) => places(value[key], [...path, key])),
          ];
    const all = places(fileOf()).filter((path) => path.length > 0);
    const text = JSON.stringify(fileOf());
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.jsonValue(), (path, value) => {
        const file = JSON.parse(text);
        let at = file;
        for (const key of path.slice(0, -1)) at = at[key];
        at[path[path.length - 1]] = value;
        try {
          parseStored(file);
        } catch (cause) {
          if (!(cause instanceof InputError)) throw cause;
        }
      }),
      { numRuns: 1500 },
    );
    for (const odd of [null, 0, 'x', [], {}, { format: 'phase-atlas-result' }, { __proto__: null }])
      expect(() => parseStored(odd)).toThrow(InputError);
  });
});
