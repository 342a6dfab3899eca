// GPU programs of the family: a training kernel of one of the three structures, begin and measuring kernels around it.

import type { Batch, DeviceLimits } from '../../../src/core/family.ts';
import type { Term } from '../../../src/core/observable.ts';
import { type BufferSpec, PROGRESS_WORDS, type Program } from '../../../src/core/program.ts';
import type { Layout } from '../../lib/layout.ts';
import { beginPass } from '../../lib/training/begin.wgsl.ts';
import { NETWORK_WORDS, networkRecords } from '../../lib/training/network-record.ts';
import { outputWords } from '../../lib/training/tiled/sizes.ts';
import { recordsOfDifferences } from './difference-form.ts';
import { fusedTraining, type TrainingKernel } from './fused/fused.ts';
import { measureKernels } from './measure/measure.ts';
import { packWeights } from './records.ts';
import { createModel } from './reference.ts';
import { tiledCandidates } from './tiled/tiled.ts';
import { type TrainingOptions, trainingOptionsOf } from './training-options.ts';

/** Initial weights of all starts as stored: (starts, layout.words). */
function startWeightsOf(batch: Batch, layout: Layout): Float32Array {
  const { shape } = trainingOptionsOf(batch);
  const model = createModel(shape);
  const packed = new Float32Array(batch.starts.length * layout.words);
  batch.starts.forEach((start, index) => {
    packed.set(packWeights(model.draw(start, batch.data), shape), index * layout.words);
  });
  return packed;
}

/** Beyond this many flop a step, one workgroup per network would take too long for a dispatch. */
const MOST_FUSED_FLOPS = 2e8;
/** From this width on a layer is worth many workgroups, and the fused kernel's compile time is not worth its speed. */
const WIDE = 128;

/** All ways to train a batch, best guess first. */
function trainingKernels(batch: Batch, options: TrainingOptions, limits: DeviceLimits): TrainingKernel[] {
  const { layout, shape, batchSamples } = options;
  const { train } = batch.data;
  const tiled = tiledCandidates(train, options, limits);
  if (6 * layout.words * batchSamples > MOST_FUSED_FLOPS) return tiled;
  const fused = fusedTraining(train, options, limits);
  if (shape.depth === 1) return fused;
  return shape.width >= WIDE ? [...tiled, ...fused] : [...fused, tiled[0]];
}

export function fullyConnectedPrograms(batch: Batch, terms: readonly Term[], limits: DeviceLimits): readonly Program[] {
  const options = trainingOptionsOf(batch);
  const { layout, shape, outputStride, difference } = options;
  const measure = measureKernels({
    shape,
    data: batch.data,
    terms,
    seeds: batch.seeds,
    networks: batch.networks.length,
    limits,
    loss: options.loss,
    lossBeta: options.lossBeta,
    difference,
  });
  const common: readonly BufferSpec[] = [
    {
      name: 'networks',
      scope: 'network',
      words: NETWORK_WORDS,
      data: difference ? recordsOfDifferences(networkRecords(batch)) : networkRecords(batch),
    },
    { name: 'progress', scope: 'network', words: PROGRESS_WORDS, state: true },
    { name: 'startWeights', scope: 'start', words: layout.words, data: () => startWeightsOf(batch, layout) },
    { name: 'weights', scope: 'network', words: layout.words, state: true },
    { name: 'outputs', scope: 'network', words: outputWords(options), state: true },
  ];
  const begin = [beginPass(layout.words, shape.outputDim * outputStride, difference)];
  const layers = layout.matrices.map(({ offset, rows, columns, stride }) => ({ offset, rows, columns, stride }));
  return trainingKernels(batch, options, limits).map((kernel) => ({
    label: difference ? `${kernel.label}, difference form` : kernel.label,
    ...(difference ? { form: 'difference form' } : {}),
    buffers: [...common, ...measure.buffers, ...kernel.buffers],
    prepare: measure.prepare,
    begin,
    train: { passes: kernel.passes, fused: kernel.fused },
    measurements: measure.measurements,
    weights: { buffer: 'weights', layers, ...(difference ? { relativeTo: 'startWeights' } : {}) },
  }));
}
