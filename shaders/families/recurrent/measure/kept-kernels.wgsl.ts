// Tangent kernels of starts, kept from the first measurement of a start on: they never change, and making them costs as much as
// those of the present weights. The kernels themselves: tangent.wgsl.ts.

import type { DeviceLimits } from '../../../../src/core/family.ts';
import type { BufferSpec, Pass } from '../../../../src/core/program.ts';
import { fixedFrame } from '../../../lib/measure/passes.ts';
import { type Binding, makePass } from '../../../lib/pass.ts';
import { u32 } from '../../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from '../buffers.ts';
import type { TangentGeometry } from './tangent.wgsl.ts';

/** Most bytes that kept kernels of a batch may take together: half of what scratch may. */
const MOST_BYTES = 64 * 2 ** 20;

/** One word per start, u32: 1 where its kernels are kept. Fresh buffers are zero, so a new device or stage makes them anew. */
const KEPT = 'startKernelsKept';

/** Words of one kernel: (pair, band, tile entry, lane). */
export const keptWords = ({ tile, tileRows, tileColumns, pairs, bands }: TangentGeometry) =>
  pairs * bands * tile * tile * tileRows * tileColumns;

/** How many of `starts` starts have their kernels kept, of `kinds` kinds each: the first ones, as many as memory allows. */
export function keptStarts(
  geometry: TangentGeometry,
  starts: number,
  kinds: number,
  { maxStorageBufferBindingSize }: Pick<DeviceLimits, 'maxStorageBufferBindingSize'>,
): number {
  const bytes = Math.min(MOST_BYTES / Math.max(1, kinds), maxStorageBufferBindingSize);
  return Math.min(starts, Math.floor(bytes / (4 * keptWords(geometry))));
}

export const keptFlags: BufferSpec = { name: KEPT, scope: 'start', words: 1 };

/** What a pass needs to ask whether its start is kept. A pass that also reads weights has `networks` already. */
export const keptBinding: Binding = { buffer: KEPT, name: 'kept_flags', type: 'u32' };
export const networksBinding: Binding = { buffer: 'networks', name: 'networks', type: 'u32' };
export const KEPT_MEMORY = 'var<workgroup> kept_here: u32;';

/** Index of the start of network `network`. */
export const startOf = (network: string) => `networks[(${network}) * ${u32(NETWORK_WORDS)} + ${u32(NETWORK.start)}]`;

/** Declares `kept`, 1 where the kernels of the network's start are kept; the same for a whole workgroup. */
export const askKept = (network: string) => `
  if (lane == 0u) { kept_here = kept_flags[${startOf(network)}]; }
  let kept = workgroupUniformLoad(&kept_here);`;

/** Notes that the kernels of these networks' starts are kept: after the passes that keep them, so that nobody reads a half. */
export function keptPass(starts: number): Pass {
  return makePass({
    label: 'measure: kernels of starts are kept',
    bindings: [networksBinding, { ...keptBinding, write: true }],
    declarations: '',
    ...fixedFrame(
      1,
      `
  let start = ${startOf('unit')};
  if (start < ${u32(starts)}) { kept_flags[start] = 1u; }`,
    ),
  });
}
