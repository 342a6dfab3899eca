// The register-tiled product that every layer pass is made of: result(row, column) = Σ_k left(row, k) · right(k, column),
// vec4s along columns. Three ways: each thread reads its operands from storage, the workgroup stages blocks of them in its own
// memory, or threads keep theirs in registers (resident.wgsl.ts). Knows no network: operands and what becomes of the sums are
// expressions of the caller.

import { unroll, within } from '../../../lib/pass.ts';
import type { TiledGeometry } from '../../../lib/training/tiled/sizes.ts';
import { u32 } from '../../../wgsl.ts';
import { residentProduct } from './resident.wgsl.ts';

/**
 * Which way the vec4s of the operands lie.
 * - `forward`: left(row, k/4) along k, right(k, column) along columns;
 * - `backward`: left(k, row/4) along rows, right(k, column) along columns;
 * - `gradient`: left(row, k/4) along k, right(4·column + i, k/4) along k.
 */
export type ProductForm = 'forward' | 'backward' | 'gradient';

export interface Product {
  readonly form: ProductForm;
  /** Rows of the result; for `backward` a multiple of 4. */
  readonly rows: number;
  /** vec4s of a row of the result. */
  readonly columns: number;
  /** Length of the contraction; for `forward` and `gradient` a multiple of 4. */
  readonly length: number;
  readonly left: (first: string, second: string) => string;
  readonly right: (first: string, second: string) => string;
  /** Statements for one finished vec4: `row` and `column` are variables, `value` is to be read once. */
  readonly finish: (row: string, column: string, value: string) => string;
}

export interface ProductText {
  readonly lanes: number;
  /** See PassText. */
  readonly subgroups: boolean;
  /** Workgroups for one product. */
  readonly groups: number;
  readonly declarations: string;
  /** Sees `part` (the workgroup) and `lane`; control flow stays uniform, so that a barrier may follow. */
  readonly body: string;
}

export function product(p: Product, geometry: TiledGeometry): ProductText {
  const worthwhile = p.rows > 8;
  if (worthwhile && geometry.staging === 'staged' && p.length >= geometry.chunk) return stagedProduct(p, geometry);
  if (worthwhile && geometry.staging === 'resident' && p.length > 4) return residentProduct(p, geometry);
  return plainProduct(p, geometry);
}

const COMPONENTS = 'xyzw';

/** Hands on z<a>_<b>, in a loop: unrolled, the copies of `finish` would take most of the compiler's time. */
function finishAll(
  p: Product,
  rows: number,
  vectors: number,
  exact: boolean,
  rowOf: (a: string) => string,
  columnOf: (b: string) => string,
): string {
  const sums = unroll(rows, (a) => unroll(vectors, (b) => `z${a}_${b}`, ', '), ', ');
  return `
  var sums = array<vec4f, ${u32(rows * vectors)}>(${sums});
  for (var s = 0u; s < ${u32(rows * vectors)}; s++) {
    let row = ${rowOf(`s / ${u32(vectors)}`)};
    let column = ${columnOf(`s % ${u32(vectors)}`)};
    ${exact ? '' : `if (row >= ${u32(p.rows)} || column >= ${u32(p.columns)}) { continue; }`}
    ${p.finish('row', 'column', 'sums[s]')}
  }`;
}

