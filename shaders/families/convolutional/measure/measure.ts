// Measuring of convolutional networks: buffers, what to prepare per start, and one Measurement per group of domains. Samples,
// kernels and weights are summed by the passes of fully connected networks, which see pooled channels as the last hidden layer.

import type { Batch } from '../../../../src/core/family.ts';
import type { Term } from '../../../../src/core/observable.ts';
import { byDomain, type MeasureKernels, oneWord, sumsBuffers, withWords } from '../../../lib/measure/measurements.ts';
import { outputGramPass } from '../../../lib/measure/output-gram.wgsl.ts';
import type { LayerSizes } from '../../../lib/measure/passes.ts';
import { weightsPass } from '../../../lib/measure/weight-sums.wgsl.ts';
import { convolutionalDomains } from '../domains.ts';
import type { ConvolutionalGeometry, ConvolutionalOptions } from '../train/options.ts';
import { assembleProbe } from './assemble-probe.ts';
import { assembleSamples } from './assemble-samples.ts';
import type { Assembly } from './assembly.ts';
import { numberBuffer } from './outputs.wgsl.ts';

/**
 * Everything that turns weights on the GPU into the sums of `terms`. Reads the buffers `weights`, `startWeights`, `networks`,
 * `progress` and `trainSet` of the training program; declares all others, `startTrainOutputs` and `sums` among them.
 */
export function measureKernels(
  batch: Batch,
  options: ConvolutionalOptions,
  geometry: ConvolutionalGeometry,
  trainColumns: number,
  terms: readonly Term[],
): MeasureKernels {
  const { shape, head } = options;
  const { layout } = head;
  const sizes: LayerSizes = {
    shape: { ...head.shape, width: shape.width, biasScale: 0 },
    layout,
    hiddenRows: layout.hiddenStride,
  };
  const assembly: Assembly = {
    batch,
    options,
    geometry,
    trainColumns,
    sizes,
    terms: byDomain(terms, convolutionalDomains),
    buffers: [],
    prepare: [],
    measurements: [],
    numbers: new Set(),
  };
  assembleSamples(assembly);
  assembleProbe(assembly);
  const { buffers, prepare, measurements, numbers } = assembly;
  const { weights, outputGram } = assembly.terms;
  if (weights.length > 0) {
    const layers = layout.matrices.length;
    measurements.push({
      terms: withWords(weights, layers),
      per: 'network',
      passes: [weightsPass(weights, sizes, { stride: weights.length * layers, offset: 0 })],
    });
  }
  if (outputGram.length > 0) {
    const columns = { stride: outputGram.length, offset: 0 };
    measurements.push({ terms: oneWord(outputGram), per: 'network', passes: [outputGramPass(outputGram, sizes, columns)] });
  }
  for (const number of numbers) buffers.push(numberBuffer(number));
  buffers.push(...sumsBuffers(measurements));
  return { buffers, prepare, measurements };
}
