// Data files hold the film's own numbers, bit by bit, where their readers look for them.

import fc from 'fast-check';
import { gunzipSync, strFromU8, unzipSync } from 'fflate';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { parseResult } from '../../../src/core/result.ts';
import { sweepHash } from '../../../src/core/sweep-json.ts';
import { csvNumber, csvPieces, csvText } from '../../../src/exports/csv.ts';
import { fileName, slug } from '../../../src/exports/file-name.ts';
import { npyOf, npzOf, observableNpy, shapeOf } from '../../../src/exports/npy.ts';
import { parquetOf } from '../../../src/exports/parquet.ts';
import { resultBytes, resultText } from '../../../src/exports/result-file.ts';
import { readCsv } from '../../../src/tasks/readers/csv.ts';
import { readNpy } from '../../../src/tasks/readers/npy.ts';
import { smallFilm, sourceOf, sweep, valueAt } from './film.ts';

const film = smallFilm();
const source = sourceOf(film);
const csv = [...csvPieces(source)].join('');
const LAST_ROW = { time: 10, outputScale: 100, activation: 'tanh', seed: 7, outcome: 'converged' };

describe('CSV', () => {
  test('holds a row per measured network and time', () => {
    const lines = csv.split('\r\n');
    expect(lines[0]).toBe('time,outputScale,activation,seed,kernelChange,testError,ensembleError,outcome');
    expect(lines[1]).toBe('0,0.01,relu,7,0,0,0,converged');
    expect(lines[2]).toBe('0,0.01,relu,8,-0.1,-0.1,0,converged');
    expect(lines.slice(1, -1)).toHaveLength(35);
    expect(lines[35]).toBe('10,100,tanh,7,3.4,3.4,17,converged');
    expect(lines[36]).toBe('');
  });

  test('reads back', () => {
    const { names, rows, columns, values, categories } = readCsv(new TextEncoder().encode(csv), 'csv');
    expect(names?.[4]).toBe('kernelChange');
    expect(Array.from({ length: rows }, (_, row) => values[row * columns + 4])).toEqual(
      Array.from({ length: 35 }, (_, i) => valueAt(i) + 0),
    );
    expect(categories[2]).toEqual(['relu', 'tanh']);
  });

  test('leaves no text that a spreadsheet would run, and no number that is text', () => {
    expect(['=1+1', '+1', '-1', '@x', '\tx', '\rx'].map(csvText).every((cell) => /^"?'/.test(cell))).toBe(true);
    expect(['plain', 'a,b', 'a"b', ' x', 'a\nb'].map(csvText)).toEqual(['plain', '"a,b"', '"a""b"', '" x"', '"a\nb"']);
    expect([-1, -1e-7, 0.1 + 0.2, 5e-324, Number.NaN, Number.NEGATIVE_INFINITY].map(csvNumber)).toEqual([
      '-1',
      '-1e-7',
      '0.30000000000000004',
      '5e-324',
      '',
      '-inf',
    ]);
  });

  test('keeps any text in one cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const cell = csvText(text);
        const bare = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).toBe(bare);
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
      }),
    );
  });
});

describe('NPY', () => {
  test('has the shape (time, axes, seed) and every bit', () => {
    expect(shapeOf(film, 'kernelChange')).toEqual([3, 3, 2, 2]);
    expect(readNpy(observableNpy(film, 'kernelChange'), 'npy')).toEqual({
      shape: [3, 3, 2, 2],
      values: film.network.kernelChange,
    });
    expect(readNpy(observableNpy(film, 'ensembleError'), 'npy')).toEqual({ shape: [3, 3, 2], values: film.cell.ensembleError });
  });

  test('aligns its numbers, whatever the shape, and keeps NaN', () => {
    for (const shape of [[1], [123456, 1], [1, 1, 1, 1, 1, 1, 1, 1]]) {
      const length = shape.reduce((a, b) => a * b, 1);
      const bytes = npyOf(new Float64Array(length).fill(Number.NaN), shape);
      expect((bytes.length - 8 * length) % 64).toBe(0);
      expect(new DataView(bytes.buffer).getFloat64(bytes.length - 8, true)).toBeNaN();
    }
    expect(readNpy(npyOf(new Uint8Array([1, 255]), [2]), 'npy')).toEqual({ shape: [2], values: new Uint8Array([1, 255]) });
  });

  test('zipped holds all arrays, and equal results give equal bytes', () => {
    const files = unzipSync(npzOf(source));
    expect(Object.keys(files).sort()).toEqual([
      'about.json',
      'axis_outputScale.npy',
      'ensembleError.npy',
      'kernelChange.npy',
      'outcomes.npy',
      'testError.npy',
      'time.npy',
    ]);
    expect(readNpy(files['axis_outputScale.npy'], 'npy').values).toEqual(Float64Array.of(0.01, 1, 100));
    expect(readNpy(files['outcomes.npy'], 'npy').values).toEqual(film.outcomes);
    const about = JSON.parse(strFromU8(files['about.json']));
    expect(about.provenance).toEqual({ ...source.provenance, sweepHash: sweepHash(sweep) });
    expect(about.axes[1].values).toEqual(['relu', 'tanh']);
    expect(npzOf(source)).toEqual(npzOf(sourceOf()));
  });
});

describe('Parquet', () => {
  test('is the same table, with where it comes from', async () => {
    const bytes = await parquetOf(source);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(35);
    expect(rows[1]).toEqual({
      time: 0,
      outputScale: 0.01,
      activation: 'relu',
      seed: 8,
      kernelChange: -0.1,
      testError: -0.1,
      ensembleError: 0,
      outcome: 'converged',
    });
    expect(rows[34]).toMatchObject(LAST_ROW);
    expect(rows.map(({ kernelChange }) => kernelChange + 0)).toEqual(Array.from({ length: 35 }, (_, i) => valueAt(i) + 0));
    const about = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'phase-atlas')?.value ?? '';
    expect(JSON.parse(about).provenance.sweepHash).toBe(sweepHash(sweep));
  });

  test('keeps NaN and infinity', async () => {
    const odd = smallFilm();
    odd.network.testError.set([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    const bytes = await parquetOf(sourceOf(odd));
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    });
    expect(rows.slice(0, 4).map(({ testError }) => testError)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      valueAt(3),
    ]);
  });
});

describe('result files', () => {
  test('are read back to the same film, folded or not', () => {
    for (const text of [resultText(source), strFromU8(gunzipSync(resultBytes(source)))]) {
      const { film: again, provenance } = parseResult(JSON.parse(text), catalog);
      expect(again.network.kernelChange).toEqual(film.network.kernelChange.map((value) => value + 0));
      expect(again.outcomes).toEqual(film.outcomes);
      expect(provenance).toEqual(source.provenance);
    }
  });
});

describe('file names', () => {
  test('are plain words', () => {
    expect(slug('MNIST parity, output scale × width')).toBe('mnist-parity-output-scale-width');
    expect(slug('../../etc/passwd')).toBe('etc-passwd');
    expect(slug('Dominé — λ₀')).toBe('domine-0');
    expect(slug('…')).toBe('phase-atlas');
    expect(fileName(['Lazy or rich?', '', 't = 10'], 'csv')).toBe('lazy-or-rich-t-10.csv');
  });

  test('hold nothing else, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(slug(text)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(slug(text).length).toBeLessThanOrEqual(60);
      }),
    );
  });
});
