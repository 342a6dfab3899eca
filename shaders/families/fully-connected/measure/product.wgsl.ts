// The product that every forward and backward measuring pass is made of. A thread owns two vec4s of samples; it takes a chunk of
// inputs into registers and runs over the outputs, whose weights are the same for all threads of a unit: each loaded weight
// serves every sample, and sums run through straight code, not through loops. Wider layers take several chunks and keep partial
// sums where the result will stand. No barriers. Samples are feature-major: (features, samples / 4) of vec4f.

import type { MatrixLayout } from '../../../lib/layout.ts';
import { component, unroll } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { type Chunks, SAMPLE_VECTORS, type Sizes } from './common.ts';

export interface ProductOptions {
  /** Outputs. */
  readonly count: number;
  /** Inputs that carry values. */
  readonly inputs: number;
  readonly chunks: Chunks;
  /** vec4 of samples q of input `i` (a WGSL expression). */
  readonly input: (i: string, q: number) => string;
  /** True where `input` reads zeros from `inputs` on, so that they need no mask. */
  readonly zeroPadded: boolean;
  /** vec4 index of row `k` (a WGSL expression) of the weights. */
  readonly weightRow: (k: string) => string;
  /** What the sum over inputs starts from, for the row whose first vec4 of weights is `at`; f32. */
  readonly initial: (at: string) => string;
  /** Where the partial sum of output k stands between chunks: an assignable vec4f. */
  readonly partial: (k: string, q: number) => string;
  /** What becomes of the sums z<q> (unscaled) of output `k`. */
  readonly epilogue: string;
}

/** `make(q)` for each vec4 of samples of a thread. */
export const eachVector = (make: (q: number) => string) => unroll(SAMPLE_VECTORS, make, ' ');

/** Statements: for k below `count`, z<q> = initial + Σ_i W[k][i]·input(i, q), then the epilogue. */
export function product(options: ProductOptions): string {
  const { count, inputs, chunks, input, zeroPadded, weightRow, initial, partial, epilogue } = options;
  const { size, number } = chunks;
  const load = (i: number, q: number) => {
    const index = number === 1 ? u32(i) : `(first + ${u32(i)})`;
    if (zeroPadded || size * number === inputs) return input(index, q);
    if (number === 1) return i < inputs ? input(index, q) : 'vec4f(0.0)';
    return `select(vec4f(0.0), ${input(`min(${index}, ${u32(inputs - 1)})`, q)}, ${index} < ${u32(inputs)})`;
  };
  const dot = (v: number, q: number) => unroll(4, (c) => `w${v}.${component(c)} * x${4 * v + c}_${q}`, ' + ');
  const whole = number === 1;
  const begin = whole
    ? `let initial = vec4f(${initial('at')}); ${eachVector((q) => `var z${q} = initial;`)}`
    : `${eachVector((q) => `var z${q} = vec4f(0.0);`)}
      if (chunk == 0u) {
        let initial = vec4f(${initial('at')}); ${eachVector((q) => `z${q} = initial;`)}
      } else {
        ${eachVector((q) => `z${q} = ${partial('k', q)};`)}
      }
      let here = at + first / 4u;`;
  const end = whole
    ? epilogue
    : `if (chunk == ${u32(number - 1)}) {
        ${epilogue}
      } else {
        ${eachVector((q) => `${partial('k', q)} = z${q};`)}
      }`;
  return `
  ${whole ? '{' : `for (var chunk = 0u; chunk < ${u32(number)}; chunk++) {\n    let first = chunk * ${u32(size)};`}
    ${unroll(size, (i) => eachVector((q) => `let x${i}_${q} = ${load(i, q)};`))}
    for (var k = 0u; k < ${u32(count)}; k++) {
      let at = ${weightRow('k')};
      ${begin}
      ${unroll(size / 4, (v) => {
        const weight = `weights[${whole ? 'at' : 'here'} + ${u32(v)}]`;
        return `let w${v} = ${weight}; ${eachVector((q) => `z${q} += ${dot(v, q)};`)}`;
      })}
      ${end}
    }
  }`;
}

/**
 * The product with the transposed weights, in tiles of outputs whose sums stay in registers while the inputs pass by:
 * z<k>_<q> = Σ_i W[i][k0+k]·input(i, q) for k < rows, i < inputs; k0 runs up to `count`, a multiple of `rows`.
 */
export function transposedTiles(options: {
  readonly rows: number;
  readonly count: number;
  readonly inputs: number;
  /** vec4 index of row `i` (a WGSL expression) of the weights. */
  readonly weightRow: (i: string) => string;
  readonly input: (i: string, q: number) => string;
  readonly epilogue: string;
}): string {
  const { rows, count, inputs, weightRow, input, epilogue } = options;
  return `
  for (var k0 = 0u; k0 < ${u32(count)}; k0 += ${u32(rows)}) {
    ${unroll(rows, (k) => eachVector((q) => `var z${k}_${q} = vec4f(0.0);`), ' ')}
    for (var i = 0u; i < ${u32(inputs)}; i++) {
      ${eachVector((q) => `let x${q} = ${input('i', q)};`)}
      let at = ${weightRow('i')} + k0 / 4u;
      ${unroll(rows / 4, (v) => `let w${v} = weights[at + ${u32(v)}];`, ' ')}
      ${unroll(rows, (k) => eachVector((q) => `z${k}_${q} += w${k >> 2}.${component(k)} * x${q};`))}
    }
    ${epilogue}
  }`;
}

/** The bias's share of a sum over a row's inputs; the constant stands in column `column`. */
export function biasTerm(matrix: MatrixLayout, column: number): (at: string) => string {
  if (matrix.biasInput === 0) return () => '0.0';
  return (at) => `${f32(matrix.biasInput)} * weights[${at} + ${u32(column >> 2)}].${component(column)}`;
}

/** vec4 index of row `row` of a matrix in the weights of `unit` (the variable `base` holds its first vec4). */
export function rowOf(matrix: MatrixLayout): (row: string) => string {
  return (row) => `base + ${u32(matrix.offset / 4)} + ${row} * ${u32(matrix.stride / 4)}`;
}

/**
 * vec4 index of row `row` of hidden matrix `layer` (a WGSL variable ≥ 1): the matrix between hidden
 * layers `layer − 1` and `layer`.
 */
export function middleRowOf({ layout }: Sizes): (row: string) => string {
  const first = layout.matrices[1];
  const words = first.storedRows * first.stride;
  return (row) => `base + ${u32(first.offset / 4)} + (layer - 1u) * ${u32(words / 4)} + ${row} * ${u32(first.stride / 4)}`;
}
