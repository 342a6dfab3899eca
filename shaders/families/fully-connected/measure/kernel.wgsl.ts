// The tangent kernel on the probe samples, from what probe.wgsl.ts and lib/measure/gram.wgsl.ts left. A thread makes 8 × 8 entries in
// registers, tiles I ≤ J only. Sums over the entries: lib/measure/kernel-sums.wgsl.ts.
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

/** Tangent kernel, blocks I ≤ J; entries of padded samples are zero. */
export function tangentPass({ sizes, probe, label, gram, inputGram, kernel, placing }: TangentOptions): Pass {
  const { shape, layout, hiddenRows } = sizes;
  const { depth, outputDim, width } = shape;
  const { count, padded, vectors, entryVectors, blocks } = probe;
  const { matrices } = layout;
  const tiles = padded / 8;
  const entryTiles = entryVectors / 2;
  // s² (G + b²) of a layer.
  const factor = ({ scale, biasInput }: MatrixLayout, value: string) =>
    `${f32(scale * scale)} * (${value} + ${f32(biasInput * biasInput)})`;
  const inTile = (a: number, h: number) => `gram_at + ${u32(a * vectors + h)}`;
  const gramAt = (a: number, h: number) => `gram[layer_at + ${inTile(a, h)}]`;
  const layerAt = (layer: string) => `let layer_at = (local * ${u32(depth)} + ${layer}) * ${u32(padded * vectors)};`;
  const add = (matrix: MatrixLayout, value: (a: number, h: number) => string) =>
    eachEntry((a, h) => `total${a}_${h} += ${factor(matrix, value(a, h))} * sum${a}_${h};`);
  const fromInputs = add(matrices[0], (a, h) => `input_gram[${inTile(a, h)}]`);
  const fromLayers = `if (layer == 0u) {
      ${fromInputs}
    } else {
      ${layerAt('layer - 1u')}
      ${add(matrices[1], gramAt)}
    }`;
  // B of padded samples is zero; the readout's share has none and is masked.
  const masked = (a: number, h: number, value: string) => {
    const valid = validBelow(`(2u * column + ${u32(h)})`, count, 8);
    return valid === undefined
      ? value
      : `select(vec4f(0.0), ${value}, ${valid} & vec4<bool>(8u * row + ${u32(a)} < ${u32(count)}))`;
  };
  const backwardAt = (output: string, sample: string) =>
    `((local * ${u32(depth)} + layer) * ${u32(outputDim)} + ${output}) * ${u32(hiddenRows * vectors)} + 2u * ${sample}`;
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
    ${outerProduct('backward', width, vectors)}
    ${depth === 1 ? fromInputs : fromLayers}
  }
  if (outputs.x == outputs.y) {
    ${layerAt(u32(depth - 1))}
    ${eachEntry((a, h) => `total${a}_${h} += ${masked(a, h, factor(matrices[depth], gramAt(a, h)))};`)}
  }
  let kernel_at = (unit - span.first * placing[0]) * ${u32(4 * blocks)};
  ${block(0, 0)}
  ${block(0, 1)}
  ${block(1, 1)}
  if (tile.x != tile.y) { ${block(1, 0)} }`,
    ),
  });
}
