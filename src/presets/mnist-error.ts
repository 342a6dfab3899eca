// Preset: test error of networks and of their ensemble on MNIST, output scale × width.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';
import { imageErrorSweep } from './image-conditions.ts';

export const mnistError: Preset = {
  id: 'mnist-error',
  paper: 'Geiger et al. 2020',
  title: 'Digits: the worst of both worlds lies between',
  claim:
    'On the pixels of MNIST a single network errs most at the crossover, and the ensemble of lazy networks errs least of all.',
  citation: GEIGER,
  lookFor:
    'A ridge of test error near α̃ = 10, a per cent and a half above the left end. Switch to ensemble error: the ridge is gone, and the lowest error stands on the right.',
  explain:
    'Here the networks see pixels, where a fixed [kernel](tangent-kernel) of a fully connected network already does well. Near $\\tilde\\alpha=10$ the features have moved but not settled, and the variance over [seeds](seed) is largest: a ridge of test error. The [ensemble](ensemble) average $\\bar f$ takes that variance away, and what is left favours the [lazy](lazy) side.',
  sweep: imageErrorSweep('MNIST parity', 'mnist-parity'),
  view: { observable: 'testError', x: 'outputScale', y: 'width' },
};
