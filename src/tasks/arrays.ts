// The user's own numbers as a task: given in the sweep itself, or in files that the host has registered (files.ts).

import { InputError, quoted } from '../core/errors.ts';
import type { Values } from '../core/parameter.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import { permutation, randomSource, STREAMS } from '../core/random.ts';
import type { ImageShape, Samples, Task } from '../core/task.ts';
import type { RowTable } from './array-tables.ts';

const WHERE = 'task "arrays"';
const SOURCE = 'phase-atlas';
const MAXIMUM_CLASSES = 100;

export const arrays: Task = {
  kind: 'arrays',
  label: 'own data',
  description:
    'Inputs and targets given as arrays in the sweep (trainInputs, trainTargets, testInputs, testTargets) or as files ' +
    '(files: inputs, targets, testInputs, testTargets; CSV, NPY, IDX, CIFAR-10 binary, also gzipped). ' +
    'Without a test set the rows are split at random. ' +
    'At most testSamples rows are used for testing, and their first probeSamples rows as probes.',
  source: SOURCE,
  parameters: [
    {
      id: 'standardisation',
      label: 'standardisation',
      symbol: '',
      description:
        'none: inputs as they are. centre: the mean of each column over all rows subtracted. ' +
        'unit: then each column divided by its standard deviation. sphere: centred, then each row rescaled to norm √d.',
      source: 'sphere: Geiger et al. 2020, section 2',
      scope: 'shape',
      kind: 'choice',
      choices: ['none', 'centre', 'unit', 'sphere'],
      default: 'none',
    },
    {
      id: 'targetKind',
      label: 'targets',
      symbol: '',
      description:
        'values: targets as they are (regression, ±1, one-hot). ' +
        'classes: one column of labels; two become −1 and +1 in ascending order, ' +
        'more become one output per class, 1 for its own.',
      source: SOURCE,
      scope: 'shape',
      kind: 'choice',
      choices: ['values', 'classes'],
      default: 'values',
    },
    {
      id: 'imageChannels',
      label: 'image channels',
      symbol: '',
      description:
        'Channels of inputs that are square images, one plane after the other: 1 for grey, 3 for colour; dimensionless. 0: the inputs ' +
        'are no images.',
      source: SOURCE,
      scope: 'shape',
      kind: 'integer',
      minimum: 0,
      maximum: 16,
      default: 0,
    },
  ],
  settings: ['trainInputs', 'trainTargets', 'testInputs', 'testTargets', 'files'],
  imageOf(values) {
    const channels = numberOf(values, 'imageChannels');
    return channels === 0 ? undefined : { channels };
  },
  async load(values, settings, signal) {
    // On demand, so that pages without own data do not carry the readers.
    const { readTables } = await import('./array-tables.ts');
    const tables = await readTables(settings, WHERE);
    signal?.throwIfAborted();
    const { inputs, targets } = tables;
    const { train, test, description } = divide(values, inputs.rows, tables.testInputs?.rows);
    const image = imageOf(inputs.columns, numberOf(values, 'imageChannels'));
    const statistics = columnStatistics([inputs, ...(tables.testInputs === undefined ? [] : [tables.testInputs])]);
    const standardise = standardiser(choiceOf(values, 'standardisation'), statistics);
    const encode = encoder(choiceOf(values, 'targetKind'), targets, tables.testTargets);
    const samplesOf = (from: RowTable, labels: RowTable, rows: Uint32Array): Samples => {
      const samples = {
        count: rows.length,
        inputs: new Float64Array(rows.length * from.columns),
        targets: new Float64Array(rows.length * encode.outputDim),
      };
      rows.forEach((row, i) => {
        const input = samples.inputs.subarray(i * from.columns, (i + 1) * from.columns);
        for (let j = 0; j < input.length; j++) input[j] = from.values[row * from.columns + j];
        standardise(input);
        encode.fill(labels, row, samples.targets.subarray(i * encode.outputDim, (i + 1) * encode.outputDim));
      });
      return samples;
    };
    const testInputs = tables.testInputs ?? inputs;
    const testTargets = tables.testTargets ?? targets;
    return {
      inputDim: inputs.columns,
      outputDim: encode.outputDim,
      train: samplesOf(inputs, targets, train),
      test: samplesOf(testInputs, testTargets, test),
      probe: samplesOf(testInputs, testTargets, test.subarray(0, numberOf(values, 'probeSamples'))),
      description: `${tables.description}, ${description}`,
      ...(image === undefined ? {} : { image }),
    };
  },
};

