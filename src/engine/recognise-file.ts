// What a dropped or chosen file is: a result, a sweep, a matrix or data. Reads bytes that it is given; keeps and runs nothing.

import type { Catalog } from '../core/catalog.ts';
import { InputError, quoted } from '../core/errors.ts';
import { parseSweep } from '../core/parse-sweep.ts';
import { parseResult, type Result } from '../core/result.ts';
import type { SweepJson } from '../core/view-state.ts';
import { registerFile } from '../tasks/files.ts';
import { type DataFile, parseFile } from '../tasks/parse-file.ts';
import { gunzip, MAXIMUM_BYTES } from '../tasks/readers/gzip.ts';

/** Most bytes of JSON, unfolded: 64 MiB. */
const MAX_JSON_BYTES = 64 * 2 ** 20;

export type Recognised =
  | { readonly kind: 'result'; readonly result: Result; readonly sweep: SweepJson }
  | { readonly kind: 'sweep'; readonly sweep: SweepJson }
  /** Square numbers: a connectivity perhaps. */
  | { readonly kind: 'matrix'; readonly size: number; readonly data: DataFile }
  | { readonly kind: 'data'; readonly data: DataFile };

/** Throws InputError for a file that is too large to read at all; to be asked before it is read. `size` in bytes. */
export function checkFileSize(name: string, size: number): void {
  if (size > MAXIMUM_BYTES) {
    throw new InputError(
      `file ${quoted(name)}`,
      `expected at most ${MAXIMUM_BYTES} bytes, got ${size}`,
      'Use a part of the data.',
    );
  }
}

/** Index of the first byte that is no white space and no byte-order mark. */
function firstMark(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && (bytes[at] === 32 || (bytes[at] >= 9 && bytes[at] <= 13))) at++;
  return at;
}

function readJson(bytes: Uint8Array, where: string): unknown {
  if (bytes.length > MAX_JSON_BYTES) {
    throw new InputError(
      where,
      `expected at most ${MAX_JSON_BYTES} bytes of JSON, got ${bytes.length}`,
      'Run it with fewer seeds.',
    );
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new InputError(where, 'expected whole JSON, got damaged or shortened text', 'Save the file again.');
  }
}

function recogniseJson(json: unknown, where: string, catalog: Catalog): Recognised {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InputError(where, `expected a result or a sweep, got ${quoted(json)}`, 'Arrays belong into CSV or NPY files.');
  }
  if ('format' in json) {
    const result = parseResult(json, catalog);
    return { kind: 'result', result, sweep: (json as unknown as { readonly sweep: SweepJson }).sweep };
  }
  if (!('family' in json) && !('axes' in json)) {
    const keys = Object.keys(json).slice(0, 5).map(quoted).join(', ');
    throw new InputError(
      where,
      `expected a result or a sweep, got an object with ${keys === '' ? 'nothing in it' : keys}`,
      'Results have a "format", sweeps a "family" and "axes".',
    );
  }
  parseSweep(json, catalog);
  return { kind: 'sweep', sweep: json as SweepJson };
}

/**
 * Recognises a file by its first bytes; gzip is unfolded first. JSON with a `format` is a result, other JSON a sweep;
 * NPY, IDX, CIFAR-10 binary and CSV are data, and a matrix where they are square. Everything is read to its end and
 * checked. Throws InputError.
 */
export async function recogniseFile(name: string, bytes: Uint8Array, catalog: Catalog): Promise<Recognised> {
  const where = `file ${quoted(name)}`;
  checkFileSize(name, bytes.length);
  if (bytes.length === 0) throw new InputError(where, 'expected something in it, got an empty file');
  const whole = await gunzip(bytes, where);
  const mark = whole[firstMark(whole)];
  if (mark === 0x7b || mark === 0x5b) return recogniseJson(readJson(whole.subarray(firstMark(whole)), where), where, catalog);
  const data = await parseFile(whole, where);
  const { shape } = data.array;
  const square = shape.length === 2 && shape[0] === shape[1] && shape[0] > 1 && data.labels === undefined;
  return square ? { kind: 'matrix', size: shape[0], data } : { kind: 'data', data };
}

/** Makes a file's bytes known to tasks and connectivities by its name. */
export function giveFile(name: string, bytes: Uint8Array): void {
  registerFile(name, bytes);
}
