// The key `connectivity` of sweeps: what is read, what is refused, and that it survives writing and hashing.

import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { MOST_WRITTEN_UNITS } from '../../../src/core/parse-connectivity.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { sweepHash, sweepToJson } from '../../../src/core/sweep-json.ts';
import { sweepJsonSchema } from '../../../src/core/sweep-schema.ts';
import { isValid } from './json-schema.ts';

const matrix = [
  [0, 1],
  [-2, 0],
];
const base = {
  version: 1,
  family: 'recurrent',
  task: { kind: 'two-alternative' },
  axes: [{ parameter: 'gain', values: [1, 2] }],
  fixed: { width: 2 },
  training: { method: 'descent', maxTime: 1 },
};
const sweepOf = (changes: Record<string, unknown>) => parseSweep({ ...base, ...changes }, catalog);

describe('the connectivity of a sweep', () => {
  test('implies the parameter, and survives writing', () => {
    const sweep = sweepOf({ connectivity: { matrix } });
    expect(sweep.fixed.connectivity).toBe('own');
    expect(sweep.connectivity).toEqual({ matrix });
    expect(parseSweep(JSON.parse(JSON.stringify(sweepToJson(sweep))), catalog)).toEqual(sweep);
    expect(isValid(sweepToJson(sweep), sweepJsonSchema(catalog))).toBe(true);
    const file = sweepOf({ connectivity: { file: 'my.csv' } });
    expect(parseSweep(sweepToJson(file), catalog)).toEqual(file);
  });

  test('is part of the experiment: another matrix, another hash', () => {
    const hashes = [
      matrix,
      [
        [0, 1],
        [-3, 0],
      ],
      [
        [0, 1, 0],
        [-2, 0, 0],
        [0, 0, 1],
      ],
    ].map((own) => sweepHash(sweepOf({ connectivity: { matrix: own }, fixed: { width: own.length } })));
    expect(new Set([...hashes, sweepHash(sweepOf({})), sweepHash(sweepOf({ connectivity: { file: 'a' } }))]).size).toBe(5);
  });

  test('may stand on an axis beside others', () => {
    const axes = [{ parameter: 'connectivity', values: ['gauss', 'own'] }];
    expect(sweepOf({ axes, connectivity: { matrix } }).axes[0].values).toEqual(['gauss', 'own']);
  });

  test.each([
    [{ connectivity: { matrix }, fixed: { width: 3 } }, 'expected a width of 2, that of the matrix, got 3. Set width to 2.'],
    [{ connectivity: { matrix }, fixed: {}, axes: [{ parameter: 'width', values: [2, 4] }] }, 'expected a width of 2'],
    [{ connectivity: {} }, 'expected either matrix or file, got neither'],
    [{ connectivity: { matrix, file: 'a.csv' } }, 'expected either matrix or file, got both'],
    [{ connectivity: { matrix, rank: 1 } }, 'expected a known key, got "rank"'],
    [{ connectivity: 'my.csv' }, 'sweep.connectivity: expected an object, got "my.csv"'],
    [{ connectivity: null }, 'sweep.connectivity: expected an object, got null'],
    [{ connectivity: { file: '' } }, 'expected the name of a file'],
    [{ connectivity: { file: 'x'.repeat(201) } }, 'expected at most 200 characters'],
    [{ connectivity: { file: 3 } }, 'expected text, got 3'],
    [{ connectivity: { matrix: [] } }, 'rows, got 0'],
    [{ connectivity: { matrix: [[0, 1], [2]] } }, 'sweep.connectivity.matrix: row 2: expected 2 numbers, got 1'],
    [
      {
        connectivity: {
          matrix: [
            [0, null],
            [1, 0],
          ],
        },
      },
      'row 1, column 2: expected a finite number, got null',
    ],
    [
      {
        connectivity: {
          matrix: [
            [0, Number.NaN],
            [1, 0],
          ],
        },
      },
      'expected a finite number, got NaN',
    ],
    [
      {
        connectivity: {
          matrix: [
            [0, 0],
            [0, 0],
          ],
        },
      },
      'expected connections, got 2 × 2 zeros',
    ],
    [
      { connectivity: { matrix: Array.from({ length: MOST_WRITTEN_UNITS + 1 }, () => [1]) } },
      `expected at most ${MOST_WRITTEN_UNITS} rows in a sweep, got ${MOST_WRITTEN_UNITS + 1}. Give larger matrices as a file.`,
    ],
    [{ connectivity: { matrix }, fixed: { width: 2, connectivity: 'dale' } }, 'to be "own" somewhere, got "dale"'],
    [{ fixed: { width: 2, connectivity: 'own' } }, 'expected a matrix for connectivity "own", got none'],
    [
      {
        connectivity: { matrix },
        family: 'fully-connected',
        task: { kind: 'stripe' },
        axes: [{ parameter: 'width', values: [2] }],
        fixed: {},
      },
      'expected a family with recurrent weights, got "fully-connected"',
    ],
  ])('%o is refused', (changes, message) => {
    expect(() => sweepOf(changes)).toThrow(message);
  });
});
