// The fused kernels as training programs: which geometries to try, and the data in the order each wants it.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { isMiniBatch, slopeCount } from '../../../lib/training/head.ts';
import type { TrainingOptions } from '../training-options.ts';
import { bufferNames } from './common.ts';
import { deepKernel } from './deep.wgsl.ts';
import { type DeepGeometry, deepCounts, deepSetQuads } from './deep-counts.ts';
import { shallowKernel } from './shallow.wgsl.ts';
import { type ShallowGeometry, shallowBytes } from './shallow-counts.ts';

/** A way to train: the buffers it adds to the common ones, and its passes. */
export interface TrainingKernel {
  readonly label: string;
  readonly buffers: readonly BufferSpec[];
  readonly passes: readonly Pass[];
  /** True where one dispatch takes `span.steps` steps. */
  readonly fused: boolean;
}

/** The value of input `i` of sample `p` as stored: data, then the bias's constant, then zeros. */
function inputAt(samples: Samples, options: TrainingOptions, p: number, i: number): number {
  const { inputDim } = options.shape;
  if (i < inputDim) return samples.inputs[p * inputDim + i];
  return i === inputDim ? options.layout.matrices[0].biasInput : 0;
}

/** Inputs sample by sample, scaled by the first layer's factor, then targets: (outputDim, outputStride). */
function shallowSet(train: Samples, options: TrainingOptions): Float32Array {
  const { layout, shape, samples, outputStride } = options;
  const set = new Float32Array(samples * layout.inputStride + shape.outputDim * outputStride);
  for (let p = 0; p < samples; p++) {
    for (let i = 0; i < layout.inputStride; i++) {
      set[p * layout.inputStride + i] = layout.matrices[0].scale * inputAt(train, options, p, i);
    }
    for (let c = 0; c < shape.outputDim; c++) {
      set[samples * layout.inputStride + c * outputStride + p] = train.targets[p * shape.outputDim + c];
    }
  }
  return set;
}

/** Features and then targets, samples along the row: (inputStride + outputDim, 4 × deepSetQuads). */
function deepSet(train: Samples, options: TrainingOptions, geometry: DeepGeometry): Float32Array {
  const { layout, shape, samples } = options;
  const row = 4 * deepSetQuads(options, geometry);
  const set = new Float32Array((layout.inputStride + shape.outputDim) * row);
  for (let p = 0; p < samples; p++) {
    for (let i = 0; i < layout.inputStride; i++) set[i * row + p] = inputAt(train, options, p, i);
    for (let c = 0; c < shape.outputDim; c++) {
      set[(layout.inputStride + c) * row + p] = train.targets[p * shape.outputDim + c];
    }
  }
  return set;
}

function slopesBuffer(options: TrainingOptions): BufferSpec[] {
  const slots = slopeCount(options.training);
  return slots === 0 ? [] : [{ name: 'slopes', scope: 'network', words: slots * options.layout.words, state: true }];
}

function shared(name: string, data: Float32Array): BufferSpec {
  return { name, scope: 'shared', words: data.length, data };
}

function shallowTraining(train: Samples, options: TrainingOptions, geometry: ShallowGeometry): TrainingKernel {
  const { lanes, samplesPerLane, unitsPerLane } = geometry;
  return {
    label: geometry.subgroups
      ? `fused, depth 1, a subgroup of ${lanes} lanes with ${samplesPerLane} samples each`
      : `fused, depth 1, ${lanes} lanes of ${samplesPerLane} samples and ${unitsPerLane} units`,
    buffers: [...slopesBuffer(options), shared('trainSet', shallowSet(train, options))],
    passes: [
      {
        label: 'fully connected: fused training, depth 1',
        entryPoint: 'train',
        code: shallowKernel(options, geometry),
        buffers: bufferNames(options, false),
        workgroups: (count) => count,
      },
    ],
    fused: true,
  };
}

function deepTraining(train: Samples, options: TrainingOptions, geometry: DeepGeometry): TrainingKernel {
  const { lanes, quadsPerLane, chunk, tile } = geometry;
  return {
    label: `fused, ${lanes} lanes of ${4 * quadsPerLane} samples, ${chunk} inputs at a time, ${tile} × ${tile} tiles${geometry.subgroupSize > 0 ? ', subgroups' : ''}`,
    buffers: [
      ...slopesBuffer(options),
      shared('trainSet', deepSet(train, options, geometry)),
      { name: 'scratch', scope: 'scratch', words: 4 * deepCounts(options, geometry).vectors },
    ],
    passes: [
      {
        label: `fully connected: fused training, depth ${options.shape.depth}`,
        entryPoint: 'train',
        code: deepKernel(options, geometry),
        buffers: bufferNames(options, true),
        workgroups: (count) => count,
      },
    ],
    fused: true,
  };
}

