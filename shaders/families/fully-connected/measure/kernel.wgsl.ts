// Gram matrices of hidden layers and the tangent kernel on the probe samples, from what probe.wgsl.ts left. A thread makes 8 × 8 entries
// in registers; only pairs of tiles I ≤ J are computed. Sums over the entries: kernel-sums.wgsl.ts.
//
//   Θ(n, n') = Σ_l s_l² (a^l·a^l' + b_l²) (B_l·B_l'),  n = (output c, sample p), B of the output layer: δ_cc'

import type { Pass } from '../../../../src/core/program.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type ProbeSizes, type Sizes, aloneFrame, makePass, trianglePairs, unroll } from './common.ts';
import { PROBE_BUFFERS } from './probe.wgsl.ts';

export interface GramOptions {
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly label: string;
  /** First hidden layer, 0 …; all from there on are made. */
  readonly firstLayer: number;
  /** Destination: (layers, padded, padded) per unit. */
  readonly gram: string;
  readonly scratchGram: boolean;
}

/** Statements: acc<a>_<h> += Σ_i rows[i][8 samples] ⊗ columns[i][8 samples], i below the width; 8 rows of 2 vec4. */
function outerTiles(width: number, row: (i: string, half: string) => string, column: (i: string, half: string) => string): string {
  return `
    ${unroll(8, (a) => `var acc${a}_0 = vec4f(0.0); var acc${a}_1 = vec4f(0.0);`, ' ')}
    for (var i = 0u; i < ${u32(width)}; i++) {
      let r0 = ${row('i', '0u')}; let r1 = ${row('i', '1u')};
      let c0 = ${column('i', '0u')}; let c1 = ${column('i', '1u')};
      ${unroll(8, (a) => {
        const factor = `r${a >> 2}.${'xyzw'[a & 3]}`;
        return `acc${a}_0 += ${factor} * c0; acc${a}_1 += ${factor} * c1;`;
      })}
    }`;
}

/** Masks of the last tile's padding: `column_mask_<half>` as vec4<bool>, and the row's condition. */
function masks(probe: ProbeSizes, columnTile: string) {
  if (probe.count % 8 === 0) return { declare: '', keep: (_row: number, _half: number, value: string) => value };
  const limit = u32(probe.count);
  return {
    declare: unroll(
      2,
      (h) => `let column_${h} = vec4u(8u * ${columnTile} + ${u32(4 * h)}) + vec4u(0u, 1u, 2u, 3u) < vec4u(${limit});`,
    ),
    keep: (row: number, half: number, value: string) =>
      `select(vec4f(0.0), ${value}, column_${half} & vec4<bool>(first_row + ${u32(row)} < ${limit}))`,
  };
}

/** Gram matrices a·a' of hidden layers (no bias, no scale); padding is zero. */
export function gramPass({ sizes, probe, label, firstLayer, gram, scratchGram }: GramOptions): Pass {
  const { shape, hiddenRows } = sizes;
  const layers = shape.depth - firstLayer;
  const pairs = (probe.tiles * (probe.tiles + 1)) / 2;
  const { vectors } = probe;
  const { declare, keep } = masks(probe, 'pair.y');
  const component = (a: number, h: number) => keep(a, h, `acc${a}_${h}`);
  return makePass({
    label,
    bindings: [
      { buffer: PROBE_BUFFERS.activations, name: 'activations', type: 'vec4f' },
      { buffer: gram, name: 'gram', type: 'vec4f', write: true },
    ],
    declarations: trianglePairs(probe.tiles),
    ...aloneFrame(
      layers * pairs,
      1,
      `
  let layer = thread / ${u32(pairs)};
  let pair = pair_of(thread % ${u32(pairs)});
  let base = (local * ${u32(shape.depth)} + ${u32(firstLayer)} + layer) * ${u32(hiddenRows * vectors)};
  let row_at = base + 2u * pair.x;
  let column_at = base + 2u * pair.y;
  ${outerTiles(
    shape.width,
    (i, half) => `activations[row_at + ${i} * ${u32(vectors)} + ${half}]`,
    (i, half) => `activations[column_at + ${i} * ${u32(vectors)} + ${half}]`,
  )}
  let first_row = 8u * pair.x;
  ${declare}
  let target_at = (${scratchGram ? 'local' : 'unit'} * ${u32(layers)} + layer) * ${u32(probe.padded * vectors)};
  ${unroll(8, (a) => unroll(2, (h) => `let entry${a}_${h} = ${component(a, h)};`, ' '))}
  ${unroll(8, (a) => unroll(2, (h) => `gram[target_at + (8u * pair.x + ${u32(a)}) * ${u32(vectors)} + 2u * pair.y + ${u32(h)}] = entry${a}_${h};`, ' '))}
  if (pair.x != pair.y) {
    ${unroll(8, (b) =>
      unroll(
        2,
        (h) =>
          `gram[target_at + (8u * pair.y + ${u32(b)}) * ${u32(vectors)} + 2u * pair.x + ${u32(h)}] = vec4f(${unroll(
            4,
            (a) => `entry${4 * h + a}_${b >> 2}.${'xyzw'[b & 3]}`,
            ', ',
          )});`,
        ' ',
      ),
    )}
  }`,
    ),
  });
}

