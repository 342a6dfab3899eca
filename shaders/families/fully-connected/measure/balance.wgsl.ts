// Sums over the balance of hidden layers, W_{l+1}ᵀW_{l+1}/r_{l+1} − W_lW_lᵀ/r_l, now against the start. Nothing is stored: a lane
// makes 4 × 4 entries of both in registers, tiles I ≤ J only. Wide networks are shared by several workgroups, whose sums a second
// pass brings together. The float64 definition is structure.ts.

import type { Term } from '../../../../src/core/observable.ts';
import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import { nowOf, recordNumber, startOf } from '../../../lib/measure/kernel-sums.wgsl.ts';
import { trianglePairs } from '../../../lib/measure/passes.ts';
import {
  addTerms,
  type Columns,
  givenChange,
  reductionsOf,
  SUMS,
  sumsFrame,
  termFunctions,
  validBelow,
} from '../../../lib/measure/terms.ts';
import { makePass, unroll } from '../../../lib/pass.ts';
import { accumulate } from '../../../lib/reduce.wgsl.ts';
import { NETWORK } from '../../../lib/training/network-record.ts';
import { u32 } from '../../../wgsl.ts';
import type { Sizes } from './common.ts';

/** Tiles of a workgroup: beyond, a network takes several workgroups, so that no lane works for long. */
const GROUP_TILES = 1024;
/** vec4s of a row that are added before they are flushed: keeps the rounding of long sums small. */
const BLOCK = 64;

const PARTS = 'balanceParts';

/**
 * `<name>_balance(layer, base, x, y, rates, origin) -> mat4x4f`: a tile of the balance from the weights in storage `name`,
 * base in vec4s. `change`: the tile's change since the start by the changes U in `name`, (W₀ + U)Uᵀ + UW₀ᵀ and the like;
 * `origin`: where W₀ begins.
 */
function balanceFunction(name: string, { shape, layout }: Sizes, change = false): string {
  const { depth, width } = shape;
  const { matrices } = layout;
  const middle = matrices[Math.min(1, depth)];
  const middleVectors = (middle.storedRows * middle.stride) / 4;
  const output = matrices[depth];
  // Layer l ≥ 1 of the hidden matrices; the output matrix stands where hidden matrix number `depth` would.
  const below = `select(${u32(middle.offset / 4)} + (layer - 1u) * ${u32(middleVectors)}, 0u, layer == 0u)`;
  const rowVectors = `select(${u32(middle.stride / 4)}, ${u32(matrices[0].stride / 4)}, layer == 0u)`;
  const isLast = `layer == ${u32(depth - 1)}`;
  const above = `select(${u32(middle.offset / 4)} + layer * ${u32(middleVectors)}, ${u32(output.offset / 4)}, ${isLast})`;
  const aboveRows = `select(${u32(width)}, ${u32(output.rows)}, ${isLast})`;
  const load = (variable: string, place: string) =>
    `let ${variable} = ${name}[base + ${place}];${change ? ` let ${variable}_start = start_weights[origin + ${place}];` : ''}`;
  const productOf = (make: (r: string, c: string) => string, r: string, c: string) =>
    change ? `${make(`(${r}_start + ${r})`, c)} + ${make(r, `${c}_start`)}` : make(r, c);
  const blocked = (index: string, count: string, into: string, body: string) => `
  for (var block = 0u; block < ${count}; block += ${u32(BLOCK)}) {
    var part = mat4x4f();
    for (var ${index} = block; ${index} < min(block + ${u32(BLOCK)}, ${count}); ${index}++) {
      ${body}
    }
    ${into} += part;
  }`;
  return `
fn ${name}_balance(layer: u32, base: u32, x: u32, y: u32, rates: vec2f, origin: u32) -> mat4x4f {
  let row_vectors = ${rowVectors};
  let below = ${below};
  let above = ${above};
  let rows = ${aboveRows};
  var into = mat4x4f();
  var out = mat4x4f();
  ${blocked(
    'k',
    'row_vectors',
    'into',
    `${unroll(
      4,
      (a) => `${load(`r${a}`, `below + (4u * x + ${u32(a)}) * row_vectors + k`)}
      ${load(`c${a}`, `below + (4u * y + ${u32(a)}) * row_vectors + k`)}`,
    )}
      ${unroll(4, (a) => `part[${a}] += vec4f(${unroll(4, (b) => productOf((r, c) => `dot(${r}, ${c})`, `r${a}`, `c${b}`), ', ')});`)}`,
  )}
  ${blocked(
    'c',
    'rows',
    'out',
    `${load('row', `above + c * ${u32(layout.hiddenStride / 4)} + x`)}
      ${load('column', `above + c * ${u32(layout.hiddenStride / 4)} + y`)}
      ${unroll(4, (a) => `part[${a}] += ${productOf((r, c) => `${r}[${a}] * ${c}`, 'row', 'column')};`, ' ')}`,
  )}
  return select(rates.x, rates.y, ${isLast}) * out - rates.x * into;
}`;
}

