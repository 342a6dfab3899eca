// The frame of a tiled pass: bindings, which networks it works on, and words of their records. No arithmetic of networks.

import { outcomeCode } from '../../../../src/core/outcome.ts';
import { GROUP_INDEX_WGSL, type Pass, PROGRESS, PROGRESS_WORDS, SPAN_WGSL } from '../../../../src/core/program.ts';
import { HORIZON_SLACK } from '../../../../src/core/stepping.ts';
import { NETWORK, NETWORK_WORDS } from '../../../lib/training/network-record.ts';
import { f32, u32, wgsl } from '../../../wgsl.ts';
import { TILED } from './sizes.ts';

/** Words of the progress record that the tiled passes keep beside those of lib/stepping. */
export const TURN = {
  /** u32: the block of samples that comes next. */
  next: PROGRESS.privateFrom + 4,
  /** u32: what the passes after the decision do: see MODE. */
  mode: PROGRESS.privateFrom + 5,
  /** u32: the block of samples of this round, for the passes after a decision of descent. */
  present: PROGRESS.privateFrom + 6,
} as const;

export const MODE = {
  idle: 0,
  /** Descent: finish the gradient, and step from it after the last block. */
  descend: 1,
  /** Flow: the first evaluation is taken, only outputs are to be kept. */
  keepOutputs: 2,
  /** Flow: the trial is taken. */
  take: 3,
} as const;

/** A storage buffer as a pass sees it. */
export interface Binding {
  readonly buffer: string;
  /** Name in WGSL. */
  readonly name: string;
  readonly type: 'f32' | 'u32' | 'vec4f';
  readonly write?: boolean;
}

export interface PassText {
  readonly label: string;
  readonly bindings: readonly Binding[];
  /** Functions, constants and workgroup memory at module level. */
  readonly declarations?: string;
  readonly lanes: number;
  /** Workgroups per network. */
  readonly groups: number;
  /** On which networks it works: all, those at work in this round, or those that this round's decision has chosen. */
  readonly gate: 'open' | 'at work' | 'decided';
  /** Sees `network`, `local` (network − span.first), `part` (workgroup of the network) and `lane`. */
  readonly body: string;
}

/** Where matrix `layer` begins: `matrix_start[0]`. */
export const matrixBinding = (layer: number): Binding => ({ buffer: TILED.matrix(layer), name: 'matrix_start', type: 'u32' });
const PROGRESS_BINDING: Binding = { buffer: 'progress', name: 'progress', type: 'u32' };
export const NETWORKS_BINDING: Binding = { buffer: 'networks', name: 'networks', type: 'u32' };

/** A word of the network's progress record. */
export const progressWord = (word: number): string => `progress[network * ${u32(PROGRESS_WORDS)} + ${u32(word)}]`;
/** A float32 word of the network's record. */
export const networkNumber = (word: keyof typeof NETWORK): string =>
  `bitcast<f32>(networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK[word])}])`;
/** A u32 word of the network's record. */
export const networkWord = (word: keyof typeof NETWORK): string =>
  `networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK[word])}]`;

/** Completes a pass. Entry point `run`. Progress stands at binding 1, read-only unless the bindings name it themselves. */
export function tiledPass({ label, bindings, declarations = '', lanes, groups, gate, body }: PassText): Pass {
  const all = bindings.some(({ buffer }) => buffer === 'progress') ? bindings : [PROGRESS_BINDING, ...bindings];
  const declared = all.map(
    ({ name, type, write }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${write === true ? 'read_write' : 'read'}> ${name}: array<${type}>;`,
  );
  // The loads are uniform: read-only buffers at indices that the whole workgroup shares. Barriers may follow.
  const atWork = `${progressWord(PROGRESS.outcome)} != ${u32(outcomeCode.running)} ||
      bitcast<f32>(${progressWord(PROGRESS.time)}) >= span.horizon * ${f32(1 - HORIZON_SLACK)}`;
  return {
    label: `tiled: ${label}`,
    entryPoint: 'run',
    buffers: all.map(({ buffer }) => buffer),
    workgroups: (count) => count * groups,
    code: wgsl`${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${declared.join('\n')}
${declarations}
@compute @workgroup_size(${String(lanes)})
fn run(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let flat = group_index(group, groups);
  let local = flat / ${u32(groups)};
  let part = flat % ${u32(groups)};
  if (local >= span.count) { return; }
  let network = span.first + local;
#if ${gate === 'at work'}
  if (${atWork}) { return; }
#elif ${gate === 'decided'}
  if (${progressWord(TURN.mode)} == ${u32(MODE.idle)}) { return; }
#endif
${body}
}
`,
  };
}

/** `make(0) … make(count − 1)` as one text: loops unrolled so that what they index stays in registers. */
export function unroll(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
}
