// Parses one data file of any known format. Knows no names: see files.ts, which loads this module when the first file is read.

import { InputError } from '../core/errors.ts';
import { CIFAR_RECORD, isCifar, readCifar } from './readers/cifar.ts';
import { readCsv } from './readers/csv.ts';
import { gunzip } from './readers/gzip.ts';
import { isIdx, readIdx } from './readers/idx.ts';
import { isNpy, readNpy } from './readers/npy.ts';
import type { NumberArray } from './readers/number-array.ts';

/** A parsed file: inputs, and targets where the format carries both (CIFAR). */
export interface DataFile {
  readonly format: 'csv' | 'npy' | 'idx' | 'cifar';
  readonly array: NumberArray;
  readonly labels?: NumberArray;
  /** Column names of a table. */
  readonly names?: readonly string[];
  /** By column of a table: texts of a column of categories, null for numbers. */
  readonly categories?: readonly (readonly string[] | null)[];
}

/** Parses a data file by its first bytes: gzip is unfolded, then NPY, CIFAR-10 binary, IDX, else CSV. */
export async function parseFile(bytes: Uint8Array, where: string): Promise<DataFile> {
  const data = await gunzip(bytes, where);
  if (isNpy(data)) return { format: 'npy', array: readNpy(data, where) };
  // Before IDX: a black picture of class 0 may look like the start of one, but the length gives it away.
  if (isCifar(data)) {
    const { images, labels } = readCifar(data, where);
    return { format: 'cifar', array: images, labels };
  }
  if (isIdx(data)) return { format: 'idx', array: readIdx(data, where) };
  // No text holds a zero byte.
  if (data.subarray(0, 65536).includes(0)) {
    if (data.length % CIFAR_RECORD === 0) readCifar(data, where);
    throw new InputError(
      where,
      `expected NPY, IDX, records of CIFAR-10 (${CIFAR_RECORD} bytes each) or text, got ${data.length} bytes of another kind`,
      'The file may be cut short, or in another version or format.',
    );
  }
  const table = readCsv(data, where);
  return {
    format: 'csv',
    array: { shape: [table.rows, table.columns], values: table.values },
    categories: table.categories,
    ...(table.names === undefined ? {} : { names: table.names }),
  };
}
