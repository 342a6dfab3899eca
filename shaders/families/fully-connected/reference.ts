// Fully connected networks in float64, as plainly as they can be written: the truth that kernels are tested against.
// Not fast, and not aware of training.
//
//   a⁰ = x,  z^l = s_l W^l a^l,  a^{l+1} = σ(z^l) for l < L,  f = z^L        Geiger et al. 2020, eq. 1
//
// W^l is (fan-out, fan-in), row-major; with bias a last column multiplies the constant b/s_l, so that z gains b·B.

import type { LayerSlice, Model, Start } from '../../../src/core/family.ts';
import type { TaskData } from '../../../src/core/task.ts';
import { activationOf } from '../../lib/activations.ts';
import { type FullyConnectedShape, layoutOf, timeGain } from './layout.ts';
import { structureElements } from './measure/structure.ts';
import { drawWeights, type StartLayer } from './starts.ts';

/** A weight matrix inside the flat vector. */
interface Layer extends StartLayer {
  readonly scale: number;
  readonly biasInput: number;
}

/** Everything of a forward pass that others need: inputs and products of each layer, sample by sample. */
interface Forward {
  /** a^l with the bias's constant: (count, columns of layer l). */
  readonly inputs: readonly Float64Array[];
  /** z^l: (count, rows of layer l). */
  readonly products: readonly Float64Array[];
}

function layersOf(shape: FullyConnectedShape): Layer[] {
  const bias = shape.biasScale > 0 ? 1 : 0;
  let offset = 0;
  return layoutOf(shape).matrices.map(({ rows, columns, scale, biasInput }) => {
    const layer = { offset, rows, fanIn: columns - bias, columns, scale, biasInput };
    offset += rows * columns;
    return layer;
  });
}

/** Appends the bias's constant to every row where the layer has one. */
function withBias(values: Float64Array, count: number, { fanIn, columns, biasInput }: Layer): Float64Array {
  if (columns === fanIn) return values;
  const extended = new Float64Array(count * columns);
  for (let p = 0; p < count; p++) {
    extended.set(values.subarray(p * fanIn, (p + 1) * fanIn), p * columns);
    extended[p * columns + fanIn] = biasInput;
  }
  return extended;
}

