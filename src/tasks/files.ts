// The user's own data files, by name: the page registers dropped files, the command line what it reads from disk.
// Opens nothing by itself and knows no address: a task finds exactly what its host has registered.

import { InputError, quoted } from '../core/errors.ts';
import type { DataFile } from './parse-file.ts';
import { MAXIMUM_BYTES } from './readers/gzip.ts';

const MAXIMUM_NAME = 200;
const files = new Map<string, { readonly bytes: Uint8Array; parsed?: Promise<DataFile> }>();

/** Makes `bytes` known as `name` (1 to 200 characters) to tasks and connectivities; an earlier file of that name is forgotten. */
export function registerFile(name: string, bytes: Uint8Array): void {
  if (name.length === 0 || name.length > MAXIMUM_NAME) {
    throw new InputError('file', `expected a name of 1 to ${MAXIMUM_NAME} characters, got ${name.length}`);
  }
  if (bytes.length > MAXIMUM_BYTES) {
    throw new InputError(
      `file ${quoted(name)}`,
      `expected at most ${MAXIMUM_BYTES} bytes, got ${bytes.length}`,
      'Use a part of the data set.',
    );
  }
  files.set(name, { bytes });
}

/** Forgets a file and frees its memory. */
export function forgetFile(name: string): void {
  files.delete(name);
}

/** Names of all registered files. */
export function fileNames(): string[] {
  return [...files.keys()];
}

/** The registered file `name`, unfolded and parsed once. Throws InputError listing the known names. */
export function readFile(name: string): Promise<DataFile> {
  const where = `file ${quoted(name)}`;
  const file = files.get(name);
  if (file === undefined) {
    const known = files.size === 0 ? 'No file has been given.' : `Given are ${fileNames().join(', ')}.`;
    return Promise.reject(new InputError(where, 'expected a file that was given, got an unknown name', known));
  }
  file.parsed ??= import('./parse-file.ts').then(({ parseFile }) => parseFile(file.bytes, where));
  return file.parsed;
}
