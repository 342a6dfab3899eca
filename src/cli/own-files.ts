// Hands over the files that a sweep names, data of its task and its own connectivity: read from beside the sweep, under the
// names that the sweep uses.

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError, reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import { registerFile } from '../tasks/files.ts';

/** Names of files in a sweep, with the places that name them. */
function namesOf({ task, connectivity }: Sweep): { readonly name: unknown; readonly where: string }[] {
  const { files } = task.settings;
  const data = typeof files === 'object' && files !== null ? Object.values(files) : [];
  return [
    ...data.map((name: unknown) => ({ name, where: 'sweep.task.files' })),
    ...(connectivity !== undefined && 'file' in connectivity ? [{ name: connectivity.file, where: 'sweep.connectivity' }] : []),
  ];
}

/**
 * Reads every file that `task.files` and `connectivity` name; relative names start at the folder of the sweep file (`-`:
 * at the working directory).
 */
export async function provideFiles(sweep: Sweep, sweepPath: string): Promise<void> {
  const folder = sweepPath === '-' ? '.' : dirname(sweepPath);
  for (const { name, where } of namesOf(sweep)) {
    if (typeof name !== 'string') continue;
    try {
      registerFile(name, new Uint8Array(await readFile(resolve(folder, name))));
    } catch (cause) {
      throw new InputError(`${where}: "${name}"`, `expected a file that can be read, got: ${reasonOf(cause)}`);
    }
  }
}