/** The float64 model of a shape. */
export function createModel(shape: FullyConnectedShape): Model {
  const { depth, width, inputDim, outputDim, activationBeta: beta, activationFactor: factor } = shape;
  const activation = activationOf(shape.activation);
  const layers = layersOf(shape);
  const last = layers[depth];

  function forward(weights: Float64Array, inputs: Float64Array): Forward {
    const count = inputs.length / inputDim;
    const layerInputs: Float64Array[] = [];
    const products: Float64Array[] = [];
    let values = inputs;
    for (const layer of layers) {
      const a = withBias(values, count, layer);
      const z = new Float64Array(count * layer.rows);
      for (let p = 0; p < count; p++) {
        for (let j = 0; j < layer.rows; j++) {
          let sum = 0;
          for (let i = 0; i < layer.columns; i++) {
            sum += weights[layer.offset + j * layer.columns + i] * a[p * layer.columns + i];
          }
          z[p * layer.rows + j] = layer.scale * sum;
        }
      }
      layerInputs.push(a);
      products.push(z);
      if (layer !== last) values = z.map((u) => factor * activation.value(u, beta));
    }
    return { inputs: layerInputs, products };
  }

  /** From ∂/∂z^l (count, rows) to ∂/∂z^{l−1}: times s_l Wᵀ, times σ'. */
  function backward(weights: Float64Array, { products }: Forward, index: number, above: Float64Array): Float64Array {
    const layer = layers[index];
    const z = products[index - 1];
    const below = new Float64Array(z.length);
    for (let p = 0; p < z.length / layer.fanIn; p++) {
      for (let j = 0; j < layer.rows; j++) {
        const cotangent = layer.scale * above[p * layer.rows + j];
        for (let i = 0; i < layer.fanIn; i++) {
          below[p * layer.fanIn + i] += cotangent * weights[layer.offset + j * layer.columns + i];
        }
      }
    }
    return below.map((value, n) => value * factor * activation.slope(z[n], beta));
  }

  return {
    layers: layers.map(({ offset, rows, columns }, index): LayerSlice => {
      const matrix = {
        rows,
        row: index === depth ? 'output' : 'hidden unit',
        column: index === 0 ? 'input' : 'unit below',
      };
      return { name: index === depth ? 'output' : `hidden ${index + 1}`, offset, length: rows * columns, matrix };
    }),
    parameterCount: last.offset + last.rows * last.columns,
    outputDim,
    gain: timeGain(shape),

    draw(start: Start, data: TaskData): Float64Array {
      const { weights } = start;
      if (weights === undefined) return drawWeights(shape, layers, start, data);
      const count = last.offset + last.rows * last.columns;
      if (weights.length !== count) throw new Error(`weights: expected ${count} numbers, got ${weights.length}`);
      return weights.slice();
    },

    outputs: (weights, inputs) => forward(weights, inputs).products[depth],

    pullback(weights, inputs, cotangent) {
      const pass = forward(weights, inputs);
      const gradient = new Float64Array(weights.length);
      let above = cotangent;
      for (let index = depth; index >= 0; index--) {
        const { offset, rows, columns, scale } = layers[index];
        const a = pass.inputs[index];
        for (let p = 0; p < above.length / rows; p++) {
          for (let j = 0; j < rows; j++) {
            const delta = scale * above[p * rows + j];
            for (let i = 0; i < columns; i++) gradient[offset + j * columns + i] += delta * a[p * columns + i];
          }
        }
        if (index > 0) above = backward(weights, pass, index, above);
      }
      return gradient;
    },

    tangentKernel(weights, inputs) {
      // Θ = Σ_l s_l² (a^l·a^l') (B^l·B^l') with B^l = ∂f_c/∂z^l: layer Gram products, no Jacobian.
      const pass = forward(weights, inputs);
      const count = inputs.length / inputDim;
      const size = count * outputDim;
      const kernel = new Float64Array(size * size);
      // One pass of all samples for each output.
      let slopes: Float64Array[] = Array.from({ length: outputDim }, (_, c) => {
        const unit = new Float64Array(size);
        for (let p = 0; p < count; p++) unit[p * outputDim + c] = 1;
        return unit;
      });
      for (let index = depth; index >= 0; index--) {
        const { rows, columns, scale } = layers[index];
        const a = pass.inputs[index];
        for (let p = 0; p < count; p++) {
          for (let q = 0; q < count; q++) {
            let gram = 0;
            for (let i = 0; i < columns; i++) gram += a[p * columns + i] * a[q * columns + i];
            for (let c = 0; c < outputDim; c++) {
              for (let e = 0; e < outputDim; e++) {
                let product = 0;
                for (let j = 0; j < rows; j++) product += slopes[c][p * rows + j] * slopes[e][q * rows + j];
                kernel[(p * outputDim + c) * size + q * outputDim + e] += scale * scale * gram * product;
              }
            }
          }
        }
        if (index > 0) slopes = slopes.map((above) => backward(weights, pass, index, above));
      }
      return kernel;
    },

    elements: (domain, point) => structureElements(shape, domain, point),

    representation(weights, inputs) {
      return forward(weights, inputs).products[depth - 1].map((z) => factor * activation.value(z, beta));
    },

    preactivations(weights, inputs) {
      const { products } = forward(weights, inputs);
      const count = inputs.length / inputDim;
      const all = new Float64Array(count * depth * width);
      for (let p = 0; p < count; p++) {
        for (let l = 0; l < depth; l++) {
          all.set(products[l].subarray(p * width, (p + 1) * width), (p * depth + l) * width);
        }
      }
      return all;
    },
  };
}
