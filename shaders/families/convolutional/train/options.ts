// What the kernels of the family need to know about a batch, gathered once. The tiled passes around the convolutions see a
// network whose last hidden layer are the pooled channels. Pure data.

import type { Batch } from '../../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../../src/core/parameter.ts';
import { paddedSamples } from '../../../lib/layout.ts';
import { type TiledOptions, type TiledSizes, tiledSizes } from '../../../lib/training/tiled/sizes.ts';
import { type ConvolutionalShape, layoutOf, shapeOf, timeGain } from '../layout.ts';
import { type Planes, planesOf } from '../planes.ts';

/** How convolutions are cut up. All geometries give the same numbers up to rounding. */
export interface ConvolutionalGeometry {
  /** Threads of a workgroup that makes pixels. */
  readonly lanes: number;
  /** Channels of a thread's tile where they divide by it, 4 or 8. */
  readonly channels: number;
  /** Most pixels of a row in a thread's tile. */
  readonly positions: number;
  /** Rows of the kernel in a thread's tile of the gradient: all 5, or 1. */
  readonly kernelRows: 1 | 5;
  /** Threads that share a tile of the gradient. */
  readonly gradientLanes: number;
  /** Most samples carried through the layers at once; more take turns. */
  readonly blockSamples: number;
}

export interface ConvolutionalSizes {
  readonly shape: ConvolutionalShape;
  readonly geometry: ConvolutionalGeometry;
  readonly planes: Planes;
  readonly tiled: TiledSizes;
}

export interface ConvolutionalOptions {
  readonly shape: ConvolutionalShape;
  /** The same network as the tiled passes see it. */
  readonly head: TiledOptions;
}

export function optionsOf({ shape: values, data, training }: Batch): ConvolutionalOptions {
  const shape = shapeOf(values, data.image, data.outputDim);
  const samples = data.train.count;
  return {
    shape,
    head: {
      shape: { depth: shape.convolutions.length, outputDim: data.outputDim },
      gain: timeGain(shape),
      layout: layoutOf(shape),
      training,
      loss: choiceOf(values, 'loss'),
      lossBeta: numberOf(values, 'lossBeta'),
      samples,
      batchSamples: training.method === 'descent' && training.batchSize > 0 ? training.batchSize : samples,
      outputStride: paddedSamples(samples),
      difference: false,
    },
  };
}

export function sizesOf({ shape, head }: ConvolutionalOptions, geometry: ConvolutionalGeometry): ConvolutionalSizes {
  const tiled = tiledSizes(head, {
    staging: 'storage',
    rows: 4,
    vectors: 1,
    threadRows: 1,
    threadColumns: 32,
    chunk: 0,
    subgroupSize: 0,
    blockSamples: geometry.blockSamples,
  });
  const planes = planesOf({ shape, quads: tiled.quads, positions: geometry.positions, outputs: 1, keepSlopes: false });
  return { shape, geometry, planes, tiled };
}
