// GPU programs of the family: training in a few geometries, begin and measuring kernels around it.

import { InputError } from '../../../src/core/errors.ts';
import type { Batch, DeviceLimits } from '../../../src/core/family.ts';
import type { Term } from '../../../src/core/observable.ts';
import { type BufferSpec, PROGRESS_WORDS, type Program } from '../../../src/core/program.ts';
import { beginPass } from '../../lib/training/begin.wgsl.ts';
import { NETWORK_WORDS, networkRecords } from '../../lib/training/network-record.ts';
import { packRows } from '../../lib/training/pack-rows.ts';
import { measureKernels } from './measure/measure.ts';
import { createModel } from './reference.ts';
import { type ConvolutionalGeometry, type ConvolutionalOptions, optionsOf, sizesOf } from './train/options.ts';
import { geometriesOf, trainingKernel } from './train/training.ts';

/** Initial weights of all starts as stored: (starts, layout.words). */
function startWeightsOf({ starts, data }: Batch, { shape, head: { layout } }: ConvolutionalOptions): Float32Array {
  const model = createModel(shape);
  const packed = new Float32Array(starts.length * layout.words);
  starts.forEach((start, index) => {
    packed.set(packRows(model.draw(start, data), layout.matrices, layout.words), index * layout.words);
  });
  return packed;
}

/** Throws InputError where one network's share of a buffer, or a data set, is more than the adapter binds. */
function checkBindings(buffers: readonly BufferSpec[], limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>): void {
  const largest = buffers.reduce((most, spec) => (spec.words > most.words ? spec : most));
  const bound = limits.maxStorageBufferBindingSize;
  if (4 * largest.words <= bound) return;
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new InputError(
    'family "convolutional"',
    `expected buffers of at most ${mebibytes(bound)} on this adapter, got ${mebibytes(4 * largest.words)} for ${largest.name}`,
    'Take fewer samples, probe samples or channels.',
  );
}

/** Training in one geometry with everything that must stand around it. */
export function completeProgram(
  batch: Batch,
  options: ConvolutionalOptions,
  geometry: ConvolutionalGeometry,
  terms: readonly Term[],
  limits: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>,
): Program {
  const { layout, outputStride, shape } = options.head;
  const outputWords = shape.outputDim * outputStride;
  const kernel = trainingKernel(batch.data.train, options, geometry);
  const measure = measureKernels(batch, options, geometry, sizesOf(options, geometry).tiled.setQuads, terms);
  const buffers: readonly BufferSpec[] = [
    { name: 'networks', scope: 'network', words: NETWORK_WORDS, data: networkRecords(batch) },
    { name: 'progress', scope: 'network', words: PROGRESS_WORDS, state: true },
    { name: 'startWeights', scope: 'start', words: layout.words, data: () => startWeightsOf(batch, options) },
    { name: 'weights', scope: 'network', words: layout.words, state: true },
    { name: 'outputs', scope: 'network', words: 3 * outputWords, state: true },
    ...measure.buffers,
    ...kernel.buffers,
  ];
  checkBindings(buffers, limits);
  return {
    label: kernel.label,
    buffers,
    prepare: measure.prepare,
    begin: [beginPass(layout.words, outputWords)],
    train: { passes: kernel.passes, fused: kernel.fused },
    measurements: measure.measurements,
    weights: {
      buffer: 'weights',
      layers: layout.matrices.map(({ offset, rows, columns, stride }) => ({ offset, rows, columns, stride })),
    },
  };
}

export function convolutionalPrograms(batch: Batch, terms: readonly Term[], limits: DeviceLimits): readonly Program[] {
  const options = optionsOf(batch);
  return geometriesOf(limits).map((geometry) => completeProgram(batch, options, geometry, terms, limits));
}
