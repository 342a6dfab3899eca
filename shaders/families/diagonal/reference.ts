// Diagonal linear networks in float64, as plainly as they can be written: the truth that kernels are tested
// against. Not aware of training.
//
//   f(x) = β·x,  β_i = w₊ᵢ^D − w₋ᵢ^D,  w± = α at the start        Woodworth et al. 2020, section 2
//
// Flat weights: all w₊, then all w₋. As a network: 2d hidden units h± = w±^(D−1) x_i, of which the last weights make
// Σ w₊h₊ − w₋h₋. All D factors of a coordinate are one weight; its motion under mean squared loss ½r² is ẇ± = ∓D
// w±^(D−1) ∘ Xᵀr/N (gain 1).

import { InputError } from '../../../src/core/errors.ts';
import type { Model } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { scalingOf } from '../../../src/core/scalings.ts';
import type { DiagonalShape } from './layout.ts';

/** β from w₊ and w₋: (w₊ − w₋) Σ_k w₊^k w₋^(D−1−k), which does not cancel. */
export function coefficient(positive: number, negative: number, depth: number): number {
  let sum = 1;
  let power = 1;
  for (let j = 1; j < depth; j++) {
    power *= negative;
    sum = sum * positive + power;
  }
  return (positive - negative) * sum;
}

/** The float64 model of a shape; `outputDim` must be 1. */
export function createModel({ depth, inputDim }: DiagonalShape, outputDim: number): Model {
  if (outputDim !== 1) {
    throw new InputError(
      'family "diagonal"',
      `expected a task with one output, got ${outputDim}`,
      'A diagonal network is one linear map of its inputs.',
    );
  }
  const slope = (weight: number): number => depth * weight ** (depth - 1);

  /** β, (inputDim). */
  const coefficients = (weights: Float64Array): Float64Array =>
    Float64Array.from({ length: inputDim }, (_, i) => coefficient(weights[i], weights[inputDim + i], depth));

  return {
    layers: [{ name: 'diagonal', offset: 0, length: 2 * inputDim, matrix: { rows: 2, row: 'factor', column: 'input' } }],
    parameterCount: 2 * inputDim,
    outputDim,
    gain: 1,

    draw({ seed, draw, values, weights: given }) {
      if (given !== undefined) {
        if (given.length !== 2 * inputDim) throw new Error(`weights: expected ${2 * inputDim} numbers, got ${given.length}`);
        return given.slice();
      }
      const scale = numberOf(values, 'initScale');
      const spread = numberOf(values, 'initSpread');
      const source = randomSource(seed, STREAMS.weights, draw);
      const weights = new Float64Array(2 * inputDim);
      for (let i = 0; i < inputDim; i++) {
        weights[i] = spread === 0 ? scale : scale * Math.exp(spread * source.normal());
        weights[inputDim + i] = weights[i];
      }
      return weights;
    },

    outputs(weights, inputs) {
      const beta = coefficients(weights);
      return Float64Array.from({ length: inputs.length / inputDim }, (_, p) => {
        let sum = 0;
        for (let i = 0; i < inputDim; i++) sum += beta[i] * inputs[p * inputDim + i];
        return sum;
      });
    },

    pullback(weights, inputs, cotangent) {
      const gradient = new Float64Array(2 * inputDim);
      for (let i = 0; i < inputDim; i++) {
        let sum = 0;
        for (let p = 0; p < cotangent.length; p++) sum += cotangent[p] * inputs[p * inputDim + i];
        gradient[i] = slope(weights[i]) * sum;
        gradient[inputDim + i] = -slope(weights[inputDim + i]) * sum;
      }
      return gradient;
    },

    tangentKernel(weights, inputs) {
      // Θ(x, x') = Σ_i x_i x'_i (∂β_i/∂w₊² + ∂β_i/∂w₋²): closed form, no Jacobian.
      const count = inputs.length / inputDim;
      const factors = Float64Array.from(
        { length: inputDim },
        (_, i) => slope(weights[i]) ** 2 + slope(weights[inputDim + i]) ** 2,
      );
      const kernel = new Float64Array(count * count);
      for (let p = 0; p < count; p++) {
        for (let q = 0; q < count; q++) {
          let sum = 0;
          for (let i = 0; i < inputDim; i++) sum += factors[i] * inputs[p * inputDim + i] * inputs[q * inputDim + i];
          kernel[p * count + q] = sum;
        }
      }
      return kernel;
    },

    representation(weights, inputs) {
      const count = inputs.length / inputDim;
      const features = new Float64Array(count * 2 * inputDim);
      for (let p = 0; p < count; p++) {
        for (let unit = 0; unit < 2 * inputDim; unit++) {
          features[p * 2 * inputDim + unit] = weights[unit] ** (depth - 1) * inputs[p * inputDim + (unit % inputDim)];
        }
      }
      return features;
    },

    // Units without a nonlinearity have no gates.
    preactivations: () => new Float64Array(),

    elements(domain, { now, start, values, data }) {
      if (domain !== 'map') throw new Error(`diagonal: expected the domain map, got ${domain}`);
      const { outputScale } = scalingOf(values);
      const centred = choiceOf(values, 'predictor') === 'centred' ? 1 : 0;
      const [beta, origin] = [coefficients(now), coefficients(start)];
      return Array.from(beta, (value, i) => ({
        now: outputScale * (value - centred * origin[i]),
        start: outputScale * (origin[i] - centred * origin[i]),
        teacher: data.teacher?.[i] ?? Number.NaN,
      }));
    },
  };
}
