// GPU programs of the family: the training kernel in a few geometries, begin and measuring kernels around it.

import { InputError } from '../../../src/core/errors.ts';
import type { Batch, DeviceLimits } from '../../../src/core/family.ts';
import type { Term } from '../../../src/core/observable.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { type BufferSpec, PROGRESS_WORDS, type Program } from '../../../src/core/program.ts';
import { paddedSamples } from '../../lib/layout.ts';
import { beginPass } from '../../lib/training/begin.wgsl.ts';
import { slopeCount } from '../../lib/training/head.ts';
import { NETWORK_WORDS, networkRecords } from '../../lib/training/network-record.ts';
import { layoutOf, originsOf, packRows, shapeOf } from './layout.ts';
import { measureKernels } from './measure.ts';
import { createModel } from './reference.ts';
import {
  type DiagonalGeometry,
  type DiagonalTraining,
  trainingBuffers,
  trainingKernel,
  trainSetPlaces,
  workgroupBytes,
} from './train.wgsl.ts';

/** vec4s of samples whose outputs stand in workgroup memory at most. */
const MOST_QUADS = 128;

/** Inputs by features, inputs by samples, targets: see `trainSetPlaces`; zeros in all padding. */
function trainSet(batch: Batch, { shape, samples }: DiagonalTraining): Float32Array {
  const layout = layoutOf(shape);
  const { inputDim } = shape;
  const { inputs, targets } = batch.data.train;
  const places = trainSetPlaces(layout, samples);
  const set = new Float32Array(4 * places.vectors);
  for (let p = 0; p < samples; p++) {
    for (let i = 0; i < inputDim; i++) {
      const value = inputs[p * inputDim + i];
      set[4 * places.quads * i + p] = value;
      set[4 * places.rows + p * layout.stride + i] = value;
    }
    set[4 * places.goals + p] = targets[p];
  }
  return set;
}

/**
 * Geometries, best guess first. A software adapter runs 4 lanes at a time and pays for barriers; a GPU wants its lanes filled.
 */
function geometriesOf(options: DiagonalTraining, limits: DeviceLimits): DiagonalGeometry[] {
  const { vectors } = layoutOf(options.shape);
  const quads = Math.min(MOST_QUADS, Math.ceil(options.batchSamples / 4));
  const guess = vectors <= 16 ? 32 : vectors <= 128 ? 64 : 128;
  const lanes = limits.lanes <= 8 ? (vectors <= 16 ? [4, 8, 16] : [8, 4, 16]) : [guess, 2 * guess, guess / 2];
  const fitting = lanes
    .filter((count) => count <= limits.maxComputeInvocationsPerWorkgroup)
    .map((count): DiagonalGeometry => {
      let blockQuads = quads;
      const bytes = () => workgroupBytes(options, { lanes: count, blockQuads });
      while (blockQuads > 1 && bytes() > limits.maxComputeWorkgroupStorageSize) blockQuads = Math.ceil(blockQuads / 2);
      return { lanes: count, blockQuads };
    })
    .filter((geometry) => workgroupBytes(options, geometry) <= limits.maxComputeWorkgroupStorageSize);
  if (fitting.length === 0) {
    const most = Math.floor((limits.maxComputeWorkgroupStorageSize - 1024) / 4);
    throw new InputError(
      'family "diagonal"',
      `expected at most about ${most} inputs on this adapter, got ${options.shape.inputDim}`,
      'Take fewer inputs, or the reference engine.',
    );
  }
  return fitting;
}

export function diagonalPrograms(batch: Batch, terms: readonly Term[], limits: DeviceLimits): readonly Program[] {
  const { data, training } = batch;
  const shape = shapeOf(batch.shape, data.inputDim);
  const model = createModel(shape, data.outputDim);
  const layout = layoutOf(shape);
  const samples = data.train.count;
  const options: DiagonalTraining = {
    shape,
    training,
    loss: choiceOf(batch.shape, 'loss'),
    lossBeta: numberOf(batch.shape, 'lossBeta'),
    samples,
    batchSamples: training.method === 'descent' && training.batchSize > 0 ? training.batchSize : samples,
    outputStride: paddedSamples(samples),
  };
  const starts = batch.starts.map((start) => {
    const weights = model.draw(start, data);
    const origins = originsOf(weights);
    const both = Float64Array.from(weights, (_, n) => origins[n % shape.inputDim]);
    return {
      origins: packRows(both, layout),
      weights: packRows(
        weights.map((w, n) => w - both[n]),
        layout,
      ),
    };
  });
  const joined = (rows: readonly Float32Array[]) => {
    const all = new Float32Array(rows.length * layout.words);
    rows.forEach((row, s) => {
      all.set(row, s * layout.words);
    });
    return all;
  };
  const measure = measureKernels({ shape, data, terms, seeds: batch.seeds, loss: options.loss, lossBeta: options.lossBeta });
  const slopes = slopeCount(training);
  const set = trainSet(batch, options);
  const buffers: readonly BufferSpec[] = [
    { name: 'networks', scope: 'network', words: NETWORK_WORDS, data: networkRecords(batch) },
    { name: 'progress', scope: 'network', words: PROGRESS_WORDS, state: true },
    { name: 'startWeights', scope: 'start', words: layout.words, data: joined(starts.map(({ weights }) => weights)) },
    { name: 'origins', scope: 'start', words: layout.words, data: joined(starts.map(({ origins }) => origins)) },
    { name: 'weights', scope: 'network', words: layout.words, state: true },
    { name: 'outputs', scope: 'network', words: 3 * options.outputStride, state: true },
    { name: 'trainSet', scope: 'shared', words: set.length, data: set },
    ...(slopes === 0 ? [] : [{ name: 'slopes', scope: 'network', words: slopes * layout.words, state: true } as const]),
    ...measure.buffers,
  ];
  return geometriesOf(options, limits).map((geometry) => ({
    label: `diagonal, ${geometry.lanes} lanes, ${4 * geometry.blockQuads} samples at a time`,
    buffers,
    prepare: measure.prepare,
    begin: [beginPass(layout.words, options.outputStride)],
    train: {
      passes: [
        {
          label: 'diagonal: fused training',
          entryPoint: 'train',
          code: trainingKernel(options, geometry),
          buffers: trainingBuffers(training),
          workgroups: (count) => count,
        },
      ],
      fused: true,
    },
    measurements: measure.measurements,
    weights: {
      buffer: 'weights',
      layers: [{ offset: 0, rows: 2, columns: shape.inputDim, stride: layout.stride }],
      relativeTo: 'origins',
    },
  }));
}
