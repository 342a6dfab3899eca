// Own connectivities from files: CSV and NPY, also gzipped; what is told of files that do not fit;
// how a sweep changes to use one.

import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { parseSweep } from '../../../src/core/parse-sweep.ts';
import { randomSource } from '../../../src/core/random.ts';
import { loadConnectivity } from '../../../src/engine/own-connectivity.ts';
import { recogniseConnectivity, withOwnConnectivity } from '../../../src/engine/own-matrix.ts';
import { fileNames, forgetFile, registerFile } from '../../../src/tasks/files.ts';
import { expectClose } from '../reference/expect-close.ts';

afterEach(() => {
  for (const name of fileNames()) forgetFile(name);
});

const text = (content: string) => new TextEncoder().encode(content);

function npy(shape: string, values: readonly number[], fortran = 'False'): Uint8Array {
  const header = `{'descr': '<f8', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  const head = Uint8Array.of(0x93, ...text('NUMPY'), 1, 0, header.length & 255, header.length >> 8, ...text(header));
  return new Uint8Array([...head, ...new Uint8Array(Float64Array.from(values).buffer)]);
}

const sweepOf = (width: number) =>
  parseSweep(
    {
      version: 1,
      family: 'recurrent',
      task: { kind: 'two-alternative' },
      axes: [{ parameter: 'gain', values: [1, 2] }],
      fixed: { width },
      connectivity: { file: 'own' },
      training: { method: 'descent', maxTime: 1 },
    },
    catalog,
  );

const load = (bytes: Uint8Array) => {
  registerFile('own', bytes);
  return loadConnectivity(sweepOf(2));
};

/** (0, 3; −4, 0) at Frobenius norm √2. */
const unit = [0, 3 * Math.SQRT2, -4 * Math.SQRT2, 0].map((value) => value / 5);

describe('a file with a matrix', () => {
  test.each([
    ['CSV', text('0,3\n-4,0\n')],
    ['CSV with names of columns', text('a;b\n0;3\n-4;0\n')],
    ['gzipped CSV', new Uint8Array(gzipSync(text('0\t3\n-4\t0')))],
    ['NPY', npy('(2, 2)', [0, 3, -4, 0])],
    ['NPY, column by column', npy('(2, 2)', [0, -4, 3, 0], 'True')],
    ['gzipped NPY', new Uint8Array(gzipSync(npy('(2, 2)', [0, 3, -4, 0])))],
  ])('is read: %s', async (_, bytes) => {
    const own = await load(bytes);
    expectClose(own?.generate(2, randomSource(0, 1)) ?? [], unit, 1e-15);
  });

  test.each([
    ['ragged', text('0,1\n2\n'), /expected 2 cells as in the first line, got 1 in line 2/],
    ['NaN in text', text('0,1\n2,NaN\n'), /expected a finite number, got "NaN"/],
    ['NaN in numbers', npy('(2, 2)', [0, 1, Number.NaN, 0]), /expected finite numbers, got NaN/],
    ['three dimensions', npy('(2, 2, 1)', [0, 1, 1, 0]), /expected two dimensions, rows and columns, got "2 × 2 × 1"/],
    ['one dimension', npy('(4,)', [0, 1, 1, 0]), /expected two dimensions/],
    ['not square', text('0,1,2\n3,4,5\n'), /expected as many columns as rows, at most 1024, got 2 rows and 3 columns/],
    ['too large', npy('(1025, 1025)', new Array<number>(1025 * 1025).fill(1)), /at most 1024, got 1025 rows/],
    ['names of rows', text('a,0,1\nb,1,0\n'), /expected numbers, got text in column 1/],
    ['zeros', text('0,0\n0,0\n'), /expected connections, got 2 × 2 zeros/],
    ['another width', text('1,2,3\n4,5,6\n7,8,9\n'), /expected a width of 3, that of the matrix, got 2. Set width to 3/],
    ['empty', new Uint8Array(0), /expected a table, got no rows/],
    ['cut short', npy('(2, 2)', [0, 1, 2]), /The file is cut short/],
  ])('is refused: %s', async (_, bytes, message) => {
    await expect(load(bytes)).rejects.toThrow(message);
  });

  test('that nobody has given is named', async () => {
    await expect(loadConnectivity(sweepOf(2))).rejects.toThrow('file "own": expected a file that was given');
  });
});

describe('a dropped file', () => {
  const recognise = (bytes: Uint8Array) => {
    registerFile('own', bytes);
    return recogniseConnectivity('own');
  };

  test('that holds a square matrix is a connectivity, as it stands', async () => {
    const expected = { size: 2, matrix: Float64Array.of(0, 3, -4, 0) };
    expect(await recognise(text('0,3\n-4,0\n'))).toEqual(expected);
    expect(await recognise(new Uint8Array(gzipSync(npy('(2, 2)', [0, -4, 3, 0], 'True'))))).toEqual(expected);
  });

  test.each([
    ['a table', text('1,2,3\n4,5,6\n')],
    ['a table with text', text('a,1\nb,2\n')],
    ['an array of three dimensions', npy('(1, 2, 2)', [0, 1, 1, 0])],
    ['a vector', npy('(4,)', [0, 1, 1, 0])],
  ])('that holds %s is none', async (_, bytes) => {
    expect(await recognise(bytes)).toBeNull();
  });

  test('that is square but of no use says why', async () => {
    await expect(recognise(text('0,0\n0,0\n'))).rejects.toThrow('file "own": expected connections, got 2 × 2 zeros');
    await expect(recognise(npy('(1025, 1025)', new Array<number>(1025 * 1025).fill(1)))).rejects.toThrow('at most 1024');
    await expect(recognise(text('0,1\n1\n'))).rejects.toThrow('expected 2 cells as in the first line');
  });
});

describe('a sweep changed to begin from a matrix', () => {
  const changed = (json: object, size: number) =>
    parseSweep(withOwnConnectivity(parseSweep(json, catalog), 'w.csv', size), catalog);
  const circuit = (axes: readonly object[], fixed: object = {}) => ({
    version: 1,
    title: 'Before',
    family: 'recurrent',
    task: { kind: 'delay-match' },
    axes,
    fixed,
    training: { method: 'descent', maxTime: 1 },
    observables: ['kernelAlignment'],
  });

  test('takes its width and keeps the rest', () => {
    const sweep = changed(circuit([{ parameter: 'gain', values: [0.5, 2] }], { width: 16, activation: 'tanh', initRank: 9 }), 7);
    expect(sweep.connectivity).toEqual({ file: 'w.csv' });
    expect(sweep.fixed).toMatchObject({ width: 7, connectivity: 'own', activation: 'tanh', initRank: 0 });
    expect(sweep.task.kind).toBe('delay-match');
    expect(sweep.axes).toEqual([{ parameter: 'gain', scale: 'list', values: [0.5, 2] }]);
    expect(sweep.title).toBeUndefined();
  });

  test('loses widths and ranks that do not fit', () => {
    const axes = [
      { parameter: 'initRank', values: [1, 8, 64, 0] },
      { parameter: 'width', values: [64, 128] },
    ];
    expect(changed(circuit(axes), 20).axes).toEqual([{ parameter: 'initRank', scale: 'list', values: [1, 8, 0] }]);
    expect(changed(circuit([axes[1]]), 33).axes).toEqual([
      { parameter: 'initRank', scale: 'list', values: [1, 2, 6, 13, 32, 0] },
    ]);
    expect(changed(circuit([axes[1]]), 2).axes[0].values).toEqual([1, 0]);
    expect(changed(circuit([axes[1]]), 1).axes[0].values).toEqual([0]);
  });

  test('compares it with the structures that stood there', () => {
    const sweep = changed(circuit([{ parameter: 'connectivity', values: ['gauss', 'dale'] }]), 12);
    expect(sweep.axes[0].values).toEqual(['gauss', 'dale', 'own']);
  });

  test('of another family becomes one over the rank of the matrix', () => {
    const preset = catalog.presets.find(({ id }) => id === 'stripe-alpha-width');
    const sweep = changed(preset?.sweep ?? {}, 100);
    expect([sweep.family, sweep.fixed.width, sweep.axes[0].parameter]).toEqual(['recurrent', 100, 'initRank']);
  });
});
