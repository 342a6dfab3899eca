// Preset: the crossover between lazy and rich on MNIST parity, output scale × width. The first that the atlas shows.

import type { Preset } from '../core/preset.ts';
import { GEIGER } from './citations.ts';

export const mnistAlphaWidth: Preset = {
  id: 'mnist-alpha-width',
  paper: 'Geiger et al. 2020',
  title: 'Lazy or rich? Handwritten digits decide by scale',
  claim: 'On MNIST parity the output scale α̃ = √h\u00a0α alone separates feature learning from a frozen kernel, at every width.',
  citation: GEIGER,
  lookFor:
    'The boundary where the tangent kernel changes by its own size stands almost upright in α̃. Left of it the change grows as a power of 1/α̃, right of it it dies away; switch to test error to see which side generalises.',
  explain:
    'Each cell trains networks $f(w,x)$ on $\\alpha\\,(f(w,x)-f(w_0,x))$ and asks how far the [tangent kernel](tangent-kernel) has moved, $\\lVert\\Theta-\\Theta_0\\rVert/\\lVert\\Theta_0\\rVert$. A large [output scale](output-scale) $\\alpha$ reaches the labels with a small step of the weights, so the network stays in its linear approximation: that is the [lazy](lazy) side. At width $h$ only the product $\\tilde\\alpha=\\sqrt h\\,\\alpha$ counts, which is why the [boundary](boundary) stands upright here.',
  sweep: {
    version: 1,
    title: 'MNIST parity, output scale × width',
    family: 'fully-connected',
    task: { kind: 'mnist-parity', features: 'pca', components: 10, samples: 128, testSamples: 500, probeSamples: 32 },
    axes: [
      { parameter: 'outputScale', scale: 'log', from: 1e-2, to: 1e4, steps: 37 },
      { parameter: 'width', scale: 'log', values: [12, 16, 24, 32, 48, 64, 96] },
    ],
    fixed: { depth: 1, activation: 'relu' },
    seeds: 8,
    training: {
      method: 'flow',
      maxTime: 1000,
      maxSteps: 3000,
      checkpoints: [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 6, 10, 20, 40, 80, 160, 320, 1000],
    },
    observables: ['kernelChange', 'testError', 'trainingLoss', 'ensembleError', 'weightChange'],
  },
  view: { observable: 'kernelChange', x: 'outputScale', y: 'width' },
};
