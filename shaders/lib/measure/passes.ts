// What all measuring kernels share: how threads are dealt out, where results stand, sizes of the probe set. No science and no
// architecture here.

import { u32 } from '../../wgsl.ts';
import type { Layout } from '../layout.ts';
import type { Binding, PassText } from '../pass.ts';

/** Invocations per workgroup of passes whose threads work alone. */
export const LANES = 64;

/** What passes over weights and hidden layers must know of a network. */
export interface LayerSizes {
  readonly shape: {
    /** Hidden layers. */
    readonly depth: number;
    /** Hidden units. */
    readonly width: number;
    readonly outputDim: number;
    /** > 0 where matrices have a column of biases. */
    readonly biasScale: number;
  };
  readonly layout: Pick<Layout, 'matrices' | 'words'>;
  /** Hidden units as the probe's scratch holds them. */
  readonly hiddenRows: number;
  /** True: `weights` are differences from the start. Left out: false. */
  readonly difference?: boolean;
}

/** Sizes of the probe set, padded to whole tiles of 8 samples. */
export interface ProbeSizes {
  /** Samples m. */
  readonly count: number;
  /** Samples as stored: a multiple of 8. */
  readonly padded: number;
  /** vec4s of stored samples. */
  readonly vectors: number;
  /** vec4s of kernel entries; entry n = output · padded + sample. */
  readonly entryVectors: number;
  /** Stored 4 × 4 blocks of the kernel: pairs I ≤ J of vec4s. */
  readonly blocks: number;
}

export function probeSizes(count: number, outputDim: number): ProbeSizes {
  const padded = Math.ceil(count / 8) * 8;
  const vectors = padded / 4;
  const entryVectors = vectors * outputDim;
  return { count, padded, vectors, entryVectors, blocks: (entryVectors * (entryVectors + 1)) / 2 };
}

/** Units per unit of the span, and threads per unit, as WGSL expressions and as numbers. */
interface Threads {
  readonly threads: string;
  readonly perSpanUnit: string;
  count(units: number): number;
}

/**
 * Frame of a pass whose threads work alone, units side by side. The body sees `local` (unit − first), `unit` and `thread`.
 */
export function aloneFrame(
  { threads, perSpanUnit, count }: Threads,
  body: string,
): Pick<PassText, 'lanes' | 'body' | 'workgroups'> {
  return {
    lanes: LANES,
    body: `
  let flat = group_number * ${u32(LANES)} + lane;
  let local = flat / ${threads};
  let thread = flat % ${threads};
  if (local >= span.count * ${perSpanUnit}) { return; }
  let unit = span.first * ${perSpanUnit} + local;
${body}`,
    workgroups: (units) => Math.ceil(count(units) / LANES),
  };
}

/** The same with numbers known beforehand, one unit per unit of the span. */
export function fixedFrame(threads: number, body: string): Pick<PassText, 'lanes' | 'body' | 'workgroups'> {
  return aloneFrame({ threads: u32(threads), perSpanUnit: '1u', count: (units) => units * threads }, body);
}

/**
 * Where a pass puts its results: `start`, in a buffer of all starts, or `span`, in scratch. Told by a one-word buffer and not by
 * the code, so that both compile once: the unit's place is `unit − span.first · placing[0]`.
 */
export type Placing = 'start' | 'span';
const PLACING_BUFFERS = { start: 'placeByUnit', span: 'placeInSpan' } as const;

export const placingBuffers = [
  { name: PLACING_BUFFERS.start, scope: 'shared', words: 1, data: new Uint32Array([0]) },
  { name: PLACING_BUFFERS.span, scope: 'shared', words: 1, data: new Uint32Array([1]) },
] as const;

export function placingBinding(placing: Placing): Binding {
  return { buffer: PLACING_BUFFERS[placing], name: 'placing', type: 'u32' };
}

/**
 * `<name>_index(i, j)` of the stored pair I ≤ J < size and `<name>_of(index)` back: row r of the folded triangle holds rows r and
 * size − 1 − r.
 */
export function trianglePairs(name: string, size: number): string {
  const t = u32(size);
  return `
fn ${name}_index(i: u32, j: u32) -> u32 {
  let folded = ${t} - 1u - i;
  return select(folded * ${u32(size + 1)} + j + 1u, i * ${u32(size + 1)} + j - i, i * 2u < ${t});
}

fn ${name}_of(index: u32) -> vec2u {
  let r = index / ${u32(size + 1)};
  let q = index % ${u32(size + 1)};
  return select(vec2u(${t} - 1u - r, q - 1u), vec2u(r, r + q), q < ${t} - r);
}
`;
}
