// Preset: test error of networks and of their ensemble on Fashion-MNIST, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';
import { imageErrorSweep } from './image-conditions.ts';

export const fashionError: Preset = {
  id: 'fashion-error',
  paper: 'Geiger et al. 2020',
  title: 'Clothes: features pay for one network',
  claim:
    'On Fashion-MNIST parity a single network does best when it learns features; averaging over seeds helps the others, most of all at the crossover.',
  citation: GEIGER,
  lookFor:
    'Test error is lower on the left by half a per cent. Switch to ensemble error: on the left nothing changes, and the lowest error now stands near α̃ = 10.',
  explain:
    'Colour is the test error of one network, averaged over seeds; the ensemble error is that of the averaged predictor $\\bar f=\\frac1n\\sum_s f_s$. A single [lazy](lazy) network carries the noise of its random [kernel](tangent-kernel), which averaging removes; a [rich](rich) one carries less of it from the start. So the best single networks learn features, while among [ensembles](ensemble) the lead shrinks or changes sides near the [crossover](crossover).',
  sweep: imageErrorSweep('Fashion-MNIST parity', 'fashion-parity'),
  view: { observable: 'testError', x: 'outputScale', y: 'width' },
};