/** The images that rows of `columns` numbers are; undefined with 0 channels. Throws InputError where they are not square. */
function imageOf(columns: number, channels: number): ImageShape | undefined {
  if (channels === 0) return undefined;
  const side = Math.sqrt(columns / channels);
  if (!Number.isInteger(side)) {
    throw new InputError(
      `${WHERE}: imageChannels`,
      `expected rows of ${channels} square planes, got ${columns} numbers per row`,
      'Use 1 for grey and 3 for colour.',
    );
  }
  return { side, channels };
}

/** Rows for training and testing: the first and the last of a shuffle, so that both stay when P grows. */
function divide(values: Values, rows: number, testRows: number | undefined) {
  const samples = numberOf(values, 'samples');
  const available = testRows === undefined ? rows - 1 : rows;
  if (samples > available) {
    const hint =
      testRows === undefined ? `There are ${rows} rows, and at least one is kept for testing.` : `There are ${rows} rows.`;
    throw new InputError(WHERE, `expected samples of at most ${available}, got ${samples}`, hint);
  }
  const order = permutation(rows, randomSource(numberOf(values, 'dataSeed'), STREAMS.shuffle));
  const train = order.slice(0, samples).sort();
  const testSamples = Math.min(numberOf(values, 'testSamples'), testRows ?? rows - samples);
  const test =
    testRows === undefined ? order.slice(rows - testSamples).sort() : Uint32Array.from({ length: testSamples }, (_, i) => i);
  return { train, test, description: `${samples} rows for training, ${testSamples} for testing` };
}

interface Statistics {
  readonly means: Float64Array;
  readonly stds: Float64Array;
}

function columnStatistics(tables: readonly RowTable[]): Statistics {
  const columns = tables[0].columns;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const average = (term: (x: number, column: number) => number) => {
    const sums = new Float64Array(columns);
    for (const { values } of tables) for (let i = 0; i < values.length; i++) sums[i % columns] += term(values[i], i % columns);
    return sums.map((sum) => sum / rows);
  };
  const means = average((x) => x);
  return { means, stds: average((x, column) => (x - means[column]) ** 2).map(Math.sqrt) };
}

function standardiser(kind: string, { means, stds }: Statistics): (row: Float64Array) => void {
  return (row) => {
    if (kind === 'none') return;
    for (let j = 0; j < row.length; j++) row[j] -= means[j];
    if (kind === 'unit') for (let j = 0; j < row.length; j++) row[j] = stds[j] > 0 ? row[j] / stds[j] : 0;
    if (kind === 'sphere') {
      const square = row.reduce((sum, x) => sum + x * x, 0);
      for (let j = 0; j < row.length; j++) row[j] *= square > 0 ? Math.sqrt(row.length / square) : 0;
    }
  };
}

function encoder(kind: string, targets: RowTable, testTargets: RowTable | undefined) {
  if (kind === 'values') {
    if (targets.texts !== undefined) {
      throw new InputError(
        `${WHERE}: targets`,
        `expected numbers, got texts such as ${quoted(targets.texts[0])}`,
        'Use targetKind: "classes".',
      );
    }
    return {
      outputDim: targets.columns,
      fill: (table: RowTable, row: number, target: Float64Array) => {
        for (let k = 0; k < target.length; k++) target[k] = table.values[row * table.columns + k];
      },
    };
  }
  if (targets.columns !== 1) {
    throw new InputError(
      `${WHERE}: targets`,
      `expected one column of labels, got ${targets.columns}`,
      'Use targetKind: "values" for one-hot targets.',
    );
  }
  const distinct = new Set<number>(targets.values);
  for (const label of testTargets?.values ?? []) {
    if (!distinct.has(label))
      throw new InputError(`${WHERE}: testTargets`, `expected labels of the training set, got ${quoted(label)}`);
  }
  const labels = [...distinct].sort((a, b) => a - b);
  if (labels.length < 2 || labels.length > MAXIMUM_CLASSES) {
    const hint = 'Use targetKind: "values" for regression.';
    throw new InputError(`${WHERE}: targets`, `expected 2 to ${MAXIMUM_CLASSES} different labels, got ${labels.length}`, hint);
  }
  const places = new Map(labels.map((label, i) => [label, i]));
  return {
    outputDim: labels.length === 2 ? 1 : labels.length,
    fill: (table: RowTable, row: number, target: Float64Array) => {
      const place = places.get(table.values[row]) as number;
      if (labels.length === 2) target[0] = place === 0 ? -1 : 1;
      else target[place] = 1;
    },
  };
}
