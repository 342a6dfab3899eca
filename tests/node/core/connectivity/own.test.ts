// A user's own connectivity: what is taken, what is refused and how it is told.

import { describe, expect, test } from 'vitest';
import { MOST_OWN_UNITS, ownConnectivity } from '../../../../src/core/connectivity/own.ts';
import { InputError } from '../../../../src/core/errors.ts';
import { randomSource } from '../../../../src/core/random.ts';
import { expectClose } from '../../reference/expect-close.ts';

const generate = (matrix: unknown, size: number) => ownConnectivity(matrix).generate(size, randomSource(0, 1));

describe('an own matrix', () => {
  test('keeps its ratios and gets Frobenius norm √N, whatever its units', () => {
    const unit = [3 * Math.SQRT2, 0, 0, -4 * Math.SQRT2].map((value) => value / 5);
    for (const size of [1, 1e-200, 1e200, 5e-324]) {
      expectClose(
        generate(
          [
            [3 * size, 0],
            [0, -4 * size],
          ],
          2,
        ),
        unit,
        1e-14,
      );
    }
  });

  test('may have typed rows, and gives each network a copy', () => {
    const own = ownConnectivity([Float32Array.of(0, 1), Float64Array.of(1, 0)]);
    own.generate(2, randomSource(0, 1)).fill(7);
    expectClose(own.generate(2, randomSource(1, 1)), [0, 1, 1, 0], 1e-15);
  });

  test('serves networks of its own size only', () => {
    expect(() => generate([[1]], 3)).toThrow('expected a width of 1, that of the matrix, got 3. Set width to 1.');
  });

  test.each([
    [undefined, 'expected a list of rows of numbers, got undefined'],
    ['1,2;3,4', 'expected a list of rows of numbers, got "1,2;3,4"'],
    [{ length: 2 }, 'expected a list of rows'],
    [[], `expected 1 to ${MOST_OWN_UNITS} rows, got 0`],
    [Array.from({ length: MOST_OWN_UNITS + 1 }, () => []), `expected 1 to ${MOST_OWN_UNITS} rows, got ${MOST_OWN_UNITS + 1}`],
    [[[1, 2], [3]], 'row 2: expected 2 numbers, got 1. A connectivity has as many columns as rows'],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      'row 1: expected 2 numbers, got 3',
    ],
    [[[1, 2], 'ab'], 'row 2: expected a list of 2 numbers, got "ab"'],
    [[[1, 2], { length: 2, 0: 1, 1: 1 }], 'row 2: expected a list of 2 numbers'],
    [
      [
        [1, Number.NaN],
        [0, 0],
      ],
      'row 1, column 2: expected a finite number, got NaN',
    ],
    [
      [
        [1, 0],
        [Number.NEGATIVE_INFINITY, 0],
      ],
      'row 2, column 1: expected a finite number, got -Infinity',
    ],
    [
      [
        [1, 0],
        [null, 0],
      ],
      'row 2, column 1: expected a finite number, got null',
    ],
    [
      [
        ['1', 0],
        [0, 0],
      ],
      'row 1, column 1: expected a finite number, got "1"',
    ],
    [[new Array(3), [0, 0, 0], [0, 0, 0]], 'row 1, column 1: expected a finite number, got undefined'],
    [[new BigInt64Array(1)], 'row 1, column 1: expected a finite number'],
    [[new DataView(new ArrayBuffer(8))], 'row 1: expected 1 numbers, got undefined'],
    [
      [
        [0, 0],
        [0, -0],
      ],
      'expected connections, got 2 × 2 zeros',
    ],
  ])('%o is refused', (matrix, message) => {
    expect(() => ownConnectivity(matrix)).toThrow(InputError);
    expect(() => ownConnectivity(matrix)).toThrow(message);
  });

  test('is refused before it is copied where its rows are many', () => {
    const rows = new Array(1e9);
    expect(() => ownConnectivity(rows)).toThrow('rows, got 1000000000');
  });
});
