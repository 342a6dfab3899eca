// The product for adapters that run few lanes at a time and have no memory faster than another: a lane keeps a stretch of its
// own columns in registers while the rows go by, and the lanes of a subgroup share the loads of a row. No workgroup memory and no
// barrier, which such adapters pay for with more than their own time. Knows no network: see product.wgsl.ts.

import { unroll, within } from '../../../lib/pass.ts';
import { sharedVectors } from '../../../lib/shared-vectors.ts';
import type { TiledGeometry } from '../../../lib/training/tiled/sizes.ts';
import { u32 } from '../../../wgsl.ts';
import type { Product, ProductText } from './product.wgsl.ts';

/** The largest even share of `count` in parts of at most `most`. */
const evenly = (count: number, most: number) => Math.ceil(count / Math.ceil(count / most));

/** A workgroup makes a block of rows; its lanes lie along the columns. */
export function residentProduct(p: Product, geometry: TiledGeometry): ProductText {
  const { threadColumns, subgroupSize } = geometry;
  const rows = evenly(p.rows, geometry.rows);
  const vectors = Math.min(geometry.vectors, Math.ceil(p.columns / subgroupSize));
  const lanes = Math.min(threadColumns, subgroupSize * Math.ceil(p.columns / vectors / subgroupSize));
  const stretch = 4 * evenly(Math.ceil(p.length / 4), geometry.chunk / 4);
  const across = Math.ceil(p.columns / (vectors * lanes));
  const exactRows = p.rows % rows === 0;
  const exactColumns = p.columns % (vectors * lanes) === 0;
  const exactLength = p.length % stretch === 0;
  const column = (b: number) => `(${within(`column0 + ${u32(b * lanes)}`, p.columns, exactColumns)})`;
  const at = (k: string) => `(${within(`k0 + ${k}`, p.length, exactLength)})`;
  const vectorAt = (v: string) => `(${within(`k0 / 4u + ${v}`, p.length / 4, exactLength)})`;
  const orZero = (k: number, value: string) =>
    exactLength ? value : `select(vec4f(0.0), ${value}, k0 + ${u32(k)} < ${u32(p.length)})`;
  /** x<k>_<b>: the lane's columns at k. */
  const straight = (b: number) => unroll(stretch, (k) => `let x${k}_${b} = ${orZero(k, p.right(at(u32(k)), column(b)))};`);
  const turned = (b: number) =>
    unroll(
      stretch / 4,
      (v) => `
    ${unroll(4, (i) => `let r${v}_${b}_${i} = ${orZero(4 * v, p.right(`(4u * ${column(b)} + ${u32(i)})`, vectorAt(u32(v))))};`)}
    ${unroll(4, (c) => `let x${4 * v + c}_${b} = vec4f(${unroll(4, (i) => `r${v}_${b}_${i}[${c}]`, ', ')});`)}`,
    );
  const backward = p.form === 'backward';
  const row = backward
    ? sharedVectors('w', stretch, subgroupSize, (k) => `${p.left(at(k), '(row / 4u)')}[row % 4u]`)
    : sharedVectors('w', stretch / 4, subgroupSize, (v) => p.left('row', vectorAt(v)));
  const weight = (k: number) => (backward ? `w${k}` : `w${k >> 2}[${k & 3}]`);
  return {
    lanes,
    groups: Math.ceil(p.rows / rows) * across,
    subgroups: true,
    declarations: '',
    body: `
  let row0 = (part / ${u32(across)}) * ${u32(rows)};
  let column0 = (part % ${u32(across)}) * ${u32(vectors * lanes)} + lane;
  let rows_here = ${exactRows ? u32(rows) : `min(${u32(rows)}, ${u32(p.rows)} - row0)`};
  var sums = array<vec4f, ${u32(rows * vectors)}>();
  for (var k0 = 0u; k0 < ${u32(p.length)}; k0 += ${u32(stretch)}) {
    ${unroll(vectors, p.form === 'gradient' ? turned : straight)}
    for (var r = 0u; r < rows_here; r++) {
      let row = row0 + r;
      ${row}
      ${unroll(vectors, (b) => `sums[r * ${u32(vectors)} + ${u32(b)}] += ${unroll(stretch, (k) => `${weight(k)} * x${k}_${b}`, ' + ')};`)}
    }
  }
  for (var s = 0u; s < rows_here * ${u32(vectors)}; s++) {
    let row = row0 + s / ${u32(vectors)};
    let column = column0 + (s % ${u32(vectors)}) * ${u32(lanes)};
    ${exactColumns ? '' : `if (column >= ${u32(p.columns)}) { continue; }`}
    ${p.finish('row', 'column', 'sums[s]')}
  }`,
  };
}
