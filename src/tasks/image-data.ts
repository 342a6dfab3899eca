// Draws samples from a pool of images, balanced over the labels, with the features that were asked for. Shared by the image
// tasks; fetches the project's own sets through assets/load.ts and computes no principal components itself.

import type { Parameter, Values } from '../core/parameter.ts';
import { choiceOf } from '../core/parameter.ts';
import type { ImageShape, Samples, TaskData } from '../core/task.ts';
import type { ImageSetName } from './assets/load.ts';
import { loadComponents, loadPixels } from './assets/load.ts';
import { drawBalanced, trainSeedParameter } from './draw.ts';
import { componentFeatures, type Features, featuresParameter, pixelFeatures, whiteningParameter } from './image-features.ts';
import type { Labelling } from './labelling.ts';

/** Options of every task on the project's own images. */
export const featureParameters: readonly Parameter[] = [
  featuresParameter,
  {
    id: 'components',
    label: 'principal components',
    symbol: 'd',
    description:
      'Number of principal components that are kept, dimensionless; no effect with pixels. They are those of all 12,000 images.',
    source: 'Geiger et al. 2020, section 2',
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 16,
    default: 10,
  },
  whiteningParameter,
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
  trainSeedParameter,
];

/** The images that `featureParameters` ask for; undefined for components, which have no places. */
export function imageOf(values: Values): ImageShape | undefined {
  return choiceOf(values, 'features') === 'pca' ? undefined : { side: Number(choiceOf(values, 'imageSide')), channels: 1 };
}

/** What samples are drawn from. */
export interface ImagePool {
  /** "MNIST". */
  readonly title: string;
  /** (count), class of each image. */
  readonly labels: Uint8Array;
}

/** Samples of `pool` for `labelling`; `values` holds the common options and `trainSeed`. */
export function drawImages(pool: ImagePool, labelling: Labelling, features: Features, values: Values, where: string): TaskData {
  const members = new Map<number, number[]>();
  const targetOf = new Map<number, readonly number[]>();
  labelling.groups.forEach((classes, g) => {
    for (const label of classes) {
      members.set(label, []);
      targetOf.set(label, labelling.targets[g]);
    }
  });
  pool.labels.forEach((label, i) => {
    members.get(label)?.push(i);
  });
  const groups = labelling.groups.map((classes) => classes.map((label) => members.get(label) ?? []));
  const draw = drawBalanced(groups, values, where);
  const outputDim = labelling.targets[0].length;
  const samplesOf = (indices: Uint32Array): Samples => {
    const inputs = new Float64Array(indices.length * features.inputDim);
    const targets = new Float64Array(indices.length * outputDim);
    indices.forEach((index, i) => {
      features.fill(index, inputs.subarray(i * features.inputDim, (i + 1) * features.inputDim));
      targets.set(targetOf.get(pool.labels[index]) ?? [], i * outputDim);
    });
    return { count: indices.length, inputs, targets };
  };
  return {
    inputDim: features.inputDim,
    outputDim,
    train: samplesOf(draw.train),
    test: samplesOf(draw.test),
    probe: samplesOf(draw.probe),
    description: `${pool.title} ${labelling.description}, ${features.description}`,
    ...(features.image === undefined ? {} : { image: features.image }),
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
  const features =
    set.kind === 'components'
      ? componentFeatures(set, values)
      : pixelFeatures({ ...set, channels: 1 }, set.rows / Number(choiceOf(values, 'imageSide')));
  return drawImages(set, labelling, features, values, where);
}
