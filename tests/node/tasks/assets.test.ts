// The data files that come with the project: whole ones are read once and fast, damaged ones are refused with a clear sentence.

import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { crc32, parseAsset } from '../../../src/tasks/assets/format.ts';
import { loadComponents } from '../../../src/tasks/assets/load.ts';

const packed = readFileSync(new URL('../../../src/tasks/assets/mnist-components.bin.gz', import.meta.url));
const WHERE = 'data set "mnist"';

/** A data file with this header and payload. */
function fileOf(header: Record<string, unknown>, payload: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify({ payloadBytes: payload.length, crc32: crc32(payload), ...header }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from('PHASEDAT'), length, text, payload]);
}
const small = { name: 'a', title: 'A', kind: 'pixels', count: 2, classes: 2, rows: 1, columns: 2 };

test('the checksum is that of gzip', () => {
  // The check value of CRC-32.
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('a set is read once, and quickly', async () => {
  const start = performance.now();
  const first = await loadComponents('mnist');
  console.info(`components of MNIST loaded in ${(performance.now() - start).toFixed(0)} ms`);
  expect(await loadComponents('mnist')).toBe(first);
});

test('the sets together stay below 12 MB', () => {
  const names = ['mnist', 'fashion-mnist'].flatMap((name) => [`${name}-pixels`, `${name}-components`]);
  const sizes = names.map((name) => readFileSync(new URL(`../../../src/tasks/assets/${name}.bin.gz`, import.meta.url)).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(12_000_000);
});

describe('parsing', () => {
  test('a small file by hand', async () => {
    expect(await parseAsset(fileOf(small, Uint8Array.of(0, 1, 10, 20, 30, 40)), WHERE)).toMatchObject({
      kind: 'pixels',
      labels: Uint8Array.of(0, 1),
      images: Uint8Array.of(10, 20, 30, 40),
    });
  });

  test('unfolded on the way by the server: the same data', async () => {
    const [unfolded, folded] = [await parseAsset(gunzipSync(packed), WHERE), await loadComponents('mnist')];
    if (unfolded.kind !== 'components') throw new Error(unfolded.kind);
    expect(Buffer.from(unfolded.coefficients.buffer).equals(Buffer.from(folded.coefficients.buffer))).toBe(true);
    expect(unfolded.labels).toEqual(folded.labels);
  });

  const whole = gunzipSync(packed);
  const flipped = Buffer.from(whole);
  flipped[whole.length - 1000] ^= 1;
  const payload = Uint8Array.of(0, 1, 10, 20, 30, 40);
  const damaged: [string, Uint8Array, RegExp][] = [
    ['a truncated gzip file', packed.subarray(0, 100_000), /expected a whole gzip file, got damaged or truncated data/],
    [
      'a truncated file that was unfolded',
      whole.subarray(0, 100_000),
      /expected 396000 bytes of data, got \d+\. The file is damaged/,
    ],
    ['one flipped bit', flipped, /expected a matching checksum/],
    [
      'a page instead of data',
      Buffer.from('<!doctype html><title>Not found</title>'),
      /expected a phase-atlas data file, got other bytes/,
    ],
    ['nothing', new Uint8Array(0), /expected a phase-atlas data file/],
    [
      'a header that goes on and on',
      Buffer.from('PHASEDAT\xff\xff\xff\xff', 'latin1'),
      /expected a header of 4294967295 bytes, got 0/,
    ],
    ['a header that is no JSON', Buffer.from('PHASEDAT\x02\x00\x00\x00{]'), /expected a JSON header/],
    ['a header without a count', fileOf({ ...small, count: undefined }, payload), /expected a whole number count in the header/],
    ['more images than bytes', fileOf({ ...small, count: 1e9 }, payload), /expected as many bytes as images/],
    ['unknown kind', fileOf({ ...small, kind: 'sounds' }, payload), /expected kind "pixels" or "components"/],
    ['too few scales', fileOf({ ...small, kind: 'components', components: 1, scales: [] }, payload), /expected 1 numbers scales/],
  ];
  for (const [name, bytes, message] of damaged) {
    test(`refuses ${name}`, async () => {
      await expect(parseAsset(bytes, WHERE)).rejects.toThrow(message);
      await expect(parseAsset(bytes, WHERE)).rejects.toThrow(/^data set "mnist": /);
    });
  }

  test('refuses a file that unfolds to more than it may', async () => {
    const { gunzip } = await import('../../../src/tasks/readers/gzip.ts');
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    await expect(gunzip(bomb, 'file', 10_000)).rejects.toThrow(
      'file: expected at most 10000 bytes of data, got more. Use a part of the data set.',
    );
    await expect(gunzip(new Uint8Array(20_000), 'file', 10_000)).rejects.toThrow(/at most 10000 bytes/);
  });
});
