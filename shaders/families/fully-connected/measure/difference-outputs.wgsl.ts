// f − f₀ of networks on a data set, from differences: the twin of outputs.wgsl.ts for the difference form
// (../difference-form.ts), with results in the same places.

import type { Pass } from '../../../../src/core/program.ts';
import { activationDifferenceWgsl } from '../../../lib/activation-differences.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { f32, u32 } from '../../../wgsl.ts';
import { SAMPLE_VECTORS, type Sizes } from './common.ts';
import { activationOptions } from './data.ts';
import { completeOutputs, keptLayers, type OutputsOptions, outputsPass } from './outputs.wgsl.ts';
import { middleOffset, PAIR_WEIGHTS, pairProduct, pairRows, pairWeightsAt } from './pairs.wgsl.ts';
import { eachVector } from './product.wgsl.ts';

/** What networks give now: f, or in the difference form f − f₀. */
export function currentOutputsPass(options: Omit<OutputsOptions, 'weights'>): Pass {
  return options.sizes.difference ? differenceOutputsPass(options) : outputsPass({ ...options, weights: 'weights' });
}

function differenceOutputsPass(options: Omit<OutputsOptions, 'weights'>): Pass {
  const { sizes } = options;
  const activation = activationOptions(sizes.shape);
  return completeOutputs(options, {
    weights: PAIR_WEIGHTS,
    declarations: activationWgsl(activation) + activationDifferenceWgsl(activation),
    setup: pairWeightsAt(sizes),
    layers: layers(sizes),
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
        offset: middleOffset(sizes),
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
