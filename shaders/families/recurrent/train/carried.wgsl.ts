// The way through time where every lane carries its own trials: their rates stay in registers while the rows of the weights go
// by, and no step waits for another lane. For adapters with few lanes, where loads are what costs; the tiles of forward.wgsl.ts
// and backward.wgsl.ts are for all others. Backward it reads a transposed copy of the recurrent weights.

import { sharedVectors } from '../../../lib/shared-vectors.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { tapeAt } from './backward.wgsl.ts';
import { SYNC, unroll } from './forward.wgsl.ts';
import { type Geometry, type RecurrentOptions, slopeFromRate, startsAwake, type Tape } from './options.ts';

/** vec4s of trials that a lane keeps of a product's inputs: more would compile for long and leave the instruction cache. */
const RESIDENT = 128;

interface Rows {
  /** Inputs of the product, in vec4s of rows: (count, own vec4s of trials). */
  readonly parts: readonly {
    readonly count: number;
    input(i: string, q: string): string;
    weight(row: string, v: string): string;
  }[];
  readonly rows: number;
  /** Where sums wait between chunks of inputs. */
  partial(row: string, q: string): string;
  /** What becomes of the sum `z` of `row`. */
  finish(row: string, q: string, z: string): string;
}

/** z = Σ inputs of all rows for a lane's trials, chunk by chunk of what registers hold. */
function carriedRows({ vectors, subgroup }: Geometry, { parts, rows, partial, finish }: Rows): string {
  const chunks = parts.flatMap((part) => {
    const most = Math.max(1, Math.floor(RESIDENT / (4 * vectors)));
    const pieces = Math.ceil(part.count / most);
    const size = Math.ceil(part.count / pieces);
    return Array.from({ length: pieces }, (_, n) => ({ part, from: n * size, count: Math.min(size, part.count - n * size) }));
  });
  return chunks
    .map(({ part, from, count }, n) => {
      const loads = unroll(4 * count, (i) =>
        unroll(vectors, (b) => `let a${i}_${b} = ${part.input(u32(4 * from + i), `own${b}`)};`, ' '),
      );
      const sum = (b: number) => unroll(count, (v) => unroll(4, (i) => `w${v}.${'xyzw'[i]} * a${4 * v + i}_${b}`, ' + '), ' + ');
      const body = unroll(vectors, (b) => {
        const q = `own${b}`;
        const z = `${n === 0 ? '' : `${partial('row', q)} + `}${sum(b)}`;
        return n === chunks.length - 1 ? `{ let z = ${z}; ${finish('row', q, 'z')} }` : `${partial('row', q)} = ${z};`;
      });
      return `{
    ${loads}
    for (var row = 0u; row < ${u32(rows)}; row++) {
      ${sharedVectors('w', count, subgroup ?? 0, (v) => part.weight('row', `(${u32(from)} + ${v})`))}
      ${body}
    }
    }`;
    })
    .join('\n');
}

/** Declares the lane's own vec4s of trials. */
export const ownQuads = ({ vectors }: Geometry) => unroll(vectors, (b) => `let own${b} = lane * ${u32(vectors)} + ${u32(b)};`);

/** Statements that run all steps. Rates of units beyond the width stay 0 because their weights are. */
export function carriedForward({ shape, layout }: RecurrentOptions, geometry: Geometry, tape: Tape): string {
  const { width, steps, leak, placement } = shape;
  const { units, channels, matrices } = layout;
  const [wx, wh] = matrices;
  const at = tapeAt(tape);
  const rate = (slot: string, unit: string, q: string) => at(tape.rates, `${slot} * ${u32(units)} + ${unit}`, q);
  const argument = slopeFromRate(shape)
    ? null
    : (t: string, unit: string, q: string) => at(tape.arguments, `(${t}) * ${u32(units)} + ${unit}`, q);
  const before =
    placement === 'inside'
      ? (row: string, q: string) => rate('t', row, q)
      : (row: string, q: string) => `select(vec4f(0.0), ${argument?.('max(t, 1u) - 1u', row, q)}, t > 0u)`;
  const common = {
    rows: width,
    partial: (row: string, q: string) => rate('(t + 1u)', row, q),
    finish: (row: string, q: string, z: string) => `
        let inner = ${leak === 1 ? z : `${f32(1 - leak)} * ${before(row, q)} + ${f32(leak)} * ${z}`};
        ${argument === null ? '' : `${argument('t', row, q)} = inner;`}
        ${rate('(t + 1u)', row, q)} = act4(inner);`,
  };
  const inputs = {
    count: channels / 4,
    input: (i: string, q: string) => at(tape.inputs, `t * ${u32(channels)} + ${i}`, q),
    weight: (row: string, v: string) => `weights[weights0 + ${u32(wx.offset / 4)} + ${row} * ${u32(wx.stride / 4)} + ${v}]`,
  };
  const recurrent = {
    count: units / 4,
    input: (i: string, q: string) => rate('t', i, q),
    weight: (row: string, v: string) => `weights[weights0 + ${u32(wh.offset / 4)} + ${row} * ${u32(wh.stride / 4)} + ${v}]`,
  };
  const awake = startsAwake(shape);
  return `
  ${ownQuads(geometry)}
  for (var slot = 1u; slot <= ${u32(units === width ? 0 : steps)}; slot++) {
    for (var row = ${u32(width)}; row < ${u32(units)}; row++) { ${unroll(geometry.vectors, (b) => `${rate('slot', 'row', `own${b}`)} = vec4f(0.0);`)} }
  }
  ${awake ? '' : `{ let t = 0u; ${carriedRows(geometry, { ...common, parts: [inputs] })} }`}
  for (var t = ${awake ? '0u' : '1u'}; t < ${u32(steps)}; t++) {
    ${carriedRows(geometry, { ...common, parts: [inputs, recurrent] })}
  }
  ${SYNC}`;
}

