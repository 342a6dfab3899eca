// Weight gradients of one layer, and what becomes of them: descent steps from them at once, a flow keeps them as the slope of its
// stage (lib/training/tiled/step.wgsl.ts measures those). Where samples take turns in blocks, the blocks' gradients
// are summed in their order.

import type { Pass } from '../../../../src/core/program.ts';
import type { Binding } from '../../../lib/pass.ts';
import { matrixBinding, NETWORKS_BINDING, networkNumber, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { TILED } from '../../../lib/training/tiled/sizes.ts';
import { presentBlock, presentSlope } from '../../../lib/training/tiled/weights.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { FullyConnectedSizes } from '../training-options.ts';
import { layerInput } from './layers.wgsl.ts';
import { product } from './product.wgsl.ts';

/** What a method does with a gradient. */
interface Use {
  readonly bindings: readonly Binding[];
  readonly setup: string;
  /** Sees `place`, the vec4's place in a layout vector, and `gradient`, summed over the blocks so far. */
  readonly store: string;
  /** The same, once the sum is complete. */
  readonly complete: string;
  /** Where the sum stands between blocks. */
  readonly summed: string;
}

/** Gradient of matrix `layer` (0 … depth). */
export function gradientPass(sizes: FullyConnectedSizes, layer: number): Pass {
  const { options, geometry, quads, flow, blocks } = sizes;
  const { layout, shape } = options;
  const top = layer === shape.depth;
  const stride = layout.matrices[layer].stride / 4;
  const block = presentBlock(sizes, true);
  const input = layerInput(sizes, layer, block);
  const use = flow ? flowUse(sizes) : descentUse(sizes);
  const text = product(
    {
      form: 'gradient',
      rows: top ? shape.outputDim : layout.hiddenStride,
      columns: stride,
      length: 4 * quads,
      left: (row, k) => `above[above0 + ${row} * ${u32(quads)} + ${k}]`,
      right: input.at,
      finish: (row, column, value) => `
    let place = matrix_start[0] + ${row} * ${u32(stride)} + ${column};
    ${
      blocks === 1
        ? `let gradient = own_rate * ${value};
    ${use.store}
    ${use.complete}`
        : `let gradient = own_rate * ${value} + select(${use.summed}, vec4f(0.0), ${block} == 0u);
    ${use.store}
    if (${block} == ${u32(blocks - 1)}) { ${use.complete} }`
    }`,
    },
    geometry,
  );
  return tiledPass({
    label: `gradient, matrix ${layer + 1}`,
    bindings: [
      NETWORKS_BINDING,
      matrixBinding(layer),
      { buffer: top ? TILED.cotangents : TILED.backs(layer), name: 'above', type: 'vec4f' },
      input.binding,
      ...use.bindings,
    ],
    declarations: text.declarations,
    lanes: text.lanes,
    subgroups: text.subgroups,
    groups: text.groups,
    gate: flow ? 'at work' : 'decided',
    body: `
  let own_rate = ${networkNumber(top ? 'outputRate' : 'hiddenRate')};
  let above0 = local * ${u32((top ? shape.outputDim : layout.hiddenStride) * quads)};
  ${input.setup}
  ${use.setup}
  ${text.body}`,
  });
}

/** W ← W − η v, v ← μ v + g. */
function descentUse({ options, blocks }: FullyConnectedSizes): Use {
  const { training, layout } = options;
  const momentum = training.method === 'descent' ? training.momentum : 0;
  const summed = 'summed[base + place]';
  return {
    bindings: [
      { buffer: 'weights', name: 'weights', type: 'vec4f', write: true },
      ...(momentum > 0 ? [{ buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true } as const] : []),
      ...(blocks > 1 ? [{ buffer: TILED.gradient, name: 'summed', type: 'vec4f', write: true } as const] : []),
    ],
    setup: `
  let base = network * ${u32(layout.words / 4)};
  let rate = ${networkNumber('learningRate')};`,
    summed,
    store: blocks > 1 ? `${summed} = gradient;` : '',
    complete:
      momentum > 0
        ? `let velocity = ${f32(momentum)} * slopes[base + place] + gradient;
    slopes[base + place] = velocity;
    weights[base + place] -= rate * velocity;`
        : 'weights[base + place] -= rate * gradient;',
  };
}

/** The gradient is the slope of the present stage. */
function flowUse(sizes: FullyConnectedSizes): Use {
  const summed = 'slopes[slope0 + place]';
  return {
    bindings: [{ buffer: 'slopes', name: 'slopes', type: 'vec4f', write: true }],
    setup: `let slope0 = ${presentSlope(sizes)};`,
    summed,
    store: `${summed} = gradient;`,
    complete: '',
  };
}
