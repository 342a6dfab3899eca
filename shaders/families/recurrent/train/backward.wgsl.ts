// The way back through time and the descent from it, as WGSL statements of one workgroup: adjoints of all steps, then tiles of
// the three gradients, each of which ends in the step of its weights.

import type { Descent } from '../../../../src/core/training.ts';
import { sharedVectors } from '../../../lib/shared-vectors.ts';
import { adamStep } from '../../../lib/training/adam.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { MatrixLayout } from '../layout.ts';
import { declareTile, finishTile, overTiles, SYNC, unroll } from './forward.wgsl.ts';
import { type Geometry, type RecurrentOptions, slopeFromRate, startsAwake, type Tape } from './options.ts';

/** `tape[…]` at row `row` of a region that begins at `first`. */
export const tapeAt =
  ({ quads }: Tape) =>
  (first: number, row: string, q: string) =>
    `tape[tape0 + ${u32(first)} + (${row}) * ${u32(quads)} + ${q}]`;

/** Statements: A_t for all steps, last first. Needs `recurrent(row, k)` (four columns of a row) and the errors on the tape. */
export function adjointSteps(
  { shape, layout }: RecurrentOptions,
  geometry: Geometry,
  tape: Tape,
  recurrent: (row: string, k: string) => string,
): string {
  const { steps, outputs, leak, placement } = shape;
  const { units, matrices } = layout;
  const { rows, vectors } = geometry;
  const at = tapeAt(tape);
  const adjoint = (t: string, unit: string, q: string) => at(tape.adjoints, `${t} * ${u32(units)} + ${unit}`, q);
  const slope = slopeFromRate(shape)
    ? `act_slope4(${at(tape.rates, `(t + 1u) * ${u32(units)} + row`, 'q')})`
    : `act_slope4(${at(tape.arguments, `t * ${u32(units)} + row`, 'q')})`;
  const later =
    leak === 1 ? '' : `if (t + 1u < ${u32(steps)}) { later = ${f32(1 - leak)} * ${adjoint('(t + 1u)', 'row', 'q')}; }`;
  const product = `for (var j = 0u; j < ${u32(units)}; j++) {
      ${unroll(rows / 4, (v) => `let w${v} = ${recurrent('j', `(row0 / 4u + ${u32(v)})`)};`)}
      ${unroll(vectors, (b) => `let x${b} = ${adjoint('(t + 1u)', 'j', `(q0 + ${u32(b)})`)};`)}
      ${unroll(rows, (a) => unroll(vectors, (b) => `z${a}_${b} += w${a >> 2}.${'xyzw'[a & 3]} * x${b};`, ' '))}
    }`;
  return `for (var back = 0u; back < ${u32(steps)}; back++) {
  let t = ${u32(steps - 1)} - back;
  ${overTiles(
    { layout, geometry, quads: tape.quads },
    `${declareTile(geometry)}
    if (back > 0u) { ${product} }
    ${finishTile(
      geometry,
      `var sum = ${leak === 1 ? 'z' : `${f32(leak)} * z`};
      for (var c = 0u; c < ${u32(outputs)}; c++) {
        let v = weights[weights0 + ${u32(matrices[2].offset / 4)} + c * ${u32(units / 4)} + row / 4u][row % 4u];
        sum += v * ${at(tape.errors, `t * ${u32(outputs)} + c`, 'q')};
      }
      var later = vec4f(0.0);
      ${later}
      ${adjoint('t', 'row', 'q')} = ${placement === 'inside' ? `(sum + later) * ${slope}` : `sum * ${slope} + later`};`,
    )}`,
  )}
  ${SYNC}
  }`;
}

/** `descend(index, gradient, rate)`: four weights take their step from Σ over trials of ∂ℓ/∂w. `rate` is the layer's factor. */
export function descendFunction({ training, layout }: RecurrentOptions): string {
  return `fn descend(index: u32, gradient: vec4f, rate: f32) {
  let at = weights0 + index;
  ${training.adam === undefined ? momentumStep(training, layout.words) : adamOf(training, layout.words)}
}
`;
}

function momentumStep({ momentum }: Descent, words: number): string {
  if (momentum === 0) return 'weights[at] -= learning_rate * rate * gradient;';
  return `let moment = network * ${u32(words / 4)} + index;
  let velocity = ${f32(momentum)} * moments[moment] + rate * gradient;
  moments[moment] = velocity;
  weights[at] -= learning_rate * velocity;`;
}

/** `bias1`, `bias2`: 1 − βᵏ of the present step. */
function adamOf({ adam }: Descent, words: number): string {
  if (adam === undefined) throw new Error('recurrent: expected options of Adam, got none');
  return `if (rate == 0.0) { return; }
  let moment = network * ${u32(words / 2)} + index;
  ${adamStep(adam, {
    weight: 'weights[at]',
    mean: 'moments[moment]',
    square: `moments[moment + ${u32(words / 4)}]`,
    gradient: 'gradient',
    rate: 'learning_rate * rate',
    bias1: 'bias1',
    bias2: 'bias2',
  })}`;
}

interface Gradient {
  readonly matrix: MatrixLayout;
  /** Rows as stored. */
  readonly rows: number;
  readonly factor: number;
  /** Steps over which products are summed. */
  readonly from: number;
  /** Four trials of the cotangent of row `row` and of the input of column `column` at step t. */
  left(t: string, row: string, q: string): string;
  right(t: string, column: string, q: string): string;
  readonly rate: string;
  /** What follows a finished vec4 of weights; sees index (in vec4s), row, column (in vec4s). */
  readonly after?: string;
  /** What follows a finished tile, 4 × 4 weights at a time; sees i and j: rows 4·i …, columns 4·j …. */
  readonly afterBlock?: string;
}

