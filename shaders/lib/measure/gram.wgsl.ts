// Gram matrices of hidden layers on the probe samples, and the register tiles they are made in: a thread makes 8 × 8 entries,
// tiles I ≤ J only. Sums over the entries: kernel-sums.wgsl.ts.

import type { Pass } from '../../../src/core/program.ts';
import { u32 } from '../../wgsl.ts';
import { component, makePass, unroll } from '../pass.ts';
import { fixedFrame, type LayerSizes, type Placing, type ProbeSizes, placingBinding, trianglePairs } from './passes.ts';
import { PROBE_BUFFERS } from './probe-buffers.ts';

export const pairsOf = (tiles: number) => (tiles * (tiles + 1)) / 2;

/** `make(row, half)` for the 8 rows of 2 vec4s of a tile. */
export const eachEntry = (make: (row: number, half: number) => string) => unroll(8, (a) => unroll(2, (h) => make(a, h), ' '));

/** Statements: sum<a>_<h> = Σ_i of `source` at feature i, 8 samples from `row_at` times 8 from `column_at`. */
export function outerProduct(source: string, width: number, vectors: number): string {
  const at = (side: string, half: number) => `${source}[${side}_at + i * ${u32(vectors)} + ${u32(half)}]`;
  return `
    ${eachEntry((a, h) => `var sum${a}_${h} = vec4f(0.0);`)}
    for (var i = 0u; i < ${u32(width)}; i++) {
      let r0 = ${at('row', 0)}; let r1 = ${at('row', 1)}; let c0 = ${at('column', 0)}; let c1 = ${at('column', 1)};
      ${eachEntry((a, h) => `sum${a}_${h} += r${a >> 2}.${component(a)} * c${h};`)}
    }`;
}

export interface GramOptions {
  readonly sizes: LayerSizes;
  readonly probe: ProbeSizes;
  readonly label: string;
  /** First hidden layer, 0 …; all from there on are made. */
  readonly firstLayer: number;
  /** Destination: (layers, padded, padded) per unit. */
  readonly gram: string;
  readonly placing: Placing;
}

/** Gram matrices a·a' of hidden layers (no bias, no scale), whole. Entries of padded samples mean nothing. */
export function gramPass({ sizes, probe, label, firstLayer, gram, placing }: GramOptions): Pass {
  const { shape, hiddenRows } = sizes;
  const layers = shape.depth - firstLayer;
  const { vectors, padded } = probe;
  const tiles = padded / 8;
  const entry = (side: string, row: number, other: string, half: number) =>
    `gram[gram_at + (8u * ${side} + ${u32(row)}) * ${u32(vectors)} + 2u * ${other} + ${u32(half)}]`;
  const mirrored = (b: number, h: number) => unroll(4, (a) => `sum${4 * h + a}_${b >> 2}.${component(b)}`, ', ');
  return makePass({
    label,
    bindings: [
      { buffer: PROBE_BUFFERS.activations, name: 'activations', type: 'vec4f' },
      { buffer: gram, name: 'gram', type: 'vec4f', write: true },
      placingBinding(placing),
    ],
    declarations: trianglePairs('tile', tiles),
    ...fixedFrame(
      layers * pairsOf(tiles),
      `
  let layer = thread / ${u32(pairsOf(tiles))};
  let tile = tile_of(thread % ${u32(pairsOf(tiles))});
  let place = unit - span.first * placing[0];
  let base = (local * ${u32(shape.depth)} + ${u32(firstLayer)} + layer) * ${u32(hiddenRows * vectors)};
  let row_at = base + 2u * tile.x;
  let column_at = base + 2u * tile.y;
  ${outerProduct('activations', shape.width, vectors)}
  let gram_at = (place * ${u32(layers)} + layer) * ${u32(padded * vectors)};
  ${eachEntry((a, h) => `${entry('tile.x', a, 'tile.y', h)} = sum${a}_${h};`)}
  if (tile.x != tile.y) {
    ${eachEntry((b, h) => `${entry('tile.y', b, 'tile.x', h)} = vec4f(${mirrored(b, h)});`)}
  }`,
    ),
  });
}
