// What a network sees of an image: its pixels, centred and rescaled, or its leading principal components. Draws no samples and
// reads no files; the components themselves are found in principal-components.ts or come with the project.

import type { ChoiceParameter, Values } from '../core/parameter.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import type { ImageShape } from '../core/task.ts';

const SOURCE = 'Geiger et al. 2020, section 2';

/** The options `features` and `whitening`, shared by all image tasks. */
export const featuresParameter: ChoiceParameter = {
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
};

export const whiteningParameter: ChoiceParameter = {
  id: 'whitening',
  label: 'whitening',
  symbol: '',
  description:
    'component: each component divided by its own standard deviation. common: all divided by the root mean square of those. ' +
    'none: as they are, of images of norm √(pixels).',
  source: 'component: Geiger et al. 2020 (code); common: Geiger et al. 2021 (code)',
  scope: 'shape',
  kind: 'choice',
  choices: ['component', 'common', 'none'],
  default: 'component',
};

export interface Features {
  readonly inputDim: number;
  readonly image?: ImageShape;
  /** "10 whitened principal components". */
  readonly description: string;
  /** Writes the features of image `index` into `row`, length inputDim. */
  fill(index: number, row: Float64Array): void;
}

/** Leading principal components of a set, each with mean 0 and variance 1 over it. */
export interface Components {
  readonly count: number;
  /** (components, count), dimensionless. */
  readonly coefficients: Float64Array;
  /** (components), standard deviations before whitening, of images of norm √(pixels), descending. */
  readonly stds: readonly number[];
}

/** The first `values.components` of `set`, scaled as `values.whitening` says. */
export function componentFeatures(set: Components, values: Values): Features {
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

/** Images of bytes. */
export interface PixelImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** 1 for grey, 3 for colour. */
  readonly channels: number;
  /** (count, channels, rows, columns), 0 … 255. */
  readonly images: Uint8Array;
}

/**
 * Blocks of `block` × `block` pixels averaged, mean over the set subtracted, norm √d; an image without any contrast is 0. `block`
 * divides rows and columns.
 */
export function pixelFeatures(set: PixelImages, block: number): Features {
  const [rows, columns] = [set.rows / block, set.columns / block];
  const plane = set.rows * set.columns;
  const inputDim = set.channels * rows * columns;
  const place = Uint32Array.from({ length: set.channels * plane }, (_, pixel) => {
    const inPlane = pixel % plane;
    const row = Math.floor(inPlane / set.columns / block);
    return Math.floor(pixel / plane) * rows * columns + row * columns + Math.floor((inPlane % set.columns) / block);
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
    ...(rows === columns ? { image: { side: rows, channels: set.channels } } : {}),
    description: `${inputDim} pixels`,
    fill(index, row) {
      for (let j = 0; j < inputDim; j++) row[j] = -mean[j];
      add(index, row, 1 / (block * block));
      let square = 0;
      for (let j = 0; j < inputDim; j++) square += row[j] * row[j];
      const factor = square > 0 ? Math.sqrt(inputDim / square) : 0;
      for (let j = 0; j < inputDim; j++) row[j] *= factor;
    },
  };
}
