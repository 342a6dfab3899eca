// The IDX format of the MNIST family (LeCun et al. 1998): big-endian numbers behind a short header. Not gzip: see gzip.ts.

import { InputError } from '../../core/errors.ts';
import type { NumberArray } from './number-array.ts';
import { entriesOf, requireFinite } from './number-array.ts';

const types: Readonly<Record<number, { readonly size: number; readonly read: (view: DataView, offset: number) => number }>> = {
  8: { size: 1, read: (view, offset) => view.getUint8(offset) },
  9: { size: 1, read: (view, offset) => view.getInt8(offset) },
  11: { size: 2, read: (view, offset) => view.getInt16(offset) },
  12: { size: 4, read: (view, offset) => view.getInt32(offset) },
  13: { size: 4, read: (view, offset) => view.getFloat32(offset) },
  14: { size: 8, read: (view, offset) => view.getFloat64(offset) },
};

/** True when `bytes` begin like an IDX file. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] in types && bytes[3] >= 1 && bytes[3] <= 8;
}

/** Reads an IDX file of any of its six types; labels have shape (n), images (n, rows, columns). */
export function readIdx(bytes: Uint8Array, where: string): NumberArray {
  if (!isIdx(bytes)) {
    throw new InputError(
      where,
      'expected an IDX file (bytes 0, 0, type 8–14, dimensions 1–8), got other bytes',
      'Is it another format?',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * bytes[3];
  if (bytes.length < start)
    throw new InputError(where, `expected an IDX header of ${start} bytes, got ${bytes.length}`, 'The file is cut short.');
  const shape = Array.from({ length: bytes[3] }, (_, axis) => view.getUint32(4 + 4 * axis));
  const type = types[bytes[2]];
  const count = entriesOf(shape, type.size, bytes.length - start, where);
  if (bytes[2] === 8) return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + start, count) };
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = type.read(view, start + i * type.size);
  requireFinite(values, where);
  return { shape, values };
}