export interface BalanceKernels {
  readonly buffers: readonly BufferSpec[];
  readonly passes: readonly Pass[];
}

/** Sums of the `balance` domain over all hidden layers and ordered pairs of units: tiles above the diagonal count twice. */
export function balanceKernels(terms: readonly Term[], sizes: Sizes, columns: Columns): BalanceKernels {
  const { layout, shape, difference = false } = sizes;
  const { depth, width } = shape;
  const side = Math.ceil(width / 4);
  const pairs = (side * (side + 1)) / 2;
  const tiles = depth * pairs;
  const groups = Math.ceil(tiles / GROUP_TILES);
  const valid = validBelow('pair.y', width);
  const body = `
      let item = ${groups === 1 ? 'index' : `group_part * ${u32(GROUP_TILES)} + index`};
      if (item < ${u32(tiles)}) {
        let layer = item / ${u32(pairs)};
        let pair = tile_of(item % ${u32(pairs)});
        let weight = select(2.0, 1.0, pair.x == pair.y);
        let now_tile = weights_balance(layer, now_at, pair.x, pair.y, rates, start_at);
        let start_tile = start_weights_balance(layer, start_at, pair.x, pair.y, rates, start_at);
        ${unroll(
          4,
          (a) => `{
          let start = start_tile[${a}];
          ${nowOf(`now_tile[${a}]`, difference)}
          let diagonal = select(vec4f(0.0), vec4f(1.0), vec4u(4u * pair.y) + vec4u(0u, 1u, 2u, 3u) == vec4u(4u * pair.x + ${u32(a)}));
          ${valid === undefined ? '' : `let valid = ${valid} & vec4<bool>(4u * pair.x + ${u32(a)} < ${u32(width)});`}
          ${addTerms(terms, {
            variables: ['now', 'start', 'diagonal', ...givenChange(difference)],
            valid: valid === undefined ? undefined : 'valid',
            weight: 'weight',
          })}
        }`,
        )}
      }`;
  const { memory, ...frame } = sumsFrame({
    reductions: reductionsOf(terms),
    columns: groups === 1 ? columns : { stride: terms.length, offset: 0 },
    groups,
    setup: `let now_at = unit * ${u32(layout.words / 4)};
  let start_at = ${startOf} * ${u32(layout.words / 4)};
  // 1/r of hidden layers and of the output; 0 where a layer does not move.
  let moving = vec2f(${recordNumber('unit', NETWORK.hiddenRate)}, ${recordNumber('unit', NETWORK.outputRate)});
  let rates = select(vec2f(0.0), 1.0 / max(moving, vec2f(1e-37)), moving > vec2f(0.0));`,
    loops: [{ count: Math.min(GROUP_TILES, tiles), name: 'index', body, first: 0, length: terms.length }],
  });
  const sums = makePass({
    label: 'measure: sums over the balance',
    bindings: [
      { buffer: 'weights', name: 'weights', type: 'vec4f' },
      { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
      { buffer: 'networks', name: 'networks', type: 'u32' },
      groups === 1 ? SUMS : { ...SUMS, buffer: PARTS },
    ],
    declarations: `${memory}
${trianglePairs('tile', side)}
${balanceFunction('weights', sizes, difference)}
${balanceFunction('start_weights', sizes)}
${termFunctions('balance', terms, givenChange(difference))}`,
    ...frame,
  });
  if (groups === 1) return { buffers: [], passes: [sums] };
  return {
    buffers: [{ name: PARTS, scope: 'scratch', words: groups * terms.length }],
    passes: [sums, togetherPass(terms, groups, columns)],
  };
}

/** Brings the workgroups' sums of one network together. */
function togetherPass(terms: readonly Term[], groups: number, columns: Columns): Pass {
  const reductions = reductionsOf(terms);
  const { memory, ...frame } = sumsFrame({
    reductions,
    columns,
    loops: [
      {
        count: groups,
        name: 'item',
        body: terms
          .map((_, k) =>
            accumulate(reductions[k], `part_${k}`, `parts[(local * ${u32(groups)} + item) * ${u32(terms.length)} + ${u32(k)}]`),
          )
          .join('\n      '),
        first: 0,
        length: terms.length,
      },
    ],
  });
  return makePass({
    label: 'measure: sums over the balance, together',
    bindings: [{ buffer: PARTS, name: 'parts', type: 'f32' }, SUMS],
    declarations: memory,
    ...frame,
  });
}