/** Statements: A_t for all steps, last first; `turned(row, v)` reads the transposed recurrent weights. */
export function carriedAdjoints(
  { shape, layout }: RecurrentOptions,
  geometry: Geometry,
  tape: Tape,
  turned: (row: string, v: string) => string,
): string {
  const { steps, outputs, leak, placement } = shape;
  const { units, matrices } = layout;
  const at = tapeAt(tape);
  const adjoint = (t: string, unit: string, q: string) => at(tape.adjoints, `${t} * ${u32(units)} + ${unit}`, q);
  const slope = (row: string, q: string) =>
    slopeFromRate(shape)
      ? `act_slope4(${at(tape.rates, `(t + 1u) * ${u32(units)} + ${row}`, q)})`
      : `act_slope4(${at(tape.arguments, `t * ${u32(units)} + ${row}`, q)})`;
  const finish = (row: string, q: string, z: string, last: boolean) => {
    const later = last || leak === 1 ? '' : `${f32(1 - leak)} * ${adjoint('(t + 1u)', row, q)}`;
    const sum = `${leak === 1 ? z : `${f32(leak)} * ${z}`} + ${unroll(outputs, (c) => `v${c} * ${at(tape.errors, `t * ${u32(outputs)} + ${u32(c)}`, q)}`, ' + ')}`;
    return `
        ${unroll(outputs, (c) => `let v${c} = weights[weights0 + ${u32((matrices[2].offset + c * units) / 4)} + ${row} / 4u][${row} % 4u];`, ' ')}
        ${adjoint('t', row, q)} = ${
          placement === 'inside' || later === ''
            ? `(${sum}${later === '' ? '' : ` + ${later}`}) * ${slope(row, q)}`
            : `(${sum}) * ${slope(row, q)} + ${later}`
        };`;
  };
  const product = carriedRows(geometry, {
    parts: [{ count: units / 4, input: (i, q) => adjoint('(t + 1u)', i, q), weight: turned }],
    rows: units,
    partial: (row, q) => adjoint('t', row, q),
    finish: (row, q, z) => finish(row, q, z, false),
  });
  return `
  { let t = ${u32(steps - 1)};
    for (var row = 0u; row < ${u32(units)}; row++) {
      ${unroll(geometry.vectors, (b) => `{ let z = vec4f(0.0); ${finish('row', `own${b}`, 'z', true)} }`)}
    }
  }
  for (var back = 1u; back < ${u32(steps)}; back++) {
    let t = ${u32(steps - 1)} - back;
    ${product}
  }
  ${SYNC}`;
}

/** Statements that write the transposed copy of a 4 × 4 block of Wh: rows 4·i …, columns 4·j …. */
export function turnBlock(
  stored: (row: string, k: string) => string,
  turned: (row: string, k: string) => string,
  i: string,
  j: string,
): string {
  return `{
      ${unroll(4, (a) => `let r${a} = ${stored(`(4u * ${i} + ${u32(a)})`, j)};`, ' ')}
      ${unroll(4, (b) => `${turned(`(4u * ${j} + ${u32(b)})`, i)} = vec4f(${unroll(4, (a) => `r${a}[${b}]`, ', ')});`)}
    }`;
}
