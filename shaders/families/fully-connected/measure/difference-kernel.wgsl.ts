// Changes of Gram matrices and of the tangent kernel since the start, from what difference-probe.wgsl.ts left:
// nothing is subtracted from its start, so that changes of 1e-8 keep their digits. The twin of kernel.wgsl.ts for the difference
// form (../difference-form.ts).
//
//   ΔG = (A₀ + δA) δAᵀ + δA A₀ᵀ, ΔH of B likewise,  ΔΘ = Σ_l s_l² [ΔH_l (G_l + b² + ΔG_l) + H_l ΔG_l]

import type { Pass } from '../../../../src/core/program.ts';
import type { MatrixLayout } from '../../../lib/layout.ts';
import { eachEntry, type GramOptions, pairsOf } from '../../../lib/measure/gram.wgsl.ts';
import { fixedFrame, trianglePairs } from '../../../lib/measure/passes.ts';
import { PROBE_BUFFERS } from '../../../lib/measure/probe-buffers.ts';
import { component, makePass, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { Sizes } from './common.ts';
import { pairAt } from './difference-probe.wgsl.ts';
import { completeTangent, inTile, type TangentOptions } from './kernel.wgsl.ts';

/**
 * Statements: first<a>_<h> and change<a>_<h> of 8 samples from `row_at` times 8 from `column_at`;
 * differences `apart` vec4s further.
 */
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

/** Change of the tangent kernel, in the places of kernel.wgsl.ts. */
export function differenceTangentPass(options: TangentOptions): Pass {
  const { sizes, probe } = options;
  const { shape, layout, hiddenRows } = sizes;
  const { padded, vectors } = probe;
  const { matrices } = layout;
  const startGram = (a: number, h: number) => `gram[layer_at + ${inTile(probe, a, h)}]`;
  const gramChange = (a: number, h: number) => `gram[layer_at + ${u32(padded * vectors)} + ${inTile(probe, a, h)}]`;
  const squared = ({ scale }: MatrixLayout) => f32(scale * scale);
  const constant = ({ biasInput }: MatrixLayout) => f32(biasInput * biasInput);
  return completeTangent(options, {
    gramsPerLayer: 2,
    backwardAt: (index) => pairAt(sizes, probe, index, 0),
    products: outerPair('backward', shape.width, vectors, hiddenRows * vectors),
    fromInputs: eachEntry(
      (a, h) =>
        `total${a}_${h} += ${squared(matrices[0])} * (input_gram[${inTile(probe, a, h)}] + ${constant(matrices[0])}) * change${a}_${h};`,
    ),
    fromHidden: eachEntry(
      (a, h) => `{ let d = ${gramChange(a, h)};
      total${a}_${h} += ${squared(matrices[1])} * (change${a}_${h} * (${startGram(a, h)} + ${constant(matrices[1])} + d) + first${a}_${h} * d); }`,
    ),
    readout: (a, h) => `${squared(matrices[shape.depth])} * ${gramChange(a, h)}`,
  });
}
