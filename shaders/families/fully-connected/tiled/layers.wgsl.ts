// Forward and backward products of the hidden layers: activations and derivatives are (hiddenStride, quads) vec4 per network,
// samples along the row. The output layer's forward product and the loss stand in lib/training/tiled/readout.wgsl.ts.

import type { Pass } from '../../../../src/core/program.ts';
import { activationDifferenceWgsl } from '../../../lib/activation-differences.ts';
import { type ActivationOptions, activationWgsl } from '../../../lib/activations.ts';
import type { Binding } from '../../../lib/pass.ts';
import { matrixBinding, tiledPass } from '../../../lib/training/tiled/pass.ts';
import { TILED } from '../../../lib/training/tiled/sizes.ts';
import { matrixRows, presentBlock } from '../../../lib/training/tiled/weights.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { FullyConnectedShape } from '../layout.ts';
import type { FullyConnectedSizes } from '../training-options.ts';
import { product } from './product.wgsl.ts';

/** What the layer with index `layer` reads: the training set at block `block`, a gathered mini-batch or the activations below. */
export function layerInput(
  { options, quads, setQuads, miniBatch, valueRows }: FullyConnectedSizes,
  layer: number,
  block: string,
  from: 'values' | 'differences and values' = 'values',
): { readonly binding: Binding; readonly setup: string; readonly at: (row: string, quad: string) => string } {
  const fromSet = layer === 0 && !miniBatch;
  const rows = layer > 0 ? valueRows : options.layout.inputStride;
  const first = layer > 0 && from === 'values' ? valueRows - options.layout.hiddenStride : 0;
  const buffer = fromSet ? 'trainSet' : layer > 0 ? TILED.values(layer - 1) : TILED.batch;
  return {
    binding: { buffer, name: 'below', type: 'vec4f' },
    setup: `let below0 = ${fromSet ? `${block} * ${u32(quads)}` : `local * ${u32(rows * quads)} + ${u32(first * quads)}`};`,
    at: (row, quad) => `below[below0 + ${row} * ${u32(fromSet ? setQuads : quads)} + ${quad}]`,
  };
}

/** σ of a shape, for lib/activations. */
export function activationOf({ activation, activationBeta, activationFactor }: FullyConnectedShape): ActivationOptions {
  return { activation, beta: activationBeta, factor: activationFactor };
}

/** True where σ′ can be read off the stored activation, so that it need not be kept. */
export function slopeFromValue({ activation }: FullyConnectedShape): boolean {
  return activation === 'relu' || activation === 'linear';
}

/** A^l = σ(s_l W^l A^{l−1}) for hidden layer `layer` (from 0); σ′ to `backs` where it cannot be read off A. */
export function forwardPass(sizes: FullyConnectedSizes, layer: number): Pass {
  const { options, geometry, quads, valueRows } = sizes;
  const { shape, layout } = options;
  const matrix = layout.matrices[layer];
  const { difference } = options;
  const joined = difference && layer > 0;
  const weights = matrixRows(sizes, matrix.stride / 4, joined ? 'forward' : 'change');
  const input = layerInput(sizes, layer, presentBlock(sizes), 'differences and values');
  const keepsSlope = !slopeFromValue(shape);
  const constant = f32(layout.matrices[layer + 1].biasInput);
  const at = (z: string) => (difference ? 'before + moved' : `${f32(matrix.scale)} * ${z}`);
  const text = product(
    {
      form: 'forward',
      rows: layout.hiddenStride,
      columns: quads,
      length: (joined ? 2 : 1) * matrix.stride,
      left: weights.at,
      right: input.at,
      finish: (row, column, z) => `
      let own = local * ${u32(layout.hiddenStride * quads)} + ${row} * ${u32(quads)} + ${column};
      let place = values0 + ${row} * ${u32(quads)} + ${column};
      ${
        difference
          ? `let before = starts[own];
      let moved = ${f32(matrix.scale)} * ${z};
      values[place - ${u32(layout.hiddenStride * quads)}] = select(vec4f(0.0), act_difference4(before, moved), ${row} < ${u32(shape.width)});`
          : ''
      }
      ${
        keepsSlope
          ? `let both = act_both4(${at(z)});
      let value = both.value;
      backs[own] = select(vec4f(0.0), ${f32(matrix.scale)} * both.slope, ${row} < ${u32(shape.width)});`
          : `let value = act4(${at(z)});`
      }
      let padding = select(0.0, ${constant}, ${row} == ${u32(shape.width)});
      values[place] = select(vec4f(padding), value, ${row} < ${u32(shape.width)});`,
    },
    geometry,
  );
  return tiledPass({
    label: `forward, layer ${layer + 1}`,
    bindings: [
      matrixBinding(layer),
      weights.binding,
      input.binding,
      { buffer: TILED.values(layer), name: 'values', type: 'vec4f', write: true },
      ...(keepsSlope ? [{ buffer: TILED.backs(layer), name: 'backs', type: 'vec4f', write: true } as const] : []),
      ...(difference ? [{ buffer: TILED.starts(layer), name: 'starts', type: 'vec4f' } as const] : []),
    ],
    declarations: `${activationWgsl(activationOf(shape))}
${difference ? activationDifferenceWgsl(activationOf(shape)) : ''}
${text.declarations}`,
    lanes: text.lanes,
    subgroups: text.subgroups,
    groups: text.groups,
    gate: 'at work',
    body: `
  ${weights.setup}
  ${input.setup}
  let values0 = local * ${u32(valueRows * quads)} + ${u32((valueRows - layout.hiddenStride) * quads)};
  ${text.body}`,
  });
}

