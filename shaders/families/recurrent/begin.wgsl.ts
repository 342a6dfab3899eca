// Puts networks at their start: weights of the start, moments at zero, a fresh progress record. One workgroup per network.

import { GROUP_INDEX_WGSL, type Pass, PROGRESS_WORDS, SPAN_WGSL } from '../../../src/core/program.ts';
import { u32, wgsl } from '../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from './buffers.ts';

/** @param words Words of one network's weights. @param momentWords Words of its moments. */
export function beginPass(words: number, momentWords: number): Pass {
  return {
    label: 'recurrent: begin',
    entryPoint: 'begin',
    buffers: ['networks', 'startWeights', 'weights', 'moments', 'progress'],
    workgroups: (count) => count,
    code: wgsl`
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
@group(0) @binding(1) var<storage, read> networks: array<u32>;
@group(0) @binding(2) var<storage, read> start_weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> moments: array<f32>;
@group(0) @binding(5) var<storage, read_write> progress: array<u32>;

@compute @workgroup_size(64)
fn begin(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let unit = group_index(group, groups);
  if (unit >= span.count) { return; }
  let network = span.first + unit;
  let start = networks[network * ${u32(NETWORK_WORDS)} + ${u32(NETWORK.start)}];
  for (var i = lane; i < ${u32(words)}; i += 64u) {
    weights[network * ${u32(words)} + i] = start_weights[start * ${u32(words)} + i];
  }
  for (var i = lane; i < ${u32(momentWords)}; i += 64u) { moments[network * ${u32(momentWords)} + i] = 0.0; }
  if (lane < ${u32(PROGRESS_WORDS)}) { progress[network * ${u32(PROGRESS_WORDS)} + lane] = 0u; }
}
`,
  };
}
