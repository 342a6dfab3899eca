// Parity of the MNIST digits, the main classification task of Geiger et al. See image-data.ts for the features.

import type { Task } from '../core/task.ts';
import { featureParameters, imageOf, loadImages } from './image-data.ts';
import { parityOf, TEN_CLASSES } from './labelling.ts';

export const mnistParity: Task = {
  kind: 'mnist-parity',
  label: 'MNIST parity',
  description: 'Handwritten digits, y = +1 odd, −1 even; by default 10 whitened principal components. Drawn from 12,000.',
  source: 'Geiger et al. 2020, section 2; LeCun et al. 1998',
  parameters: featureParameters,
  imageOf,
  async load(values, _settings, signal) {
    return loadImages('mnist', parityOf(TEN_CLASSES), values, 'task "mnist-parity"', signal);
  },
};
