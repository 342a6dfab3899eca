// Preset: alignment, disalignment, rescaling and kernel.

import type { Preset } from '../core/preset.ts';
import { XU_ZIYIN } from './citations.ts';
import { decades, exactFlow, SCALED_NETWORK } from './linear-networks.ts';

export const mechanisms: Preset = {
  id: 'mechanisms',
  paper: 'Xu and Ziyin 2024',
  title: 'Three ways to learn a feature',
  claim:
    'Where the kernel does not stand still, layers turn towards each other (alignment), away from each other (disalignment), or change their lengths (rescaling).',
  citation: XU_ZIYIN,
  lookFor: 'Small starts align, large correlated ones disalign, and layers that begin parallel can only rescale.',
  explain:
    'The kernel of a two-layer linear network changes with the lengths $\\lVert u\\rVert$, $\\lVert w\\rVert$ of its layers and with the angle between them. A small start must enlarge the output and turns the layers together ([alignment](alignment)); a large correlated one must shrink it and turns them apart ([disalignment](disalignment)). Layers that begin parallel have no angle to change, so only their lengths do ([rescaling](rescaling)).',
  sweep: {
    version: 1,
    title: 'Mechanisms, initial scale × correlation of the layers',
    family: 'fully-connected',
    task: { kind: 'line', samples: 4, testSamples: 4, probeSamples: 4 },
    axes: [
      { parameter: 'initScale', scale: 'log', from: 0.1, to: 10, steps: 33 },
      { parameter: 'weightCorrelation', scale: 'linear', from: -1, to: 1, steps: 33 },
    ],
    fixed: { ...SCALED_NETWORK, activation: 'linear', scaling: 'mean-field', width: 64 },
    seeds: 2,
    training: { ...exactFlow(1e3, decades(-4, 3, 3)), stop: { loss: 1e-8 } },
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
  view: { observable: 'mechanism', x: 'initScale', y: 'weightCorrelation', theory: 'one-dimensional' },
};
