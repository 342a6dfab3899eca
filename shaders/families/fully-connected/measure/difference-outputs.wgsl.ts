// f − f₀ of networks on a data set, from differences: the twin of outputs.wgsl.ts for the difference form (../difference-form.ts), with
// results in the same places.

import type { Pass } from '../../../../src/core/program.ts';
import { activationDifferenceWgsl } from '../../../lib/activation-differences.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { aloneFrame } from '../../../lib/measure/passes.ts';
import { type Binding, makePass } from '../../../lib/pass.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { SAMPLE_VECTORS, type Sizes } from './common.ts';
import { activationOptions } from './data.ts';
import { HIDDEN_BUFFER, keptLayers, type OutputsOptions, outputsPass, threadsOf } from './outputs.wgsl.ts';
import { middleOffset, PAIR_WEIGHTS, pairProduct, pairRows, pairWeightsAt } from './pairs.wgsl.ts';
import { eachVector } from './product.wgsl.ts';

/** What networks give now: f, or in the difference form f − f₀. */
export function currentOutputsPass(options: Omit<OutputsOptions, 'weights'>): Pass {
  return options.sizes.difference ? differenceOutputsPass(options) : outputsPass({ ...options, weights: 'weights' });
}

function differenceOutputsPass({ sizes, label, inputs, outputs, set }: Omit<OutputsOptions, 'weights'>): Pass {
  const { shape } = sizes;
  const bindings: Binding[] = [
    ...PAIR_WEIGHTS,
    { buffer: inputs, name: 'inputs', type: 'vec4f' },
    { buffer: set.name, name: 'sample_set', type: 'u32' },
    { buffer: outputs, name: 'outputs', type: 'vec4f', write: true },
    { buffer: HIDDEN_BUFFER, name: 'hidden', type: 'vec4f', write: true },
  ];
  const threads = threadsOf(sizes, set.samples);
  return makePass({
    label,
    bindings,
    declarations: activationWgsl(activationOptions(shape)) + activationDifferenceWgsl(activationOptions(shape)),
    ...aloneFrame(
      { threads: 'sample_set[2]', perSpanUnit: 'sample_set[3]', count: (units) => units * set.perSpanUnit * threads },
      `
  let vectors = sample_set[0];
  let sample_groups = sample_set[1];
  let threads = sample_set[2];
  let place = unit - span.first * sample_set[3] * sample_set[4];
  ${pairWeightsAt(sizes)}
  for (var sample_group = thread; sample_group < sample_groups; sample_group += threads) {
    ${eachVector((q) => `let q${q} = min(sample_group * ${u32(SAMPLE_VECTORS)} + ${u32(q)}, vectors - 1u);`)}
    ${layers(sizes)}
  }`,
    ),
  });
}

function layers(sizes: Sizes): string {
  const { shape, layout } = sizes;
  const { depth, outputDim, width, inputDim } = shape;
  const { matrices } = layout;
  const rows = pairRows(sizes);
  // Two layers take turns; of each, values at the start and then differences.
  const slot = (layer: string, part: number, row: string, q: number) => {
    const turn = depth > 1 ? `(local * ${u32(keptLayers(sizes))} + (${layer} & 1u))` : 'local';
    const lane = `thread * ${u32(SAMPLE_VECTORS)} + ${u32(q)}`;
    return `hidden[((${turn} * 2u + ${u32(part)}) * ${u32(rows)} + ${row}) * (threads * ${u32(SAMPLE_VECTORS)}) + ${lane}]`;
  };
  const store = (layer: string, scale: number) => (k: number) => {
    const row = `(k0 + ${u32(k)})`;
    return eachVector(
      (q) => `{
      let live = ${row} < ${u32(width)};
      let z = ${f32(scale)} * start${k}_${q};
      ${slot(layer, 0, row, q)} = select(vec4f(0.0), act4(z), live);
      ${slot(layer, 1, row, q)} = select(vec4f(0.0), act_difference4(z, ${f32(scale)} * change${k}_${q}), live);
    }`,
    );
  };
  const from = (layer: string) => ({
    inputs: rows,
    biasColumn: width,
    start: (i: string, q: number) => slot(layer, 0, i, q),
    change: (i: string, q: number) => slot(layer, 1, i, q),
  });
  return `
    ${pairProduct({
      offset: '0u',
      matrix: matrices[0],
      rows,
      inputs: 4 * Math.ceil(inputDim / 4),
      biasColumn: inputDim,
      start: (i, q) => `inputs[${i} * vectors + q${q}]`,
      epilogue: store('0u', matrices[0].scale),
    })}
    ${
      depth === 1
        ? ''
        : `for (var layer = 1u; layer < ${u32(depth)}; layer++) {
      ${pairProduct({
        offset: middleOffset(sizes, 'layer'),
        matrix: matrices[1],
        rows,
        ...from('(layer - 1u)'),
        epilogue: store('layer', matrices[1].scale),
      })}
    }`
    }
    ${pairProduct({
      offset: u32(matrices[depth].offset / 4),
      matrix: matrices[depth],
      rows: outputDim,
      ...from(u32(depth - 1)),
      epilogue: (k) => `if (k0 + ${u32(k)} < ${u32(outputDim)}) {
        ${eachVector(
          (q) =>
            `outputs[(place * ${u32(outputDim)} + k0 + ${u32(k)}) * vectors + q${q}] = ${f32(matrices[depth].scale)} * change${k}_${q};`,
        )}
      }`,
    })}`;
}
