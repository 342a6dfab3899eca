// The tiled path as training programs: which geometries to try, the data in its order, the buffers, and the passes of one step.
// The engine repeats the list once per step (descent), per stage (flow), and per block of samples where there are several.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { slopeCount } from '../../../lib/training/head.ts';
import { decidePass } from '../../../lib/training/tiled/decide.wgsl.ts';
import { readoutGroups, readoutPass } from '../../../lib/training/tiled/readout.wgsl.ts';
import { TILED, type TiledGeometry, tiledSizes } from '../../../lib/training/tiled/sizes.ts';
import { normGroups, normsPass, takePass, trialPass } from '../../../lib/training/tiled/step.wgsl.ts';
import type { TrainingKernel } from '../fused/fused.ts';
import type { FullyConnectedSizes, TrainingOptions } from '../training-options.ts';
import { joinPass, startPass } from './difference.wgsl.ts';
import { gatherPass } from './gather.wgsl.ts';
import { gradientPass } from './gradient.wgsl.ts';
import { backwardPass, forwardPass } from './layers.wgsl.ts';

/** At width 1000 a block of activations takes 8 MiB per layer. */
const BLOCK_SAMPLES = 2048;

/** Features and then targets, samples along the row: (inputStride + outputDim, 4 × setQuads). */
function trainSet(train: Samples, { options, setQuads }: FullyConnectedSizes): Float32Array {
  const { layout, shape, samples } = options;
  const row = 4 * setQuads;
  const set = new Float32Array((layout.inputStride + shape.outputDim) * row);
  const [{ biasInput }] = layout.matrices;
  for (let p = 0; p < samples; p++) {
    for (let i = 0; i < shape.inputDim; i++) set[i * row + p] = train.inputs[p * shape.inputDim + i];
    if (biasInput !== 0) set[shape.inputDim * row + p] = biasInput;
    for (let c = 0; c < shape.outputDim; c++) {
      set[(layout.inputStride + c) * row + p] = train.targets[p * shape.outputDim + c];
    }
  }
  return set;
}

function buffersOf(train: Samples, sizes: FullyConnectedSizes): BufferSpec[] {
  const { options, quads, blocks, flow, miniBatch, valueRows } = sizes;
  const { layout, shape, training, difference } = options;
  const data = trainSet(train, sizes);
  const slots = slopeCount(training);
  const scratch = (name: string, words: number): BufferSpec => ({ name, scope: 'scratch', words });
  const lasting = (name: string, words: number): BufferSpec => ({ name, scope: 'network', words, state: true });
  const layers = Array.from({ length: shape.depth }, (_, layer) => layer);
  const hidden = 4 * layout.hiddenStride * quads;
  const parts = 4 * blocks * readoutGroups(sizes);
  return [
    { name: 'trainSet', scope: 'shared', words: data.length, data },
    ...layout.matrices.map(
      ({ offset }, layer): BufferSpec => ({
        name: TILED.matrix(layer),
        scope: 'shared',
        words: 1,
        data: Uint32Array.of(offset / 4),
      }),
    ),
    ...(slots > 0 ? [lasting('slopes', slots * layout.words)] : []),
    ...layers.map((layer) => scratch(TILED.values(layer), 4 * valueRows * quads)),
    ...(difference ? layers.map((layer) => scratch(TILED.starts(layer), hidden)) : []),
    ...(difference ? [scratch(TILED.joint, 3 * layout.words)] : []),
    ...layers.map((layer) => scratch(TILED.backs(layer), hidden)),
    scratch(TILED.cotangents, 4 * shape.outputDim * quads),
    blocks > 1 ? lasting(TILED.parts, parts) : scratch(TILED.parts, parts),
    ...(flow ? [scratch(TILED.norms, 4 * normGroups(sizes)), scratch(TILED.trial, layout.words)] : []),
    ...(miniBatch ? [scratch(TILED.batch, 4 * layout.inputStride * quads)] : []),
    ...(blocks > 1 && !flow ? [lasting(TILED.gradient, layout.words)] : []),
  ];
}

