// Preset: error of diagonal networks over initial scale and sample count.

import type { Preset } from '../core/preset.ts';
import { WOODWORTH } from './citations.ts';
import { decades, exactFlow } from './linear-networks.ts';

export const diagonalSparsity: Preset = {
  id: 'diagonal-sparsity',
  paper: 'Woodworth et al. 2020',
  title: 'From least squares to sparsity',
  claim:
    'A diagonal network started at scale α ends at the least L2 norm for large α, the kernel regime, and at the least L1 norm for small α, which recovers sparse signals from few samples.',
  citation: WOODWORTH,
  lookFor: 'At small α the error falls to nothing from some number of samples on; at large α it hardly falls at all.',
  explain:
    'The regressor is $\\beta=u^{2}-v^{2}$, entry by entry, started at $u=v=\\alpha$. Gradient flow picks, among all interpolating $\\beta$, the one of least $Q_\\alpha(\\beta)$, a norm that is $\\lVert\\beta\\rVert_2$ for large $\\alpha$, the [kernel](lazy) regime, and $\\lVert\\beta\\rVert_1$ for small $\\alpha$. The smallest $\\lVert\\beta\\rVert_1$ is sparse, so on the [rich](rich) side few samples recover the signal.',
  sweep: {
    version: 1,
    title: 'Sparse regression, initial scale × samples',
    family: 'diagonal',
    task: { kind: 'sparse', inputDim: 40, sparsity: 3, testSamples: 40, probeSamples: 8 },
    axes: [
      { parameter: 'initScale', scale: 'log', from: 3e-3, to: 3, steps: 19 },
      { parameter: 'samples', values: [8, 12, 16, 20, 24, 28] },
    ],
    fixed: { loss: 'squared' },
    seeds: 1,
    training: { ...exactFlow(1e4, decades(-1, 4, 4)), stop: { loss: 1e-7 } },
    observables: ['mapError', 'mapL1', 'mapL2', 'trainingLoss', 'kernelChange'],
  },
  view: { observable: 'mapError', x: 'initScale', y: 'samples', theory: 'diagonal-limit' },
};
