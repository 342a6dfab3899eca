// Where weights and activations stand in the deep fused kernel, as WGSL expressions, and what becomes of a finished
// pre-activation. Names of regions are those of deep-counts.ts.

import { isMiniBatch } from '../../../lib/training/head.ts';
import { f32, u32 } from '../../../wgsl.ts';
import type { TrainingOptions } from '../training-options.ts';

export function deepPlaces({ shape, layout, training, difference }: TrainingOptions) {
  const flow = training.method === 'flow';
  const miniBatch = isMiniBatch(training);
  const hidden = layout.hiddenStride;
  // ReLU's slope can be read off the stored value; others keep it in the place that the back-propagated error takes later.
  const slopeFromValue = shape.biasScale === 0 && (shape.activation === 'relu' || shape.activation === 'linear');

  /**
   * vec4 `v` of row `row` of the matrix at vec4 `offset`, `stride` vec4s to a row: what trains, and in the difference form W₀.
   */
  const weight = (offset: string, row: string, stride: number, v: string) => {
    const vector = `${offset} + ${row} * ${u32(stride)} + ${v}`;
    if (difference) return `scratch[trial + 2u * (${offset}) + ${row} * ${u32(2 * stride)} + ${u32(stride)} + ${v}]`;
    return flow ? `scratch[trial + ${vector}]` : `weights[base + ${vector}]`;
  };
  const startWeight = (offset: string, row: string, stride: number, v: string) =>
    `scratch[trial + 2u * (${offset}) + ${row} * ${u32(2 * stride)} + ${v}]`;
  const wholeWeight = (...place: Parameters<typeof weight>) =>
    difference ? `(${weight(...place)} + ${startWeight(...place)})` : weight(...place);
  // Rows of a layer's activations: HIDDEN of them; in the difference form as many differences from the start stand before them.
  const valueRows = u32(difference ? 2 * hidden : hidden);
  const row = (layer: string, k: string, q: string) => `scratch[values + (${layer} * ${valueRows} + ${k}) * QUADS + ${q}]`;
  const value = (layer: string, k: string, q: string) => row(layer, difference ? `${u32(hidden)} + ${k}` : k, q);
  const startOf = (layer: string, k: string, q: string) => `scratch[starts + (${layer} * HIDDEN + ${k}) * QUADS + ${q}]`;
  const error = (layer: string, k: string, q: string) => `scratch[backs + (${layer} * HIDDEN + ${k}) * QUADS + ${q}]`;
  const input = (i: string, q: string) =>
    miniBatch ? `scratch[batch + ${i} * QUADS + ${q}]` : `train_set[${i} * SET_QUADS + ${q}]`;

  const activate = (layer: string, scale: string) => (k: string, q: string, z: string) => {
    const moved = difference
      ? `let before = ${startOf(layer, k, q)}; let moved = ${scale} * ${z}; ${row(layer, k, q)} = act_difference4(before, moved);`
      : '';
    const at = difference ? 'before + moved' : `${scale} * ${z}`;
    return slopeFromValue
      ? `{ ${moved} ${value(layer, k, q)} = act4(${at}); }`
      : `{ ${moved} let both = act_both4(${at}); ${value(layer, k, q)} = both.value; ${error(layer, k, q)} = ${scale} * both.slope; }`;
  };
  const slopeOf = (layer: string, k: string, q: string, scale: string) =>
    !slopeFromValue
      ? error(layer, k, q)
      : shape.activation === 'linear'
        ? `vec4f(${scale})`
        : `select(vec4f(0.0), vec4f(${f32(shape.activationFactor)} * ${scale}), ${value(layer, k, q)} > vec4f(0.0))`;
  return { weight, startWeight, wholeWeight, row, value, startOf, error, input, activate, slopeOf };
}
