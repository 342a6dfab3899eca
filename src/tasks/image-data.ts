// Turns an image set, a choice of features and a choice of labels into samples. Shared by the image tasks; fetches through
// assets/load.ts and computes no principal components itself.

import type { Parameter, Values } from '../core/parameter.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import type { ImageShape, Samples, TaskData } from '../core/task.ts';
import type { ComponentSet, PixelSet } from './assets/format.ts';
import type { ImageSetName } from './assets/load.ts';
import { loadComponents, loadPixels } from './assets/load.ts';
import { balancedOrder, cut } from './draw.ts';

const SOURCE = 'Geiger et al. 2020, section 2';

/** Options of every image task. */
export const featureParameters: readonly Parameter[] = [
  {
    id: 'features',
    label: 'features',
    symbol: 'x',
    description:
      'pca: leading principal components. pixels: all pixels. ' +
      'Both after subtracting the mean image and rescaling every image to norm √d.',
    source: SOURCE,
    scope: 'shape',
    kind: 'choice',
    choices: ['pca', 'pixels'],
    default: 'pca',
  },
  {
    id: 'components',
    label: 'principal components',
    symbol: 'd',
    description:
      'Number of principal components that are kept, dimensionless; no effect with pixels. They are those of all 12,000 images.',
    source: SOURCE,
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 16,
    default: 10,
  },
  {
    id: 'whitening',
    label: 'whitening',
    symbol: '',
    description:
      'component: each component divided by its own standard deviation. common: all divided by the root mean square of those. ' +
      'none: as they are, of images of norm √784.',
    source: 'component: Geiger et al. 2020 (code); common: Geiger et al. 2021 (code)',
    scope: 'shape',
    kind: 'choice',
    choices: ['component', 'common', 'none'],
    default: 'component',
  },
  {
    id: 'imageSide',
    label: 'image side',
    symbol: '',
    description: 'Pixels per side; below 28, blocks of pixels are averaged before anything else. No effect with pca.',
    source: 'phase-atlas',
    scope: 'shape',
    kind: 'choice',
    choices: ['28', '14', '7'],
    default: '28',
  },
];

/** Which classes get which target. */
export interface Labelling {
  /** Classes that share a target, by target. Training, test and probe samples hold all targets equally often. */
  readonly groups: readonly (readonly number[])[];
  /** Target of each group, (groups, outputDim). */
  readonly targets: readonly (readonly number[])[];
  /** "parity", "3 against 8". */
  readonly description: string;
}

/** Even classes −1, odd classes +1. */
export function parityOf(classes: readonly number[]): Labelling {
  return {
    groups: [classes.filter((label) => label % 2 === 0), classes.filter((label) => label % 2 === 1)],
    targets: [[-1], [1]],
    description: classes.length === 10 ? 'parity' : `parity of classes ${classes.join(', ')}`,
  };
}

/** `positive` classes +1, `negative` classes −1, all others left out. */
export function against(positive: readonly number[], negative: readonly number[]): Labelling {
  return {
    groups: [negative, positive],
    targets: [[-1], [1]],
    description: `${positive.join(', ')} against ${negative.join(', ')}`,
  };
}

/** One output per class, 1 for its own and 0 for the others. */
export function oneHot(classes: readonly number[]): Labelling {
  return {
    groups: classes.map((label) => [label]),
    targets: classes.map((_, i) => classes.map((_, j) => (i === j ? 1 : 0))),
    description: `${classes.length} classes`,
  };
}

