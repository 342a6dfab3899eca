// Sums over the entries and rows of tangent kernels and Gram matrices, now against the start. The matrices come from
// the families.

import type { Term } from '../../../src/core/observable.ts';
import type { Pass } from '../../../src/core/program.ts';
import { u32 } from '../../wgsl.ts';
import { type Binding, makePass, unroll } from '../pass.ts';
import { NETWORK, NETWORK_WORDS } from '../training/network-record.ts';
import { type ProbeSizes, trianglePairs } from './passes.ts';
import { addTerms, type Columns, givenChange, reads, reductionsOf, SUMS, sumsFrame, termFunctions, validBelow } from './terms.ts';

/** Statements: `now` from what a buffer holds, in the difference form the `change` since `start`. */
export function nowOf(found: string, difference: boolean): string {
  return difference ? `let change = ${found}; let now = start + change;` : `let now = ${found};`;
}

/** Matrices to compare: `now` of the span's networks (scratch), `start` of all starts. */
export interface MatrixBuffers {
  readonly now: string;
  readonly start: string;
}

/** A word of a network's record, as u32 and as f32; the binding `networks` is of u32. */
export const recordWord = (network: string, word: number) => `networks[${network} * ${u32(NETWORK_WORDS)} + ${u32(word)}]`;
export const recordNumber = (network: string, word: number) => `bitcast<f32>(${recordWord(network, word)})`;
/** Index of the start of `unit`. */
export const startOf = recordWord('unit', NETWORK.start);

const bindings = ({ now, start }: MatrixBuffers): Binding[] => [
  { buffer: now, name: 'nows', type: 'vec4f' },
  { buffer: start, name: 'starts', type: 'vec4f' },
  { buffer: 'networks', name: 'networks', type: 'u32' },
];

/**
 * Sums of the `kernel` domain over ordered pairs: stored blocks above the diagonal count twice. `targets`: (outputDim, padded).
 */
