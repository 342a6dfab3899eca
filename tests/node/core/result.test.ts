// A result file gives back the very film it was made from, and nothing that is not one.

import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { createFilm, type Film, UNKNOWN } from '../../../src/core/film.ts';
import { OUTCOMES } from '../../../src/core/outcome.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { randomSource } from '../../../src/core/random.ts';
import { isComplete, parseResult, resultOf } from '../../../src/core/result.ts';
import type { TheoryRecord } from '../../../src/core/result-theory.ts';
import { hashOfSweepJson, sweepHash } from '../../../src/core/sweep-json.ts';
import { catalog, observable, sweepJson } from './fixtures.ts';

const provenance = {
  version: '0.1.0',
  engine: 'reference, float64, slow',
  adapter: '',
  kernel: '',
  created: '2025-01-01T00:00:00Z',
  seconds: 1.5,
};

function randomFilm(): Film {
  const sweep = parseSweep(
    sweepJson({
      seeds: 3,
      observables: ['kernelChange', 'testError', 'seedVariance'],
      training: { method: 'flow', maxTime: 1, checkpoints: 2 },
    }),
    catalog,
  );
  const film = createFilm(sweep, (id) => id === 'seedVariance');
  const source = randomSource(1, 2);
  for (const values of [...Object.values(film.network), ...Object.values(film.cell)]) {
    for (let i = 0; i < values.length; i++) values[i] = source.uniform() < 0.1 ? Number.NaN : Math.exp(10 * source.normal());
  }
  for (let i = 0; i < film.outcomes.length; i++)
    film.outcomes[i] = source.uniform() < 0.1 ? UNKNOWN : source.below(OUTCOMES.length);
  return film;
}

/** A result as it is read from a file, free to be spoilt. */
// biome-ignore lint/suspicious/noExplicitAny: tests break it on purpose
function fileOf(film: Film): any {
  return JSON.parse(JSON.stringify(resultOf(film, catalog.observables, provenance)));
}

