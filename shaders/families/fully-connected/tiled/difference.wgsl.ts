// What the tiled path does more in the difference form (../difference-form.ts): weights laid out so that one product
// makes δZ, and the forward pass at the start, whose pre-activations are not kept from round to round because other
// networks take the same scratch.

import type { Pass } from '../../../../src/core/program.ts';
import { activationWgsl } from '../../../lib/activations.ts';
import { matrixBinding, NETWORKS_BINDING, networkWord, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { TILED } from '../../../lib/training/tiled/sizes.ts';
import { eachVector } from '../../../lib/training/tiled/step.wgsl.ts';
import { evaluatedWeights, matrixRows, presentBlock } from '../../../lib/training/tiled/weights.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { FullyConnectedSizes } from '../training-options.ts';
import { activationOf, layerInput } from './layers.wgsl.ts';
import { product } from './product.wgsl.ts';

/** Fills `TILED.joint` from W₀ and U. */
export function joinPass(sizes: FullyConnectedSizes): Pass {
  const { layout } = sizes.options;
  const words = layout.words / 4;
  const [first, second] = layout.matrices;
  const moving = evaluatedWeights(sizes);
  const frame = eachVector(
    sizes.geometry,
    words,
    `
    // All matrices but the first have rows of one length.
    let later = v >= ${u32(second.offset / 4)};
    let begin = select(0u, ${u32(second.offset / 4)}, later);
    let stride = select(${u32(first.stride / 4)}, ${u32(second.stride / 4)}, later);
    let row = (v - begin) / stride;
    let place = joint0 + 2u * begin + row * 2u * stride + (v - begin) % stride;
    let start = start_weights[start0 + v];
    let change = weights[weights0 + v];
    joint[place] = start;
    joint[place + stride] = change;
    joint[joint0 + ${u32(2 * words)} + v] = start + change;`,
  );
  return tiledPass({
    label: 'start and change side by side',
    bindings: [
      NETWORKS_BINDING,
      moving.binding,
      { buffer: 'startWeights', name: 'start_weights', type: 'vec4f' },
      { buffer: TILED.joint, name: 'joint', type: 'vec4f', write: true },
    ],
    lanes: frame.lanes,
    groups: frame.groups,
    gate: 'at work',
    body: `
  let weights0 = ${moving.base};
  let start0 = ${networkWord('start')} * ${u32(words)};
  let joint0 = local * ${u32(3 * words)};
  ${frame.body}`,
  });
}

/** Z₀ of hidden layer `layer` (from 0), and A₀ where A will stand. */
export function startPass(sizes: FullyConnectedSizes, layer: number): Pass {
  const { options, geometry, quads, valueRows } = sizes;
  const { shape, layout } = options;
  const matrix = layout.matrices[layer];
  const weights = matrixRows(sizes, matrix.stride / 4, 'start');
  const input = layerInput(sizes, layer, presentBlock(sizes));
  const text = product(
    {
      form: 'forward',
      rows: layout.hiddenStride,
      columns: quads,
      length: matrix.stride,
      left: weights.at,
      right: input.at,
      finish: (row, column, z) => `
      let place = ${row} * ${u32(quads)} + ${column};
      let before = ${f32(matrix.scale)} * ${z};
      starts[starts0 + place] = before;
      let padding = select(0.0, ${f32(layout.matrices[layer + 1].biasInput)}, ${row} == ${u32(shape.width)});
      values[values0 + place] = select(vec4f(padding), act4(before), ${row} < ${u32(shape.width)});`,
    },
    geometry,
  );
  return tiledPass({
    label: `forward at the start, layer ${layer + 1}`,
    bindings: [
      matrixBinding(layer),
      weights.binding,
      input.binding,
      { buffer: TILED.values(layer), name: 'values', type: 'vec4f', write: true },
      { buffer: TILED.starts(layer), name: 'starts', type: 'vec4f', write: true },
    ],
    declarations: `${activationWgsl(activationOf(shape))}\n${text.declarations}`,
    lanes: text.lanes,
    subgroups: text.subgroups,
    groups: text.groups,
    gate: 'at work',
    body: `
  ${weights.setup}
  ${input.setup}
  let starts0 = local * ${u32(layout.hiddenStride * quads)};
  let values0 = local * ${u32(valueRows * quads)} + ${u32((valueRows - layout.hiddenStride) * quads)};
  ${text.body}`,
  });
}
