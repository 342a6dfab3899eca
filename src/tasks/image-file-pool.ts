// The pool behind the task `image-files`: all images of the user's own files, training and test files alike, with their labels.
// Reads what the host has registered and checks that it fits together; chooses no samples and no features.

import { InputError, quoted } from '../core/errors.ts';
import { readFile } from './files.ts';
import type { PixelImages } from './image-features.ts';
import type { DataFile } from './parse-file.ts';

/** Images with their classes. */
export interface LabelledImages extends PixelImages {
  /** (count). */
  readonly labels: Uint8Array;
  /** All classes that occur, ascending. */
  readonly classes: readonly number[];
}

export interface PoolOptions {
  /** True where files hold rows and columns exchanged, as EMNIST's do. */
  readonly transposed: boolean;
  /** Most images of a class, evenly spaced over the files; 0 for all. */
  readonly imagesPerClass: number;
}

const MAXIMUM_FILES = 32;
const MAXIMUM_SIDE = 256;
const MAXIMUM_CHANNELS = 16;
/** Most bytes of a pool: 512 MiB, three times CIFAR-10. */
const MAXIMUM_POOL = 2 ** 29;

/** Images or labels of one file. */
interface Part {
  readonly name: string;
  readonly values: Uint8Array;
  /** Images: (count, channels, rows, columns). Labels: (count). */
  readonly shape: readonly number[];
}

/** The pool of the files that `list` names. Throws InputError where they are not images and labels that belong together. */
export async function readImagePool(list: unknown, options: PoolOptions, where: string): Promise<LabelledImages> {
  const images: Part[] = [];
  const labels: Part[] = [];
  for (const name of fileNamesOf(list, where)) {
    const at = `${where}: file ${quoted(name)}`;
    const file = await readFile(name);
    const part: Part = { name, values: bytesOf(file, at), shape: file.array.shape };
    if (part.shape.length === 1) labels.push(part);
    else images.push({ ...part, shape: imageShapeOf(part.shape, at) });
    if (file.labels !== undefined) labels.push({ name, values: file.labels.values as Uint8Array, shape: file.labels.shape });
  }
  if (images.length === 0)
    throw new InputError(where, 'expected files of images, got none', 'Files of labels alone are no data.');
  if (labels.length !== images.length) {
    throw new InputError(
      where,
      `expected as many files of labels as of images, got ${labels.length} and ${images.length}`,
      'The first file of images goes with the first file of labels, and so on.',
    );
  }
  const size = images[0].shape.slice(1);
  images.forEach(({ name, shape }, f) => {
    if (shape.slice(1).some((length, axis) => length !== size[axis])) {
      const [got, usual] = [shape.slice(1).join(' × '), size.join(' × ')];
      throw new InputError(
        `${where}: file ${quoted(name)}`,
        `expected images of ${usual} as in ${quoted(images[0].name)}, got ${got}`,
      );
    }
    if (labels[f].shape[0] !== shape[0]) {
      const what = `expected ${shape[0]} labels for the images of ${quoted(name)}, got ${labels[f].shape[0]}`;
      throw new InputError(
        `${where}: file ${quoted(labels[f].name)}`,
        what,
        'Give files of images and of labels in the same order.',
      );
    }
  });
  return chosen(images, labels, size, options, where);
}

function fileNamesOf(list: unknown, where: string): string[] {
  const hint = 'For example ["train-images.gz", "train-labels.gz"], or the six batches of CIFAR-10.';
  if (!Array.isArray(list) || list.length === 0 || !list.every((name) => typeof name === 'string')) {
    throw new InputError(where, `expected a list of file names, got ${list === undefined ? 'nothing' : quoted(list)}`, hint);
  }
  if (list.length > MAXIMUM_FILES) throw new InputError(where, `expected at most ${MAXIMUM_FILES} files, got ${list.length}`);
  const twice = list.find((name, i) => list.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(where, `expected every file once, got ${quoted(twice)} twice`);
  return list;
}

function bytesOf({ format, array }: DataFile, where: string): Uint8Array {
  if (format === 'csv' || !(array.values instanceof Uint8Array)) {
    throw new InputError(
      where,
      `expected numbers from 0 to 255 in one byte each, got ${format === 'csv' ? 'a table' : 'wider numbers'}`,
      'Use IDX, NPY (u1) or the binary version of CIFAR-10, or the task "arrays".',
    );
  }
  return array.values;
}

/** (count, channels, rows, columns) from two to four sizes. */
function imageShapeOf(shape: readonly number[], where: string): number[] {
  const full = shape.length === 3 ? [shape[0], 1, shape[1], shape[2]] : [...shape];
  const [, channels, rows, columns] = full;
  if (full.length !== 4 || channels > MAXIMUM_CHANNELS || rows > MAXIMUM_SIDE || columns > MAXIMUM_SIDE) {
    throw new InputError(
      where,
      `expected labels (count) or images (count, rows, columns) or (count, channels, rows, columns), got shape ${shape.join(' × ')}`,
      `At most ${MAXIMUM_CHANNELS} channels of ${MAXIMUM_SIDE} × ${MAXIMUM_SIDE} pixels.`,
    );
  }
  return full;
}

/** Copies the images that are kept, in the order of the files, upright. */
function chosen(
  images: readonly Part[],
  labels: readonly Part[],
  [channels, rows, columns]: readonly number[],
  { transposed, imagesPerClass }: PoolOptions,
  where: string,
): LabelledImages {
  const members = new Map<number, { part: number; index: number }[]>();
  labels.forEach(({ values }, part) => {
    values.forEach((label, index) => {
      const own = members.get(label) ?? [];
      own.push({ part, index });
      members.set(label, own);
    });
  });
  const classes = [...members.keys()].sort((a, b) => a - b);
  const kept = classes.flatMap((label) => {
    const own = members.get(label) ?? [];
    const wanted = imagesPerClass === 0 ? own.length : Math.min(imagesPerClass, own.length);
    return Array.from({ length: wanted }, (_, k) => ({ label, ...own[Math.floor((k * own.length) / wanted)] }));
  });
  const plane = rows * columns;
  const bytes = kept.length * channels * plane;
  if (bytes > MAXIMUM_POOL) {
    const what = `expected at most ${MAXIMUM_POOL} bytes of images, got ${bytes}`;
    throw new InputError(where, what, 'Lower imagesPerClass.');
  }
  const pixels = new Uint8Array(bytes);
  kept.forEach(({ part, index }, i) => {
    const from = images[part].values.subarray(index * channels * plane, (index + 1) * channels * plane);
    const to = pixels.subarray(i * channels * plane, (i + 1) * channels * plane);
    if (!transposed) to.set(from);
    else
      for (let p = 0; p < to.length; p++) to[p] = from[p - (p % plane) + (p % rows) * columns + Math.floor((p % plane) / rows)];
  });
  const size = transposed ? { rows: columns, columns: rows } : { rows, columns };
  return { count: kept.length, channels, ...size, images: pixels, labels: Uint8Array.from(kept, ({ label }) => label), classes };
}
