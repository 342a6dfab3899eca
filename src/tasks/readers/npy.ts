// NumPy's NPY format, versions 1 to 3: plain numbers only, no structured types and no pickled objects.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { InputError, quoted } from '../../core/errors.ts';
import type { NumberArray } from './number-array.ts';
import { entriesOf, requireFinite } from './number-array.ts';

type Read = (view: DataView, offset: number, little: boolean) => number;

const types: Readonly<Record<string, { readonly size: number; readonly read: Read }>> = {
  b1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  u1: { size: 1, read: (view, offset) => view.getUint8(offset) },
  i1: { size: 1, read: (view, offset) => view.getInt8(offset) },
  u2: { size: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  i2: { size: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  u4: { size: 4, read: (view, offset, little) => view.getUint32(offset, little) },
  i4: { size: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  u8: { size: 8, read: (view, offset, little) => exact(view.getBigUint64(offset, little)) },
  i8: { size: 8, read: (view, offset, little) => exact(view.getBigInt64(offset, little)) },
  f4: { size: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { size: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
};

/** A 64-bit integer as a float64, or NaN where that would round it. */
function exact(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : Number.NaN;
}

/** True when `bytes` begin like an NPY file. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && bytes[0] === 0x93 && String.fromCharCode(...bytes.subarray(1, 6)) === 'NUMPY';
}

/** Reads an NPY file, C or Fortran order, either byte order. A scalar array counts as one row of one entry. */
export function readNpy(bytes: Uint8Array, where: string): NumberArray {
  if (!isNpy(bytes)) throw new InputError(where, 'expected an NPY file, got other bytes', 'Write it with numpy.save.');
  const cut = () => new InputError(where, 'expected a whole NPY header, got a truncated one', 'The file is cut short.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw cut();
  const version = bytes[6];
  if (version < 1 || version > 3) throw new InputError(where, `expected NPY version 1, 2 or 3, got ${version}`);
  const start = version === 1 ? 10 : 12;
  const data = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (data > bytes.length) throw cut();
  const header = new TextDecoder().decode(bytes.subarray(start, data)).trim();
  const descr = /'descr':\s*'([<>|=])([a-zA-Z]\d+)'/.exec(header);
  const type = descr === null ? undefined : types[descr[2]];
  if (descr === null || type === undefined) {
    const known = Object.keys(types).join(', ');
    throw new InputError(
      where,
      `expected one of the types ${known}, got ${quoted(header)}`,
      'Convert it with array.astype("float64").',
    );
  }
  const fortran = /'fortran_order':\s*(True|False)/.exec(header);
  const tuple = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  if (fortran === null || tuple === null)
    throw new InputError(where, `expected fortran_order and shape in the header, got ${quoted(header)}`);
  const sizes = tuple[1]
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  const shape = sizes.length === 0 ? [1] : sizes;
  const count = entriesOf(shape, type.size, bytes.length - data, where);
  const columnMajor = fortran[1] === 'True' && shape.length > 1;
  if (type.size === 1 && !columnMajor) {
    const values = new Uint8Array(bytes.buffer, bytes.byteOffset + data, count);
    return { shape, values: descr[2] === 'i1' ? new Int8Array(values.buffer, values.byteOffset, count) : values };
  }
  const little = descr[1] !== '>';
  const values = new Float64Array(count);
  if (columnMajor) {
    const index = new Array<number>(shape.length).fill(0);
    for (let i = 0; i < count; i++) {
      let target = 0;
      for (let axis = 0; axis < shape.length; axis++) target = target * shape[axis] + index[axis];
      values[target] = type.read(view, data + i * type.size, little);
      // The first index runs fastest in the file.
      for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
    }
  } else {
    for (let i = 0; i < count; i++) values[i] = type.read(view, data + i * type.size, little);
  }
  requireFinite(values, where);
  return { shape, values };
}
