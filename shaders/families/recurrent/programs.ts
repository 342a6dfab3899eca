// GPU programs of the family: the training kernel in several geometries, begin and measuring kernels around it.

import type { Batch, DeviceLimits } from '../../../src/core/family.ts';
import type { Term } from '../../../src/core/observable.ts';
import { type BufferSpec, PROGRESS_WORDS, type Program } from '../../../src/core/program.ts';
import { beginPass } from './begin.wgsl.ts';
import { NETWORK_WORDS } from './buffers.ts';
import { measureKernels } from './measure/measure.ts';
import { networkRecords, packWeights } from './records.ts';
import { createModel } from './reference.ts';
import { optionsOf, type RecurrentOptions } from './train/options.ts';
import { momentWords, type TrainingKernel, trainingKernels } from './train/training.ts';

/** A loss above this is that of an exploding network. Liu et al. 2024. */
export const MOST_LOSS = 1e3;

/** Initial weights of all starts as stored: (starts, layout.words). */
function startWeightsOf(batch: Batch, { shape, layout, sequence }: RecurrentOptions): Float32Array {
  const model = createModel(shape, sequence);
  const packed = new Float32Array(batch.starts.length * layout.words);
  batch.starts.forEach((start, index) => {
    packed.set(packWeights(model.draw(start, batch.data), layout), index * layout.words);
  });
  return packed;
}

/** A training kernel with everything that must stand around it. */
export function completeProgram(
  batch: Batch,
  options: RecurrentOptions,
  kernel: TrainingKernel,
  terms: readonly Term[],
  limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>,
): Program {
  const { layout } = options;
  const measure = measureKernels(batch, options, terms, limits);
  const moments = momentWords(options);
  const buffers: readonly BufferSpec[] = [
    { name: 'networks', scope: 'network', words: NETWORK_WORDS, data: networkRecords(batch) },
    { name: 'progress', scope: 'network', words: PROGRESS_WORDS, state: true },
    { name: 'startWeights', scope: 'start', words: layout.words, data: () => startWeightsOf(batch, options) },
    { name: 'weights', scope: 'network', words: layout.words, state: true },
    { name: 'moments', scope: 'network', words: moments, state: true },
  ];
  return {
    label: kernel.label,
    buffers: [...buffers, ...measure.buffers, ...kernel.buffers],
    prepare: [],
    begin: [beginPass(layout.words, moments)],
    train: { passes: [kernel.pass], fused: true },
    measurements: measure.measurements,
    weights: { buffer: 'weights', layers: layout.matrices },
  };
}

export function recurrentPrograms(batch: Batch, terms: readonly Term[], limits: DeviceLimits): readonly Program[] {
  const options = optionsOf(batch);
  return trainingKernels(options, batch.data.train, limits, MOST_LOSS).map((kernel) =>
    completeProgram(batch, options, kernel, terms, limits),
  );
}
