// Two MNIST digits against each other. See image-data.ts for the features, images.ts for other label maps.

import { InputError } from '../core/errors.ts';
import type { NumberParameter } from '../core/parameter.ts';
import { numberOf } from '../core/parameter.ts';
import type { Task } from '../core/task.ts';
import { featureParameters, imageOf, loadImages } from './image-data.ts';
import { against } from './labelling.ts';

const digit = (id: string, label: string, sign: string, preset: number): NumberParameter => ({
  id,
  label,
  symbol: '',
  description: `Digit with target ${sign}.`,
  source: 'phase-atlas',
  scope: 'shape',
  kind: 'integer',
  minimum: 0,
  maximum: 9,
  default: preset,
});

export const mnistPair: Task = {
  kind: 'mnist-pair',
  label: 'MNIST pair',
  description:
    'One handwritten digit (+1) against another (−1); 1,200 images of each. Principal components are those of all ten digits.',
  source: 'LeCun et al. 1998',
  parameters: [
    ...featureParameters,
    digit('positiveClass', 'positive digit', '+1', 8),
    digit('negativeClass', 'negative digit', '−1', 3),
  ],
  imageOf,
  async load(values, _settings, signal) {
    const where = 'task "mnist-pair"';
    const positive = numberOf(values, 'positiveClass');
    const negative = numberOf(values, 'negativeClass');
    if (positive === negative) {
      throw new InputError(
        where,
        `expected two different digits, got ${positive} twice`,
        'Change positiveClass or negativeClass.',
      );
    }
    return loadImages('mnist', against([positive], [negative]), values, where, signal);
  },
};