/** One thread, one tile, operands straight from storage; threads of a workgroup lie along columns. */
function plainProduct(p: Product, geometry: TiledGeometry): ProductText {
  const rows =
    p.form === 'backward' ? Math.min(geometry.rows, p.rows) : Math.min(geometry.rows, 2 ** Math.ceil(Math.log2(p.rows)));
  const vectors = Math.min(geometry.vectors, p.columns);
  const across = Math.ceil(p.columns / vectors);
  const tiles = Math.ceil(p.rows / rows) * across;
  const lanes = geometry.threadRows * geometry.threadColumns;
  const exactRows = p.rows % rows === 0;
  const exactColumns = p.columns % vectors === 0;
  const exactTiles = tiles % lanes === 0;
  const row = (a: number) => within(`row0 + ${u32(a)}`, p.rows, exactRows);
  const column = (b: number) => within(`column0 + ${u32(b)}`, p.columns, exactColumns);
  const pairs = (make: (a: number, b: number) => string) => unroll(rows, (a) => unroll(vectors, (b) => make(a, b)));
  const loops: Readonly<Record<ProductForm, () => string>> = {
    forward: () => `
  for (var k = 0u; k < ${u32(p.length / 4)}; k++) {
    ${unroll(4, (i) => unroll(vectors, (b) => `let x${i}_${b} = ${p.right(`(4u * k + ${u32(i)})`, `(${column(b)})`)};`))}
    ${unroll(
      rows,
      (a) => `let w${a} = ${p.left(`(${row(a)})`, 'k')};
    ${unroll(vectors, (b) => `z${a}_${b} += w${a}.x * x0_${b} + w${a}.y * x1_${b} + w${a}.z * x2_${b} + w${a}.w * x3_${b};`)}`,
    )}
  }`,
    backward: () => `
  for (var k = 0u; k < ${u32(p.length)}; k++) {
    ${unroll(rows / 4, (v) => `let w${v} = ${p.left('k', `(${within(`row0 / 4u + ${u32(v)}`, p.rows / 4, exactRows)})`)};`)}
    ${unroll(vectors, (b) => `let x${b} = ${p.right('k', `(${column(b)})`)};`)}
    ${pairs((a, b) => `z${a}_${b} += w${a >> 2}.${COMPONENTS[a & 3]} * x${b};`)}
  }`,
    gradient: () => `
  for (var k = 0u; k < ${u32(p.length / 4)}; k++) {
    ${unroll(rows, (a) => `let w${a} = ${p.left(`(${row(a)})`, 'k')};`)}
    ${unroll(vectors, (b) =>
      unroll(
        4,
        (i) => `{
      let x = ${p.right(`(4u * (${column(b)}) + ${u32(i)})`, 'k')};
      ${unroll(rows, (a) => `z${a}_${b}.${COMPONENTS[i]} += dot(w${a}, x);`)}
    }`,
      ),
    )}
  }`,
  };
  return {
    lanes,
    subgroups: false,
    groups: Math.ceil(tiles / lanes),
    declarations: '',
    body: `
  let tile = ${within(`part * ${u32(lanes)} + lane`, tiles, exactTiles)};
  let row0 = (tile / ${u32(across)}) * ${u32(rows)};
  let column0 = (tile % ${u32(across)}) * ${u32(vectors)};
  ${pairs((a, b) => `var z${a}_${b} = vec4f(0.0);`)}
  ${loops[p.form]()}
  ${exactTiles ? '' : `if (part * ${u32(lanes)} + lane < ${u32(tiles)}) {`}
  ${finishAll(
    p,
    rows,
    vectors,
    exactRows && exactColumns,
    (a) => `row0 + ${a}`,
    (b) => `column0 + ${b}`,
  )}
  ${exactTiles ? '' : '}'}`,
  };
}

/** A workgroup makes a block of the result; operands pass through workgroup memory, k by k, turned where they lie along k. */
function stagedProduct(p: Product, geometry: TiledGeometry): ProductText {
  const { rows, vectors, threadRows, threadColumns, chunk } = geometry;
  const lanes = threadRows * threadColumns;
  const groupRows = rows * threadRows;
  const groupRowVectors = groupRows / 4;
  const groupVectors = vectors * threadColumns;
  const across = Math.ceil(p.columns / groupVectors);
  const exactRows = p.rows % groupRows === 0;
  const exactColumns = p.columns % groupVectors === 0;
  const exactLength = p.length % chunk === 0;
  const orZero = (k: string, value: string) => (exactLength ? value : `select(vec4f(0.0), ${value}, ${k} < ${u32(p.length)})`);
  const tasks = (count: number, body: string) =>
    count === lanes
      ? `{ let task = lane; ${body} }`
      : `for (var task = lane; task < ${u32(count)}; task += ${u32(lanes)}) { ${body} }`;
  /** Copies vec4s along k as vec4s along the tile: four rows at a time, turned in registers. */
  const turned = (target: string, tileVectors: number, load: (row: string, k: string) => string) =>
    tasks(
      (tileVectors * chunk) / 4,
      `
      let v = task % ${u32(tileVectors)};
      let k = ${within(`k0 / 4u + task / ${u32(tileVectors)}`, p.length / 4, exactLength)};
      ${unroll(4, (i) => `let r${i} = ${orZero(`k0 + 4u * (task / ${u32(tileVectors)})`, load(`(4u * v + ${u32(i)})`, 'k'))};`)}
      let at = 4u * (task / ${u32(tileVectors)}) * ${u32(tileVectors)} + v;
      ${unroll(4, (c) => `${target}[at + ${u32(c * tileVectors)}] = vec4f(r0[${c}], r1[${c}], r2[${c}], r3[${c}]);`)}`,
    );
  const straight = (target: string, tileVectors: number, load: (k: string, v: string) => string) =>
    tasks(
      tileVectors * chunk,
      `
      let v = task % ${u32(tileVectors)};
      let k = ${within(`k0 + task / ${u32(tileVectors)}`, p.length, exactLength)};
      ${target}[task] = ${orZero(`k0 + task / ${u32(tileVectors)}`, load('k', 'v'))};`,
    );
  const row = (offset: string) => `(${within(`row0 + ${offset}`, p.rows, exactRows)})`;
  const left =
    p.form === 'backward'
      ? straight('left_tile', groupRowVectors, (k, v) => p.left(k, `(${within(`row0 / 4u + ${v}`, p.rows / 4, exactRows)})`))
      : turned('left_tile', groupRowVectors, (r, k) => p.left(row(r), k));
  const right =
    p.form === 'gradient'
      ? turned('right_tile', groupVectors, (c, k) =>
          p.right(`(${within(`4u * column0 + ${c}`, 4 * p.columns, exactColumns)})`, k),
        )
      : straight('right_tile', groupVectors, (k, v) => p.right(k, `(${within(`column0 + ${v}`, p.columns, exactColumns)})`));
  const pairs = (make: (a: number, b: number) => string) => unroll(rows, (a) => unroll(vectors, (b) => make(a, b)));
  return {
    lanes,
    subgroups: false,
    groups: Math.ceil(p.rows / groupRows) * across,
    declarations: `
var<workgroup> left_tile: array<vec4f, ${u32(chunk * groupRowVectors)}>;
var<workgroup> right_tile: array<vec4f, ${u32(chunk * groupVectors)}>;`,
    body: `
  let row0 = (part / ${u32(across)}) * ${u32(groupRows)};
  let column0 = (part % ${u32(across)}) * ${u32(groupVectors)};
  let thread_row = lane / ${u32(threadColumns)};
  let thread_column = lane % ${u32(threadColumns)};
  ${pairs((a, b) => `var z${a}_${b} = vec4f(0.0);`)}
  for (var k0 = 0u; k0 < ${u32(p.length)}; k0 += ${u32(chunk)}) {
    ${left}
    ${right}
    workgroupBarrier();
    for (var k = 0u; k < ${u32(chunk)}; k++) {
      let left0 = k * ${u32(groupRowVectors)} + thread_row * ${u32(rows / 4)};
      ${unroll(rows / 4, (v) => `let w${v} = left_tile[left0 + ${u32(v)}];`)}
      ${unroll(vectors, (b) => `let x${b} = right_tile[k * ${u32(groupVectors)} + thread_column + ${u32(b * threadColumns)}];`)}
      ${pairs((a, b) => `z${a}_${b} += w${a >> 2}.${COMPONENTS[a & 3]} * x${b};`)}
    }
    workgroupBarrier();
  }
  ${finishAll(
    p,
    rows,
    vectors,
    exactRows && exactColumns,
    (a) => `row0 + thread_row * ${u32(rows)} + ${a}`,
    (b) => `column0 + thread_column + ${b} * ${u32(threadColumns)}`,
  )}`,
  };
}
