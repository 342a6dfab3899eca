// Preset: linear, critical and condensed regime of two-layer ReLU networks.

import type { Preset } from '../core/preset.ts';
import { LUO } from './citations.ts';
import { SCALED_NETWORK } from './linear-networks.ts';

export const reluRegimes: Preset = {
  id: 'relu-regimes',
  paper: 'Luo et al. 2021',
  title: 'The plane of two-layer ReLU networks',
  claim:
    'Input weights barely move in the linear regime, and move by powers of the width in the condensed one; the boundary is γ = 1 for γ′ ≤ 0 and γ′ = γ − 1 beyond.',
  citation: LUO,
  lookFor: 'The horizontal axis shows −γ, the vertical one γ′. Right of the drawn line weights rest, left of it they condense.',
  explain:
    "In the plane of $\\gamma$, the exponent of the [output scale](output-scale), and $\\gamma'$, that of the imbalance between the layers, input weights either rest or move by powers of the width. Where they rest the network is linear in its output weights; where they move they gather on a few directions, the [condensed](condensed) regime. The line $\\gamma=1$ for $\\gamma'\\le0$, $\\gamma'=\\gamma-1$ beyond, is the limit of infinite width, and finite ones blur it.",
  sweep: {
    version: 1,
    title: 'Four points, exponent of output scale × imbalance',
    family: 'fully-connected',
    task: {
      kind: 'arrays',
      trainInputs: [
        [-1, 1],
        [-0.3, 1],
        [0.4, 1],
        [1, 1],
      ],
      trainTargets: [[0.6], [-0.2], [0.1], [0.8]],
      testInputs: [
        [-0.6, 1],
        [0.7, 1],
      ],
      testTargets: [[0.2], [0.4]],
      samples: 4,
      testSamples: 2,
      probeSamples: 2,
    },
    axes: [
      { parameter: 'outputScaleExponent', scale: 'linear', from: -2, to: -0.25, steps: 29 },
      { parameter: 'weightImbalanceExponent', scale: 'linear', from: -0.5, to: 0.75, steps: 21 },
    ],
    fixed: { ...SCALED_NETWORK, activation: 'relu', predictor: 'centred', normalisation: 'none', width: 256 },
    seeds: 2,
    training: { method: 'flow', integrator: 'bogacki-shampine', maxTime: 1e4, checkpoints: 25, stop: { loss: 1.3e-3 } },
    observables: ['weightChangeLayer1', 'kernelChange', 'trainingLoss', 'weightChangeLayer2', 'alignmentCosine'],
  },
  view: { observable: 'weightChangeLayer1', x: 'outputScaleExponent', y: 'weightImbalanceExponent', theory: 'two-layer-relu' },
};
