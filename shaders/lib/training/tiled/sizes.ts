// Sizes of the tiled path, and the buffers that it adds: many workgroups per network, activations and gradients in storage.
// Pure arithmetic.

import type { Training } from '../../../../src/core/training.ts';
import type { Layout } from '../../layout.ts';

/** What the passes around the layers need to know of a batch, whatever the layers are. */
export interface TiledOptions {
  readonly shape: {
    /** Hidden layers. */
    readonly depth: number;
    readonly outputDim: number;
  };
  /** `Model.gain`. */
  readonly gain: number;
  readonly layout: Layout;
  readonly training: Training;
  /** Id in shaders/lib/losses. */
  readonly loss: string;
  readonly lossBeta: number;
  /** Training samples P. */
  readonly samples: number;
  /** Samples of one gradient: P, or the mini-batch. */
  readonly batchSamples: number;
  /** Words from output to output in `outputs` and `startTrainOutputs`. */
  readonly outputStride: number;
  /** True: `weights` are differences from the start and outputs f − f₀. */
  readonly difference: boolean;
}

/** Words per network of the buffer `outputs`. */
export function outputWords({ shape, outputStride }: Pick<TiledOptions, 'shape' | 'outputStride'>): number {
  return 3 * shape.outputDim * outputStride;
}

/** How products are cut up. All geometries give the same numbers up to rounding. */
export interface TiledGeometry {
  /**
   * `storage`: a thread reads its tile's operands itself; `staged`: the workgroup copies blocks of them to its memory first;
   * `resident`: a thread keeps a stretch of its columns in registers, and a subgroup shares the loads of a row.
   */
  readonly staging: 'storage' | 'staged' | 'resident';
  /** Rows of a thread's tile, a multiple of 4; `resident`: most rows that go by a thread. */
  readonly rows: number;
  /** vec4s along a row of a thread's tile. */
  readonly vectors: number;
  /**
   * Threads of a workgroup along the rows of the result; `storage` uses only the product with `threadColumns`, `resident` has 1.
   */
  readonly threadRows: number;
  readonly threadColumns: number;
  /** Length of contraction that is staged or kept at once, a multiple of 4. */
  readonly chunk: number;
  /** Lanes of a subgroup that share loads; 0 where none do. */
  readonly subgroupSize: number;
  /** Most samples carried through the layers at once; more take turns, round after round. Bounds scratch and dispatch time. */
  readonly blockSamples: number;
}

export interface TiledSizes<Options extends TiledOptions = TiledOptions> {
  readonly options: Options;
  readonly geometry: TiledGeometry;
  /** vec4s of samples in a block, a whole number of tiles. */
  readonly quads: number;
  readonly blocks: number;
  /** vec4s of samples per row of the training set. */
  readonly setQuads: number;
  readonly miniBatch: boolean;
  readonly flow: boolean;
  /**
   * Rows of stored activations: those of a hidden layer, in the difference form with as many differences
   * from the start before them.
   */
  readonly valueRows: number;
}

export function tiledSizes<Options extends TiledOptions>(options: Options, geometry: TiledGeometry): TiledSizes<Options> {
  const { training, batchSamples, samples, layout } = options;
  const tile = geometry.vectors * (geometry.staging === 'storage' ? 1 : geometry.threadColumns);
  const blocks = Math.ceil(batchSamples / geometry.blockSamples);
  const quads = tile * Math.ceil(batchSamples / 4 / blocks / tile);
  const miniBatch = training.method === 'descent' && training.batchSize > 0;
  return {
    options,
    geometry,
    quads,
    blocks,
    setQuads: miniBatch ? Math.ceil(samples / 4) : blocks * quads,
    miniBatch,
    flow: training.method === 'flow',
    valueRows: (options.difference ? 2 : 1) * layout.hiddenStride,
  };
}

/** Names of the buffers that this path adds. Layers count from 0. */
export const TILED = {
  /**
   * (valueRows, quads) vec4: activations of a hidden layer, the bias's constant at row `width`;
   * before them, where kept, differences.
   */
  values: (layer: number) => `tiledValues${layer}`,
  /**
   * (hiddenStride, quads) vec4: scale·σ′ after the forward products, then the motion's derivative by the layer's unscaled sums.
   */
  backs: (layer: number) => `tiledBacks${layer}`,
  /** (outputDim, quads) vec4: the same for the output layer. */
  cotangents: 'tiledCotangents',
  /** One vec4 per 32 samples: loss, unmet margins, output change, numbers that are not finite. */
  parts: 'tiledParts',
  /** One vec4 per workgroup of the pass that measures slopes: squared norms. */
  norms: 'tiledNorms',
  /** (inputStride, quads) vec4: inputs of a mini-batch. */
  batch: 'tiledBatch',
  /** u32: first vec4 of a matrix in a layout vector. A buffer, so that layers of one shape share a pipeline. */
  matrix: (layer: number) => `tiledMatrix${layer}`,
  /** (hiddenStride, quads) vec4: pre-activations at the start, in the difference form. */
  starts: (layer: number) => `tiledStarts${layer}`,
  /** In the difference form, Layout three times: rows [W₀ | U] of all matrices, then W₀ + U. */
  joint: 'tiledJoint',
  /** Trial weights of a flow, Layout. */
  trial: 'tiledTrial',
  /** Gradient summed so far where samples take turns, Layout. */
  gradient: 'tiledGradient',
} as const;
