// Preset: disalignment in nonlinear networks, five activations over time.

import type { Preset } from '../core/preset.ts';
import { XU_ZIYIN } from './citations.ts';
import { exactFlow, SCALED_NETWORK } from './linear-networks.ts';

export const nonlinearDisalignment: Preset = {
  id: 'nonlinear-disalignment',
  paper: 'Xu and Ziyin 2024',
  title: 'Disalignment in nonlinear networks',
  claim: 'From correlated layers whose output is too large, networks of every activation turn their layers away from each other.',
  citation: XU_ZIYIN,
  lookFor: 'All rows cool from 0.86: the output shrinks by rotation before any norm does.',
  explain:
    'Here the layers begin with a cosine of $0.86$ and an output that is too large. Turning apart shrinks the output fastest, since it costs no change of norm to first order: [disalignment](disalignment). That all rows cool says that the linear theory’s [mechanism](mechanism) does not hang on linearity.',
  sweep: {
    version: 1,
    title: 'Disalignment in nonlinear networks, activation × time',
    family: 'fully-connected',
    task: { kind: 'line', samples: 32, testSamples: 32, probeSamples: 8, variance: 0.75, slope: 0.2 },
    axes: [{ parameter: 'activation', values: ['linear', 'relu', 'leakyRelu', 'sigmoid', 'silu'] }],
    fixed: {
      ...SCALED_NETWORK,
      scaling: 'mean-field',
      width: 1000,
      normalisation: 'none',
      weightCorrelation: 0.857493,
      initScaleOutput: 2,
    },
    seeds: 5,
    training: exactFlow(20, 33),
    observables: ['alignmentCosine', 'trainingLoss', 'kernelChange', 'inputWeightNorm', 'outputWeightNorm'],
  },
  view: { observable: 'alignmentCosine', x: 'activation', y: 'time', theory: 'one-dimensional' },
};
