// Preset: test error on the sign of a product, where features pay.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const xorError: Preset = {
  id: 'xor-error',
  paper: 'Geiger et al. 2020',
  title: 'When learning features pays',
  claim:
    'A network that may rebuild its features learns the sign of x₀x₁ from far fewer samples than one that stays near its start.',
  citation: GEIGER,
  lookFor:
    'Test error by output scale and training-set size: the rich side gets it from few samples, the lazy side needs many more.',
  explain:
    'The label $\\operatorname{sign}(x_0x_1)$ depends on two of many inputs, and no linear function of them tells it. A [rich](rich) network turns its hidden weights towards these two directions, after which few samples settle the rest. A [lazy](lazy) one must spread its [kernel](tangent-kernel) over all quadratic functions, of which there are about $d^2/2$, and needs samples in proportion.',
  sweep: {
    version: 1,
    title: 'Sign of x₀x₁, output scale × samples',
    family: 'fully-connected',
    task: { kind: 'xor', inputDim: 8, testSamples: 1000, probeSamples: 32 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e3, steps: 16 },
      { parameter: 'samples', scale: 'log', values: [32, 64, 128, 256] },
    ],
    fixed: { width: 48, depth: 1, activation: 'relu' },
    seeds: 5,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 3000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['testError', 'ensembleError', 'kernelChange', 'trainingLoss'],
  },
  view: { observable: 'testError', x: 'outputScale', y: 'samples' },
};
