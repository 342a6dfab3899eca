// Convolutional networks in float64, as plainly as they can be written: the truth that kernels are tested against. Not fast,
// and not aware of training.
//
//   z^l_k(p) = Σ_{c,d} W^l_{c,d,k} a^{l−1}_c(s_l p + d − 1)/√(25 · channels below),  a^l = σ(z^l),  d over 5 × 5, zeros around a
//   f = (1/h) Σ_k w_k · mean over pixels of a^L_k                                                      Geiger et al. 2020 (code)

import type { LayerSlice, Model, Start } from '../../../src/core/family.ts';
import { numberOf } from '../../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { activationOf } from '../../lib/activations.ts';
import { type Convolution, type ConvolutionalShape, hiddenUnits, KERNEL, layoutOf, PADDING, timeGain } from './layout.ts';

/** Substreams of `STREAMS.weights` per draw: one per layer, with room to spare. */
const LAYERS_PER_DRAW = 16;

/** One sample on its way through the network. */
interface Forward {
  /** a^0 … a^L, (channels, side, side) each. */
  readonly values: readonly Float64Array[];
  /** z^1 … z^L. */
  readonly products: readonly Float64Array[];
  /** a^L averaged over pixels, (channels). */
  readonly pooled: Float64Array;
}

/** Visits every product of weight (input channel, tap) and input pixel: place of input, tap (c, dy, dx) and output pixel. */
function eachTap(
  { inChannels, inSide, outSide, stride }: Convolution,
  visit: (input: number, tap: number, pixel: number) => void,
) {
  for (let c = 0; c < inChannels; c++) {
    for (let dy = 0; dy < KERNEL; dy++) {
      for (let dx = 0; dx < KERNEL; dx++) {
        for (let y = 0; y < outSide; y++) {
          const row = stride * y + dy - PADDING;
          if (row < 0 || row >= inSide) continue;
          for (let x = 0; x < outSide; x++) {
            const column = stride * x + dx - PADDING;
            if (column < 0 || column >= inSide) continue;
            visit((c * inSide + row) * inSide + column, (c * KERNEL + dy) * KERNEL + dx, y * outSide + x);
          }
        }
      }
    }
  }
}

