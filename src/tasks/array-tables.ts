// The tables behind the task `arrays`: reads them from the sweep or from registered files and checks that they fit together.
// Chooses no samples: see arrays.ts.

import { InputError, quoted } from '../core/errors.ts';
import { readFile } from './files.ts';
import type { DataFile } from './parse-file.ts';
import type { NumberArray } from './readers/number-array.ts';

/** Rows are samples; all numbers finite. */
export interface RowTable {
  readonly rows: number;
  readonly columns: number;
  /** (rows, columns). */
  readonly values: NumberArray['values'];
  /** Texts that the numbers of a single column stand for, when the file had texts. */
  readonly texts?: readonly string[];
}

export interface Tables {
  readonly inputs: RowTable;
  readonly targets: RowTable;
  readonly testInputs?: RowTable;
  readonly testTargets?: RowTable;
  /** "iris.csv". */
  readonly description: string;
}

type Settings = Readonly<Record<string, unknown>>;

const INLINE = ['trainInputs', 'trainTargets', 'testInputs', 'testTargets'] as const;
const FILES = ['inputs', 'targets', 'testInputs', 'testTargets'] as const;
/** Most numbers in one array inside a sweep; more belong into a file. */
const MAXIMUM_INLINE = 2 ** 20;
const MAXIMUM_COLUMNS = 65536;

/** Reads the tables that `settings` name. Throws InputError where they are missing, ragged, not finite or do not fit together. */
export async function readTables(settings: Settings, where: string): Promise<Tables> {
  const given = INLINE.filter((id) => settings[id] !== undefined);
  if (settings.files !== undefined && given.length > 0) {
    throw new InputError(where, `expected either files or arrays, got both files and ${given.join(', ')}`);
  }
  const tables =
    settings.files === undefined ? inlineTables(settings, where) : await fileTables(settings.files, `${where}: files`);
  const { inputs, targets, testInputs, testTargets } = tables;
  if (targets.rows !== inputs.rows)
    throw new InputError(where, `expected as many targets as inputs, got ${targets.rows} and ${inputs.rows}`);
  if ((testInputs === undefined) !== (testTargets === undefined)) {
    throw new InputError(
      where,
      `expected testInputs and testTargets together, got only ${testInputs === undefined ? 'testTargets' : 'testInputs'}`,
    );
  }
  if (testInputs !== undefined && testTargets !== undefined) {
    if (testTargets.rows !== testInputs.rows) {
      throw new InputError(where, `expected as many testTargets as testInputs, got ${testTargets.rows} and ${testInputs.rows}`);
    }
    if (testInputs.columns !== inputs.columns || testTargets.columns !== targets.columns) {
      throw new InputError(
        where,
        `expected ${inputs.columns} + ${targets.columns} columns in the test set as in the training set, ` +
          `got ${testInputs.columns} + ${testTargets.columns}`,
      );
    }
  }
  return tables;
}

function inlineTables(settings: Settings, where: string): Tables {
  const table = (id: string) => (settings[id] === undefined ? undefined : inlineTable(settings[id], `${where}: ${id}`));
  const inputs = table('trainInputs');
  const targets = table('trainTargets');
  if (inputs === undefined || targets === undefined) {
    throw new InputError(
      where,
      'expected trainInputs and trainTargets, or files, got neither',
      'For example "trainInputs": [[0, 1], [1, 0]].',
    );
  }
  return { inputs, targets, testInputs: table('testInputs'), testTargets: table('testTargets'), description: 'Own arrays' };
}

/** Rows of equal length, or one flat array as a single column. */
function inlineTable(value: unknown, where: string): RowTable {
  if (!Array.isArray(value) || value.length === 0) throw new InputError(where, `expected an array of rows, got ${quoted(value)}`);
  const first: unknown = value[0];
  const columns = Array.isArray(first) ? first.length : 1;
  if (columns === 0 || value.length * columns > MAXIMUM_INLINE) {
    throw new InputError(
      where,
      `expected 1 to ${MAXIMUM_INLINE} numbers, got ${value.length} × ${columns}`,
      'Give larger tables as files.',
    );
  }
  const values = new Float64Array(value.length * columns);
  value.forEach((row: unknown, i) => {
    const cells: unknown = Array.isArray(first) ? row : [row];
    if (!Array.isArray(cells) || cells.length !== columns) {
      throw new InputError(`${where}[${i}]`, `expected ${columns} numbers as in the first row, got ${quoted(row)}`);
    }
    cells.forEach((cell: unknown, j) => {
      if (typeof cell !== 'number' || !Number.isFinite(cell)) {
        throw new InputError(`${where}[${i}]`, `expected finite numbers, got ${quoted(cell)} at place ${j}`);
      }
      values[i * columns + j] = cell;
    });
  });
  return { rows: value.length, columns, values };
}

