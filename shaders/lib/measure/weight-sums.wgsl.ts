// Sums over trained weights, layer by layer, and over gates (pre-activations of hidden units on the probe samples), now against
// the start.

import type { Term } from '../../../src/core/observable.ts';
import type { Pass } from '../../../src/core/program.ts';
import { u32 } from '../../wgsl.ts';
import { makePass } from '../pass.ts';
import { nowOf, startOf } from './kernel-sums.wgsl.ts';
import type { LayerSizes, ProbeSizes } from './passes.ts';
import { addTerms, type Columns, givenChange, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from './terms.ts';

/** Sums of the `weights` domain: depth + 1 words per term, layers fastest. Padding does not count, biases do. */
export function weightsPass(terms: readonly Term[], { layout, difference = false }: LayerSizes, columns: Columns): Pass {
  const layers = layout.matrices.length;
  // One loop per layer fills the accumulators of all terms for that layer; stored in layer-major order, written term-major.
  const loops = layout.matrices.map(({ offset, rows, columns: used, stride }, layer) => {
    const vectors = Math.ceil(used / 4);
    const place = `${u32(offset / 4)} + item / ${u32(vectors)} * ${u32(stride / 4)} + item % ${u32(vectors)}`;
    return {
      count: rows * vectors,
      name: 'item',
      first: layer * terms.length,
      length: terms.length,
      body: `
      let start = start_weights[start_at + ${place}];
      ${nowOf(`weights[now_at + ${place}]`, difference)}
      ${addTerms(terms, {
        variables: ['now', 'start', ...givenChange(difference)],
        valid: validBelow(`(item % ${u32(vectors)})`, used),
        first: layer * terms.length,
      })}`,
    };
  });
  const { memory, ...frame } = sumsFrame({
    reductions: layout.matrices.flatMap(() => reductionsOf(terms)),
    columns,
    setup: `let now_at = unit * ${u32(layout.words / 4)};
  let start_at = ${startOf} * ${u32(layout.words / 4)};`,
    loops,
    place: (k) => `${k} % ${u32(terms.length)} * ${u32(layers)} + ${k} / ${u32(terms.length)}`,
  });
  return makePass({
    label: 'measure: sums over weights',
    bindings: [
      { buffer: 'weights', name: 'weights', type: 'vec4f' },
      { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
      { buffer: 'networks', name: 'networks', type: 'u32' },
      SUMS,
    ],
    declarations: `${memory}\n${termFunctions('weights', terms, givenChange(difference))}`,
    ...frame,
  });
}

/** Sums of the `gates` domain. Both buffers: (depth, hiddenRows, padded samples) per unit; `now` is scratch. */
export function gatesPass(
  terms: readonly Term[],
  { shape, hiddenRows, difference = false }: LayerSizes,
  { count, vectors }: ProbeSizes,
  buffers: { readonly now: string; readonly start: string },
  columns: Columns,
): Pass {
  const used = Math.ceil(count / 4);
  const size = shape.depth * hiddenRows * vectors;
  const body = `
      let unit_row = item / ${u32(used)};
      let q = item % ${u32(used)};
      let at = (unit_row / ${u32(shape.width)} * ${u32(hiddenRows)} + unit_row % ${u32(shape.width)}) * ${u32(vectors)} + q;
      let start = starts[start_at + at];
      ${nowOf('nows[now_at + at]', difference)}
      ${addTerms(terms, { variables: ['now', 'start', ...givenChange(difference)], valid: validBelow('q', count) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let now_at = local * ${u32(size)};
  let start_at = ${startOf} * ${u32(size)};`,
    loops: [{ count: shape.depth * shape.width * used, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over gates',
    bindings: [
      { buffer: buffers.now, name: 'nows', type: 'vec4f' },
      { buffer: buffers.start, name: 'starts', type: 'vec4f' },
      { buffer: 'networks', name: 'networks', type: 'u32' },
      SUMS,
    ],
    declarations: `${memory}\n${termFunctions('gates', terms, givenChange(difference))}`,
    ...frame,
  });
}
