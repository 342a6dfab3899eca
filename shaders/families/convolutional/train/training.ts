// Training as a list of passes in the geometries worth timing, with the buffers they need. The engine repeats the list once per
// step (descent), per stage (flow), and per block of samples where there are several.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import type { Samples } from '../../../../src/core/task.ts';
import { slopeCount } from '../../../lib/training/head.ts';
import { decidePass } from '../../../lib/training/tiled/decide.wgsl.ts';
import { readoutGroups, readoutPass } from '../../../lib/training/tiled/readout.wgsl.ts';
import { TILED } from '../../../lib/training/tiled/sizes.ts';
import { normGroups, normsPass, takePass, trialPass } from '../../../lib/training/tiled/step.wgsl.ts';
import { evaluatedWeights } from '../../../lib/training/tiled/weights.ts';
import { backwardPass, forwardPass, type Site, turnPass } from '../convolve.wgsl.ts';
import { storedChannels } from '../layout.ts';
import { gradientPass, MOMENTS, outputGradientPass } from './gradient.wgsl.ts';
import { type ConvolutionalGeometry, type ConvolutionalOptions, type ConvolutionalSizes, sizesOf } from './options.ts';
import { gatherPass, lossCotangent, poolPass, unpoolPass } from './samples.wgsl.ts';

export interface TrainingKernel {
  readonly label: string;
  readonly buffers: readonly BufferSpec[];
  readonly passes: readonly Pass[];
  readonly fused: boolean;
}

/** Planes of the networks in flight. */
const SCRATCH = 'convolutionalScratch';

/** Pixels and then targets, samples along the row: (channels · side² + outputDim, 4 × columns). */
function sampleRows({ count, inputs, targets }: Samples, inputDim: number, outputDim: number, quads: number): Float32Array {
  const row = 4 * quads;
  const set = new Float32Array((inputDim + outputDim) * row);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < inputDim; i++) set[i * row + p] = inputs[p * inputDim + i];
    for (let c = 0; c < outputDim; c++) set[(inputDim + c) * row + p] = targets[p * outputDim + c];
  }
  return set;
}

function buffersOf(train: Samples, { tiled, planes, shape }: ConvolutionalSizes): BufferSpec[] {
  const { options, quads, setQuads, blocks, flow } = tiled;
  const { layout, training } = options;
  const slots = slopeCount(training);
  const adam = training.method === 'descent' && training.adam !== undefined;
  const scratch = (name: string, words: number): BufferSpec => ({ name, scope: 'scratch', words });
  const lasting = (name: string, words: number): BufferSpec => ({ name, scope: 'network', words, state: true });
  const parts = 4 * blocks * readoutGroups(tiled);
  return [
    {
      name: 'trainSet',
      scope: 'shared',
      words: (layout.inputStride + shape.outputDim) * 4 * setQuads,
      data: () => sampleRows(train, layout.inputStride, shape.outputDim, setQuads),
    },
    scratch(SCRATCH, 4 * planes.vectors),
    scratch(TILED.values(shape.convolutions.length - 1), 4 * storedChannels(shape) * quads),
    scratch(TILED.cotangents, 4 * shape.outputDim * quads),
    blocks > 1 ? lasting(TILED.parts, parts) : scratch(TILED.parts, parts),
    ...(slots > 0 ? [lasting('slopes', slots * layout.words)] : []),
    ...(adam ? [lasting(MOMENTS, 2 * layout.words)] : []),
    ...(flow ? [scratch(TILED.norms, 4 * normGroups(tiled)), scratch(TILED.trial, layout.words)] : []),
    ...(blocks > 1 && !flow ? [lasting(TILED.gradient, layout.words)] : []),
  ];
}

function passesOf(sizes: ConvolutionalSizes): Pass[] {
  const { shape, planes, tiled, geometry } = sizes;
  const { flow } = tiled;
  const site: Site = {
    shape,
    planes,
    label: 'convolutional',
    gate: 'at work',
    backGate: flow ? 'at work' : 'decided',
    scratch: SCRATCH,
    weights: evaluatedWeights(tiled),
    lanes: geometry.lanes,
    channels: geometry.channels,
    positions: geometry.positions,
    outputs: 1,
  };
  const layers = shape.convolutions.map((_, index) => index);
  const backward = layers.slice(1).reverse();
  return [
    gatherPass(site, sizes),
    ...(flow ? [trialPass(tiled)] : []),
    turnPass(site),
    ...layers.map((index) => forwardPass(site, index)),
    poolPass(site, TILED.values(layers.length - 1)),
    readoutPass(tiled),
    ...(flow ? [] : [decidePass(tiled)]),
    unpoolPass(site, lossCotangent(sizes)),
    ...backward.map((index) => backwardPass(site, index)),
    ...layers.map((index) => gradientPass(site, sizes, index)),
    outputGradientPass(site, sizes),
    ...(flow ? [normsPass(tiled), decidePass(tiled), takePass(tiled)] : []),
  ];
}

/** Training in one geometry. */
export function trainingKernel(train: Samples, options: ConvolutionalOptions, geometry: ConvolutionalGeometry): TrainingKernel {
  const sizes = sizesOf(options, geometry);
  const { lanes, channels, positions, kernelRows, gradientLanes } = geometry;
  return {
    label:
      `convolutions, ${lanes} lanes of ${channels} channels × ${positions} pixels, ` +
      `gradients by ${gradientLanes} lanes of ${kernelRows} × 5 × 4`,
    buffers: buffersOf(train, sizes),
    passes: passesOf(sizes),
    fused: false,
  };
}

/** Geometries to time, best guess first. A software adapter pays for every load, a GPU for registers. */
export function geometriesOf(limits: Pick<DeviceLimits, 'lanes'>): ConvolutionalGeometry[] {
  const blockSamples = 128;
  if (limits.lanes <= 8) return [{ lanes: 16, channels: 4, positions: 4, kernelRows: 5, gradientLanes: 8, blockSamples }];
  return [
    { lanes: 64, channels: 4, positions: 2, kernelRows: 1, gradientLanes: 64, blockSamples },
    { lanes: 64, channels: 4, positions: 4, kernelRows: 1, gradientLanes: 32, blockSamples },
    { lanes: 64, channels: 8, positions: 2, kernelRows: 5, gradientLanes: 32, blockSamples },
  ];
}
