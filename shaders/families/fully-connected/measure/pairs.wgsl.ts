// Products in the difference form (../difference-form.ts): of values at the start x and their differences d, with weights W₀ and
// W₀ + U, to those of the layer beyond, W₀x and W₀d + U(x + d). A thread owns two vec4s of samples and makes four rows at a time
// in registers. No barriers. Samples are feature-major: (features, samples / 4) of vec4f.

import type { MatrixLayout } from '../../../lib/layout.ts';
import { startOf } from '../../../lib/measure/kernel-sums.wgsl.ts';
import { type Binding, component, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { Sizes } from './common.ts';
import { eachVector } from './product.wgsl.ts';

const ROWS = 4;

/** W₀, U and where a network finds its start. */
export const PAIR_WEIGHTS: readonly Binding[] = [
  { buffer: 'weights', name: 'weights', type: 'vec4f' },
  { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
  { buffer: 'networks', name: 'networks', type: 'u32' },
];

/** Declares where the weights of `unit` begin: `now_at` and `start_at`, in vec4s. */
export function pairWeightsAt({ layout }: Sizes): string {
  const vectors = u32(layout.words / 4);
  return `let now_at = unit * ${vectors};
  let start_at = ${startOf} * ${vectors};`;
}

export interface PairProduct {
  /** First vec4 of the matrix in a layout vector: a WGSL expression. */
  readonly offset: string;
  readonly matrix: MatrixLayout;
  /** Rows of the result; those beyond are made but must not be kept. */
  readonly rows: number;
  /** Inputs that carry values, rounded up to a multiple of 4: those beyond read as zero. */
  readonly inputs: number;
  /** Column of the bias, where there is one. */
  readonly biasColumn: number;
  /** vec4 of samples q of input `i` at the start. */
  readonly start: (i: string, q: number) => string;
  /** Its difference; left out: 0. */
  readonly change?: (i: string, q: number) => string;
  /** What becomes of start<k>_<q> and change<k>_<q> (unscaled) of row `k0 + k`; see `k0`. */
  readonly epilogue: (k: number) => string;
}

const eachSum = (make: (k: number, q: number) => string) => unroll(ROWS, (k) => eachVector((q) => make(k, q)));
const sums = eachSum((k, q) => `var start${k}_${q} = vec4f(0.0); var change${k}_${q} = vec4f(0.0);`);

/** Adds to the sums of row `k` the share of one input: weights `w` and `u` against x<q> and d<q>. */
function addShare(k: number, w: string, u: string, moves: boolean): string {
  return eachVector((q) =>
    moves
      ? `start${k}_${q} += ${w} * x${q}; change${k}_${q} += ${w} * d${q} + ${u} * (x${q} + d${q});`
      : `start${k}_${q} += ${w} * x${q}; change${k}_${q} += ${u} * x${q};`,
  );
}

/** Statements: all rows of the product, four at a time, each handed to the epilogue. */
export function pairProduct({ offset, matrix, rows, inputs, biasColumn, start, change, epilogue }: PairProduct): string {
  const stride = u32(matrix.stride / 4);
  const row = (k: number) => `(${offset} + min(k0 + ${u32(k)}, ${u32(matrix.storedRows - 1)}) * ${stride})`;
  const bias = (name: string, at: string) =>
    `${f32(matrix.biasInput)} * ${name}[${at} + ${u32(biasColumn >> 2)}].${component(biasColumn)}`;
  return `
  for (var k0 = 0u; k0 < ${u32(rows)}; k0 += ${u32(ROWS)}) {
    ${sums}
    for (var v = 0u; v < ${u32(inputs / 4)}; v++) {
      ${unroll(ROWS, (k) => `let w${k} = start_weights[start_at + ${row(k)} + v]; let u${k} = weights[now_at + ${row(k)} + v];`)}
      ${unroll(
        4,
        (c) => `{
        ${eachVector((q) => `let x${q} = ${start(`(4u * v + ${u32(c)})`, q)};`)}
        ${change === undefined ? '' : eachVector((q) => `let d${q} = ${change(`(4u * v + ${u32(c)})`, q)};`)}
        ${unroll(ROWS, (k) => addShare(k, `w${k}.${component(c)}`, `u${k}.${component(c)}`, change !== undefined))}
      }`,
      )}
    }
    ${
      matrix.biasInput === 0
        ? ''
        : eachSum(
            (k, q) => `start${k}_${q} += ${bias('start_weights', `start_at + ${row(k)}`)};
    change${k}_${q} += ${bias('weights', `now_at + ${row(k)}`)};`,
          )
    }
    ${unroll(ROWS, epilogue)}
  }`;
}

/** The same with transposed matrices: rows of the result are columns of the matrix, inputs its rows. */
export function pairTransposed({
  offset,
  matrix,
  rows,
  inputs,
  start,
  change,
  epilogue,
}: Omit<Required<PairProduct>, 'biasColumn'>): string {
  return `
  for (var k0 = 0u; k0 < ${u32(rows)}; k0 += ${u32(ROWS)}) {
    ${sums}
    for (var i = 0u; i < ${u32(inputs)}; i++) {
      let place = ${offset} + i * ${u32(matrix.stride / 4)} + k0 / 4u;
      let w = start_weights[start_at + place];
      let u = weights[now_at + place];
      ${eachVector((q) => `let x${q} = ${start('i', q)}; let d${q} = ${change('i', q)};`)}
      ${unroll(ROWS, (k) => addShare(k, `w.${component(k)}`, `u.${component(k)}`, true))}
    }
    ${unroll(ROWS, epilogue)}
  }`;
}

/** First vec4 of hidden matrix `layer` (a WGSL variable ≥ 1, the matrix between hidden layers `layer − 1` and `layer`). */
export function middleOffset({ layout }: Sizes): string {
  const first = layout.matrices[1];
  return `(${u32(first.offset / 4)} + (layer - 1u) * ${u32((first.storedRows * first.stride) / 4)})`;
}

/** Rows of a hidden layer in steps of this module: the width rounded up to a multiple of 4. */
export function pairRows({ shape }: Sizes): number {
  return Math.ceil(shape.width / ROWS) * ROWS;
}