export interface TangentOptions {
  readonly sizes: Sizes;
  readonly probe: ProbeSizes;
  readonly label: string;
  /** Gram matrices of all hidden layers (scratch). */
  readonly gram: string;
  /** Gram matrix of the inputs (shared). */
  readonly inputGram: string;
  /** Destination: (pairTiles, 8, 8) per unit. */
  readonly kernel: string;
  readonly scratchKernel: boolean;
}

/** Tangent kernel in tiles; entries n = c · padded + p. Entries of padded samples are zero. */
export function tangentPass({ sizes, probe, label, gram, inputGram, kernel, scratchKernel }: TangentOptions): Pass {
  const { shape, layout, hiddenRows } = sizes;
  const { depth, outputDim, width } = shape;
  const { vectors, tiles, padded } = probe;
  const { declare, keep } = masks(probe, 'column');
  const { matrices } = layout;
  const square = ({ scale }: { readonly scale: number }) => scale * scale;
  const bias = ({ biasInput }: { readonly biasInput: number }) => biasInput * biasInput;
  const gramAt = (layer: string) => `(local * ${u32(depth)} + ${layer}) * ${u32(padded * vectors)} + gram_at`;
  const addFrom = (source: string, at: string, scale: string, constant: string, times: (a: number, h: number) => string) =>
    unroll(8, (a) =>
      unroll(
        2,
        (h) => `total${a}_${h} += ${scale} * (${source}[${at} + ${u32(a * vectors + h)}] + ${constant})${times(a, h)};`,
        ' ',
      ),
    );
  const product = (a: number, h: number) => ` * acc${a}_${h}`;
  const middle = depth > 1 ? matrices[1] : matrices[0];
  return makePass({
    label,
    bindings: [
      { buffer: PROBE_BUFFERS.backward, name: 'backward', type: 'vec4f' },
      { buffer: gram, name: 'gram', type: 'vec4f' },
      { buffer: inputGram, name: 'input_gram', type: 'vec4f' },
      { buffer: kernel, name: 'kernel', type: 'vec4f', write: true },
    ],
    declarations: trianglePairs(probe.entryTiles),
    ...aloneFrame(
      probe.pairTiles,
      1,
      `
  let pair = pair_of(thread);
  let outputs = pair / ${u32(tiles)};
  let row = pair.x % ${u32(tiles)};
  let column = pair.y % ${u32(tiles)};
  let gram_at = 8u * row * ${u32(vectors)} + 2u * column;
  ${unroll(8, (a) => `var total${a}_0 = vec4f(0.0); var total${a}_1 = vec4f(0.0);`, ' ')}
  for (var layer = 0u; layer < ${u32(depth)}; layer++) {
    let base = (local * ${u32(depth)} + layer) * ${u32(outputDim * hiddenRows * vectors)};
    let row_at = base + outputs.x * ${u32(hiddenRows * vectors)} + 2u * row;
    let column_at = base + outputs.y * ${u32(hiddenRows * vectors)} + 2u * column;
    ${outerTiles(
      width,
      (i, half) => `backward[row_at + ${i} * ${u32(vectors)} + ${half}]`,
      (i, half) => `backward[column_at + ${i} * ${u32(vectors)} + ${half}]`,
    )}
    if (layer == 0u) {
      ${addFrom('input_gram', 'gram_at', f32(square(matrices[0])), f32(bias(matrices[0])), product)}
    } else {
      let at = ${gramAt('layer - 1u')};
      ${addFrom('gram', 'at', f32(square(middle)), f32(bias(middle)), product)}
    }
  }
  if (outputs.x == outputs.y) {
    let at = ${gramAt(u32(depth - 1))};
    ${addFrom('gram', 'at', f32(square(matrices[depth])), f32(bias(matrices[depth])), () => '')}
  }
  let first_row = 8u * row;
  ${declare}
  let tile_at = (${scratchKernel ? 'local' : 'unit'} * ${u32(probe.pairTiles)} + thread) * 16u;
  ${unroll(8, (a) => unroll(2, (h) => `kernel[tile_at + ${u32(2 * a + h)}] = ${keep(a, h, `total${a}_${h}`)};`, ' '))}`,
    ),
  });
}