/** Fetches what the features need and draws the samples; `values` holds `featureParameters` and the common options. */
export async function loadImages(
  name: ImageSetName,
  labelling: Labelling,
  values: Values,
  where: string,
  signal?: AbortSignal,
): Promise<TaskData> {
  const set = choiceOf(values, 'features') === 'pca' ? await loadComponents(name) : await loadPixels(name);
  signal?.throwIfAborted();
  const members: number[][] = Array.from({ length: set.classes }, () => []);
  for (let i = 0; i < set.count; i++) members[set.labels[i]].push(i);
  const groups = labelling.groups.map((classes) => classes.map((label) => members[label]));
  const draw = cut(balancedOrder(groups, numberOf(values, 'dataSeed')), values, where);
  const side = Number(choiceOf(values, 'imageSide'));
  const features = set.kind === 'components' ? componentFeatures(set, values) : pixelFeatures(set, side);
  const targetOf = new Map<number, readonly number[]>();
  labelling.groups.forEach((classes, g) => {
    for (const label of classes) targetOf.set(label, labelling.targets[g]);
  });
  const outputDim = labelling.targets[0].length;
  const samplesOf = (indices: Uint32Array): Samples => {
    const inputs = new Float64Array(indices.length * features.inputDim);
    const targets = new Float64Array(indices.length * outputDim);
    indices.forEach((index, i) => {
      features.fill(index, inputs.subarray(i * features.inputDim, (i + 1) * features.inputDim));
      targets.set(targetOf.get(set.labels[index]) as readonly number[], i * outputDim);
    });
    return { count: indices.length, inputs, targets };
  };
  return {
    inputDim: features.inputDim,
    outputDim,
    train: samplesOf(draw.train),
    test: samplesOf(draw.test),
    probe: samplesOf(draw.probe),
    description: `${set.title} ${labelling.description}, ${features.description}`,
    ...(features.image === undefined ? {} : { image: features.image }),
  };
}

interface Features {
  readonly inputDim: number;
  readonly image?: ImageShape;
  readonly description: string;
  /** Writes the features of image `index` into `row`, length inputDim. */
  fill(index: number, row: Float64Array): void;
}

function componentFeatures(set: ComponentSet, values: Values): Features {
  const inputDim = numberOf(values, 'components');
  const whitening = choiceOf(values, 'whitening');
  const stds = set.stds.slice(0, inputDim);
  const common = Math.sqrt(stds.reduce((sum, std) => sum + std * std, 0) / inputDim);
  const factors = stds.map((std) => (whitening === 'component' ? 1 : whitening === 'common' ? std / common : std));
  const manner = { component: 'whitened ', common: 'commonly rescaled ' }[whitening] ?? '';
  return {
    inputDim,
    description: `${inputDim} ${manner}principal component${inputDim === 1 ? '' : 's'}`,
    fill(index, row) {
      for (let c = 0; c < inputDim; c++) row[c] = set.coefficients[c * set.count + index] * factors[c];
    },
  };
}

/** Blocks averaged down to side², mean over the set subtracted, norm √(side²). */
function pixelFeatures(set: PixelSet, side: number): Features {
  const inputDim = side * side;
  const block = set.rows / side;
  const place = Uint16Array.from({ length: set.rows * set.columns }, (_, pixel) => {
    return Math.floor(pixel / set.columns / block) * side + Math.floor((pixel % set.columns) / block);
  });
  const mean = new Float64Array(inputDim);
  const add = (index: number, row: Float64Array, factor: number) => {
    const start = index * place.length;
    for (let pixel = 0; pixel < place.length; pixel++) row[place[pixel]] += set.images[start + pixel] * factor;
  };
  for (let i = 0; i < set.count; i++) add(i, mean, 1);
  for (let j = 0; j < inputDim; j++) mean[j] /= set.count * block * block;
  return {
    inputDim,
    image: { side, channels: 1 },
    description: `${inputDim} pixels`,
    fill(index, row) {
      for (let j = 0; j < inputDim; j++) row[j] = -mean[j];
      add(index, row, 1 / (block * block));
      const square = row.reduce((sum, x) => sum + x * x, 0);
      const factor = square > 0 ? Math.sqrt(inputDim / square) : 0;
      for (let j = 0; j < inputDim; j++) row[j] *= factor;
    },
  };
}
