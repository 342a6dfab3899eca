// Pieces that both fused kernels of this family share: bindings and the head of a kernel. See shallow.wgsl.ts and
// deep.wgsl.ts for the two structures.

import { GROUP_INDEX_WGSL, SPAN_WGSL } from '../../../../src/core/program.ts';
import { activationDifferenceWgsl } from '../../../lib/activation-differences.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { needsStart, slopeCount, trainingHead } from '../../../lib/training/head.ts';
import type { TrainingOptions } from '../training-options.ts';

/** Names of the storage buffers in binding order; `bindings` declares the same. */
export function bufferNames(
  { training, difference }: Pick<TrainingOptions, 'training' | 'difference'>,
  scratch: boolean,
): string[] {
  return [
    'networks',
    'progress',
    'trainSet',
    'weights',
    'outputs',
    ...(slopeCount(training) > 0 ? ['slopes'] : []),
    ...(needsStart(training) || difference ? ['startWeights'] : []),
    ...(scratch ? ['scratch'] : []),
  ];
}

function bindings(options: TrainingOptions, scratch: boolean, outputsType: string): string {
  const declared: Readonly<Record<string, string>> = {
    networks: 'var<storage, read> networks: array<u32>;',
    progress: 'var<storage, read_write> progress: array<u32>;',
    trainSet: 'var<storage, read> train_set: array<vec4f>;',
    weights: 'var<storage, read_write> weights: array<vec4f>;',
    outputs: `var<storage, read_write> outputs: array<${outputsType}>;`,
    slopes: 'var<storage, read_write> slopes: array<vec4f>;',
    startWeights: 'var<storage, read> start_weights: array<vec4f>;',
    scratch: 'var<storage, read_write> scratch: array<vec4f>;',
  };
  return bufferNames(options, scratch)
    .map((name, index) => `@group(0) @binding(${index + 1}) ${declared[name]}`)
    .join('\n');
}

/** Declarations that stand at the head of both kernels of this family. `lanes`: invocations of the workgroup. */
export function preamble(options: TrainingOptions, lanes: number, scratch: boolean): string {
  const { shape, layout, difference } = options;
  const activation = { activation: shape.activation, beta: shape.activationBeta, factor: shape.activationFactor };
  const head = { ...options, outputDim: shape.outputDim, words: layout.words };
  return `
${SPAN_WGSL}
${GROUP_INDEX_WGSL}
${bindings(options, scratch, scratch ? 'vec4f' : 'f32')}
${activationWgsl(activation)}
${difference ? activationDifferenceWgsl(activation) : ''}
${trainingHead(head, lanes, scratch ? 4 : 1)}`;
}
