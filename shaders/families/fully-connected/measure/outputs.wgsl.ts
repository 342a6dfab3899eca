// f of networks on a data set: (outputDim, paddedSamples) per unit. A thread carries its samples through all layers; hidden
// activations that do not fit its registers stand in its own slots of scratch. What f means for a loss: samples.wgsl.ts.

import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { paddedSamples } from '../../../lib/layout.ts';
import { aloneFrame } from '../../../lib/measure/passes.ts';
import { type Binding, makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { SAMPLE_VECTORS, type Sizes } from './common.ts';
import { activationOptions } from './data.ts';
import { biasTerm, eachVector, middleRowOf, product, rowOf } from './product.wgsl.ts';

export interface OutputsOptions {
  readonly sizes: Sizes;
  readonly label: string;
  /** Buffer of weights: `weights` or `startWeights`. */
  readonly weights: string;
  /** Buffer of inputs, (inputRows, paddedSamples). */
  readonly inputs: string;
  /** Buffer of outputs. */
  readonly outputs: string;
  readonly set: OutputsSet;
}

/** What one use of the pass differs in: kept in a small buffer and not in the code, so that all uses compile once. */
export interface OutputsSet {
  /** Name of that buffer. */
  readonly name: string;
  readonly samples: number;
  /** True: `outputs` holds the networks of the span only (scratch). */
  readonly scratchOutputs: boolean;
  /** Networks per unit of the span: the seeds where spans count cells, else 1. */
  readonly perSpanUnit: number;
}

/** Buffer of hidden activations (scratch). */
export const HIDDEN_BUFFER = 'measureHidden';

/** Most outputs that a thread accumulates in registers. */
const RESIDENT_OUTPUTS = 8;
/** Threads of a unit that need scratch: each takes several groups of samples in turn and reuses its share. */
const SCRATCH_THREADS = 64;

const groupsOf = (samples: number) => Math.ceil(paddedSamples(samples) / (4 * SAMPLE_VECTORS));

const isConsumed = ({ shape }: Sizes) => shape.outputDim <= RESIDENT_OUTPUTS;

/**
 * Hidden layers kept at once, two taking turns at most: the last one too where it has partial sums or many outputs to serve, or
 * is kept with its difference from the start.
 */
export function keptLayers(sizes: Sizes): number {
  const { shape, inputChunks, hiddenChunks } = sizes;
  const whole = (shape.depth === 1 ? inputChunks : hiddenChunks).number === 1;
  return Math.min(2, whole && isConsumed(sizes) && !sizes.difference ? shape.depth - 1 : shape.depth);
}

function threadsOf(sizes: Sizes, samples: number): number {
  const groups = groupsOf(samples);
  return keptLayers(sizes) === 0 ? groups : Math.min(groups, SCRATCH_THREADS);
}

/** Words of HIDDEN_BUFFER per network for a set of `samples`; 0: not needed. */
export function hiddenWords(sizes: Sizes, samples: number): number {
  const rows = sizes.difference ? 2 * 4 * Math.ceil(sizes.shape.width / 4) : sizes.shape.width;
  return keptLayers(sizes) * rows * threadsOf(sizes, samples) * SAMPLE_VECTORS * 4;
}

/**
 * The set's numbers for the kernel: vec4s of samples, groups of samples, threads per network, networks per unit, results in
 * scratch.
 */
export function setBuffer(sizes: Sizes, { name, samples, scratchOutputs, perSpanUnit }: OutputsSet): BufferSpec {
  const numbers = [paddedSamples(samples) / 4, groupsOf(samples), threadsOf(sizes, samples), perSpanUnit, scratchOutputs ? 1 : 0];
  return { name, scope: 'shared', words: numbers.length, data: new Uint32Array(numbers) };
}

/** f of the networks with the weights of `options.weights`. */
export function outputsPass(options: OutputsOptions): Pass {
  const { sizes, weights } = options;
  const { shape, layout } = sizes;
  return completeOutputs(options, {
    weights: [{ buffer: weights, name: 'weights', type: 'vec4f' }],
    declarations: activationWgsl(activationOptions(shape)),
    setup: `let base = unit * ${u32(layout.words / 4)};`,
    layers: layers(sizes),
  });
}

/** What f and f − f₀ (difference-outputs.wgsl.ts) differ in, as WGSL. */
export interface OutputsForm {
  readonly weights: readonly Binding[];
  readonly declarations: string;
  /** Finds the weights of `unit`. */
  readonly setup: string;
  /** Carries the samples q<n> through the network; sees `local`, `place`, `thread`, `threads` and `vectors`. */
  readonly layers: string;
}

/** The pass around the layers of a form. */
export function completeOutputs(
  { sizes, label, inputs, outputs, set }: Omit<OutputsOptions, 'weights'>,
  form: OutputsForm,
): Pass {
  const threads = threadsOf(sizes, set.samples);
  return makePass({
    label,
    bindings: [
      ...form.weights,
      { buffer: inputs, name: 'inputs', type: 'vec4f' },
      { buffer: set.name, name: 'sample_set', type: 'u32' },
      { buffer: outputs, name: 'outputs', type: 'vec4f', write: true },
      ...(keptLayers(sizes) > 0 ? [{ buffer: HIDDEN_BUFFER, name: 'hidden', type: 'vec4f', write: true } as const] : []),
    ],
    declarations: form.declarations,
    ...aloneFrame(
      {
        threads: 'sample_set[2]',
        perSpanUnit: 'sample_set[3]',
        count: (units) => units * set.perSpanUnit * threads,
      },
      `
  let vectors = sample_set[0];
  let sample_groups = sample_set[1];
  let threads = sample_set[2];
  let place = unit - span.first * sample_set[3] * sample_set[4];
  ${form.setup}
  for (var sample_group = thread; sample_group < sample_groups; sample_group += threads) {
    ${eachVector((q) => `let q${q} = min(sample_group * ${u32(SAMPLE_VECTORS)} + ${u32(q)}, vectors - 1u);`)}
    ${form.layers}
  }`,
    ),
  });
}

/** Layer by layer; the last hidden layer is consumed as it is made unless there are many outputs. */
function layers(sizes: Sizes): string {
  const { shape, layout, inputChunks, hiddenChunks } = sizes;
  const { depth, outputDim, width, inputDim } = shape;
  const { matrices } = layout;
  const last = matrices[depth];
  const consumed = isConsumed(sizes);
  const kept = keptLayers(sizes);
  const result = (c: string, q: number) => `outputs[(place * ${u32(outputDim)} + ${c}) * vectors + q${q}]`;
  // Hidden layers are counted from 0; layer `layer` is made from layer `layer − 1` and takes its turn in one of two places.
  const slot = (layer: string, row: string, q: number) => {
    const turn = kept === 2 ? `local * 2u + (${layer} & 1u)` : 'local';
    const lane = `thread * ${u32(SAMPLE_VECTORS)} + ${u32(q)}`;
    return `hidden[((${turn}) * ${u32(width)} + ${row}) * (threads * ${u32(SAMPLE_VECTORS)}) + ${lane}]`;
  };
  const store = (layer: string, scale: number) => eachVector((q) => `${slot(layer, 'k', q)} = act4(${f32(scale)} * z${q});`);
  const consume = (scale: number) => `
      ${unroll(outputDim, (c) => `let v${c} = weights[${rowOf(last)(u32(c))} + k / 4u][k % 4u];`)}
      ${eachVector((q) => `let a${q} = act4(${f32(scale)} * z${q});`)}
      ${unroll(outputDim, (c) => eachVector((q) => `f${q}_${c} += v${c} * a${q};`))}`;
  const initialOutputs = unroll(outputDim, (c) => {
    const initial = biasTerm(last, width)(rowOf(last)(u32(c)));
    return `let initial${c} = vec4f(${initial}); ${eachVector((q) => `var f${q}_${c} = initial${c};`)}`;
  });
  const storedOutputs = unroll(outputDim, (c) => eachVector((q) => `${result(u32(c), q)} = ${f32(last.scale)} * f${q}_${c};`));
  const fromInputs = (epilogue: string) =>
    product({
      count: width,
      inputs: inputDim,
      chunks: inputChunks,
      input: (i, q) => `inputs[${i} * vectors + q${q}]`,
      zeroPadded: true,
      weightRow: rowOf(matrices[0]),
      initial: biasTerm(matrices[0], inputDim),
      partial: (k, q) => slot('0u', k, q),
      epilogue,
    });
  const fromHidden = (epilogue: string) =>
    product({
      count: width,
      inputs: width,
      chunks: hiddenChunks,
      input: (i, q) => slot('(layer - 1u)', i, q),
      zeroPadded: false,
      weightRow: middleRowOf(sizes),
      initial: biasTerm(matrices[1], width),
      partial: (k, q) => slot('layer', k, q),
      epilogue,
    });
  if (!consumed) {
    const readout = product({
      count: outputDim,
      inputs: width,
      chunks: hiddenChunks,
      input: (i, q) => slot(u32(depth - 1), i, q),
      zeroPadded: false,
      weightRow: rowOf(last),
      initial: biasTerm(last, width),
      partial: result,
      epilogue: eachVector((q) => `${result('k', q)} = ${f32(last.scale)} * z${q};`),
    });
    const hidden = `for (var layer = 1u; layer < ${u32(depth)}; layer++) { ${fromHidden(store('layer', matrices[1].scale))} }`;
    return `${fromInputs(store('0u', matrices[0].scale))}\n${depth > 1 ? hidden : ''}\n${readout}`;
  }
  if (depth === 1) return `${initialOutputs}\n${fromInputs(consume(matrices[0].scale))}\n${storedOutputs}`;
  const inner =
    depth === 2
      ? consume(matrices[1].scale)
      : `
      if (layer == ${u32(depth - 1)}) { ${consume(matrices[1].scale)} } else { ${store('layer', matrices[1].scale)} }`;
  return `
    ${initialOutputs}
    ${fromInputs(store('0u', matrices[0].scale))}
    for (var layer = 1u; layer < ${u32(depth)}; layer++) { ${fromHidden(inner)} }
    ${storedOutputs}`;
}
