// Puts networks at their start: weights of the start (or none, where they are kept as differences from it), its outputs f₀, a
// fresh progress record. One workgroup per network.

import { GROUP_INDEX_WGSL, type Pass, PROGRESS, PROGRESS_WORDS, SPAN_WGSL } from '../../../src/core/program.ts';
import { u32, wgsl } from '../../wgsl.ts';
import { NETWORK, NETWORK_WORDS } from './network-record.ts';

/**
 * @param weightWords Words of one network's weights.
 * @param outputWords Words of one section of a network's outputs: outputDim × outputStride.
 * @param difference True where `weights` hold differences from `startWeights`: they begin at 0. Defaults to false.
 */
export function beginPass(weightWords: number, outputWords: number, difference = false): Pass {
  const declared = [
    'read> networks: array<u32',
    ...(difference ? [] : ['read> start_weights: array<f32']),
    'read> start_outputs: array<f32',
    'read_write> weights: array<f32',
    'read_write> outputs: array<f32',
    'read_write> progress: array<u32',
  ];
  return {
    label: 'begin',
    entryPoint: 'begin',
    buffers: ['networks', ...(difference ? [] : ['startWeights']), 'startTrainOutputs', 'weights', 'outputs', 'progress'],
    workgroups: (count) => count,
    code: wgsl`
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${declared.map((text, k) => `@group(0) @binding(${k + 1}) var<storage, ${text}>;`).join('\n')}

@compute @workgroup_size(64)
fn begin(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let unit = group_index(group, groups);
  if (unit >= span.count) { return; }
  let network = span.first + unit;
  let record = network * ${u32(NETWORK_WORDS)};
  let start = networks[record + ${u32(NETWORK.start)}];
  for (var i = lane; i < ${u32(weightWords)}; i += 64u) {
    weights[network * ${u32(weightWords)} + i] = ${difference ? '0.0' : `start_weights[start * ${u32(weightWords)} + i]`};
  }
  // Sections of outputs: accepted F, f₀, trial F.
  let sections = network * ${u32(3 * outputWords)};
  for (var i = lane; i < ${u32(outputWords)}; i += 64u) {
    outputs[sections + i] = 0.0;
    outputs[sections + ${u32(outputWords)} + i] = start_outputs[start * ${u32(outputWords)} + i];
    outputs[sections + ${u32(2 * outputWords)} + i] = 0.0;
  }
  if (lane < ${u32(PROGRESS_WORDS)}) {
    let is_step = lane == ${u32(PROGRESS.step)};
    progress[network * ${u32(PROGRESS_WORDS)} + lane] = select(0u, networks[record + ${u32(NETWORK.initialStep)}], is_step);
  }
}
`,
  };
}