/** Smallest power of two ≥ n. */
const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));

/** Most vec4s of inputs that a thread of the shallow kernel should hold; beyond, registers spill. */
const MOST_INPUT_VECTORS = 8;

/**
 * Samples whose inputs a thread may hold in registers, by vec4s per input: what a software adapter takes
 * without endless compiles.
 */
const MOST_HELD_VECTORS = 128;

/**
 * Shallow geometries, best guess first. A software adapter runs 4 lanes at a time and likes much work per lane; a GPU runs 32
 * or 64 and has about 64 registers per lane to spare.
 */
function shallowGeometries(options: TrainingOptions, limits: DeviceLimits): ShallowGeometry[] {
  const { shape, layout, batchSamples, training } = options;
  const vectors = layout.inputStride / 4;
  if (shape.depth !== 1 || vectors > MOST_INPUT_VECTORS) return [];
  const software = limits.lanes <= 8;
  const most = software ? 16 : Math.max(1, Math.floor(16 / vectors));
  const geometries: ShallowGeometry[] = [];
  const held = powerOfTwo(batchSamples / limits.subgroupSize);
  if (
    limits.subgroupSize > 1 &&
    shape.activation !== 'linear' &&
    !isMiniBatch(training) &&
    held * vectors <= (software ? MOST_HELD_VECTORS : 16)
  ) {
    geometries.push({ lanes: limits.subgroupSize, samplesPerLane: held, unitsPerLane: 1, subgroups: true });
  }
  for (const lanes of software ? [8, 4] : [32, 64]) {
    const samplesPerLane = Math.min(lanes === 4 ? 2 * most : most, powerOfTwo(batchSamples / lanes));
    const unitsPerLane = Math.min(lanes === 4 ? 8 : most, powerOfTwo(shape.width / lanes));
    geometries.push({ lanes, samplesPerLane, unitsPerLane, subgroups: false });
    if (samplesPerLane > 2 && !software) {
      const half = { samplesPerLane: samplesPerLane / 2, unitsPerLane: Math.max(1, unitsPerLane / 2) };
      geometries.push({ lanes, ...half, subgroups: false });
    }
  }
  return geometries.filter((geometry) => shallowBytes(options, geometry) <= limits.maxComputeWorkgroupStorageSize);
}

function deepGeometries(options: TrainingOptions, limits: DeviceLimits): DeepGeometry[] {
  const quads = Math.ceil(options.batchSamples / 4);
  const lanesFor = (quadsPerLane: number, most: number) => Math.min(most, powerOfTwo(quads / quadsPerLane));
  const geometries: Omit<DeepGeometry, 'subgroupSize'>[] =
    limits.lanes <= 8
      ? [
          { lanes: lanesFor(2, 16), quadsPerLane: 2, chunk: 32, tile: 8 },
          { lanes: lanesFor(2, 16), quadsPerLane: 2, chunk: 64, tile: 8 },
        ]
      : [
          { lanes: lanesFor(1, 64), quadsPerLane: 1, chunk: 16, tile: 4 },
          { lanes: lanesFor(1, 64), quadsPerLane: 1, chunk: 32, tile: 8 },
          { lanes: lanesFor(1, 128), quadsPerLane: 1, chunk: 16, tile: 8 },
        ];
  const plain = geometries.map((geometry) => ({ ...geometry, subgroupSize: 0 }));
  if (limits.subgroupSize === 0) return plain;
  const shared = geometries
    .filter(({ lanes }) => lanes >= limits.subgroupSize)
    .map((geometry) => ({ ...geometry, subgroupSize: limits.subgroupSize }));
  return [...shared, plain[0]];
}

/** Fused training kernels for a batch, best guess first. */
export function fusedTraining(train: Samples, options: TrainingOptions, limits: DeviceLimits): TrainingKernel[] {
  return [
    ...shallowGeometries(options, limits).map((geometry) => shallowTraining(train, options, geometry)),
    ...deepGeometries(options, limits).map((geometry) => deepTraining(train, options, geometry)),
  ];
}