function passesOf(sizes: FullyConnectedSizes): Pass[] {
  const { flow, miniBatch, options } = sizes;
  const { shape, difference } = options;
  const { depth } = shape;
  const layers = Array.from({ length: depth }, (_, layer) => layer);
  const matrices = [...layers, depth];
  return [
    ...(miniBatch ? [gatherPass(sizes)] : []),
    ...(flow ? [trialPass(sizes)] : []),
    ...(difference ? [joinPass(sizes), ...layers.map((layer) => startPass(sizes, layer))] : []),
    ...layers.map((layer) => forwardPass(sizes, layer)),
    readoutPass(sizes),
    ...(flow ? [] : [decidePass(sizes)]),
    ...[...layers].reverse().map((layer) => backwardPass(sizes, layer)),
    ...matrices.map((layer) => gradientPass(sizes, layer)),
    ...(flow ? [normsPass(sizes), decidePass(sizes), takePass(sizes)] : []),
  ];
}

const WAYS: Readonly<Record<TiledGeometry['staging'], string>> = {
  storage: 'from storage',
  staged: 'staged through workgroup memory',
  resident: 'resident, subgroups',
};

/** The tiled path in one geometry. */
export function tiledTraining(train: Samples, options: TrainingOptions, geometry: TiledGeometry): TrainingKernel {
  const sizes = tiledSizes(options, geometry);
  const { staging, rows, vectors, threadRows, threadColumns } = geometry;
  return {
    label: `tiled, ${threadRows * threadColumns} lanes of ${rows} × ${4 * vectors} ${WAYS[staging]}`,
    buffers: buffersOf(train, sizes),
    passes: passesOf(sizes),
    fused: false,
  };
}

/** Bytes of workgroup memory that a geometry takes. */
function stagedBytes({ staging, rows, vectors, threadRows, threadColumns, chunk }: TiledGeometry): number {
  const norms = 16 * threadRows * threadColumns;
  return staging !== 'staged' ? norms : norms + 4 * chunk * (rows * threadRows + 4 * vectors * threadColumns);
}

/**
 * Geometries to time, best guess first. A software adapter has no memory faster than another and pays dearly for barriers, so
 * that operands stay in registers; a GPU shares them through workgroup memory.
 */
export function tiledGeometries(limits: DeviceLimits): TiledGeometry[] {
  const storage = (rows: number, vectors: number, lanes: number): TiledGeometry => ({
    staging: 'storage',
    rows,
    vectors,
    threadRows: 1,
    threadColumns: lanes,
    chunk: 0,
    subgroupSize: 0,
    blockSamples: BLOCK_SAMPLES,
  });
  const staged = (rows: number, vectors: number, threadRows: number, threadColumns: number): TiledGeometry => ({
    staging: 'staged',
    rows,
    vectors,
    threadRows,
    threadColumns,
    chunk: 16,
    subgroupSize: 0,
    blockSamples: BLOCK_SAMPLES,
  });
  const resident = (rows: number, vectors: number, lanes: number, chunk: number): TiledGeometry => ({
    staging: 'resident',
    rows,
    vectors,
    threadRows: 1,
    threadColumns: lanes,
    chunk,
    subgroupSize: limits.subgroupSize,
    blockSamples: BLOCK_SAMPLES,
  });
  const software =
    limits.subgroupSize > 1 ? [resident(128, 2, 16, 32), storage(8, 2, 16)] : [storage(8, 2, 16), storage(8, 4, 16)];
  const all = limits.lanes <= 8 ? software : [staged(8, 2, 8, 8), staged(4, 1, 16, 16), storage(8, 2, 64)];
  return all.filter(
    (geometry) =>
      stagedBytes(geometry) <= limits.maxComputeWorkgroupStorageSize &&
      geometry.threadRows * geometry.threadColumns <= limits.maxComputeInvocationsPerWorkgroup,
  );
}

/** Tiled training for a batch in all geometries that the adapter allows, best guess first: any depth, any width. */
export function tiledCandidates(train: Samples, options: TrainingOptions, limits: DeviceLimits): TrainingKernel[] {
  return tiledGeometries(limits).map((geometry) => tiledTraining(train, options, geometry));
}