describe('results', () => {
  test('come back bit for bit, not-a-number and unmeasured networks included', () => {
    const film = randomFilm();
    const result = parseResult(fileOf(film), catalog);
    expect(result.film).toEqual(film);
    expect(result.provenance).toEqual(provenance);
  });

  test('say their order, axes, times and statistics', () => {
    const film = randomFilm();
    film.network.kernelChange.set([1, 10, 100]);
    film.outcomes.fill(0, 0, 3);
    const file = fileOf(film);
    expect(file).toMatchObject({ format: 'phase-atlas-result', version: 1, order: 'row-major over (time, axis…)' });
    expect(file.axes[1]).toEqual({ parameter: 'width', scale: 'log', values: [16, 32, 64] });
    expect(file.times).toEqual([0, 1e-4, 1]);
    expect(file.observables.kernelChange.mean).toHaveLength(3 * 21);
    expect(file.observables.kernelChange.mean[0]).toBeCloseTo(10, 10);
    expect(file.observables.kernelChange.quantiles['0.5'][0]).toBe(10);
    expect(file.observables.kernelChange.count[0]).toBe(3);
    expect(file.provenance.sweepHash).toBe(sweepHash(film.sweep));
  });

  test('name their classes, and hold a reader to them', () => {
    const classes = [{ label: 'kernel' }, { label: 'alignment' }];
    const withClasses = (own: readonly { label: string }[]) => ({
      ...catalog,
      observables: [observable('mechanism', { scale: 'class', classes: own })],
    });
    const sweep = parseSweep(sweepJson({ observables: ['mechanism'], seeds: 3 }), withClasses(classes));
    const film = createFilm(sweep, () => false);
    film.network.mechanism.set([1, 0, 1]);
    film.outcomes.fill(0, 0, 3);
    const file: unknown = JSON.parse(JSON.stringify(resultOf(film, withClasses(classes).observables, provenance)));
    expect(file).toMatchObject({ observables: { mechanism: { scale: 'class', classes: ['kernel', 'alignment'] } } });
    expect(parseResult(file, withClasses(classes)).film).toEqual(film);
    expect(() => parseResult(file, withClasses([{ label: 'kernel' }, { label: 'static' }]))).toThrow(/classes/);
  });

  test('keep the theory that was laid beside the run; files without one have none', () => {
    const film = randomFilm();
    const mean = film.network.kernelChange.slice(0, film.times.length * film.cells);
    mean[3] = Number.NaN;
    const worst = { difference: 0.25, frame: 2, cell: 20, seed: 1, simulation: 1.5, theory: 1.25 };
    const theory: TheoryRecord = {
      id: 'lambda-balanced',
      observables: {
        kernelChange: { mean, kind: 'relative', worst, compared: 12 },
        testError: { mean: mean.slice(), kind: 'absolute', worst: null, compared: 0 },
      },
      exceptions: 4,
      refused: { cells: 3, reason: 'It holds for gradient flow, not for descent.' },
    };
    const file: unknown = JSON.parse(JSON.stringify(resultOf(film, catalog.observables, provenance, theory)));
    expect(parseResult(file, catalog)).toEqual({ film, provenance, theory });
    expect(parseResult(fileOf(film), catalog).theory).toBeNull();
    const spoilt: readonly [object, RegExp][] = [
      [{ id: 7 }, /^result.theory.id: expected/],
      [{ exceptions: -1 }, /^result.theory.exceptions: expected/],
      [{ refused: { cells: 22, reason: null } }, /^result.theory.refused.cells: expected/],
      [
        { observables: { testError: { mean: [1], kind: 'percent', worst: null, compared: 0 } } },
        /kind: expected a known kind of difference, got "percent"/,
      ],
      [{ observables: { more: {} } }, /^result.theory.observables: expected a known key, got "more"/],
      [{ observables: { testError: { mean: [1], worst: null, compared: 0 } } }, /testError.mean: expected 63 numbers, got 1/],
      [
        { observables: { testError: { mean: [...new Array(63)].fill(1), worst: null, compared: 5 } } },
        /worst: expected a difference/,
      ],
    ];
    const whole = resultOf(film, catalog.observables, provenance, theory);
    // Files of before differences had kinds hold absolute ones.
    const before = JSON.parse(JSON.stringify(whole));
    for (const id of ['kernelChange', 'testError']) delete before.theory.observables[id].kind;
    expect(parseResult(before, catalog).theory?.observables.kernelChange).toEqual({
      ...theory.observables.kernelChange,
      kind: 'absolute',
    });
    for (const [change, message] of spoilt) {
      const broken: unknown = JSON.parse(JSON.stringify({ ...whole, theory: { ...whole.theory, ...change } }));
      expect(() => parseResult(broken, catalog)).toThrow(InputError);
      expect(() => parseResult(broken, catalog)).toThrow(message);
    }
  });

  test('of versions with fewer outcomes still load', () => {
    const film = randomFilm();
    for (let i = 0; i < film.outcomes.length; i++) if (film.outcomes[i] !== UNKNOWN) film.outcomes[i] %= 5;
    const file = fileOf(film);
    file.outcomes.names = OUTCOMES.slice(0, 5);
    expect(parseResult(file, catalog).film).toEqual(film);
    file.outcomes.codes[0] = 5;
    expect(() => parseResult(file, catalog)).toThrow('result.outcomes.codes[0]: expected null or 0 to 4, got 5.');
  });

  test('know whether the run came to its end', () => {
    const film = randomFilm();
    film.outcomes.fill(1);
    expect(isComplete(film)).toBe(true);
    film.outcomes.fill(UNKNOWN, film.outcomes.length - film.seeds);
    expect(isComplete(film)).toBe(false);
  });

  test('survive tools that sort keys', () => {
    const film = randomFilm();
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort()
                .map(([key, part]) => [key, sorted(part)]),
            )
          : value;
    expect(parseResult(sorted(fileOf(film)), catalog).film.outcomes).toEqual(film.outcomes);
  });

  // biome-ignore lint/suspicious/noExplicitAny: as above
  const rows: [string, (file: any) => unknown, string | RegExp][] = [
    ['nothing', () => null, 'result.format: expected "phase-atlas-result", got none. A sweep has to be run first.'],
    ['a sweep', (file) => file.sweep, 'result.format: expected "phase-atlas-result", got none.'],
    ['another version', (file) => ({ ...file, version: 2 }), 'result.version: expected 1, got 2. Other versions need'],
    [
      'a truncated file',
      ({ provenance: _, ...file }) => file,
      'result: expected "provenance", got none. The file may be truncated.',
    ],
    ['an additional key', (file) => ({ ...file, more: 1 }), 'result: expected a known key, got "more"'],
    ['another order', (file) => ({ ...file, order: 'column-major' }), /^result.order: expected "row-major/],
    ['other axes', (file) => ({ ...file, axes: [] }), /^result.axes: expected .* as its sweep has it, got \[\]/],
    ['other times', (file) => ({ ...file, times: [0, 1] }), /^result.times: expected \[0,0.0001,1\]/],
    ['a bad sweep', (file) => ({ ...file, sweep: { ...file.sweep, seeds: 0 } }), /^sweep.seeds: expected an integer ≥ 1/],
    [
      'a sweep changed after the run',
      (file) => ({ ...file, sweep: { ...file.sweep, seed: 7 } }),
      /^result.provenance.sweepHash: .* The sweep was changed after the run\.$/,
    ],
    ['missing observables', (file) => ({ ...file, observables: {} }), 'result.observables: expected "kernelChange", got none.'],
    [
      'a short list',
      (file) => {
        file.observables.testError.values.pop();
        return file;
      },
      'result.observables.testError.values: expected 189 numbers, got 188. The file may be truncated.',
    ],
    [
      'short statistics',
      (file) => {
        file.observables.testError.quantiles['0.5'].pop();
        return file;
      },
      'result.observables.testError.quantiles.0.5: expected 63 numbers, got 62.',
    ],
    [
      'text among numbers',
      (file) => {
        file.observables.testError.values[4] = '1';
        return file;
      },
      'result.observables.testError.values[4]: expected a finite number or null, got "1".',
    ],
    [
      'an unknown outcome',
      (file) => {
        file.outcomes.codes[3] = 9;
        return file;
      },
      'result.outcomes.codes[3]: expected null or 0 to 5, got 9.',
    ],
    [
      'other outcomes',
      (file) => {
        file.outcomes.names = ['converged'];
        return file;
      },
      /^result.outcomes.names: expected/,
    ],
    [
      'a scale that is not the observable’s',
      (file) => {
        file.observables.testError.scale = 'log';
        return file;
      },
      /^result.observables.testError.scale: expected "linear"/,
    ],
    [
      'a sweep far larger than its numbers',
      (file) => {
        file.sweep.axes = ['outputScale', 'initScale', 'initScaleOutput', 'learningRateRatio'].map((parameter) => ({
          parameter,
          scale: 'linear',
          values: Array.from({ length: 1024 }, (_, i) => i + 1),
        }));
        for (const { parameter } of file.sweep.axes) delete file.sweep.fixed[parameter];
        file.sweep.fixed.width = 16;
        file.axes = file.sweep.axes;
        file.provenance.sweepHash = hashOfSweepJson(file.sweep);
        return file;
      },
      /^result.outcomes.codes: expected 9895604649984 numbers, got 189/,
    ],
  ];
  test.each(rows)('%s is refused', (_, spoil, message) => {
    const read = () => parseResult(spoil(fileOf(randomFilm())), catalog);
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });
});
