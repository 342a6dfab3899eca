// Images of the user's own files as a task: EMNIST, CIFAR-10, the full MNIST and Fashion-MNIST, and whatever comes in their
// formats. The data sets themselves do not come with the project; see images.ts for those that do.

import { InputError } from '../core/errors.ts';
import type { Values } from '../core/parameter.ts';
import { choiceOf, numberOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import { trainSeedParameter } from './draw.ts';
import { drawImages } from './image-data.ts';
import { componentFeatures, type Features, featuresParameter, pixelFeatures, whiteningParameter } from './image-features.ts';
import type { LabelledImages } from './image-file-pool.ts';
import { labellingOf, labelSettings, labelsParameter } from './labelling.ts';

const WHERE = 'task "image-files"';
const SOURCE = 'Geiger et al. 2020, section 2';

export const imageFiles: Task = {
  kind: 'image-files',
  label: 'own image files',
  description:
    'Images and labels from your own files (files: a list of names): the IDX files of EMNIST, MNIST and their kin, the batches of ' +
    "CIFAR-10's binary version, NPY of bytes, each also gzipped. Training and test files are pooled; samples are drawn with all labels " +
    'equally often.',
  source: `${SOURCE}; Cohen et al. 2017; Krizhevsky 2009`,
  parameters: [
    labelsParameter,
    featuresParameter,
    {
      id: 'components',
      label: 'principal components',
      symbol: 'd',
      description:
        'Number of principal components that are kept, dimensionless; no effect with pixels. They are those of the pool.',
      source: SOURCE,
      scope: 'shape',
      kind: 'integer',
      minimum: 1,
      maximum: 128,
      default: 10,
    },
    whiteningParameter,
    {
      id: 'pooling',
      label: 'pooling',
      symbol: '',
      description: 'Blocks of so many by so many pixels are averaged before anything else, dimensionless.',
      source: 'phase-atlas',
      scope: 'shape',
      kind: 'choice',
      choices: ['1', '2', '4'],
      default: '1',
    },
    {
      id: 'orientation',
      label: 'orientation',
      symbol: '',
      description:
        'upright: rows as the file has them. transposed: rows and columns exchanged on reading, as the images of EMNIST need.',
      source: 'Cohen et al. 2017',
      scope: 'shape',
      kind: 'choice',
      choices: ['upright', 'transposed'],
      default: 'upright',
    },
    {
      id: 'imagesPerClass',
      label: 'images per class',
      symbol: '',
      description:
        'Most images of a class that enter the pool, evenly spaced over the files, dimensionless; 0 takes all of them. Mean and principal ' +
        'components are those of the pool; the components of 50,000 colour images take minutes.',
      source: 'phase-atlas',
      scope: 'shape',
      kind: 'integer',
      minimum: 0,
      maximum: 100000,
      default: 1200,
    },
    trainSeedParameter,
  ],
  settings: ['files', ...labelSettings],
  imageOf: (values) => (choiceOf(values, 'features') === 'pixels' ? {} : undefined),
  async load(values, settings, signal) {
    // On demand, so that pages without own data do not carry the readers.
    const { readImagePool } = await import('./image-file-pool.ts');
    const options = {
      transposed: choiceOf(values, 'orientation') === 'transposed',
      imagesPerClass: numberOf(values, 'imagesPerClass'),
    };
    const pool = await readImagePool(settings.files, options, `${WHERE}: files`);
    signal?.throwIfAborted();
    const labelling = labellingOf(values, settings, pool.classes, WHERE);
    const features = await featuresOf(pool, values, signal);
    const title = `Own images (${pool.count}, ${pool.classes.length} classes),`;
    return drawImages({ title, labels: pool.labels }, labelling, features, values, WHERE);
  },
};

/** Pixels, or components computed from them. */
async function featuresOf(pool: LabelledImages, values: Values, signal?: AbortSignal): Promise<Features> {
  const block = Number(choiceOf(values, 'pooling'));
  if (pool.rows % block !== 0 || pool.columns % block !== 0) {
    const what = `expected images that ${block} divides, got ${pool.rows} × ${pool.columns}`;
    throw new InputError(`${WHERE}: pooling`, what, 'Use 1.');
  }
  const pixels = pixelFeatures(pool, block);
  if (choiceOf(values, 'features') === 'pixels') return pixels;
  const { principalComponents } = await import('./principal-components.ts');
  const wanted = numberOf(values, 'components');
  const components = await principalComponents({ ...pixels, count: pool.count }, wanted, signal);
  if (components.stds.length < wanted) {
    const what = `expected at most ${components.stds.length} components for these images, got ${wanted}`;
    throw new InputError(`${WHERE}: components`, what);
  }
  return componentFeatures(components, values);
}
