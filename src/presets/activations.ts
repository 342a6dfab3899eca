// Preset: the crossover for all activations on MNIST parity.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const activations: Preset = {
  id: 'activations',
  paper: 'Geiger et al. 2020',
  title: 'One boundary, seven nonlinearities',
  claim:
    'Where the kernel starts to move hardly depends on the activation: smooth, kinked or linear, the crossover lies between α̃ = 3 and 10.',
  citation: GEIGER,
  lookFor:
    'Every row turns from orange to blue within the same decade. On the lazy side ReLU keeps moving a little longer than the smooth ones: its gates flip one by one.',
  explain:
    'The argument for the [boundary](boundary) counts powers of the [output scale](output-scale) and of the width, and never asks which nonlinearity stands between the layers. All seven rows therefore cross $\\lVert\\Delta\\Theta\\rVert=\\lVert\\Theta_0\\rVert$ within one decade of $\\tilde\\alpha$. A kinked activation such as ReLU changes its kernel by flipping single gates, which falls more slowly than the $1/\\tilde\\alpha$ of smooth ones.',
  sweep: {
    version: 1,
    title: 'MNIST parity, output scale × activation',
    family: 'fully-connected',
    task: { kind: 'mnist-parity', features: 'pca', components: 10, samples: 64, testSamples: 500, probeSamples: 32 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e4, steps: 25 },
      { parameter: 'activation', values: ['linear', 'relu', 'softplus', 'silu', 'gelu', 'tanh', 'erf'] },
    ],
    fixed: { width: 32, depth: 1 },
    seeds: 4,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 3000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['kernelChange', 'testError', 'trainingLoss', 'gateFlips'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'activation' },
};