/** The float64 model of a shape. */
export function createModel(shape: ConvolutionalShape): Model {
  const { convolutions, width, outputDim, image, beta, factor } = shape;
  const activation = activationOf(shape.activation);
  const inputDim = image.channels * image.side ** 2;
  const depth = convolutions.length;
  const { matrices } = layoutOf(shape);
  const layers: LayerSlice[] = [];
  let parameterCount = 0;
  matrices.forEach(({ rows, columns }, index) => {
    const name = index === depth ? 'output' : `convolution ${index + 1}`;
    const matrix = { rows, row: index === depth ? 'output' : 'tap', column: 'channel' };
    layers.push({ name, offset: parameterCount, length: rows * columns, matrix });
    parameterCount += rows * columns;
  });
  const output = layers[depth].offset;
  const outputScale = matrices[depth].scale;

  function forward(weights: Float64Array, input: Float64Array): Forward {
    const values = [input];
    const products: Float64Array[] = [];
    convolutions.forEach((convolution, index) => {
      const pixels = convolution.outSide ** 2;
      const z = new Float64Array(width * pixels);
      const below = values[index];
      const { offset } = layers[index];
      eachTap(convolution, (from, tap, pixel) => {
        for (let k = 0; k < width; k++) z[k * pixels + pixel] += weights[offset + tap * width + k] * below[from];
      });
      products.push(z.map((sum) => convolution.scale * sum));
      values.push(products[index].map((u) => factor * activation.value(u, beta)));
    });
    const last = values[depth];
    const pixels = last.length / width;
    const pooled = Float64Array.from({ length: width }, (_, k) => {
      return last.subarray(k * pixels, (k + 1) * pixels).reduce((sum, a) => sum + a, 0) / pixels;
    });
    return { values, products, pooled };
  }

  /** Adds Σ_c cotangent_c ∂f_c/∂W of one sample to `gradient`. */
  function backward(
    weights: Float64Array,
    { values, products, pooled }: Forward,
    cotangent: Float64Array,
    gradient: Float64Array,
  ) {
    const pixels = values[depth].length / width;
    let above = new Float64Array(values[depth].length);
    for (let c = 0; c < outputDim; c++) {
      for (let k = 0; k < width; k++) {
        const slope = outputScale * cotangent[c];
        gradient[output + c * width + k] += slope * pooled[k];
        const share = (slope * weights[output + c * width + k]) / pixels;
        for (let pixel = 0; pixel < pixels; pixel++) above[k * pixels + pixel] += share;
      }
    }
    for (let index = depth - 1; index >= 0; index--) {
      const convolution = convolutions[index];
      const size = convolution.outSide ** 2;
      const { offset } = layers[index];
      const delta = above.map((value, n) => convolution.scale * value * factor * activation.slope(products[index][n], beta));
      const below = new Float64Array(values[index].length);
      eachTap(convolution, (from, tap, pixel) => {
        for (let k = 0; k < width; k++) {
          gradient[offset + tap * width + k] += delta[k * size + pixel] * values[index][from];
          below[from] += delta[k * size + pixel] * weights[offset + tap * width + k];
        }
      });
      above = below;
    }
  }

  const samplesOf = (inputs: Float64Array) =>
    Array.from({ length: inputs.length / inputDim }, (_, p) => inputs.subarray(p * inputDim, (p + 1) * inputDim));

  return {
    layers,
    parameterCount,
    outputDim,
    gain: timeGain(shape),

    draw({ seed, draw, values, weights: given }: Start): Float64Array {
      if (given !== undefined) {
        if (given.length !== parameterCount) throw new Error(`weights: expected ${parameterCount} numbers, got ${given.length}`);
        return given.slice();
      }
      const scale = numberOf(values, 'initScale');
      const weights = new Float64Array(parameterCount);
      layers.forEach(({ offset, length }, index) => {
        const normals = randomSource(seed, STREAMS.weights, draw * LAYERS_PER_DRAW + index).normals(length);
        for (let n = 0; n < length; n++) weights[offset + n] = scale * normals[n];
      });
      return weights;
    },

    outputs(weights, inputs) {
      const samples = samplesOf(inputs);
      const all = new Float64Array(samples.length * outputDim);
      samples.forEach((input, p) => {
        const { pooled } = forward(weights, input);
        for (let c = 0; c < outputDim; c++) {
          for (let k = 0; k < width; k++) all[p * outputDim + c] += outputScale * weights[output + c * width + k] * pooled[k];
        }
      });
      return all;
    },

    pullback(weights, inputs, cotangent) {
      const gradient = new Float64Array(parameterCount);
      samplesOf(inputs).forEach((input, p) => {
        backward(weights, forward(weights, input), cotangent.subarray(p * outputDim, (p + 1) * outputDim), gradient);
      });
      return gradient;
    },

    tangentKernel(weights, inputs) {
      // Weights are shared by many pixels, so that gradients are far smaller than the products over pairs of pixels.
      const rows = samplesOf(inputs).flatMap((input) => {
        const pass = forward(weights, input);
        return Array.from({ length: outputDim }, (_, c) => {
          const row = new Float64Array(parameterCount);
          backward(weights, pass, new Float64Array(outputDim).fill(1, c, c + 1), row);
          return row;
        });
      });
      return Float64Array.from(rows.flatMap((left) => rows.map((right) => left.reduce((sum, g, n) => sum + g * right[n], 0))));
    },

    representation(weights, inputs) {
      const samples = samplesOf(inputs);
      const all = new Float64Array(samples.length * width);
      samples.forEach((input, p) => {
        all.set(forward(weights, input).pooled, p * width);
      });
      return all;
    },

    elements(domain, { now, start }) {
      if (domain !== 'outputGram') throw new Error(`convolutional: no elements of the domain ${domain}`);
      const gram = (weights: Float64Array, c: number, e: number) => {
        let sum = 0;
        for (let k = 0; k < width; k++) sum += weights[output + c * width + k] * weights[output + e * width + k];
        return sum;
      };
      return Array.from({ length: outputDim ** 2 }, (_, n) => {
        const [c, e] = [Math.floor(n / outputDim), n % outputDim];
        return { now: gram(now, c, e), start: gram(start, c, e) };
      });
    },

    preactivations(weights, inputs) {
      const samples = samplesOf(inputs);
      const size = hiddenUnits(shape);
      const all = new Float64Array(samples.length * size);
      samples.forEach((input, p) => {
        let place = p * size;
        for (const z of forward(weights, input).products) {
          all.set(z, place);
          place += z.length;
        }
      });
      return all;
    },
  };
}
