// Reads the `connectivity` object of a sweep: a matrix of the user's own, written out or in a file. Opens no file:
// see engine/own-connectivity.

import { ownConnectivity } from './connectivity/own.ts';
import { InputError, quoted } from './errors.ts';
import type { Family } from './family.ts';
import type { Value } from './parameter.ts';
import { type Json, type JsonObject, readObject, readText } from './plain-json.ts';

/** Value of the parameter `connectivity` that stands for the sweep's own matrix. */
export const OWN = 'own';
/** Most units of a matrix that is written out in a sweep; larger ones belong into files. */
export const MOST_WRITTEN_UNITS = 512;
const MAX_FILE_NAME = 200;
const WHERE = 'sweep.connectivity';

/** The initial recurrent weights of networks with `connectivity` "own": row = target (post), column = source (pre). */
export type GivenConnectivity =
  /** (N, N), N = 1 … 512, finite, not all 0. */
  | { readonly matrix: readonly (readonly number[])[] }
  /** Name of a CSV or NPY file, also gzipped, N = 1 … 1024. */
  | { readonly file: string };

/** What the object is read against. */
interface Surroundings {
  readonly family: Pick<Family, 'id' | 'parameters'>;
  /** Values that a parameter takes in the sweep. */
  taken(parameter: string): readonly Value[];
}

/** Throws InputError where networks with `connectivity` "own" would have another width than the `units` of its matrix. */
export function checkOwnWidth(units: number, widths: readonly Value[]): void {
  const other = widths.find((width) => width !== units);
  if (other === undefined) return;
  const what = `expected a width of ${units}, that of the matrix, got ${quoted(other)}`;
  throw new InputError(WHERE, what, `Set width to ${units}.`);
}

/** Whether a family can begin from a matrix of the user's own. */
export function takesOwn({ parameters }: Pick<Family, 'parameters'>): boolean {
  return parameters.some((one) => one.id === 'connectivity' && one.kind === 'choice' && one.choices.includes(OWN));
}

/** `{ "matrix": [[…], …] }` or `{ "file": "my.csv" }`. Throws InputError. */
export function parseConnectivity(json: Json, { family, taken }: Surroundings): GivenConnectivity {
  const object = readObject(json, WHERE, ['matrix', 'file']);
  if (!takesOwn(family)) {
    throw new InputError(WHERE, `expected a family with recurrent weights, got "${family.id}"`, 'Use family "recurrent".');
  }
  const { matrix, file } = object;
  if ((matrix === undefined) === (file === undefined)) {
    const got = matrix === undefined ? 'neither' : 'both';
    throw new InputError(WHERE, `expected either matrix or file, got ${got}`, 'For example {"file": "my.csv"}.');
  }
  const values = taken('connectivity');
  if (!values.includes(OWN)) {
    const what = `expected the parameter connectivity to be "${OWN}" somewhere, got ${values.map(quoted).join(', ')}`;
    throw new InputError(WHERE, what, 'Leave the parameter out, or the matrix.');
  }
  if (matrix === undefined) {
    const name = readText(file, `${WHERE}.file`, MAX_FILE_NAME);
    if (name === '') throw new InputError(`${WHERE}.file`, 'expected the name of a file, got ""');
    return { file: name };
  }
  if (Array.isArray(matrix) && matrix.length > MOST_WRITTEN_UNITS) {
    const what = `expected at most ${MOST_WRITTEN_UNITS} rows in a sweep, got ${matrix.length}`;
    throw new InputError(`${WHERE}.matrix`, what, 'Give larger matrices as a file.');
  }
  ownConnectivity(matrix, `${WHERE}.matrix`);
  const rows = matrix as readonly (readonly number[])[];
  checkOwnWidth(rows.length, taken('width'));
  return { matrix: rows };
}

/** Throws InputError where networks ask for an own matrix that the sweep does not have. */
export function requireConnectivity(values: readonly Value[]): void {
  if (!values.includes(OWN)) return;
  const hint = 'Add "connectivity": {"file": "my.csv"} or {"matrix": [[…], …]} to the sweep.';
  throw new InputError(WHERE, `expected a matrix for connectivity "${OWN}", got none`, hint);
}

/** JSON Schema of the object. */
export const connectivitySchema: JsonObject = {
  description: 'Initial recurrent weights for connectivity "own" of family "recurrent": row = target, column = source.',
  oneOf: [
    {
      type: 'object',
      properties: {
        matrix: {
          type: 'array',
          items: { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: MOST_WRITTEN_UNITS },
          minItems: 1,
          maxItems: MOST_WRITTEN_UNITS,
        },
      },
      required: ['matrix'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { file: { type: 'string', minLength: 1, maxLength: MAX_FILE_NAME } },
      required: ['file'],
      additionalProperties: false,
    },
  ],
};
