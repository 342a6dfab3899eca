// Sums over trained weights, matrix by matrix, and over the singular values of the recurrent weights, now against the start.

import type { Term } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { addTerms, type Columns, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from '../../../lib/measure/terms.ts';
import { makePass } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { RecurrentOptions } from '../train/options.ts';
import { type Which, weightBindings, weightsAt } from './evaluate.wgsl.ts';

/** Sums of the `weights` domain: three words per term, matrices fastest. */
export function weightsPass(terms: readonly Term[], { layout }: RecurrentOptions, columns: Columns): Pass {
  const { matrices, words } = layout;
  const layers = matrices.length;
  const loops = matrices.map(({ offset, rows, columns: used, stride }, layer) => {
    const vectors = Math.ceil(used / 4);
    const place = `${u32(offset / 4)} + item / ${u32(vectors)} * ${u32(stride / 4)} + item % ${u32(vectors)}`;
    const first = layer * terms.length;
    return {
      count: rows * vectors,
      name: 'item',
      first,
      length: terms.length,
      body: `
      let now = weights[now_at + ${place}];
      let start = start_weights[start_at + ${place}];
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow(`(item % ${u32(vectors)})`, used), first })}`,
    };
  });
  const { memory, ...frame } = sumsFrame({
    reductions: matrices.flatMap(() => reductionsOf(terms)),
    columns,
    setup: `let now_at = ${weightsAt('now', words, 'unit')};
  let start_at = ${weightsAt('start', words, 'unit')};`,
    loops,
    place: (k) => `${k} % ${u32(terms.length)} * ${u32(layers)} + ${k} / ${u32(terms.length)}`,
  });
  return makePass({
    label: 'measure: sums over weights',
    bindings: [...weightBindings('now'), { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' }, SUMS],
    declarations: `${memory}\n${termFunctions('weights', terms)}`,
    ...frame,
  });
}

/** Scratch: rows of the recurrent weights while they are rotated, (units, units), and then their norms, 2 × (units). */
export const ROTATED = 'spectrumRows';
export const SPECTRA = 'spectra';

/** Sweeps of the Jacobi method; float32 is reached after about eight. */
const SWEEPS = 12;
/** Cosine below which two rows count as orthogonal. */
const ORTHOGONAL = 2e-7;

/**
 * Singular values of the recurrent weights by one-sided Jacobi rotations of rows, in rounds of disjoint pairs: one workgroup per
 * network, a lane per pair. Hestenes 1958; order of pairs: Brent and Luk 1985.
 */
export function spectrumPass({ shape, layout }: RecurrentOptions, which: Which): Pass {
  const rows = 2 * Math.ceil(shape.width / 2);
  const vectors = layout.units / 4;
  const pairs = rows / 2;
  const lanes = Math.min(64, 2 ** Math.ceil(Math.log2(Math.max(1, pairs))));
  const at = (row: string, i: string) => `rows[rows0 + ${row} * ${u32(vectors)} + ${i}]`;
  return makePass({
    label: `measure: singular values, ${which}`,
    bindings: [
      ...weightBindings(which),
      { buffer: ROTATED, name: 'rows', type: 'vec4f', write: true },
      { buffer: SPECTRA, name: 'spectra', type: 'f32', write: true },
    ],
    declarations: `
var<workgroup> turned: array<u32, ${lanes}>;
var<workgroup> any_turned: u32;

// Row of place \`place\` in round \`round\`: row 0 stays, all others go round.
fn row_of(place: u32, round: u32) -> u32 {
  return select(1u + (place + ${u32(Math.max(1, rows - 1))} - 1u - round % ${u32(Math.max(1, rows - 1))}) % ${u32(Math.max(1, rows - 1))}, 0u, place == 0u);
}`,
    lanes,
    workgroups: (count) => count,
    body: `
  if (group_number >= span.count) { return; }
  let rows0 = group_number * ${u32(layout.units * vectors)};
  let weights0 = ${weightsAt(which, layout.words, '(span.first + group_number)')} + ${u32(layout.matrices[1].offset / 4)};
  for (var item = lane; item < ${u32(rows * vectors)}; item += ${u32(lanes)}) { rows[rows0 + item] = weights[weights0 + item]; }
  storageBarrier(); workgroupBarrier();
  for (var sweep = 0u; sweep < ${u32(SWEEPS)}; sweep++) {
    turned[lane] = 0u;
    for (var round = 0u; round < ${u32(rows - 1)}; round++) {
      for (var pair = lane; pair < ${u32(pairs)}; pair += ${u32(lanes)}) {
        let p = row_of(pair, round);
        let q = row_of(${u32(rows - 1)} - pair, round);
        var aa = vec4f(0.0);
        var bb = vec4f(0.0);
        var ab = vec4f(0.0);
        for (var i = 0u; i < ${u32(vectors)}; i++) {
          let a = ${at('p', 'i')};
          let b = ${at('q', 'i')};
          aa += a * a;
          bb += b * b;
          ab += a * b;
        }
        let norm_a = (aa.x + aa.y) + (aa.z + aa.w);
        let norm_b = (bb.x + bb.y) + (bb.z + bb.w);
        let product = (ab.x + ab.y) + (ab.z + ab.w);
        if (abs(product) <= ${f32(ORTHOGONAL)} * sqrt(norm_a) * sqrt(norm_b)) { continue; }
        turned[lane] = 1u;
        let zeta = (norm_b - norm_a) / (2.0 * product);
        let tangent = select(-1.0, 1.0, zeta >= 0.0) / (abs(zeta) + sqrt(1.0 + min(zeta * zeta, 1e30)));
        let cosine = 1.0 / sqrt(1.0 + tangent * tangent);
        let sine = cosine * tangent;
        for (var i = 0u; i < ${u32(vectors)}; i++) {
          let a = ${at('p', 'i')};
          let b = ${at('q', 'i')};
          ${at('p', 'i')} = cosine * a - sine * b;
          ${at('q', 'i')} = sine * a + cosine * b;
        }
      }
      storageBarrier(); workgroupBarrier();
    }
    if (lane == 0u) {
      var sum = 0u;
      for (var l = 0u; l < ${u32(lanes)}; l++) { sum += turned[l]; }
      any_turned = sum;
    }
    if (workgroupUniformLoad(&any_turned) == 0u) { break; }
  }
  for (var row = lane; row < ${u32(shape.width)}; row += ${u32(lanes)}) {
    var sum = vec4f(0.0);
    for (var i = 0u; i < ${u32(vectors)}; i++) { let a = ${at('row', 'i')}; sum += a * a; }
    let norm = sqrt((sum.x + sum.y) + (sum.z + sum.w));
    spectra[group_number * ${u32(2 * layout.units)} + ${which === 'now' ? '0u' : u32(layout.units)} + row] = norm;
  }`,
  });
}

/** Sums of the `spectrum` domain. */
export function spectrumSumsPass(terms: readonly Term[], { shape, layout }: RecurrentOptions, columns: Columns): Pass {
  const base = `local * ${u32(layout.units / 2)} + item`;
  const body = `
      let now = spectra[${base}];
      let start = spectra[${base} + ${u32(layout.units / 4)}];
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow('item', shape.width) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    loops: [{ count: Math.ceil(shape.width / 4), name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over singular values',
    bindings: [{ buffer: SPECTRA, name: 'spectra', type: 'vec4f' }, SUMS],
    declarations: `${memory}\n${termFunctions('spectrum', terms)}`,
    ...frame,
  });
}
