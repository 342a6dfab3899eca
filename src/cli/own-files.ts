// Hands the files that a sweep names to its task: read from beside the sweep, under the names that the sweep uses.

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InputError, reasonOf } from '../core/errors.ts';
import type { Sweep } from '../core/sweep.ts';
import { registerFile } from '../tasks/files.ts';

/** Reads every file of `task.files`; relative names start at the folder of the sweep file (`-`: at the working directory). */
export async function provideFiles(sweep: Sweep, sweepPath: string): Promise<void> {
  const { files } = sweep.task.settings;
  if (typeof files !== 'object' || files === null) return;
  const folder = sweepPath === '-' ? '.' : dirname(sweepPath);
  for (const name of Object.values(files)) {
    if (typeof name !== 'string') continue;
    try {
      registerFile(name, new Uint8Array(await readFile(resolve(folder, name))));
    } catch (cause) {
      throw new InputError(`sweep.task.files: "${name}"`, `expected a file that can be read, got: ${reasonOf(cause)}`);
    }
  }
}
