// The register-tiled product that every forward and backward measuring pass is made of: a thread owns SAMPLE_VECTORS vec4s of samples
// and makes `tileRows` outputs of them at once, so that each loaded number serves many multiply-adds. No barriers, no shared memory.
// Samples are feature-major: (features, samples / 4) of vec4f.

import { f32, u32 } from '../../../wgsl.ts';
import type { MatrixLayout } from '../layout.ts';
import { SAMPLE_VECTORS, type Sizes, unroll } from './common.ts';

export interface TileOptions {
  readonly rows: number;
  /** Rows run over by the loop: a multiple of `rows`. */
  readonly count: string;
  /** Inputs, a multiple of 4. */
  readonly inputs: number;
  /** vec4 index of row `row` (a WGSL expression) of the weights. */
  readonly weightRow: (row: string) => string;
  /** vec4 of samples q of input `i` (WGSL expressions but q). */
  readonly input: (i: string, q: number) => string;
  /** What the sum over inputs starts from, for the row whose first vec4 of weights is `at`; f32. */
  readonly initial: (at: string) => string;
  /** What becomes of z<k>_<q> (unscaled sums), row `k0 + k`. */
  readonly epilogue: string;
}

/** Statements: for all rows in tiles, z<k>_<q> = initial + Σ_i W[k0+k][i]·input(i, q), then the epilogue. */
export function productTiles({ rows, count, inputs, weightRow, input, initial, epilogue }: TileOptions): string {
  return `
  for (var k0 = 0u; k0 < ${count}; k0 += ${u32(rows)}) {
    ${unroll(rows, (k) => `let at${k} = ${weightRow(`(k0 + ${u32(k)})`)};`)}
    ${unroll(rows, (k) => `let initial${k} = vec4f(${initial(`at${k}`)});${unroll(SAMPLE_VECTORS, (q) => ` var z${k}_${q} = initial${k};`, '')}`)}
    for (var i = 0u; i < ${u32(inputs / 4)}; i++) {
      ${unroll(4, (c) => unroll(SAMPLE_VECTORS, (q) => `let x${c}_${q} = ${input(`(4u * i + ${u32(c)})`, q)};`, ' '))}
      ${unroll(
        rows,
        (k) => `let w${k} = weights[at${k} + i];
      ${unroll(SAMPLE_VECTORS, (q) => `z${k}_${q} += w${k}.x * x0_${q} + w${k}.y * x1_${q} + w${k}.z * x2_${q} + w${k}.w * x3_${q};`)}`,
      )}
    }
    ${epilogue}
  }`;
}

/** The same for the transposed weights: z<k>_<q> = Σ_i W[i][k0+k]·input(i, q), i < inputs (any number); `weightRow` names row i. */
export function transposedTiles({
  rows,
  count,
  inputs,
  weightRow,
  input,
  epilogue,
}: Omit<TileOptions, 'initial'>): string {
  return `
  for (var k0 = 0u; k0 < ${count}; k0 += ${u32(rows)}) {
    ${unroll(rows, (k) => unroll(SAMPLE_VECTORS, (q) => `var z${k}_${q} = vec4f(0.0);`, ' '))}
    for (var i = 0u; i < ${u32(inputs)}; i++) {
      ${unroll(SAMPLE_VECTORS, (q) => `let x${q} = ${input('i', q)};`, ' ')}
      let at = ${weightRow('i')} + k0 / 4u;
      ${unroll(rows / 4, (v) => `let w${v} = weights[at + ${u32(v)}];`, ' ')}
      ${unroll(rows, (k) => unroll(SAMPLE_VECTORS, (q) => `z${k}_${q} += w${k >> 2}.${'xyzw'[k & 3]} * x${q};`, ' '))}
    }
    ${epilogue}
  }`;
}

/** The bias's share of a sum over a row's inputs; the constant stands in column `column`. */
export function biasTerm(matrix: MatrixLayout, column: number): (at: string) => string {
  if (matrix.biasInput === 0) return () => '0.0';
  return (at) => `${f32(matrix.biasInput)} * weights[${at} + ${u32(column >> 2)}].${'xyzw'[column & 3]}`;
}

/** `value` of hidden unit `k0 + k`, or zero beyond the width: what later products multiply must be zero there. */
export function maskedUnit({ shape, tileRows }: Sizes, k: number, value: string): string {
  if (shape.width % tileRows === 0) return value;
  return `select(vec4f(0.0), ${value}, k0 + ${u32(k)} < ${u32(shape.width)})`;
}

/** vec4 index of row `row` of a matrix in the weights of `unit` (the variable `base` holds its first vec4). */
export function rowOf(matrix: MatrixLayout): (row: string) => string {
  return (row) => `base + ${u32(matrix.offset / 4)} + ${row} * ${u32(matrix.stride / 4)}`;
}

/** vec4 index of row `row` of hidden matrix `layer` (a WGSL expression ≥ 1, the matrix between hidden layers `layer` and `layer + 1`). */
export function middleRowOf({ layout }: Sizes, layer: string): (row: string) => string {
  const first = layout.matrices[1];
  const words = first.storedRows * first.stride;
  return (row) => `base + ${u32(first.offset / 4)} + (${layer} - 1u) * ${u32(words / 4)} + ${row} * ${u32(first.stride / 4)}`;
}
