// Parity of the class index of Fashion-MNIST, the second image set of Geiger et al. See image-data.ts for the features.

import type { Task } from '../core/task.ts';
import { featureParameters, imageOf, loadImages } from './image-data.ts';
import { parityOf, TEN_CLASSES } from './labelling.ts';

export const fashionParity: Task = {
  kind: 'fashion-parity',
  label: 'Fashion-MNIST parity',
  description: 'Pictures of clothes, y = +1 for odd classes, −1 for even ones; by default 10 whitened principal components.',
  source: 'Geiger et al. 2020, section 2; Xiao et al. 2017',
  parameters: featureParameters,
  imageOf,
  async load(values, _settings, signal) {
    return loadImages('fashion-mnist', parityOf(TEN_CLASSES), values, 'task "fashion-parity"', signal);
  },
};
