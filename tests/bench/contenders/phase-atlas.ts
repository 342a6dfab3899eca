// Our own trainer, as the product runs it: a Batch with given initial weights, advanced to a horizon of training time.

import type { Contender } from '../contender.ts';

export const phaseAtlas: Contender = {
  name: 'phase-atlas',
  device: 'webgpu',
  prepare() {
    return Promise.reject(new Error('phase-atlas: the trainer is not linked yet'));
  },
};