async function fileTables(value: unknown, where: string): Promise<Tables> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(
      where,
      `expected an object with file names, got ${quoted(value)}`,
      'For example {"inputs": "x.npy", "targets": "y.npy"}.',
    );
  }
  const names = new Map<string, string>();
  for (const [id, name] of Object.entries(value)) {
    if (!FILES.some((known) => known === id)) throw new InputError(where, `expected ${FILES.join(', ')}, got ${quoted(id)}`);
    if (typeof name !== 'string') throw new InputError(`${where}: ${id}`, `expected a file name, got ${quoted(name)}`);
    names.set(id, name);
  }
  const train = await filePair(names.get('inputs'), names.get('targets'), where, 'inputs');
  if (train === undefined) throw new InputError(where, 'expected inputs, got none');
  let test = await filePair(names.get('testInputs'), names.get('testTargets'), where, 'testInputs');
  if (test === undefined && names.has('testTargets'))
    throw new InputError(where, 'expected testInputs with testTargets, got none');
  if (test !== undefined) test = { ...test, targets: alike(test.targets, train.targets, `${where}: testTargets`) };
  const description = [...names.values()].join(', ');
  return { ...train, ...(test === undefined ? {} : { testInputs: test.inputs, testTargets: test.targets }), description };
}

/** Inputs and targets of one set. Without a file of targets: the file's own labels (CIFAR), or the last column of a table. */
async function filePair(inputsName: string | undefined, targetsName: string | undefined, where: string, id: string) {
  if (inputsName === undefined) return undefined;
  const file = await readFile(inputsName);
  let inputs = rowTable(file.array);
  let targets: RowTable;
  const categories = file.categories ?? [];
  if (targetsName !== undefined) {
    const targetFile = await readFile(targetsName);
    targets = rowTable(targetFile.array, targetFile.categories);
  } else if (file.labels !== undefined) targets = rowTable(file.labels);
  else if (file.format === 'csv' && inputs.columns > 1) {
    const last = inputs.columns - 1;
    targets = { ...columnsOf(inputs, last, last + 1), texts: categories[last] ?? undefined };
    inputs = columnsOf(inputs, 0, last);
  } else {
    throw new InputError(
      where,
      `expected a file of targets for ${quoted(inputsName)}, got none`,
      'Or give a table whose last column is the target.',
    );
  }
  const text = categories.slice(0, inputs.columns).findIndex((texts) => texts !== null);
  if (text >= 0) {
    const name = file.names?.[text] ?? text + 1;
    throw new InputError(`${where}: ${id}`, `expected numbers as inputs, got text in column ${name} of ${quoted(inputsName)}`);
  }
  return { inputs, targets };
}

/** Samples along the first dimension, everything else in one row. */
function rowTable({ shape, values }: NumberArray, categories: DataFile['categories'] = []): RowTable {
  const columns = values.length / shape[0];
  if (columns > MAXIMUM_COLUMNS)
    throw new InputError('file', `expected at most ${MAXIMUM_COLUMNS} numbers per sample, got ${columns}`);
  const text = categories.findIndex((texts) => texts !== null);
  if (text >= 0 && columns > 1) throw new InputError('file', `expected numbers, got text in column ${text + 1} of ${columns}`);
  return { rows: shape[0], columns, values, texts: categories[0] ?? undefined };
}

/** `test` with its texts numbered as those of `train`: each file numbers its own. */
function alike(test: RowTable, train: RowTable, where: string): RowTable {
  if ((test.texts === undefined) !== (train.texts === undefined)) {
    throw new InputError(
      where,
      `expected ${train.texts === undefined ? 'numbers' : 'texts'} as in the training set, got the other`,
    );
  }
  if (test.texts === undefined) return test;
  const places = test.texts.map((text) => {
    const place = train.texts?.indexOf(text) ?? -1;
    if (place < 0) throw new InputError(where, `expected a label of the training set, got ${quoted(text)}`);
    return place;
  });
  return { ...test, values: Float64Array.from(test.values, (index) => places[index]), texts: train.texts };
}

function columnsOf(table: RowTable, from: number, to: number): RowTable {
  const columns = to - from;
  const values = new Float64Array(table.rows * columns);
  for (let i = 0; i < values.length; i++)
    values[i] = table.values[Math.floor(i / columns) * table.columns + from + (i % columns)];
  return { rows: table.rows, columns, values };
}