export function kernelPass(
  terms: readonly Term[],
  probe: ProbeSizes,
  buffers: MatrixBuffers,
  targets: string,
  columns: Columns,
  difference = false,
): Pass {
  const { count, vectors, entryVectors, blocks } = probe;
  const withTarget = reads(terms, 'targets');
  const columnsValid = validBelow(`(pair.y % ${u32(vectors)})`, count, 8);
  const body = `
      let pair = block_of(item);
      let weight = select(2.0, 1.0, pair.x == pair.y);
      ${withTarget ? 'let row_targets = entry_targets[pair.x];\n      let column_targets = entry_targets[pair.y];' : ''}
      for (var a = 0u; a < 4u; a++) {
        let start = starts[start_at + 4u * item + a];
        ${nowOf('nows[now_at + 4u * item + a]', difference)}
        let targets = ${withTarget ? 'row_targets[a] * column_targets' : 'vec4f(0.0)'};
        let diagonal = select(vec4f(0.0), vec4f(1.0), vec4u(4u * pair.y) + vec4u(0u, 1u, 2u, 3u) == vec4u(4u * pair.x + a));
        ${
          columnsValid === undefined
            ? ''
            : `let valid = ${columnsValid} & vec4<bool>(4u * (pair.x % ${u32(vectors)}) + a < ${u32(count)});`
        }
        ${addTerms(terms, {
          variables: ['now', 'start', 'targets', 'diagonal', ...givenChange(difference)],
          valid: columnsValid === undefined ? undefined : 'valid',
          weight: 'weight',
        })}
      }`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let now_at = local * ${u32(4 * blocks)};
  let start_at = ${startOf} * ${u32(4 * blocks)};`,
    loops: [{ count: blocks, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over the tangent kernel',
    bindings: [
      ...bindings(buffers),
      ...(withTarget ? [{ buffer: targets, name: 'entry_targets', type: 'vec4f' as const }] : []),
      SUMS,
    ],
    declarations: `${memory}
${trianglePairs('block', entryVectors)}
${termFunctions('kernel', terms, givenChange(difference))}`,
    ...frame,
  });
}

/** Sums of the `kernelRows` domain: an item is one vec4 of rows. */
export function kernelRowsPass(
  terms: readonly Term[],
  probe: ProbeSizes,
  buffers: MatrixBuffers,
  columns: Columns,
  difference = false,
): Pass {
  const { count, vectors, entryVectors, blocks } = probe;
  // Row sums within a block on or right of the diagonal; column sums of a block below it, read from its mirror image.
  const sumsOf = (name: string) => `
fn ${name}_rows(base: u32, own: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var other = 0u; other < ${u32(entryVectors)}; other++) {
    let at = base + 4u * select(block_index(other, own), block_index(own, other), other >= own);
    ${unroll(4, (a) => `let r${a} = ${name}[at + ${u32(a)}];`, ' ')}
    let across = vec4f(${unroll(4, (a) => `(r${a}.x + r${a}.y) + (r${a}.z + r${a}.w)`, ', ')});
    sum += select((r0 + r1) + (r2 + r3), across, other >= own);
  }
  return sum;
}`;
  const body = `
      let start = starts_rows(start_at, item);
      ${nowOf('nows_rows(now_at, item)', difference)}
      ${addTerms(terms, { variables: ['now', 'start', ...givenChange(difference)], valid: validBelow(`(item % ${u32(vectors)})`, count, 8) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns,
    setup: `let now_at = local * ${u32(4 * blocks)};
  let start_at = ${startOf} * ${u32(4 * blocks)};`,
    loops: [{ count: entryVectors, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over rows of the tangent kernel',
    bindings: [...bindings(buffers), SUMS],
    declarations: `${memory}
${trianglePairs('block', entryVectors)}
${sumsOf('nows')}
${sumsOf('starts')}
${termFunctions('kernelRows', terms, givenChange(difference))}`,
    ...frame,
  });
}

export interface RepresentationOptions {
  readonly buffers: MatrixBuffers;
  /** Gram matrices per network in `now`, of which the last is compared. */
  readonly layers: number;
  readonly columns: Columns;
  /** True: `now` holds changes since the start. Defaults to false. */
  readonly difference?: boolean;
}

const representationSetup = ({ layers }: RepresentationOptions, probe: ProbeSizes) => {
  const size = probe.padded * probe.vectors;
  return `let now_at = (local * ${u32(layers)} + ${u32(layers - 1)}) * ${u32(size)};
  let start_at = ${startOf} * ${u32(size)};`;
};

/** Sums of the `representation` domain over ordered pairs of samples. */
export function representationPass(terms: readonly Term[], probe: ProbeSizes, options: RepresentationOptions): Pass {
  const { count, vectors } = probe;
  const used = Math.ceil(count / 4);
  const given = givenChange(options.difference === true);
  const body = `
      let at = item / ${u32(used)} * ${u32(vectors)} + item % ${u32(used)};
      let start = starts[start_at + at];
      ${nowOf('nows[now_at + at]', options.difference === true)}
      ${addTerms(terms, { variables: ['now', 'start', ...given], valid: validBelow(`(item % ${u32(used)})`, count) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns: options.columns,
    setup: representationSetup(options, probe),
    loops: [{ count: count * used, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over the representation',
    bindings: [...bindings(options.buffers), SUMS],
    declarations: `${memory}\n${termFunctions('representation', terms, given)}`,
    ...frame,
  });
}

/** Sums of the `representationRows` domain; the matrix is symmetric, so that four row sums are one run down a column of vec4s. */
export function representationRowsPass(terms: readonly Term[], probe: ProbeSizes, options: RepresentationOptions): Pass {
  const { count, vectors } = probe;
  const given = givenChange(options.difference === true);
  const body = `
      var found = vec4f(0.0);
      var start = vec4f(0.0);
      for (var p = 0u; p < ${u32(count)}; p += 16u) {
        var now_part = vec4f(0.0);
        var start_part = vec4f(0.0);
        for (var r = p; r < min(p + 16u, ${u32(count)}); r++) {
          now_part += nows[now_at + r * ${u32(vectors)} + item];
          start_part += starts[start_at + r * ${u32(vectors)} + item];
        }
        found += now_part;
        start += start_part;
      }
      ${nowOf('found', options.difference === true)}
      ${addTerms(terms, { variables: ['now', 'start', ...given], valid: validBelow('item', count) })}`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns: options.columns,
    setup: representationSetup(options, probe),
    loops: [{ count: Math.ceil(count / 4), name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over rows of the representation',
    bindings: [...bindings(options.buffers), SUMS],
    declarations: `${memory}\n${termFunctions('representationRows', terms, given)}`,
    ...frame,
  });
}
