// Preset: alignment in nonlinear networks, five activations over time.

import type { Preset } from '../core/preset.ts';
import { XU_ZIYIN } from './citations.ts';
import { exactFlow, SCALED_NETWORK } from './linear-networks.ts';

export const nonlinearAlignment: Preset = {
  id: 'nonlinear-alignment',
  paper: 'Xu and Ziyin 2024',
  title: 'Alignment in nonlinear networks',
  claim: 'From independent layers, networks of every activation turn their layers towards each other, as the linear theory says.',
  citation: XU_ZIYIN,
  lookFor: 'All rows warm from zero; the linear one ends at 1/√2, ReLU at 2/√5.',
  explain:
    'The colour is the cosine between the layers’ weights, $\\cos\\zeta=\\langle u,w\\rangle/(\\lVert u\\rVert\\lVert w\\rVert)$, with the width at a thousand. Independent layers begin at zero and turn towards each other while the output grows: [alignment](alignment). The theory is exact for linear networks, which end at $1/\\sqrt2$, and the other activations follow it with constants of their own, ReLU at $2/\\sqrt5$.',
  sweep: {
    version: 1,
    title: 'Alignment in nonlinear networks, activation × time',
    family: 'fully-connected',
    task: { kind: 'line', samples: 32, testSamples: 32, probeSamples: 8, variance: 0.75, slope: 1 },
    axes: [{ parameter: 'activation', values: ['linear', 'relu', 'leakyRelu', 'sigmoid', 'silu'] }],
    fixed: { ...SCALED_NETWORK, scaling: 'mean-field', width: 1000, normalisation: 'none' },
    seeds: 5,
    training: exactFlow(20, 33),
    observables: ['alignmentCosine', 'trainingLoss', 'kernelChange', 'inputWeightNorm', 'outputWeightNorm'],
  },
  view: { observable: 'alignmentCosine', x: 'activation', y: 'time', theory: 'one-dimensional' },
};
