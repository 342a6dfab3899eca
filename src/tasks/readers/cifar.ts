// The binary version of CIFAR-10: records of one label and 32 × 32 red, green and blue values (Krizhevsky 2009).
// Reads the user's own files; the data set itself does not come with the project.

import { InputError } from '../../core/errors.ts';
import type { NumberArray } from './number-array.ts';

const PIXELS = 3 * 32 * 32;
/** Bytes of one record. */
export const CIFAR_RECORD = 1 + PIXELS;

export interface CifarBatch {
  /** (count, 3, 32, 32), 0 … 255. */
  readonly images: NumberArray;
  /** (count), 0 … 9. */
  readonly labels: NumberArray;
}

/** True when `bytes` could be a CIFAR-10 batch: whole records with labels 0 … 9. The format has no mark of its own. */
export function isCifar(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % CIFAR_RECORD !== 0) return false;
  for (let start = 0; start < bytes.length; start += CIFAR_RECORD) if (bytes[start] > 9) return false;
  return true;
}

/** Reads one batch file such as `data_batch_1.bin`. */
export function readCifar(bytes: Uint8Array, where: string): CifarBatch {
  if (bytes.length === 0 || bytes.length % CIFAR_RECORD !== 0) {
    throw new InputError(
      where,
      `expected records of ${CIFAR_RECORD} bytes, got ${bytes.length} bytes`,
      'Use the binary version of CIFAR-10.',
    );
  }
  const count = bytes.length / CIFAR_RECORD;
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * CIFAR_RECORD];
    if (labels[i] > 9) throw new InputError(where, `expected labels from 0 to 9, got ${labels[i]} in record ${i}`);
    images.set(bytes.subarray(i * CIFAR_RECORD + 1, (i + 1) * CIFAR_RECORD), i * PIXELS);
  }
  return { images: { shape: [count, 3, 32, 32], values: images }, labels: { shape: [count], values: labels } };
}
