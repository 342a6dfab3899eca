// Loads the connectivity that a sweep brings along: written out in it, or a file that the host has registered. Draws no weights.
// Which files are connectivities, and sweeps that use them: own-matrix.ts.

import type { Connectivity } from '../core/connectivity/connectivity.ts';
import { MOST_OWN_UNITS, ownConnectivity } from '../core/connectivity/own.ts';
import { InputError, quoted } from '../core/errors.ts';
import { checkOwnWidth } from '../core/parse-connectivity.ts';
import type { Sweep } from '../core/sweep.ts';

/** Values of a parameter in a sweep. */
function taken({ axes, fixed }: Sweep, id: string) {
  return axes.find(({ parameter }) => parameter === id)?.values ?? [fixed[id]];
}

/** Rows of a registered CSV or NPY file; `where` names it in errors. Rejects with InputError where it is no square matrix. */
export async function rowsOf(name: string, where: string): Promise<Float64Array[]> {
  // On demand, so that pages without files do not carry the readers.
  const { readFile } = await import('../tasks/files.ts');
  const { format, array, categories = [] } = await readFile(name);
  if (format !== 'csv' && format !== 'npy') throw new InputError(where, `expected CSV or NPY, got ${format.toUpperCase()}`);
  const { shape, values } = array;
  if (shape.length !== 2) {
    const what = `expected two dimensions, rows and columns, got ${quoted(shape.join(' × '))}`;
    throw new InputError(where, what, 'Row = target, column = source.');
  }
  const text = categories.findIndex((texts) => texts !== null);
  if (text >= 0) throw new InputError(where, `expected numbers, got text in column ${text + 1}`, 'Leave names of rows out.');
  const [rows, columns] = shape;
  if (rows !== columns || rows > MOST_OWN_UNITS) {
    const what = `expected as many columns as rows, at most ${MOST_OWN_UNITS}, got ${rows} rows and ${columns} columns`;
    throw new InputError(where, what);
  }
  return Array.from({ length: rows }, (_, i) => Float64Array.from(values.subarray(i * columns, (i + 1) * columns)));
}

/** The sweep's own connectivity; undefined where it has none. Throws InputError where a file is missing or does not fit. */
export async function loadConnectivity(sweep: Sweep): Promise<Connectivity | undefined> {
  const { connectivity } = sweep;
  if (connectivity === undefined) return undefined;
  if ('matrix' in connectivity) return ownConnectivity(connectivity.matrix, 'sweep.connectivity.matrix');
  const where = `sweep.connectivity: file ${quoted(connectivity.file)}`;
  const rows = await rowsOf(connectivity.file, where);
  checkOwnWidth(rows.length, taken(sweep, 'width'));
  return ownConnectivity(rows, where);
}