/** One gradient: tiles of `tileRows` by 8 or 4 weights, dot products over trials and steps. */
function gradientTiles(
  gradient: Gradient,
  { steps, lanes, quads, subgroup }: { steps: number; lanes: number; quads: number; subgroup: number },
): string {
  const { matrix, rows, factor, from, left, right, rate, after = '', afterBlock = '' } = gradient;
  const tileRows = rows >= 8 ? 8 : rows > 4 ? 4 : rows;
  const vectors = matrix.stride % 8 === 0 ? 2 : 1;
  const across = matrix.stride / (4 * vectors);
  const tiles = Math.ceil(rows / tileRows) * across;
  const exact = rows % tileRows === 0;
  const row = (a: number) => (exact ? `(row0 + ${u32(a)})` : `min(row0 + ${u32(a)}, ${u32(rows - 1)})`);
  // Lanes of a subgroup have the same rows where whole subgroups fit a row of tiles: then they share loads.
  const share = subgroup > 1 && exact && across % subgroup === 0 && tiles % lanes === 0 ? subgroup : 0;
  return `for (var tile0 = 0u; tile0 < ${u32(tiles)}; tile0 += ${u32(lanes)}) {
    let tile = tile0 + lane;
    ${tiles % lanes === 0 ? '' : `if (tile >= ${u32(tiles)}) { break; }`}
    let row0 = tile / ${u32(across)} * ${u32(tileRows)};
    let column0 = tile % ${u32(across)} * ${u32(vectors)};
    ${unroll(tileRows, (a) => unroll(vectors, (b) => `var z${a}_${b} = vec4f(0.0);`, ' '))}
    for (var t = ${u32(from)}; t < ${u32(steps)}; t++) {
      for (var q = 0u; q < ${u32(quads)}; q++) {
        ${share > 0 ? sharedVectors('w', tileRows, share, (a) => left('t', `(row0 + ${a})`, 'q')) : unroll(tileRows, (a) => `let w${a} = ${left('t', row(a), 'q')};`)}
        ${unroll(vectors, (b) =>
          unroll(
            4,
            (i) => `{ let x = ${right('t', `(4u * (column0 + ${u32(b)}) + ${u32(i)})`, 'q')};
        ${unroll(tileRows, (a) => `z${a}_${b}.${'xyzw'[i]} += dot(w${a}, x);`, ' ')} }`,
          ),
        )}
      }
    }
    var sums = array<vec4f, ${u32(tileRows * vectors)}>(${unroll(tileRows, (a) => unroll(vectors, (b) => `z${a}_${b}`, ', '), ', ')});
    for (var s = 0u; s < ${u32(tileRows * vectors)}; s++) {
      let row = row0 + s / ${u32(vectors)};
      ${exact ? '' : `if (row >= ${u32(rows)}) { break; }`}
      let column = column0 + s % ${u32(vectors)};
      let index = ${u32(matrix.offset / 4)} + row * ${u32(matrix.stride / 4)} + column;
      descend(index, ${factor === 1 ? 'sums[s]' : `${f32(factor)} * sums[s]`}, ${rate});
      ${after}
    }
    ${
      afterBlock === ''
        ? ''
        : `for (var block = 0u; block < ${u32((tileRows / 4) * vectors)}; block++) {
      let i = row0 / 4u + block / ${u32(vectors)};
      let j = column0 + block % ${u32(vectors)};
      ${afterBlock}
    }`
    }
  }`;
}

/** Statements: all three gradients and the steps of their weights; `copies` of Wh are brought up to date, see `Gradient`. */
export function gradientSteps(
  { shape, layout }: RecurrentOptions,
  { lanes, carried = false, subgroup = 0 }: Geometry,
  tape: Tape,
  copies: { readonly vector: string; readonly block: string },
): string {
  const { steps, outputs, leak } = shape;
  const { units, channels, matrices } = layout;
  const at = tapeAt(tape);
  const common = { steps, lanes, quads: tape.quads, subgroup: carried ? subgroup : 0 };
  const adjoint = (t: string, row: string, q: string) => at(tape.adjoints, `${t} * ${u32(units)} + ${row}`, q);
  const recurrent: Gradient = {
    matrix: matrices[1],
    rows: units,
    factor: leak,
    from: startsAwake(shape) ? 0 : 1,
    left: adjoint,
    right: (t, column, q) => at(tape.rates, `${t} * ${u32(units)} + ${column}`, q),
    rate: 'hidden_rate',
    after: copies.vector,
    afterBlock: copies.block,
  };
  const input: Gradient = {
    matrix: matrices[0],
    rows: units,
    factor: leak,
    from: 0,
    left: adjoint,
    right: (t, column, q) => at(tape.inputs, `${t} * ${u32(channels)} + ${column}`, q),
    rate: 'hidden_rate',
  };
  const output: Gradient = {
    matrix: matrices[2],
    rows: outputs,
    factor: 1,
    from: 0,
    left: (t, row, q) => at(tape.errors, `${t} * ${u32(outputs)} + ${row}`, q),
    right: (t, column, q) => at(tape.rates, `(${t} + 1u) * ${u32(units)} + ${column}`, q),
    rate: 'output_rate',
  };
  return [recurrent, input, output].map((gradient) => gradientTiles(gradient, common)).join('\n  ');
}
