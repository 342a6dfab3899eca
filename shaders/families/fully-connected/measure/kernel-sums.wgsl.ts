// Sums over the entries and rows of tangent kernels and Gram matrices, now against the start. The matrices come from kernel.wgsl.ts.

import type { Term } from '../../../../src/core/observable.ts';
import type { Pass } from '../../../../src/core/program.ts';
import { u32 } from '../../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import { type Binding, type ProbeSizes, makePass, trianglePairs, unroll } from './common.ts';
import { type Columns, SUMS, addTerms, reads, sumsFrame, termFunctions, validBelow } from './terms.ts';

/** Matrices to compare: `now` of the span's networks (scratch), `start` of all starts. */
export interface MatrixBuffers {
  readonly now: string;
  readonly start: string;
}

export const startOf = `networks[unit * ${u32(NETWORK_WORDS)} + ${u32(NETWORK.start)}]`;

const bindings = ({ now, start }: MatrixBuffers): Binding[] => [
  { buffer: now, name: 'nows', type: 'vec4f' },
  { buffer: start, name: 'starts', type: 'vec4f' },
  { buffer: 'networks', name: 'networks', type: 'u32' },
];

/** Sums of the `kernel` domain over ordered pairs: stored tiles above the diagonal count twice. `targets`: (outputDim, padded). */
export function kernelPass(terms: readonly Term[], probe: ProbeSizes, buffers: MatrixBuffers, targets: string, columns: Columns): Pass {
  const { count, tiles, entryTiles, pairTiles } = probe;
  const withTarget = reads(terms, 'targets');
  const padding = count % 8 !== 0;
  const half = (h: number) => `{
      let now = nows[now_at + 2u * item + ${u32(h)}];
      let start = starts[start_at + 2u * item + ${u32(h)}];
      ${withTarget ? `let targets = row_target * entry_targets[2u * pair.y + ${u32(h)}];` : 'let targets = vec4f(0.0);'}
      let column = vec4u(8u * pair.y + ${u32(4 * h)}) + vec4u(0u, 1u, 2u, 3u);
      let diagonal = select(vec4f(0.0), vec4f(1.0), column == vec4u(8u * pair.x + a));
      ${
        padding
          ? `let valid = (column - vec4u(pair.y / ${u32(tiles)} * ${u32(8 * tiles)}) < vec4u(${u32(count)})) & vec4<bool>(row_valid);`
          : ''
      }
      ${addTerms(terms, {
        variables: ['now', 'start', 'targets', 'diagonal'],
        valid: padding ? 'valid' : undefined,
        weight: 'weight',
      })}
    }`;
  const body = `
      let pair = pair_of(item / 8u);
      let a = item % 8u;
      let weight = select(2.0, 1.0, pair.x == pair.y);
      ${withTarget ? 'let row_target = entry_targets[2u * pair.x + a / 4u][a % 4u];' : ''}
      ${padding ? `let row_valid = (8u * pair.x + a) % ${u32(8 * tiles)} < ${u32(count)};` : ''}
      ${half(0)}
      ${half(1)}`;
  const { memory, ...frame } = sumsFrame({
    values: terms.length,
    columns,
    setup: `let now_at = local * ${u32(16 * pairTiles)};
  let start_at = ${startOf} * ${u32(16 * pairTiles)};`,
    loops: [{ count: 8 * pairTiles, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over the tangent kernel',
    bindings: [...bindings(buffers), ...(withTarget ? [{ buffer: targets, name: 'entry_targets', type: 'vec4f' as const }] : []), SUMS],
    declarations: `${memory}
${trianglePairs(entryTiles)}
${termFunctions('kernel', terms)}`,
    ...frame,
  });
}

/** Sums of the `kernelRows` domain: an item is half a tile of rows, four entries. */
export function kernelRowsPass(terms: readonly Term[], probe: ProbeSizes, buffers: MatrixBuffers, columns: Columns): Pass {
  const { count, tiles, entryTiles, pairTiles } = probe;
  // Row sums within a tile on or right of the diagonal; column sums of a tile below it, read from its mirror image.
  const sumsOf = (name: string) => `
fn ${name}_rows(base: u32, own: u32, half: u32) -> vec4f {
  var sum = vec4f(0.0);
  for (var other = 0u; other < ${u32(entryTiles)}; other++) {
    var part = vec4f(0.0);
    if (other >= own) {
      let at = base + pair_index(own, other) * 16u + 8u * half;
      ${unroll(4, (a) => `let r${a} = ${name}[at + ${u32(2 * a)}] + ${name}[at + ${u32(2 * a + 1)}];`)}
      part = vec4f(${unroll(4, (a) => `(r${a}.x + r${a}.y) + (r${a}.z + r${a}.w)`, ', ')});
    } else {
      let at = base + pair_index(other, own) * 16u + half;
      ${unroll(8, (b) => `part += ${name}[at + ${u32(2 * b)}];`)}
    }
    sum += part;
  }
  return sum;
}`;
  const body = `
      let own = item / 2u;
      let half = item % 2u;
      let now = nows_rows(now_at, own, half);
      let start = starts_rows(start_at, own, half);
      let sample = 2u * (own % ${u32(tiles)}) + half;
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow('sample', count, 8) })}`;
  const { memory, ...frame } = sumsFrame({
    values: terms.length,
    columns,
    setup: `let now_at = local * ${u32(16 * pairTiles)};
  let start_at = ${startOf} * ${u32(16 * pairTiles)};`,
    loops: [{ count: 2 * entryTiles, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over rows of the tangent kernel',
    bindings: [...bindings(buffers), SUMS],
    declarations: `${memory}
${trianglePairs(entryTiles)}
${sumsOf('nows')}
${sumsOf('starts')}
${termFunctions('kernelRows', terms)}`,
    ...frame,
  });
}

export interface RepresentationOptions {
  readonly buffers: MatrixBuffers;
  /** Gram matrices per network in `now`, of which the last is compared. */
  readonly layers: number;
  readonly columns: Columns;
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
  const body = `
      let at = item / ${u32(used)} * ${u32(vectors)} + item % ${u32(used)};
      let now = nows[now_at + at];
      let start = starts[start_at + at];
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow(`(item % ${u32(used)})`, count) })}`;
  const { memory, ...frame } = sumsFrame({
    values: terms.length,
    columns: options.columns,
    setup: representationSetup(options, probe),
    loops: [{ count: count * used, name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over the representation',
    bindings: [...bindings(options.buffers), SUMS],
    declarations: `${memory}\n${termFunctions('representation', terms)}`,
    ...frame,
  });
}

/** Sums of the `representationRows` domain; the matrix is symmetric, so that four row sums are one run down a column of vec4s. */
export function representationRowsPass(terms: readonly Term[], probe: ProbeSizes, options: RepresentationOptions): Pass {
  const { count, vectors } = probe;
  const body = `
      var now = vec4f(0.0);
      var start = vec4f(0.0);
      for (var p = 0u; p < ${u32(count)}; p += 16u) {
        var now_part = vec4f(0.0);
        var start_part = vec4f(0.0);
        for (var r = p; r < min(p + 16u, ${u32(count)}); r++) {
          now_part += nows[now_at + r * ${u32(vectors)} + item];
          start_part += starts[start_at + r * ${u32(vectors)} + item];
        }
        now += now_part;
        start += start_part;
      }
      ${addTerms(terms, { variables: ['now', 'start'], valid: validBelow('item', count) })}`;
  const { memory, ...frame } = sumsFrame({
    values: terms.length,
    columns: options.columns,
    setup: representationSetup(options, probe),
    loops: [{ count: Math.ceil(count / 4), name: 'item', body, first: 0, length: terms.length }],
  });
  return makePass({
    label: 'measure: sums over rows of the representation',
    bindings: [...bindings(options.buffers), SUMS],
    declarations: `${memory}\n${termFunctions('representationRows', terms)}`,
    ...frame,
  });
}
