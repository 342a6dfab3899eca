// Sums over the Gram matrix of the output layer, now against the start, and what passes over weights share.

import type { Term } from '../../../src/core/observable.ts';
import type { Pass } from '../../../src/core/program.ts';
import { u32 } from '../../wgsl.ts';
import { type Binding, makePass, unroll } from '../pass.ts';
import { nowOf, startOf } from './kernel-sums.wgsl.ts';
import type { LayerSizes } from './passes.ts';
import { addTerms, type Columns, givenChange, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from './terms.ts';

/** vec4s that are added before they are flushed: keeps the rounding of long sums small. */
const BLOCK = 64;

/** Weights now and at their start. */
export const WEIGHTS: readonly Binding[] = [
  { buffer: 'weights', name: 'weights', type: 'vec4f' },
  { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
  { buffer: 'networks', name: 'networks', type: 'u32' },
];

/** Statements: where the weights of a unit begin, in vec4s. */
export const weightsAt = (vectors: number) => `let now_at = unit * ${u32(vectors)};
  let start_at = ${startOf} * ${u32(vectors)};`;

/** Statements: vec4f `name` = Σ_k of `step(k)`, k below `count`. */
export function blockedSum(name: string, count: number, step: string): string {
  return `
      var ${name} = vec4f(0.0);
      for (var block = 0u; block < ${u32(count)}; block += ${u32(BLOCK)}) {
        var part = vec4f(0.0);
        for (var k = block; k < min(block + ${u32(BLOCK)}, ${u32(count)}); k++) { ${step} }
        ${name} += part;
      }`;
}

/** Sums of the `outputGram` domain: an item is one output against four. */
export function outputGramPass(
  terms: readonly Term[],
  { shape, layout, difference = false }: LayerSizes,
  columns: Columns,
): Pass {
  const { outputDim, width, depth } = shape;
  const { offset, stride } = layout.matrices[depth];
  const quads = Math.ceil(outputDim / 4);
  const vectors = Math.ceil(width / 4);
  // A bias column in the last vec4 is no weight of a unit.
  const masked =
    shape.biasScale > 0 && width % 4 > 0
      ? `select(vec4f(1.0), vec4f(${unroll(4, (c) => (c < width % 4 ? '1.0' : '0.0'), ', ')}), k == ${u32(vectors - 1)}) * `
      : '';
  const row = (name: string, at: string, output: string) =>
    `${name}[${at} + ${u32(offset / 4)} + ${output} * ${u32(stride / 4)} + k]`;
  const other = (b: number) => `min(4u * q + ${u32(b)}, ${u32(outputDim - 1)})`;
  const gram = (variable: string, name: string, at: string) =>
    blockedSum(
      variable,
      vectors,
      `let own = ${masked}${row(name, at, 'c')};
          part += vec4f(${unroll(4, (b) => `dot(own, ${row(name, at, other(b))})`, ', ')});`,
    );
  // Δ(WWᵀ) = (W₀ + U)Uᵀ + UW₀ᵀ.
  const gramChange = blockedSum(
    'moved',
    vectors,
    `let before = ${masked}${row('start_weights', 'start_at', 'c')};
          let own = ${masked}${row('weights', 'now_at', 'c')};
          part += vec4f(${unroll(
            4,
            (b) =>
              `dot(before + own, ${row('weights', 'now_at', other(b))}) + dot(own, ${row('start_weights', 'start_at', other(b))})`,
            ', ',
          )});`,
  );
  const body = `
      let c = item / ${u32(quads)};
      let q = item % ${u32(quads)};
      ${gram('start', 'start_weights', 'start_at')}
      ${difference ? `${gramChange}\n      ${nowOf('moved', true)}` : gram('now', 'weights', 'now_at')}
      ${addTerms(terms, { variables: ['now', 'start', ...givenChange(difference)], valid: validBelow('q', outputDim) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: weightsAt(layout.words / 4),
    loops: [{ count: outputDim * quads, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over the output Gram matrix',
    bindings: [...WEIGHTS, SUMS],
    declarations: `${memory}\n${termFunctions('outputGram', terms, givenChange(difference))}`,
    ...frame,
  });
}
