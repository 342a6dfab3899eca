// Readers of data files against bytes made by hand: good ones give the numbers,
// hostile ones a clear refusal before any allocation.

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/core/errors.ts';
import { parseFile } from '../../../src/tasks/parse-file.ts';
import { readCifar } from '../../../src/tasks/readers/cifar.ts';
import { readCsv } from '../../../src/tasks/readers/csv.ts';
import { readIdx } from '../../../src/tasks/readers/idx.ts';
import { readNpy } from '../../../src/tasks/readers/npy.ts';

const W = 'file "x"';
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** An NPY file as NumPy writes it: header padded to a multiple of 64. */
function npy(header: string, data: Uint8Array, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12;
  const padded = `${header.padEnd(Math.ceil((start + header.length + 1) / 64) * 64 - start - 1)}\n`;
  const length = version === 1 ? [padded.length & 255, padded.length >> 8] : [padded.length & 255, padded.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...text('NUMPY'), version, 0, ...length, ...text(padded), ...data]);
}
const describeNpy = (type: string, shape: string, fortran = 'False') =>
  `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
const bytesOf = (values: ArrayBufferView): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

describe('NPY', () => {
  const types: [string, ArrayBufferView, number[]][] = [
    ['<f8', Float64Array.of(1.5, -2, 1e300), [1.5, -2, 1e300]],
    ['<f4', Float32Array.of(1.5, -2, 0.25), [1.5, -2, 0.25]],
    ['|u1', Uint8Array.of(0, 7, 255), [0, 7, 255]],
    ['|i1', Int8Array.of(0, 7, -128), [0, 7, -128]],
    ['|b1', Uint8Array.of(0, 1, 1), [0, 1, 1]],
    ['<u2', Uint16Array.of(0, 7, 65535), [0, 7, 65535]],
    ['<i2', Int16Array.of(0, 7, -32768), [0, 7, -32768]],
    ['<u4', Uint32Array.of(0, 7, 4294967295), [0, 7, 4294967295]],
    ['<i4', Int32Array.of(0, 7, -2147483648), [0, 7, -2147483648]],
    ['<u8', BigUint64Array.of(0n, 7n, 9007199254740991n), [0, 7, 9007199254740991]],
    ['<i8', BigInt64Array.of(0n, 7n, -9007199254740991n), [0, 7, -9007199254740991]],
    ['>i2', Uint8Array.of(0, 1, 255, 255, 1, 0), [1, -1, 256]],
  ];
  for (const [type, values, expected] of types) {
    test(`reads ${type}`, () => {
      for (const version of [1, 2, 3]) {
        const array = readNpy(npy(describeNpy(type, '(3,)'), bytesOf(values), version), W);
        expect(array.shape).toEqual([3]);
        expect([...array.values]).toEqual(expected);
      }
    });
  }

  test('reads Fortran order into row-major order', () => {
    const shape = '(2, 3, 2)';
    const rows = Float64Array.from({ length: 12 }, (_, i) => i);
    const columns = Float64Array.from({ length: 12 }, (_, i) => (i % 2) * 6 + (Math.floor(i / 2) % 3) * 2 + Math.floor(i / 6));
    const read = (values: Float64Array, fortran: string) => readNpy(npy(describeNpy('<f8', shape, fortran), bytesOf(values)), W);
    expect(read(columns, 'True')).toEqual(read(rows, 'False'));
    const bytes = readNpy(npy(describeNpy('|u1', '(2, 2)', 'True'), Uint8Array.of(1, 2, 3, 4)), W);
    expect([...bytes.values]).toEqual([1, 3, 2, 4]);
  });

  test('reads a scalar as one row', () => {
    expect(readNpy(npy(describeNpy('<f8', '()'), bytesOf(Float64Array.of(4))), W)).toEqual({
      shape: [1],
      values: Float64Array.of(4),
    });
  });

  const two = bytesOf(Float64Array.of(1, 2));
  const whole = npy(describeNpy('<f8', '(2,)'), two);
  const wrong: [string, Uint8Array, RegExp][] = [
    ['other bytes', text('hello, this is no array'), /expected an NPY file, got other bytes/],
    ['a cut header', whole.subarray(0, 40), /expected a whole NPY header, got a truncated one/],
    ['a cut body', whole.subarray(0, whole.length - 1), /expected 16 bytes for shape 2, got 15\. The file is cut short/],
    ['more than it says', npy(describeNpy('<f8', '(1,)'), two), /expected 8 bytes for shape 1, got 16\. The file holds more/],
    ['a huge shape', npy(describeNpy('<f8', '(4000000000, 4000000000)'), two), /expected sizes of at least 1|expected .* bytes/],
    ['an empty shape', npy(describeNpy('<f8', '(0, 3)'), new Uint8Array(0)), /expected sizes of at least 1, got shape 0 × 3/],
    ['many dimensions', npy(describeNpy('<f8', `(${'1, '.repeat(9)})`), two), /expected 1 to 8 dimensions, got 9/],
    ['pickled objects', npy(describeNpy('|O', '(2,)'), two), /expected one of the types b1, u1/],
    ['complex numbers', npy(describeNpy('<c16', '(1,)'), two), /expected one of the types/],
    [
      'a structured type',
      npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,), }", two),
      /expected one of the types/,
    ],
    ['no shape', npy("{'descr': '<f8', 'fortran_order': False}", two), /expected fortran_order and shape/],
    ['a later version', npy(describeNpy('<f8', '(2,)'), two, 4), /expected NPY version 1, 2 or 3, got 4/],
    [
      'NaN',
      npy(describeNpy('<f8', '(2,)'), bytesOf(Float64Array.of(1, Number.NaN))),
      /expected finite numbers, got NaN at entry 1/,
    ],
    ['infinity', npy(describeNpy('<f4', '(1,)'), bytesOf(Float32Array.of(Number.POSITIVE_INFINITY))), /got Infinity at entry 0/],
    ['rounded integers', npy(describeNpy('<i8', '(1,)'), bytesOf(BigInt64Array.of(2n ** 60n))), /expected finite numbers/],
  ];
  for (const [name, bytes, message] of wrong) {
    test(`refuses ${name}`, () => {
      expect(() => readNpy(bytes, W)).toThrow(message);
      expect(() => readNpy(bytes, W)).toThrow(InputError);
    });
  }
});

describe('IDX', () => {
  const idx = (type: number, sizes: number[], data: number[]) => {
    const words = sizes.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
    return Uint8Array.from([0, 0, type, sizes.length, ...words, ...data]);
  };

  test('reads images of bytes and other types, big-endian', () => {
    expect(readIdx(idx(8, [2, 1, 2], [1, 2, 3, 255]), W)).toEqual({ shape: [2, 1, 2], values: Uint8Array.of(1, 2, 3, 255) });
    expect([...readIdx(idx(9, [2], [1, 255]), W).values]).toEqual([1, -1]);
    expect([...readIdx(idx(11, [2], [1, 0, 255, 255]), W).values]).toEqual([256, -1]);
    expect([...readIdx(idx(12, [1], [0, 1, 0, 0]), W).values]).toEqual([65536]);
    expect([...readIdx(idx(13, [1], [0x3f, 0xc0, 0, 0]), W).values]).toEqual([1.5]);
    expect([...readIdx(idx(14, [1], [0x3f, 0xf8, 0, 0, 0, 0, 0, 0]), W).values]).toEqual([1.5]);
  });

  const wrong: [string, Uint8Array, RegExp][] = [
    ['wrong magic', Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 1, 5), /expected an IDX file/],
    ['unknown type', idx(10, [1], [5]), /expected an IDX file/],
    ['no dimensions', idx(8, [], []), /expected an IDX file/],
    ['a cut header', idx(8, [2, 2], []).subarray(0, 7), /expected an IDX header of 12 bytes, got 7/],
    ['a cut body', idx(8, [2, 2], [1, 2, 3]), /expected 4 bytes for shape 2 × 2, got 3\. The file is cut short/],
    ['a size it cannot hold', idx(8, [4294967295, 4294967295], [1]), /expected/],
    ['not finite', idx(13, [1], [0x7f, 0x80, 0, 0]), /expected finite numbers, got Infinity/],
  ];
  for (const [name, bytes, message] of wrong) {
    test(`refuses ${name}`, () => {
      expect(() => readIdx(bytes, W)).toThrow(message);
      expect(() => readIdx(bytes, W)).toThrow(InputError);
    });
  }
});

describe('CIFAR-10', () => {
  const record = (label: number, shade: number) => [label, ...Array.from({ length: 3072 }, () => shade)];

  test('reads records', () => {
    const { images, labels } = readCifar(Uint8Array.from([...record(3, 7), ...record(9, 200)]), W);
    expect(images.shape).toEqual([2, 3, 32, 32]);
    expect([...labels.values]).toEqual([3, 9]);
    expect([images.values[0], images.values[3072]]).toEqual([7, 200]);
  });

  test('refuses other lengths and labels', () => {
    expect(() => readCifar(new Uint8Array(3072), W)).toThrow(/expected records of 3073 bytes, got 3072 bytes/);
    expect(() => readCifar(Uint8Array.from(record(10, 0)), W)).toThrow(/expected labels from 0 to 9, got 10 in record 0/);
  });
});

describe('CSV', () => {
  const read = (content: string) => readCsv(text(content), W);

  test('reads numbers with and without a header, and finds the separator', () => {
    const numbers = { rows: 2, columns: 3, values: Float64Array.of(1, -2.5, 3e-4, 4, 0.5, 6), categories: [null, null, null] };
    expect(read('1,-2.5,3e-4\n4,.5,+6.')).toEqual(numbers);
    for (const [separator, end] of [
      [',', '\n'],
      [';', '\r\n'],
      ['\t', '\r'],
    ]) {
      const lines = [['a', 'b', 'c'], ['1', ' -2.5 ', '3E-4'], ['4', '0.5', '6'], ['']];
      expect(read(`\ufeff${lines.map((cells) => cells.join(separator)).join(end)}`)).toEqual({
        ...numbers,
        names: ['a', 'b', 'c'],
      });
    }
  });

  test('reads quoted cells', () => {
    expect(read('"a, ""b""",c\n"1" , 2\n')).toMatchObject({ names: ['a, "b"', 'c'], values: Float64Array.of(1, 2) });
    expect(() => read('a,b\n"x\ny",1\n2,3')).toThrow(/line 4, column a: expected text as in the first row, got "2"/);
  });

  test('numbers the texts of a column in alphabetical order', () => {
    const table = read('x,kind\n1,virginica\n2,setosa\n3,virginica\n');
    expect([...table.values]).toEqual([1, 1, 2, 0, 3, 1]);
    expect(table.categories).toEqual([null, ['setosa', 'virginica']]);
  });

  test('reads back what it is given', () => {
    const row = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const plain = rows.map((cells) => cells.map((x) => (x === 0 ? 0 : x)));
        expect([...read(plain.map((cells) => cells.join(',')).join('\n')).values]).toEqual(plain.flat());
      }),
    );
  });

  const wrong: [string, string | Uint8Array, RegExp][] = [
    ['nothing', '', /expected a table, got no rows/],
    ['empty lines only', '\n\n \n', /expected a table, got no rows/],
    ['ragged rows', '1,2\n3,4\n5', /expected 2 cells as in the first line, got 1 in line 3/],
    ['an empty cell', '1,2\n3,', /line 2, column 2: expected a finite number, got ""/],
    ['not a number', 'a,b\n1,2\n3,NaN', /line 3, column b: expected a finite number, got "NaN"/],
    ['infinity', '1\n-inf', /expected a finite number, got "-inf"/],
    ['overflow', '1\n1e999', /expected a finite number, got "1e999"/],
    ['hexadecimal', '1\n0x10', /expected a finite number, got "0x10"/],
    ['an open quote', '1,2\n"3,4', /expected a closing quote for line 2, got the end of the file/],
    ['text after a quote', '1,2\n"3"4,5', /expected a separator after the closing quote, got "4" in line 2/],
    ['other bytes', Uint8Array.of(0xff, 0xfe, 0x00), /expected a table as UTF-8 text, got other bytes/],
  ];
  for (const [name, content, message] of wrong) {
    test(`refuses ${name}`, () => {
      const bytes = typeof content === 'string' ? text(content) : content;
      expect(() => readCsv(bytes, W)).toThrow(message);
      expect(() => readCsv(bytes, W)).toThrow(InputError);
    });
  }

  test('refuses millions of different texts', () => {
    const lines = Array.from({ length: 1002 }, (_, i) => `t${i}`);
    expect(() => read(lines.join('\n'))).toThrow(/expected at most 1000 different texts, got more/);
  });
});

describe('any file', () => {
  test('the format is told by the first bytes, gzipped or not', async () => {
    const files: [string, Uint8Array][] = [
      ['csv', text('1,2\n3,4')],
      ['npy', npy(describeNpy('<f8', '(1,)'), bytesOf(Float64Array.of(1)))],
      ['idx', Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5)],
      ['cifar', new Uint8Array(2 * 3073)],
    ];
    for (const [format, bytes] of files) {
      expect((await parseFile(bytes, W)).format).toBe(format);
      expect(await parseFile(gzipSync(bytes), W)).toEqual(await parseFile(bytes, W));
    }
  });

  test('any bytes give numbers or an InputError', async () => {
    const starts = [[], [0x93, ...text('NUMPY'), 1, 0], [0, 0, 8, 1], [0x1f, 0x8b, 8], [...text('1,2\n')]];
    const bytes = fc
      .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }))
      .map(([start, rest]) => Uint8Array.from([...start, ...rest]));
    await fc.assert(
      fc.asyncProperty(bytes, async (data) => {
        try {
          const { array } = await parseFile(data, W);
          expect(array.shape.reduce((product, size) => product * size, 1)).toBe(array.values.length);
          expect([...array.values].every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
