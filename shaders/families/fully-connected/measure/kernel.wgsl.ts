// The tangent kernel on the probe samples, from what probe.wgsl.ts and lib/measure/gram.wgsl.ts left. A thread makes 8 × 8
// entries in registers, tiles I ≤ J only. Sums over the entries: lib/measure/kernel-sums.wgsl.ts.
//
//   Θ(n, n') = Σ_l s_l² (a^l·a^l' + b_l²) (B_l·B_l'),  n = (output c, sample p), B of the output layer: δ_cc'

import type { Pass } from '../../../../src/core/program.ts';
import type { MatrixLayout } from '../../../lib/layout.ts';
import { eachEntry, outerProduct, pairsOf } from '../../../lib/measure/gram.wgsl.ts';
import { fixedFrame, type Placing, type ProbeSizes, placingBinding, trianglePairs } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { validBelow } from '../../../lib/measure/terms.ts';
import { makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { Sizes } from './common.ts';

export interface TangentOptions {
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly label: string;
  /** Gram matrices of all hidden layers (scratch). */
  readonly gram: string;
  /** Gram matrix of the inputs (shared). */
  readonly inputGram: string;
  /** Destination: (blocks, 4, 4) per unit; block (I, J) of vec4s of entries stands at `block_index(I, J)` of `trianglePairs`. */
  readonly kernel: string;
  readonly placing: Placing;
}

/** Place in a Gram matrix of entry (a, 4h …) of a thread's tile. */
export const inTile = ({ vectors }: ProbeSizes, a: number, h: number): string => `gram_at + ${u32(a * vectors + h)}`;

/** Tangent kernel, blocks I ≤ J; entries of padded samples are zero. */
export function tangentPass(options: TangentOptions): Pass {
  const { sizes, probe } = options;
  const { shape, layout, hiddenRows } = sizes;
  const { matrices } = layout;
  // s² (G + b²) of a layer.
  const factor = ({ scale, biasInput }: MatrixLayout, value: string) =>
    `${f32(scale * scale)} * (${value} + ${f32(biasInput * biasInput)})`;
  const gramAt = (a: number, h: number) => `gram[layer_at + ${inTile(probe, a, h)}]`;
  const add = (matrix: MatrixLayout, value: (a: number, h: number) => string) =>
    eachEntry((a, h) => `total${a}_${h} += ${factor(matrix, value(a, h))} * sum${a}_${h};`);
  return completeTangent(options, {
    gramsPerLayer: 1,
    backwardAt: (index) => `(${index}) * ${u32(hiddenRows * probe.vectors)}`,
    products: outerProduct('backward', shape.width, probe.vectors),
    fromInputs: add(matrices[0], (a, h) => `input_gram[${inTile(probe, a, h)}]`),
    fromHidden: add(matrices[1], gramAt),
    readout: (a, h) => factor(matrices[shape.depth], gramAt(a, h)),
  });
}

/** What the kernel and its change since the start (difference-kernel.wgsl.ts) differ in, as WGSL. */
export interface TangentForm {
  /** Gram matrices that `gram` holds of a layer. */
  readonly gramsPerLayer: number;
  /** First vec4 of B of the layer and output that stand at `index`. */
  readonly backwardAt: (index: string) => string;
  /** Products of the 8 rows of B from `row_at` with the 8 from `column_at`. */
  readonly products: string;
  /**
   * Adds to total<a>_<h> what those of a layer give with the Gram matrix below it: that of the inputs, or of a
   * hidden layer at `layer_at`.
   */
  readonly fromInputs: string;
  readonly fromHidden: string;
  /** The output layer's own share of an entry. */
  readonly readout: (a: number, h: number) => string;
}

/** The pass around the sums of a form. */
export function completeTangent(
  { sizes, probe, label, gram, inputGram, kernel, placing }: TangentOptions,
  form: TangentForm,
): Pass {
  const { depth, outputDim } = sizes.shape;
  const { count, padded, vectors, entryVectors, blocks } = probe;
  const tiles = padded / 8;
  const entryTiles = entryVectors / 2;
  const layerAt = (layer: string) =>
    `let layer_at = (local * ${u32(depth)} + ${layer}) * ${u32(form.gramsPerLayer * padded * vectors)};`;
  const fromLayers = `if (layer == 0u) {
      ${form.fromInputs}
    } else {
      ${layerAt('layer - 1u')}
      ${form.fromHidden}
    }`;
  // B of padded samples is zero; the readout's share has none and is masked.
  const masked = (a: number, h: number, value: string) => {
    const valid = validBelow(`(2u * column + ${u32(h)})`, count, 8);
    return valid === undefined
      ? value
      : `select(vec4f(0.0), ${value}, ${valid} & vec4<bool>(8u * row + ${u32(a)} < ${u32(count)}))`;
  };
  const backwardAt = (output: string, sample: string) =>
    `${form.backwardAt(`(local * ${u32(depth)} + layer) * ${u32(outputDim)} + ${output}`)} + 2u * ${sample}`;
  const block = (i: number, j: number) => `
    { let at = kernel_at + 4u * block_index(2u * tile.x + ${u32(i)}, 2u * tile.y + ${u32(j)});
      ${unroll(4, (a) => `kernel[at + ${u32(a)}] = total${4 * i + a}_${j};`, ' ')} }`;
  return makePass({
    label,
    bindings: [
      { buffer: PROBE_BUFFERS.backward, name: 'backward', type: 'vec4f' },
      { buffer: gram, name: 'gram', type: 'vec4f' },
      { buffer: inputGram, name: 'input_gram', type: 'vec4f' },
      { buffer: kernel, name: 'kernel', type: 'vec4f', write: true },
      placingBinding(placing),
    ],
    declarations: trianglePairs('tile', entryTiles) + trianglePairs('block', entryVectors),
    ...fixedFrame(
      pairsOf(entryTiles),
      `
  let tile = tile_of(thread);
  let outputs = tile / ${u32(tiles)};
  let row = tile.x % ${u32(tiles)};
  let column = tile.y % ${u32(tiles)};
  let gram_at = 8u * row * ${u32(vectors)} + 2u * column;
  ${eachEntry((a, h) => `var total${a}_${h} = vec4f(0.0);`)}
  for (var layer = 0u; layer < ${u32(depth)}; layer++) {
    let row_at = ${backwardAt('outputs.x', 'row')};
    let column_at = ${backwardAt('outputs.y', 'column')};
    ${form.products}
    ${depth === 1 ? form.fromInputs : fromLayers}
  }
  if (outputs.x == outputs.y) {
    ${layerAt(u32(depth - 1))}
    ${eachEntry((a, h) => `total${a}_${h} += ${masked(a, h, form.readout(a, h))};`)}
  }
  let kernel_at = (unit - span.first * placing[0]) * ${u32(4 * blocks)};
  ${block(0, 0)}
  ${block(0, 1)}
  ${block(1, 1)}
  if (tile.x != tile.y) { ${block(1, 0)} }`,
    ),
  });
}
