// The `initialisation` object of a sweep: what it sets, what it refuses, and that its schema agrees.

import { describe, expect, test } from 'vitest';
import { fullyConnected } from '../../../shaders/families/fully-connected/family.ts';
import { InputError } from '../../../src/core/errors.ts';
import { initialisationSchema, parseInitialisation } from '../../../src/core/parse-initialisation.ts';
import type { Json } from '../../../src/core/plain-json.ts';
import { isValid } from './json-schema.ts';

const known = (id: string) => fullyConnected.parameters.some((parameter) => parameter.id === id);
const read = (json: Json) => parseInitialisation(json, 'sweep.initialisation', known);

const good: readonly (readonly [Json, Record<string, number | string>])[] = [
  [{ kind: 'gaussian' }, { initialisation: 'gaussian' }],
  [
    { kind: 'gaussian', scale: [2, 1], correlation: -0.5 },
    { initialisation: 'gaussian', initScale: 2, initScaleOutput: 0.5, weightCorrelation: -0.5 },
  ],
  [
    { kind: 'balanced', balance: -3, scale: 0.1, rank: 2, spectrum: 'gaussian' },
    { initialisation: 'balanced', balance: -3, productScale: 0.1, initRank: 2, productSpectrum: 'gaussian' },
  ],
  [{ kind: 'aligned' }, { initialisation: 'aligned' }],
  [
    { kind: 'low-rank', rank: 3 },
    { initialisation: 'low-rank', initRank: 3 },
  ],
  [
    { kind: 'low-rank', rank: 1, scale: [0.1, 0], spectrum: 'gaussian', direction: 'task', alignment: 0.5, output: 'gaussian' },
    {
      initialisation: 'low-rank',
      initRank: 1,
      initScale: 0.1,
      initScaleOutput: 0,
      productSpectrum: 'gaussian',
      initDirection: 'task',
      initAlignment: 0.5,
      initOutput: 'gaussian',
    },
  ],
];

describe('an initialisation', () => {
  test.each(good)('%j', (json, values) => {
    expect(read(json)).toEqual(values);
    expect(isValid(json, initialisationSchema)).toBe(true);
  });

  test.each([
    [{ kind: 'balanced', correlation: 0.1 }, 'got "correlation". Known: kind, balance, scale, rank, spectrum'],
    [{ kind: 'gaussian', balance: 1 }, 'got "balance". Known: kind, scale, correlation'],
    [{ kind: 'low-rank', balance: 1 }, 'got "balance". Known: kind, scale, rank, spectrum, direction, alignment, output'],
    [{ kind: 'gaussian', correlation: 2 }, 'sweep.initialisation.correlation: expected a number ≥ -1 and ≤ 1, got 2'],
    [{ kind: 'ballanced' }, 'Did you mean "balanced"?'],
    [{}, 'kind'],
    [[], 'sweep.initialisation'],
  ] as const)('%j is refused', (json, message) => {
    expect(() => read(json as Json)).toThrow(InputError);
    expect(() => read(json as Json)).toThrow(message);
    expect(isValid(json, initialisationSchema)).toBe(false);
  });

  test('needs a family that has the parameters', () => {
    const bare = (json: Json) => parseInitialisation(json, 'sweep.initialisation', (id) => id === 'initScale');
    expect(bare({ kind: 'gaussian', scale: 3 })).toEqual({ initScale: 3 });
    expect(() => bare({ kind: 'gaussian', scale: [3, 1] })).toThrow('expected a family with the parameter initScaleOutput');
    expect(() => bare({ kind: 'balanced' })).toThrow('expected "gaussian" for this family, got "balanced"');
  });
});
