// Preset: kernel and feature phase in the plane of scaling exponents.

import type { Preset } from '../core/preset.ts';
import { XU_ZIYIN } from './citations.ts';
import { decades, exactFlow, SCALED_NETWORK } from './linear-networks.ts';

export const oneDimensionalPhases: Preset = {
  id: 'one-dimensional-phases',
  paper: 'Xu and Ziyin 2024',
  title: 'The exact phase diagram',
  claim:
    'The tangent kernel keeps still as the width grows where γσ² outgrows 1/h, and features are learned where it does not: the boundary is cᵧ = −1 − 2c.',
  citation: XU_ZIYIN,
  lookFor:
    'The drawn line is the theory’s, with nothing fitted. Far below it lies the rich phase, where the kernel grows by powers of the width.',
  explain:
    'For $f(x)=\\gamma\\sum_i u_iw_ix$ with squared loss the whole of training is known in closed form. With $\\gamma\\propto h^{c_\\gamma}$ and weights of size $\\sigma\\propto h^{c}$ the [tangent kernel](tangent-kernel) starts at order $\\gamma^2\\sigma^2h$ and must change by $\\gamma$ times the output to fit. The two balance where $c_\\gamma=-1-2c$, which is the line; on its far side the [kernel](kernel-change) moves by powers of the width $h$.',
  sweep: {
    version: 1,
    title: 'One-dimensional regression, exponents of start × output scale',
    family: 'fully-connected',
    task: { kind: 'line', samples: 4, testSamples: 4, probeSamples: 4 },
    axes: [
      { parameter: 'weightExponent', scale: 'linear', from: -1.25, to: 0.25, steps: 31 },
      { parameter: 'outputScaleExponent', scale: 'linear', from: -1.5, to: 0.5, steps: 33 },
    ],
    fixed: { ...SCALED_NETWORK, activation: 'linear', width: 256 },
    seeds: 2,
    training: { ...exactFlow(1e6, decades(-6, 6, 2)), stop: { loss: 1e-6 } },
    observables: [
      'kernelRatio',
      'kernelChange',
      'trainingLoss',
      'alignmentCosine',
      'mechanism',
      'inputWeightNorm',
      'outputWeightNorm',
    ],
  },
  view: { observable: 'kernelChange', x: 'weightExponent', y: 'outputScaleExponent', theory: 'one-dimensional' },
};