/** D^l = s_l σ′ ∘ (W^{l+1}ᵀ D^{l+1}) for hidden layer `layer` (from 0); D of the output layer are the cotangents. */
export function backwardPass(sizes: FullyConnectedSizes, layer: number): Pass {
  const { options, geometry, quads, flow, valueRows } = sizes;
  const { shape, layout } = options;
  const matrix = layout.matrices[layer + 1];
  const top = layer === shape.depth - 1;
  const above = top ? shape.outputDim : layout.hiddenStride;
  const stride = matrix.stride / 4;
  const weights = matrixRows(sizes, stride, 'whole');
  const scale = f32(layout.matrices[layer].scale);
  const fromValue = slopeFromValue(shape);
  const slope = !fromValue
    ? 'backs[place]'
    : shape.activation === 'linear'
      ? `vec4f(${scale})`
      : `select(vec4f(0.0), vec4f(${f32(shape.activationFactor)} * ${scale}), values[place + values_ahead] > vec4f(0.0))`;
  const readsValues = fromValue && shape.activation !== 'linear';
  const masked = fromValue
    ? (value: string, row: string) => `select(vec4f(0.0), ${value}, ${row} < ${u32(shape.width)})`
    : (v: string) => v;
  const text = product(
    {
      form: 'backward',
      rows: layout.hiddenStride,
      columns: quads,
      length: above,
      left: weights.at,
      right: (k, column) => `above[above0 + ${k} * ${u32(quads)} + ${column}]`,
      finish: (row, column, z) => `
      let place = backs0 + ${row} * ${u32(quads)} + ${column};
      backs[place] = ${masked(`${slope} * ${z}`, row)};`,
    },
    geometry,
  );
  return tiledPass({
    label: `backward, layer ${layer + 1}`,
    bindings: [
      matrixBinding(layer + 1),
      weights.binding,
      { buffer: top ? TILED.cotangents : TILED.backs(layer + 1), name: 'above', type: 'vec4f' },
      { buffer: TILED.backs(layer), name: 'backs', type: 'vec4f', write: true },
      ...(readsValues ? [{ buffer: TILED.values(layer), name: 'values', type: 'vec4f' } as const] : []),
    ],
    declarations: text.declarations,
    lanes: text.lanes,
    subgroups: text.subgroups,
    groups: text.groups,
    gate: flow ? 'at work' : 'decided',
    body: `
  ${weights.setup}
  let above0 = local * ${u32(above * quads)};
  let backs0 = local * ${u32(layout.hiddenStride * quads)};
  // From a unit's derivative to its activation in buffers of other heights.
  ${readsValues ? `let values_ahead = local * ${u32((valueRows - layout.hiddenStride) * quads)} + ${u32((valueRows - layout.hiddenStride) * quads)};` : ''}
  ${text.body}`,
  });
}
