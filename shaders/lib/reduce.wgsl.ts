// Sums and maxima over many elements by one workgroup, in a fixed order: every lane adds its own elements in short blocks,
// then one lane per result adds the lanes' sums. One barrier in all: on a software adapter barriers cost more than
// the sums. Knows no domain.

import { f32, u32 } from '../wgsl.ts';

/** How elements come together. */
export type Reduction = 'sum' | 'max';

/** What a sum or a maximum over nothing is: WGSL has no infinity. */
const NEUTRAL: Readonly<Record<Reduction, string>> = { sum: '0.0', max: f32(-3.4028234663852886e38) };

/** An accumulator's first value. */
export function neutral(reduction: Reduction): string {
  return NEUTRAL[reduction];
}

/** Statement: `value` goes into `accumulator`; expressions of one type, f32 or vec4f. */
export function accumulate(reduction: Reduction, accumulator: string, value: string): string {
  return reduction === 'sum' ? `${accumulator} += ${value};` : `${accumulator} = max(${accumulator}, ${value});`;
}

/** Additions into one accumulator before it is flushed into the next: keeps the rounding of long sums small. */
const BLOCK = 64;

/** Lanes of a workgroup that makes `values` sums of `elements` items: enough to share the work, few enough for 16 KiB. */
export function lanesFor(elements: number, values: number): number {
  const wanted = elements >= 256 ? 64 : 32;
  const most = 2 ** Math.floor(Math.log2(16_384 / (4 * Math.max(values, 1))));
  if (most < 1) throw new RangeError(`reduce: at most 4096 sums fit one workgroup, got ${values}`);
  return Math.min(wanted, most);
}

/** Workgroup memory of a reduction; stands at module level. */
export function reduceMemory(lanes: number, values: number): string {
  return `var<workgroup> lane_sums: array<f32, ${lanes * values}>;`;
}

/**
 * Statements that visit items `lane`, `lane + lanes`, … below `count` as the u32 `name`. `body` adds into the accumulators
 * `parts`, which then go to `totals` (same length; f32 variables declared outside). `reductions`: one for each of them.
 */
export function stridedSums(options: {
  readonly lanes: number;
  readonly count: number;
  readonly name: string;
  readonly totals: readonly string[];
  readonly parts: readonly string[];
  readonly reductions: readonly Reduction[];
  readonly body: string;
}): string {
  const { lanes, count, name, totals, parts, reductions, body } = options;
  return `
  for (var block = lane; block < ${u32(count)}; block += ${u32(lanes * BLOCK)}) {
    ${parts.map((part, k) => `var ${part} = ${neutral(reductions[k])};`).join(' ')}
    for (var ${name} = block; ${name} < min(block + ${u32(lanes * BLOCK)}, ${u32(count)}); ${name} += ${u32(lanes)}) {
      ${body}
    }
    ${parts.map((part, k) => accumulate(reductions[k], totals[k], part)).join(' ')}
  }`;
}

/**
 * Statements that bring the lanes' `totals` together, each by its reduction, and hand result k to `store(k, value)`. In uniform
 * control flow; k is a u32 expression.
 */
export function reduceLanes(
  lanes: number,
  totals: readonly string[],
  reductions: readonly Reduction[],
  store: (k: string, value: string) => string,
): string {
  const values = totals.length;
  // Four at a time only where they divide: whoever read beyond the last lane would add the next result's first.
  const chains = lanes >= 8 && lanes % 4 === 0 ? 4 : 1;
  const maxima = reductions.flatMap((reduction, k) => (reduction === 'max' ? [`k == ${u32(k)}`] : []));
  const next = (padding: string) =>
    `vec4f(lane_sums[l]${chains === 4 ? ', lane_sums[l + 1u], lane_sums[l + 2u], lane_sums[l + 3u]' : padding})`;
  const loop = (statement: string) =>
    `for (var l = k * ${u32(lanes)}; l < (k + 1u) * ${u32(lanes)}; l += ${u32(chains)}) { ${statement} }`;
  return `
  ${totals.map((total, k) => `lane_sums[${u32(k * lanes)} + lane] = ${total};`).join('\n  ')}
  workgroupBarrier();
  for (var k = lane; k < ${u32(values)}; k += ${u32(lanes)}) {
    var sum = vec4f(0.0);
    ${loop(`sum += ${next(', 0.0, 0.0, 0.0')};`)}
    var result = (sum.x + sum.y) + (sum.z + sum.w);
    ${
      maxima.length === 0
        ? ''
        : `if (${maxima.join(' || ')}) {
      var most = vec4f(${neutral('max')});
      ${loop(`most = max(most, ${next('')});`)}
      result = max(max(most.x, most.y), max(most.z, most.w));
    }`
    }
    ${store('k', 'result')}
  }`;
}
