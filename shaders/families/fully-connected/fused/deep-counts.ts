// Geometry of the deep fused kernel and where its regions stand in a network's scratch. Pure arithmetic: see deep.wgsl.ts.

import { isMiniBatch } from '../../../lib/training/head.ts';
import type { TrainingOptions } from '../training-options.ts';

export interface DeepGeometry {
  readonly lanes: number;
  /** vec4s of samples that a thread carries. */
  readonly quadsPerLane: number;
  /** Inputs held in registers at once; rounded down to what divides a layer. */
  readonly chunk: number;
  /** Rows and columns of a gradient tile: 4 or 8. */
  readonly tile: number;
  /** Lanes of a subgroup that share weight loads; 0: no subgroups. */
  readonly subgroupSize: number;
}

/** Offsets in vec4s inside a network's scratch, and the counts behind them. */
export interface DeepCounts {
  readonly quads: number;
  readonly quadBlocks: number;
  readonly inputChunk: number;
  readonly hiddenChunk: number;
  /** Of the forward product's inputs: activations, and in the difference form differences before them. */
  readonly forwardChunk: number;
  readonly values: number;
  /** Pre-activations at the start, in the difference form. */
  readonly starts: number;
  readonly slopes: number;
  readonly errors: number;
  readonly partial: number;
  readonly batch: number;
  readonly trial: number;
  readonly transposed: number;
  readonly vectors: number;
}

/** The largest multiple of 4 up to `chunk` that divides `length`. */
function dividing(length: number, chunk: number): number {
  let size = Math.min(length, chunk);
  while (length % size !== 0 || size % 4 !== 0) size--;
  return size;
}

export function deepCounts(
  { shape, layout, training, batchSamples, difference }: TrainingOptions,
  geometry: DeepGeometry,
): DeepCounts {
  const atOnce = geometry.lanes * geometry.quadsPerLane;
  const quadBlocks = Math.ceil(batchSamples / 4 / atOnce);
  const quads = quadBlocks * atOnce;
  const hiddenChunk = dividing(layout.hiddenStride, geometry.chunk);
  const hidden = layout.hiddenStride * quads;
  const values = 0;
  const starts = values + (difference ? 2 : 1) * shape.depth * hidden;
  const slopes = starts + (difference ? shape.depth * hidden : 0);
  const errors = slopes + shape.depth * hidden;
  const partial = errors + shape.outputDim * quads;
  const batch = partial + (hiddenChunk < layout.hiddenStride ? hidden : 0);
  const trial = batch + (isMiniBatch(training) ? layout.inputStride * quads : 0);
  const transposed = trial + (difference ? layout.words / 2 : training.method === 'flow' ? layout.words / 4 : 0);
  return {
    quads,
    quadBlocks,
    inputChunk: dividing(layout.inputStride, geometry.chunk),
    hiddenChunk,
    forwardChunk: difference ? dividing(2 * layout.hiddenStride, geometry.chunk) : hiddenChunk,
    values,
    starts,
    slopes,
    errors,
    partial,
    batch,
    trial,
    transposed,
    vectors: transposed + ((shape.depth - 1) * layout.hiddenStride * layout.hiddenStride) / 4,
  };
}

/** vec4s of samples per row of the training set: whole blocks of the full batch. */
export function deepSetQuads(options: TrainingOptions, geometry: DeepGeometry): number {
  const atOnce = geometry.lanes * geometry.quadsPerLane;
  return Math.ceil(options.samples / 4 / atOnce) * atOnce;
}
