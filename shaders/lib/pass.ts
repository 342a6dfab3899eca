// What passes of training and measuring have alike: bindings, the entry point, and which workgroup of the dispatch this is. What
// a workgroup has to do with networks: training's training/tiled/pass.ts, measuring's measure/passes.ts.

import { GROUP_INDEX_WGSL, type Pass, SPAN_WGSL } from '../../src/core/program.ts';
import { u32, wgsl } from '../wgsl.ts';

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
  /** Functions, constants and workgroup memory at module level. */
  readonly declarations: string;
  readonly lanes: number;
  /** True: the body uses subgroups and sees `sid`, the lane's place in its own. Defaults to false. */
  readonly subgroups?: boolean;
  /** Body of the entry point; sees `lane` and `group_number`. */
  readonly body: string;
  workgroups(count: number): number;
}

/** Completes a pass. Entry point `run`; the bindings stand from 1 on, in their order. */
export function makePass({ label, bindings, declarations, lanes, subgroups = false, body, workgroups }: PassText): Pass {
  const declared = bindings.map(
    ({ name, type, write }, index) =>
      `@group(0) @binding(${index + 1}) var<storage, ${write === true ? 'read_write' : 'read'}> ${name}: array<${type}>;`,
  );
  return {
    label,
    code: wgsl`
#if ${subgroups}
enable subgroups;
#endif
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${declared.join('\n')}
${declarations}
@compute @workgroup_size(${String(lanes)})
fn run(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
#if ${subgroups}
  @builtin(subgroup_invocation_id) sid: u32,
#endif
) {
  let group_number = group_index(group, groups);
${body}
}
`,
    entryPoint: 'run',
    buffers: bindings.map(({ buffer }) => buffer),
    workgroups,
  };
}

/** `make(0) … make(count − 1)` as one text: loops unrolled so that what they index stays in registers. */
export function unroll(count: number, make: (index: number) => string, separator = '\n'): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(separator);
}

/** `index` kept below `count`, where tiles reach beyond. */
export const within = (index: string, count: number, exact: boolean): string =>
  exact ? index : `min(${index}, ${u32(count - 1)})`;

/** Component `index` of a vec4. */
export const component = (index: number) => 'xyzw'[index & 3];
