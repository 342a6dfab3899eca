// Any file is recognised for what it is, or refused in words, before much is made of it.

import fc from 'fast-check';
import { gzipSync, strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../../src/catalog.ts';
import { InputError } from '../../../src/core/errors.ts';
import { checkFileSize, recogniseFile } from '../../../src/engine/recognise-file.ts';
import { npyOf } from '../../../src/exports/npy.ts';
import { resultBytes, resultText } from '../../../src/exports/result-file.ts';
import { smallFilm, sourceOf } from '../exports/film.ts';

const recognise = (bytes: Uint8Array | string, name = 'file') =>
  recogniseFile(name, typeof bytes === 'string' ? strToU8(bytes) : bytes, catalog);
const source = sourceOf();
const [preset] = catalog.presets;

describe('files', () => {
  test('with a result give its film, folded or not, whatever their name', async () => {
    for (const bytes of [resultText(source), resultBytes(source), `\ufeff \n${resultText(source)}`]) {
      const file = await recognise(bytes, 'picture.png');
      if (file.kind !== 'result') throw new Error(`got ${file.kind}`);
      expect(file.result.film.network.testError).toEqual(smallFilm().network.testError.map((value) => value + 0));
      expect(file.sweep.family).toBe('fully-connected');
    }
  });

  test('with a sweep give it as it was written', async () => {
    expect(await recognise(JSON.stringify(preset.sweep))).toEqual({ kind: 'sweep', sweep: preset.sweep });
  });

  test('with numbers are data, and a matrix where they are square', async () => {
    const square = npyOf(
      Float64Array.from({ length: 9 }, (_, i) => i),
      [3, 3],
    );
    expect(await recognise(square)).toMatchObject({ kind: 'matrix', size: 3 });
    expect(await recognise(gzipSync(square))).toMatchObject({ kind: 'matrix', size: 3 });
    expect(await recognise('1,2\n3,4\n')).toMatchObject({ kind: 'matrix', size: 2, data: { format: 'csv' } });
    expect(await recognise('a,b\n1,2\n3,4\n5,6\n')).toMatchObject({ kind: 'data', data: { names: ['a', 'b'] } });
    const idx = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]);
    expect(await recognise(idx)).toMatchObject({ kind: 'data', data: { format: 'idx', array: { shape: [3] } } });
    const cifar = new Uint8Array(2 * 3073).fill(5);
    expect(await recognise(cifar)).toMatchObject({ kind: 'data', data: { format: 'cifar' } });
  });

  test.each([
    ['nothing', '', /^file "file": expected something in it/],
    ['half of a result', resultText(source).slice(0, 4000), /expected whole JSON/],
    [
      'another document',
      '{"name":"x","version":1}',
      /expected a result or a sweep, got an object with "name", "version"\. Results have/,
    ],
    ['a list', '[1,2,3]', /Arrays belong into CSV or NPY files/],
    ['a result of another program', '{"format":"other"}', /^result\.format: expected "phase-atlas-result", got "other"/],
    ['a sweep with a mistake', JSON.stringify({ ...preset.sweep, family: 'fuly-connected' }), /Did you mean "fully-connected"/],
    [
      'a picture',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
      /expected NPY, IDX, records of CIFAR-10/,
    ],
    ['prose', 'To be, or not\nto be', /^file "file"/],
    ['deep brackets', `{"family":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /levels/],
    ['a prototype', '{"family":"x","__proto__":{"axes":[]},"axes":[]}', /__proto__/],
    ['half of a gzip', resultBytes(source).slice(0, 300), /damaged or truncated/],
    ['a bomb', gzipSync(new Uint8Array(2 ** 26 + 100).fill(0x7b)), /at most 67108864 bytes of JSON/],
  ])('with %s are refused in words', async (_, bytes, words) => {
    await expect(recognise(bytes as string)).rejects.toThrow(words);
    await expect(recognise(bytes as string)).rejects.toThrow(InputError);
  });

  test('that are too large are refused before they are read', () => {
    expect(() => checkFileSize('big.npy', 2 ** 40)).toThrow(
      'file "big.npy": expected at most 268435456 bytes, got 1099511627776.',
    );
  });

  test('of any bytes, and results changed anywhere, end in something known or in words', async () => {
    const text = resultText(source);
    const changed = fc
      .tuple(fc.nat(text.length - 1), fc.constantFrom('0', '-', ',', '"', '}', ']', 'e', ' ', 'null'))
      .map(([at, mark]) => strToU8(text.slice(0, at) + mark + text.slice(at + 1)));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        try {
          await recognise(bytes);
        } catch (cause) {
          if (!(cause instanceof InputError)) throw cause;
          expect(cause.message).toMatch(/: .*[.?!]/s);
        }
      }),
      { numRuns: 500 },
    );
  });
});
