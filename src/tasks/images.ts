// Image sets with any map from classes to labels. The named image tasks are special cases of it.

import { choiceOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import type { ImageSetName } from './assets/load.ts';
import { imageSetNames } from './assets/load.ts';
import { featureParameters, imageOf, loadImages } from './image-data.ts';
import { labellingOf, labelSettings, labelsParameter, TEN_CLASSES } from './labelling.ts';

const WHERE = 'task "images"';

export const images: Task = {
  kind: 'images',
  label: 'images',
  description:
    'The images that come with the project, MNIST or Fashion-MNIST, with labels by parity, by groups of classes, or one output per class.',
  source: 'Geiger et al. 2020, section 2',
  parameters: [
    {
      id: 'dataset',
      label: 'data set',
      symbol: '',
      description: 'mnist: handwritten digits. fashion-mnist: pictures of clothes. 12,000 images each.',
      source: 'LeCun et al. 1998; Xiao et al. 2017',
      scope: 'shape',
      kind: 'choice',
      choices: imageSetNames,
      default: 'mnist',
    },
    labelsParameter,
    ...featureParameters,
  ],
  settings: labelSettings,
  imageOf,
  async load(values, settings, signal) {
    const name = choiceOf(values, 'dataset') as ImageSetName;
    return loadImages(name, labellingOf(values, settings, TEN_CLASSES, WHERE), values, WHERE, signal);
  },
};
