// The forward pass through time as WGSL statements: one workgroup, all its trials, tiles of units by trials. Shared by training
// and measuring, which say where weights, inputs and rates stand. Knows no loss.

import { f32, u32 } from '../../../wgsl.ts';
import { initialRate, type RecurrentLayout, type RecurrentShape } from '../layout.ts';
import { type Geometry, startsAwake } from './options.ts';

/** `make(0) … make(count − 1)` as one text. */
export function unroll(count: number, make: (index: number) => string, separator = '\n    '): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
}

/** Everyone in the workgroup sees what everyone stored. */
export const SYNC = 'storageBarrier(); workgroupBarrier();';

/** Where things stand, as WGSL expressions of vec4f; indices are u32 expressions. */
export interface Places {
  /** Four weights of the network: index in vec4s from the start of its vector. */
  weight(index: string): string;
  /** Four recurrent weights of row `row`, columns 4·k …. */
  recurrent(row: string, k: string): string;
  input(t: string, channel: string, q: string): string;
  /** Rates h_{slot−1}: slot 0 is before the first step. */
  rate(slot: string, unit: string, q: string): string;
  /** Arguments of φ at step t; null: not kept. */
  argument: ((t: string, unit: string, q: string) => string) | null;
}

interface Pass {
  readonly shape: RecurrentShape;
  readonly layout: RecurrentLayout;
  readonly geometry: Geometry;
  readonly quads: number;
  readonly places: Places;
}

/** Statements over the tiles of (units, quads); `body` sees row0, q0. */
export function overTiles({ layout, geometry, quads }: Pick<Pass, 'layout' | 'geometry' | 'quads'>, body: string): string {
  const { rows, vectors, lanes } = geometry;
  const across = quads / vectors;
  return `for (var tile = lane; tile < ${u32((layout.units / rows) * across)}; tile += ${u32(lanes)}) {
    let row0 = tile / ${u32(across)} * ${u32(rows)};
    let q0 = tile % ${u32(across)} * ${u32(vectors)};
    ${body}
  }`;
}

/** Declares z<a>_<b>, the tile's accumulators. */
export const declareTile = ({ rows, vectors }: Geometry) =>
  unroll(rows, (a) => unroll(vectors, (b) => `var z${a}_${b} = vec4f(0.0);`, ' '));

/** z += left · right over 4 · count columns: four weights per load. */
function multiply(
  { rows, vectors }: Geometry,
  count: number,
  left: (row: string, k: string) => string,
  right: (column: string, q: string) => string,
): string {
  return `for (var k = 0u; k < ${u32(count)}; k++) {
      ${unroll(4, (i) => unroll(vectors, (b) => `let x${i}_${b} = ${right(`(4u * k + ${u32(i)})`, `(q0 + ${u32(b)})`)};`, ' '))}
      ${unroll(
        rows,
        (a) => `let w${a} = ${left(`(row0 + ${u32(a)})`, 'k')};
      ${unroll(vectors, (b) => `z${a}_${b} += w${a}.x * x0_${b} + w${a}.y * x1_${b} + w${a}.z * x2_${b} + w${a}.w * x3_${b};`)}`,
      )}
    }`;
}

/**
 * Hands on the accumulators in a loop, `row` and `q` being u32 variables: unrolled, the copies would take the compiler's time.
 */
export function finishTile({ rows, vectors }: Geometry, body: string): string {
  return `var sums = array<vec4f, ${u32(rows * vectors)}>(${unroll(rows, (a) => unroll(vectors, (b) => `z${a}_${b}`, ', '), ', ')});
    for (var s = 0u; s < ${u32(rows * vectors)}; s++) {
      let row = row0 + s / ${u32(vectors)};
      let q = q0 + s % ${u32(vectors)};
      let z = sums[s];
      ${body}
    }`;
}

/** Statements that put the rates before the first step in their place. */
export function initialRates({ shape, layout, geometry, quads, places }: Pass): string {
  const value = `select(0.0, ${f32(initialRate(shape))}, item / ${u32(quads)} < ${u32(shape.width)})`;
  return `for (var item = lane; item < ${u32(layout.units * quads)}; item += ${u32(geometry.lanes)}) {
    ${places.rate('0u', `(item / ${u32(quads)})`, `(item % ${u32(quads)})`)} = vec4f(${value});
  }
  ${SYNC}`;
}

/** Statements that run all steps; rates of units beyond the width are 0. Ends with a barrier. */
export function forwardSteps(pass: Pass): string {
  const { shape, layout, geometry, places } = pass;
  const { width, steps, leak, placement } = shape;
  const [wx] = layout.matrices;
  const before =
    placement === 'inside'
      ? places.rate('t', 'row', 'q')
      : `select(vec4f(0.0), ${places.argument?.('max(t, 1u) - 1u', 'row', 'q')}, t > 0u)`;
  const kept = leak === 1 ? 'z' : `${f32(1 - leak)} * ${before} + ${f32(leak)} * z`;
  const product = multiply(
    geometry,
    layout.units / 4,
    (row, k) => places.recurrent(row, k),
    (column, q) => places.rate('t', column, q),
  );
  return `for (var t = 0u; t < ${u32(steps)}; t++) {
  ${overTiles(
    pass,
    `${declareTile(geometry)}
    ${startsAwake(shape) ? product : `if (t > 0u) { ${product} }`}
    ${multiply(
      geometry,
      layout.channels / 4,
      (row, k) => places.weight(`${u32(wx.offset / 4)} + ${row} * ${u32(wx.stride / 4)} + ${k}`),
      (column, q) => places.input('t', column, q),
    )}
    ${finishTile(
      geometry,
      `let inner = ${kept};
      ${places.argument === null ? '' : `${places.argument('t', 'row', 'q')} = inner;`}
      ${places.rate('(t + 1u)', 'row', 'q')} = ${width === layout.units ? 'act4(inner)' : `select(vec4f(0.0), act4(inner), row < ${u32(width)})`};`,
    )}`,
  )}
  ${SYNC}
  }`;
}
