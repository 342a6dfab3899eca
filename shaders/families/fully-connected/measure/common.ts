// What all measuring kernels share: sizes and names of their buffers, and the frame of a pass. No science here.

import { GROUP_INDEX_WGSL, type Pass, SPAN_WGSL } from '../../../../src/core/program.ts';
import { u32, wgsl } from '../../../wgsl.ts';
import { type FullyConnectedShape, type Layout, layoutOf, paddedSamples } from '../layout.ts';

/** `make(0) … make(count − 1)` as one text: loops unrolled so that what they index stays in registers. */
export function unroll(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
}

/** Invocations per workgroup of passes whose threads work alone. */
export const LANES = 64;

/** vec4s of samples that a thread carries at once. */
export const SAMPLE_VECTORS = 2;

/** Sizes that follow from the shape alone. */
export interface Sizes {
  readonly shape: FullyConnectedShape;
  readonly layout: Layout;
  /** Rows of a product that a thread makes at once; divides every stored row count. */
  readonly tileRows: number;
  /** Hidden units as scratch holds them: the width rounded up to whole tiles. */
  readonly hiddenRows: number;
  /** Inputs as scratch holds them: a multiple of 4. */
  readonly inputRows: number;
}

export function sizesOf(shape: FullyConnectedShape): Sizes {
  const layout = layoutOf(shape);
  const tileRows = layout.hiddenStride % 8 === 0 ? 8 : 4;
  return {
    shape,
    layout,
    tileRows,
    hiddenRows: Math.ceil(shape.width / tileRows) * tileRows,
    inputRows: Math.ceil(shape.inputDim / 4) * 4,
  };
}

/** Sizes of the probe set, padded to whole tiles of 8 samples. */
export interface ProbeSizes {
  /** Samples m. */
  readonly count: number;
  /** m rounded up to a multiple of 8. */
  readonly padded: number;
  /** vec4s of samples. */
  readonly vectors: number;
  /** Tiles of 8 samples. */
  readonly tiles: number;
  /** Tiles of 8 kernel entries n = output · padded + sample. */
  readonly entryTiles: number;
  /** Stored kernel tiles: pairs I ≤ J. */
  readonly pairTiles: number;
}

export function probeSizes(count: number, outputDim: number): ProbeSizes {
  const tiles = Math.ceil(count / 8);
  const entryTiles = tiles * outputDim;
  return {
    count,
    padded: 8 * tiles,
    vectors: 2 * tiles,
    tiles,
    entryTiles,
    pairTiles: (entryTiles * (entryTiles + 1)) / 2,
  };
}

/** Words of a set's outputs, (outputDim, paddedSamples). */
export function outputWords(shape: FullyConnectedShape, samples: number): number {
  return shape.outputDim * paddedSamples(samples);
}

/** A storage buffer as a pass sees it. */
export interface Binding {
  /** Name among the batch's buffers. */
  readonly buffer: string;
  /** Name in WGSL. */
  readonly name: string;
  readonly type: 'f32' | 'u32' | 'vec4f';
  readonly write?: boolean;
}

export interface PassText {
  readonly label: string;
  readonly bindings: readonly Binding[];
  /** Functions and constants at module level. */
  readonly declarations: string;
  readonly lanes: number;
  /** Body of the entry point; sees `lane` and `group_number`. */
  readonly body: string;
  workgroups(count: number): number;
}

/** Completes a pass. Entry point `measure`. */
export function makePass({ label, bindings, declarations, lanes, body, workgroups }: PassText): Pass {
  const declared = bindings.map(
    ({ name, type, write }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${write === true ? 'read_write' : 'read'}> ${name}: array<${type}>;`,
  );
  return {
    label,
    code: wgsl`${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${declared.join('\n')}
${declarations}
@compute @workgroup_size(${String(lanes)})
fn measure(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group_number = group_index(group, groups);
${body}
}
`,
    entryPoint: 'measure',
    buffers: bindings.map(({ buffer }) => buffer),
    workgroups,
  };
}

/**
 * Frame of a pass whose threads work alone, `threads` per unit, units side by side. The body sees `local` (unit − first), `unit` and
 * `thread`. `perSpanUnit`: units per unit of the span (seeds, where spans count cells).
 */
export function aloneFrame(threads: number, perSpanUnit: number, body: string): Pick<PassText, 'lanes' | 'body' | 'workgroups'> {
  return {
    lanes: LANES,
    body: `
  let flat = group_number * ${u32(LANES)} + lane;
  let local = flat / ${u32(threads)};
  let thread = flat % ${u32(threads)};
  if (local >= span.count * ${u32(perSpanUnit)}) { return; }
  let unit = span.first * ${u32(perSpanUnit)} + local;
${body}`,
    workgroups: (count) => Math.ceil((count * perSpanUnit * threads) / LANES),
  };
}

/** Index of a stored kernel tile (I, J), I ≤ J, and back: row r of the folded triangle holds rows r and T − 1 − r. */
export function trianglePairs(tiles: number): string {
  const t = u32(tiles);
  return `
fn pair_index(i: u32, j: u32) -> u32 {
  let folded = ${t} - 1u - i;
  return select(folded * ${u32(tiles + 1)} + j + 1u, i * ${u32(tiles + 1)} + j - i, i * 2u < ${t});
}

fn pair_of(index: u32) -> vec2u {
  let r = index / ${u32(tiles + 1)};
  let q = index % ${u32(tiles + 1)};
  let upper = q < ${t} - r;
  return select(vec2u(${t} - 1u - r, q - 1u), vec2u(r, r + q), upper);
}
`;
}
