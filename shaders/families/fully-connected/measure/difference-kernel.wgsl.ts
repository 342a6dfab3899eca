// Changes of Gram matrices and of the tangent kernel since the start, from what difference-probe.wgsl.ts left: nothing is subtracted from
// its start, so that changes of 1e-8 keep their digits. The twin of kernel.wgsl.ts for the difference form (../difference-form.ts).
//
//   ΔG = (A₀ + δA) δAᵀ + δA A₀ᵀ, ΔH of B likewise,  ΔΘ = Σ_l s_l² [ΔH_l (G_l + b² + ΔG_l) + H_l ΔG_l]

import type { Pass } from '../../../../src/core/program.ts';
import type { MatrixLayout } from '../../../lib/layout.ts';
import { eachEntry, type GramOptions, pairsOf } from '../../../lib/measure/gram.wgsl.ts';
import { fixedFrame, placingBinding, trianglePairs } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { validBelow } from '../../../lib/measure/terms.ts';
import { component, makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { Sizes } from './common.ts';
import { pairAt } from './difference-probe.wgsl.ts';
import type { TangentOptions } from './kernel.wgsl.ts';

/** Statements: first<a>_<h> and change<a>_<h> of 8 samples from `row_at` times 8 from `column_at`; differences `apart` vec4s further. */
function outerPair(source: string, width: number, vectors: number, apart: number): string {
  const at = (side: string, half: number) => `${source}[${side}_at + i * ${u32(vectors)} + ${u32(half)}]`;
  const load = (name: string, side: string, far: string) =>
    unroll(2, (h) => `let ${name}${h} = ${source}[${side}_at${far} + i * ${u32(vectors)} + ${u32(h)}];`, ' ');
  return `
    ${eachEntry((a, h) => `var first${a}_${h} = vec4f(0.0); var change${a}_${h} = vec4f(0.0);`)}
    for (var i = 0u; i < ${u32(width)}; i++) {
      let r0 = ${at('row', 0)}; let r1 = ${at('row', 1)}; let c0 = ${at('column', 0)}; let c1 = ${at('column', 1)};
      ${load('dr', 'row', ` + ${u32(apart)}`)}
      ${load('dc', 'column', ` + ${u32(apart)}`)}
      ${unroll(2, (h) => `let s${h} = r${h} + dr${h};`, ' ')}
      ${eachEntry((a, h) => {
        const [half, own] = [a >> 2, component(a)];
        return `first${a}_${h} += r${half}.${own} * c${h}; change${a}_${h} += s${half}.${own} * dc${h} + dr${half}.${own} * c${h};`;
      })}
    }`;
}

/** Gram matrices at the start and their changes: (layers, 2, padded, padded) per network of the span. */
export function differenceGramPass({
  sizes,
  probe,
  label,
  firstLayer,
  gram,
}: Omit<GramOptions, 'placing' | 'sizes'> & { readonly sizes: Sizes }): Pass {
  const { shape, hiddenRows } = sizes;
  const layers = shape.depth - firstLayer;
  const { vectors, padded } = probe;
  const tiles = padded / 8;
  const entry = (part: number, side: string, row: number, other: string, half: number) =>
    `gram[gram_at + ${u32(part * padded * vectors)} + (8u * ${side} + ${u32(row)}) * ${u32(vectors)} + 2u * ${other} + ${u32(half)}]`;
  const mirrored = (name: string, b: number, h: number) =>
    unroll(4, (a) => `${name}${4 * h + a}_${b >> 2}.${component(b)}`, ', ');
  const parts = ['first', 'change'];
  return makePass({
    label,
    bindings: [
      { buffer: PROBE_BUFFERS.activations, name: 'activations', type: 'vec4f' },
      { buffer: gram, name: 'gram', type: 'vec4f', write: true },
    ],
    declarations: trianglePairs('tile', tiles),
    ...fixedFrame(
      layers * pairsOf(tiles),
      `
  let layer = thread / ${u32(pairsOf(tiles))};
  let tile = tile_of(thread % ${u32(pairsOf(tiles))});
  let base = ${pairAt(sizes, probe, `local * ${u32(shape.depth)} + ${u32(firstLayer)} + layer`, 0)};
  let row_at = base + 2u * tile.x;
  let column_at = base + 2u * tile.y;
  ${outerPair('activations', shape.width, vectors, hiddenRows * vectors)}
  let gram_at = (local * ${u32(layers)} + layer) * ${u32(2 * padded * vectors)};
  ${parts.map((name, part) => eachEntry((a, h) => `${entry(part, 'tile.x', a, 'tile.y', h)} = ${name}${a}_${h};`)).join('\n')}
  if (tile.x != tile.y) {
    ${parts.map((name, part) => eachEntry((b, h) => `${entry(part, 'tile.y', b, 'tile.x', h)} = vec4f(${mirrored(name, b, h)});`)).join('\n')}
  }`,
    ),
  });
}

/** Change of the tangent kernel, blocks I ≤ J as in kernel.wgsl.ts; entries of padded samples are zero. */
export function differenceTangentPass({ sizes, probe, label, gram, inputGram, kernel, placing }: TangentOptions): Pass {
  const { shape, layout, hiddenRows } = sizes;
  const { depth, outputDim, width } = shape;
  const { count, padded, vectors, entryVectors, blocks } = probe;
  const { matrices } = layout;
  const tiles = padded / 8;
  const entryTiles = entryVectors / 2;
  const inTile = (a: number, h: number) => `gram_at + ${u32(a * vectors + h)}`;
  const startGram = (a: number, h: number) => `gram[layer_at + ${inTile(a, h)}]`;
  const gramChange = (a: number, h: number) => `gram[layer_at + ${u32(padded * vectors)} + ${inTile(a, h)}]`;
  const layerAt = (layer: string) => `let layer_at = (local * ${u32(depth)} + ${layer}) * ${u32(2 * padded * vectors)};`;
  const squared = ({ scale }: MatrixLayout) => f32(scale * scale);
  const constant = ({ biasInput }: MatrixLayout) => f32(biasInput * biasInput);
  const fromInputs = eachEntry(
    (a, h) =>
      `total${a}_${h} += ${squared(matrices[0])} * (input_gram[${inTile(a, h)}] + ${constant(matrices[0])}) * change${a}_${h};`,
  );
  const fromLayers = `if (layer == 0u) {
      ${fromInputs}
    } else {
      ${layerAt('layer - 1u')}
      ${eachEntry(
        (a, h) => `{ let d = ${gramChange(a, h)};
      total${a}_${h} += ${squared(matrices[1])} * (change${a}_${h} * (${startGram(a, h)} + ${constant(matrices[1])} + d) + first${a}_${h} * d); }`,
      )}
    }`;
  // B of padded samples is zero; the readout's share has none and is masked.
  const masked = (a: number, h: number, value: string) => {
    const valid = validBelow(`(2u * column + ${u32(h)})`, count, 8);
    return valid === undefined
      ? value
      : `select(vec4f(0.0), ${value}, ${valid} & vec4<bool>(8u * row + ${u32(a)} < ${u32(count)}))`;
  };
  const backwardAt = (output: string, sample: string) =>
    `${pairAt(sizes, probe, `(local * ${u32(depth)} + layer) * ${u32(outputDim)} + ${output}`, 0)} + 2u * ${sample}`;
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
    ${outerPair('backward', width, vectors, hiddenRows * vectors)}
    ${depth === 1 ? fromInputs : fromLayers}
  }
  if (outputs.x == outputs.y) {
    ${layerAt(u32(depth - 1))}
    ${eachEntry((a, h) => `total${a}_${h} += ${masked(a, h, `${squared(matrices[depth])} * ${gramChange(a, h)}`)};`)}
  }
  let kernel_at = (unit - span.first * placing[0]) * ${u32(4 * blocks)};
  ${block(0, 0)}
  ${block(0, 1)}
  ${block(1, 1)}
  if (tile.x != tile.y) { ${block(1, 0)} }`,
    ),
  });
}
