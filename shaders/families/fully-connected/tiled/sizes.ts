// Sizes, buffer names and pass frame of the tiled path: many workgroups per network, activations and gradients in storage.
// No arithmetic of networks here.

import { GROUP_INDEX_WGSL, type Pass, PROGRESS, PROGRESS_WORDS, SPAN_WGSL } from '../../../../src/core/program.ts';
import { f32, u32, wgsl } from '../../../wgsl.ts';
import { HORIZON_SLACK } from '../../../../src/core/stepping.ts';
import { outcomeCode } from '../../../../src/core/outcome.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import type { TrainingOptions } from '../training-options.ts';

/** How products are cut up. All geometries give the same numbers up to rounding. */
export interface TiledGeometry {
  /** `storage`: a thread reads its tile's operands itself; `staged`: a workgroup first copies blocks of them to its own memory. */
  readonly staging: 'storage' | 'staged';
  /** Rows of a thread's tile, a multiple of 4. */
  readonly rows: number;
  /** vec4s along a row of a thread's tile. */
  readonly vectors: number;
  /** Threads of a workgroup along the rows of the result; `storage` uses only the product with `threadColumns`. */
  readonly threadRows: number;
  readonly threadColumns: number;
  /** Length of contraction that is staged at once, a multiple of 4. */
  readonly chunk: number;
  /** Most samples that are carried through the layers at once; more take turns, round after round. Bounds scratch and dispatch time. */
  readonly blockSamples: number;
}

/** Words of the progress record that the tiled passes keep beside those of lib/stepping. */
export const TURN = {
  /** u32: the block of samples that comes next. */
  next: PROGRESS.privateFrom + 4,
  /** u32: what the passes after the decision do: see MODE. */
  mode: PROGRESS.privateFrom + 5,
  /** u32: the block of samples of this round, for the passes after a decision of descent. */
  present: PROGRESS.privateFrom + 6,
} as const;

export const MODE = {
  idle: 0,
  /** Descent: finish the gradient, and step from it after the last block. */
  descend: 1,
  /** Flow: the first evaluation is taken, only outputs are to be kept. */
  keepOutputs: 2,
  /** Flow: the trial is taken. */
  take: 3,
} as const;

export interface TiledSizes {
  readonly options: TrainingOptions;
  readonly geometry: TiledGeometry;
  /** vec4s of samples in a block, a whole number of tiles. */
  readonly quads: number;
  readonly blocks: number;
  /** vec4s of samples per row of the training set. */
  readonly setQuads: number;
  readonly miniBatch: boolean;
  readonly flow: boolean;
  /** vec4s per row of hidden matrices. */
  readonly hiddenVectors: number;
}

export function tiledSizes(options: TrainingOptions, geometry: TiledGeometry): TiledSizes {
  const { training, batchSamples, samples, layout } = options;
  const tile = geometry.vectors * (geometry.staging === 'staged' ? geometry.threadColumns : 1);
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
    hiddenVectors: layout.hiddenStride / 4,
  };
}

/** Names of the buffers that this path adds. Layers count from 0. */
export const TILED = {
  /** (hiddenStride, quads) vec4: activations of a hidden layer, the bias's constant at row `width`. */
  values: (layer: number) => `tiledValues${layer}`,
  /** (hiddenStride, quads) vec4: scale·σ′ after the forward products, then the derivative of the motion by the layer's unscaled sums. */
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
  /** Trial weights of a flow, Layout. */
  trial: 'tiledTrial',
  /** Gradient summed so far where samples take turns, Layout. */
  gradient: 'tiledGradient',
} as const;

/** A storage buffer as a pass sees it. */
export interface Binding {
  readonly buffer: string;
  /** Name in WGSL. */
  readonly name: string;
  readonly type: 'f32' | 'u32' | 'vec4f';
  readonly write?: boolean;
}

export interface PassText {
  readonly label: string;
  readonly bindings: readonly Binding[];
  /** Functions, constants and workgroup memory at module level. */
  readonly declarations?: string;
  readonly lanes: number;
  /** Workgroups per network. */
  readonly groups: number;
  /** When it works on a network: always, where the network is at work in this round, or where the decision of this round said so. */
  readonly gate: 'open' | 'at work' | 'decided';
  /** Sees `network`, `local` (network − span.first), `part` (workgroup of the network) and `lane`. */
  readonly body: string;
}

/** Where matrix `layer` begins: `matrix_start[0]`. */
export const matrixBinding = (layer: number): Binding => ({ buffer: TILED.matrix(layer), name: 'matrix_start', type: 'u32' });
const PROGRESS_BINDING: Binding = { buffer: 'progress', name: 'progress', type: 'u32' };
export const NETWORKS_BINDING: Binding = { buffer: 'networks', name: 'networks', type: 'u32' };

/** A word of the network's progress record. */
export const progressWord = (word: number): string => `progress[network * ${u32(PROGRESS_WORDS)} + ${u32(word)}]`;
/** A float32 word of the network's record. */
export const networkNumber = (word: keyof typeof NETWORK): string =>
  `bitcast<f32>(networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK[word])}])`;
/** A u32 word of the network's record. */
export const networkWord = (word: keyof typeof NETWORK): string => `networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK[word])}]`;

/** Completes a pass. Entry point `run`. Progress stands at binding 1, read-only unless the bindings name it themselves. */
export function tiledPass({ label, bindings, declarations = '', lanes, groups, gate, body }: PassText): Pass {
  const all = bindings.some(({ buffer }) => buffer === 'progress') ? bindings : [PROGRESS_BINDING, ...bindings];
  const declared = all.map(
    ({ name, type, write }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${write === true ? 'read_write' : 'read'}> ${name}: array<${type}>;`,
  );
  // The loads are uniform: read-only buffers at indices that the whole workgroup shares. Barriers may follow.
  const atWork = `${progressWord(PROGRESS.outcome)} != ${u32(outcomeCode.running)} ||
      bitcast<f32>(${progressWord(PROGRESS.time)}) >= span.horizon * ${f32(1 - HORIZON_SLACK)}`;
  return {
    label: `fully connected, tiled: ${label}`,
    entryPoint: 'run',
    buffers: all.map(({ buffer }) => buffer),
    workgroups: (count) => count * groups,
    code: wgsl`${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${declared.join('\n')}
${declarations}
@compute @workgroup_size(${String(lanes)})
fn run(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let flat = group_index(group, groups);
  let local = flat / ${u32(groups)};
  let part = flat % ${u32(groups)};
  if (local >= span.count) { return; }
  let network = span.first + local;
#if ${gate === 'at work'}
  if (${atWork}) { return; }
#elif ${gate === 'decided'}
  if (${progressWord(TURN.mode)} == ${u32(MODE.idle)}) { return; }
#endif
${body}
}
`,
  };
}

/** `make(0) … make(count − 1)` as one text: loops unrolled so that what they index stays in registers. */
export function unroll(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
}
