// Measuring of fully-connected networks, assembled: buffers, what to prepare per start, and one Measurement per group of domains.
// The kernels stand in the neighbouring files; what observables make of the sums is core/observable's business.

import { byDomain, type MeasureKernels, sumsBuffers, withWords } from '../../../lib/measure/measurements.ts';
import { probeSizes } from '../../../lib/measure/passes.ts';
import { weightsPass } from '../../../lib/measure/weight-sums.wgsl.ts';
import { assembleProbe } from './assemble-probe.ts';
import { assembleSamples } from './assemble-samples.ts';
import { assembleStructure } from './assemble-structure.ts';
import type { Assembly, MeasureOptions } from './assembly.ts';
import { sizesOf } from './common.ts';
import { DOMAINS } from './domains.ts';

/**
 * Everything that turns weights on the GPU into the sums of `terms`. Reads the buffers `weights`, `startWeights`, `networks` and
 * `progress` of the training program; declares all others, `startTrainOutputs` and `sums` among them.
 */
export function measureKernels(options: MeasureOptions): MeasureKernels {
  const sizes = sizesOf(options.shape, options.registers, options.difference);
  const probe = probeSizes(options.data.probe.count, options.shape.outputDim);
  const terms = byDomain(options.terms, DOMAINS);
  const assembly: Assembly = { options, sizes, probe, terms, buffers: [], prepare: [], measurements: [] };
  assembleSamples(assembly);
  assembleProbe(assembly);
  assembleStructure(assembly);
  const { buffers, prepare, measurements } = assembly;
  if (terms.weights.length > 0) {
    const layers = sizes.layout.matrices.length;
    measurements.push({
      terms: withWords(terms.weights, layers),
      per: 'network',
      passes: [weightsPass(terms.weights, sizes, { stride: terms.weights.length * layers, offset: 0 })],
    });
  }
  buffers.push(...sumsBuffers(measurements));
  return { buffers, prepare, measurements };
}
