// A sweep that learns from the reader's own files, made up from what they hold. Registers and runs
// nothing: see recognise-file.ts.

import { quoted } from '../core/errors.ts';
import type { JsonObject } from '../core/plain-json.ts';
import type { DataFile } from '../tasks/parse-file.ts';
import type { NumberArray } from '../tasks/readers/number-array.ts';

/** A registered file and what it holds. */
export interface GivenFile {
  readonly name: string;
  readonly data: DataFile;
}

export interface OwnSweep {
  readonly sweep: JsonObject;
  /** "600 images of 28 × 28, odd against even labels". */
  readonly words: string;
}

/** From lazy to rich by output scale, Geiger et al. 2020: can be asked of any data. */
const CROSSOVER: JsonObject = {
  version: 1,
  family: 'fully-connected',
  axes: [
    { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e4, steps: 19 },
    { parameter: 'width', scale: 'log', values: [16, 32, 64] },
  ],
  seeds: 4,
  training: { method: 'flow', maxTime: 1000, maxSteps: 3000, checkpoints: 16 },
  observables: ['kernelChange', 'testError', 'trainingLoss', 'weightChange'],
};

/** Most samples for training, test and probes, as in the project's own figures of images. */
const SAMPLES = 128;
const TEST_SAMPLES = 500;
const PROBE_SAMPLES = 32;
/** Enough for these samples; principal components of more take longer. */
const IMAGES_PER_CLASS = 300;
/** Most numbers of an image after pooling: 28 × 28 stays as it is. */
const PIXELS = 800;
const COMPONENTS = 10;
/** Whole numbers that differ in more ways than this are quantities, not classes. */
const MOST_CLASSES = 10;

const count = (number: number): string => number.toLocaleString('en');
const rowsOf = ({ data }: GivenFile): number => data.array.shape[0];
const columnsOf = ({ data }: GivenFile): number => data.array.values.length / data.array.shape[0];
const shapeWords = ({ shape }: NumberArray): string => shape.map(count).join(' × ');

/** Bytes in three dimensions or more. */
const isImages = ({ data: { format, array } }: GivenFile): boolean =>
  format !== 'csv' && array.values instanceof Uint8Array && (array.shape.length === 3 || array.shape.length === 4);

/** The sweep that learns from `files` (at least one), or a sentence on what they lack. */
export function sweepOfFiles(files: readonly GivenFile[]): OwnSweep | string {
  const images = files.filter(isImages);
  if (images.length === 0) return sweepOfTables(files);
  const names: string[] = [];
  const labels: NumberArray[] = [];
  for (const file of images) {
    names.push(file.name);
    const own = file.data.labels;
    const partner = files.find((one) => columnsOf(one) === 1 && rowsOf(one) === rowsOf(file) && !names.includes(one.name));
    if (own === undefined && partner === undefined) {
      const { shape } = file.data.array;
      return `${quoted(file.name)} holds ${count(shape[0])} images of ${shape.slice(-2).join(' × ')}. Open their labels too: a file of ${count(shape[0])} numbers.`;
    }
    if (own === undefined && partner !== undefined) names.push(partner.name);
    labels.push(own ?? (partner as GivenFile).data.array);
  }
  if (labels.some(({ values }) => !(values instanceof Uint8Array))) return sweepOfTables(files);
  return sweepOfImages(images, names, labels);
}

function sweepOfImages(images: readonly GivenFile[], files: readonly string[], labels: readonly NumberArray[]): OwnSweep {
  const members = new Map<number, number>();
  for (const { values } of labels) for (const label of values) members.set(label, (members.get(label) ?? 0) + 1);
  const classes = [...members.keys()].sort((a, b) => a - b);
  const parity = new Set(classes.map((label) => label % 2)).size === 2;
  const half = Math.ceil(classes.length / 2);
  const [negative, positive] = parity
    ? [0, 1].map((rest) => classes.filter((label) => label % 2 === rest))
    : [classes.slice(0, half), classes.slice(half)];
  const size = (group: readonly number[]) =>
    group.reduce((sum, label) => sum + Math.min(IMAGES_PER_CLASS, members.get(label) ?? 0), 0);
  // Labels take turns: the rarer side decides.
  const balanced = 2 * Math.min(size(negative), size(positive));
  const probeSamples = Math.min(PROBE_SAMPLES, Math.floor(balanced / 8));
  const testSamples = Math.min(TEST_SAMPLES, Math.floor((3 * balanced) / 8));
  const shape = images[0].data.array.shape;
  const pixels = columnsOf(images[0]);
  const [rows, columns] = shape.slice(-2);
  const block = [1, 2, 4].find((side) => rows % side === 0 && columns % side === 0 && pixels / side ** 2 <= PIXELS) ?? 1;
  const total = images.reduce((sum, file) => sum + rowsOf(file), 0);
  const task = {
    kind: 'image-files',
    files,
    ...(parity ? {} : { labels: 'groups', negative, positive }),
    components: Math.max(1, Math.min(COMPONENTS, balanced - 1, pixels / block ** 2)),
    pooling: String(block),
    imagesPerClass: IMAGES_PER_CLASS,
    samples: Math.min(SAMPLES, balanced - probeSamples - testSamples),
    testSamples,
    probeSamples,
  };
  const sides = parity ? 'odd against even labels' : `labels ${negative.join(', ')} against ${positive.join(', ')}`;
  return { sweep: { ...CROSSOVER, task }, words: `${count(total)} images of ${rows} × ${columns}, ${sides}` };
}

function sweepOfTables(files: readonly GivenFile[]): OwnSweep | string {
  const inputs = files.reduce((widest, file) => (columnsOf(file) > columnsOf(widest) ? file : widest));
  const rows = rowsOf(inputs);
  const partner = files.find((file) => file !== inputs && rowsOf(file) === rows);
  const table = inputs.data.format === 'csv' && columnsOf(inputs) > 1;
  if (partner === undefined && inputs.data.labels === undefined && !table) {
    const holds = `${quoted(inputs.name)} holds ${shapeWords(inputs.data.array)} numbers.`;
    if (columnsOf(inputs) === 1) return `${holds} Open what they belong to as well: ${count(rows)} images, or rows of numbers.`;
    return `${holds} Open their targets too: a file of ${count(rows)} rows; or one table (CSV) whose last column is the target.`;
  }
  const { array, categories } = partner?.data ?? inputs.data;
  const width = columnsOf(partner ?? inputs);
  const last = array.values.filter((_, i) => i % width === width - 1);
  const different = new Set(last).size;
  const single = partner === undefined || width === 1;
  const named = categories?.[width - 1] != null;
  const classes = single && (named || (different >= 2 && different <= MOST_CLASSES && last.every(Number.isInteger)));
  const testSamples = Math.min(TEST_SAMPLES, Math.floor((3 * rows) / 8));
  const task = {
    kind: 'arrays',
    files: { inputs: inputs.name, ...(partner === undefined ? {} : { targets: partner.name }) },
    standardisation: 'unit',
    targetKind: classes ? 'classes' : 'values',
    samples: Math.min(SAMPLES, rows - testSamples),
    testSamples,
    probeSamples: Math.min(PROBE_SAMPLES, testSamples),
  };
  const columns = columnsOf(inputs) - (partner === undefined ? 1 : 0);
  const what = classes ? `${different} classes` : `${single ? 'one target' : `${width} targets`} each`;
  const loss = classes && different === 2 ? 'softHinge' : 'squared';
  return { sweep: { ...CROSSOVER, task, fixed: { loss } }, words: `${count(rows)} rows of ${count(columns)} numbers, ${what}` };
}
