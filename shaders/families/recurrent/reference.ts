// Recurrent networks in float64, as plainly as they can be written: the truth that kernels are tested against. Tangent kernels
// stand in reference-kernels.ts. Not fast, and not aware of training.
//
//   inside:  h_t = φ((1 − α) h_{t−1} + α a_t),          a_t = Wx x_t + Wh h_{t−1}
//   outside: u_t = (1 − α) u_{t−1} + α a_t,  h_t = φ(u_t)                          o_t = Wo h_t        Liu et al. 2024
//
// The state before the first step is 0. Rows of inputs are (steps, channels), rows of outputs (steps, outputs).

import type { Connectivity } from '../../../src/core/connectivity/connectivity.ts';
import { connectivityOf, connectivityParameters } from '../../../src/core/connectivity/registry.ts';
import type { LayerSlice, Model, Start } from '../../../src/core/family.ts';
import { choiceOf, numberOf } from '../../../src/core/parameter.ts';
import { OWN } from '../../../src/core/parse-connectivity.ts';
import { randomSource, STREAMS } from '../../../src/core/random.ts';
import { type ThinSvd, thinSvd } from '../../../src/core/svd.ts';
import type { Sequence } from '../../../src/core/task.ts';
import { activationOf } from '../../lib/activations.ts';
import { initialRate, layoutOf, type RecurrentShape } from './layout.ts';
import { recurrentWeights } from './recurrent-weights.ts';
import { kernelElements, tangentKernel } from './reference-kernels.ts';

/** Substreams of `STREAMS.weights` per draw: one per matrix, with room to spare. */
const LAYERS_PER_DRAW = 16;

/** Views of the three matrices in a flat vector, row-major. */
export interface Matrices {
  /** (width, channels). */
  readonly wx: Float64Array;
  /** (width, width), post × pre. */
  readonly wh: Float64Array;
  /** (outputs, width). */
  readonly wo: Float64Array;
}

export function matricesOf(flat: Float64Array, { width, channels, outputs }: RecurrentShape): Matrices {
  const input = width * channels;
  const recurrent = input + width * width;
  return {
    wx: flat.subarray(0, input),
    wh: flat.subarray(input, recurrent),
    wo: flat.subarray(recurrent, recurrent + outputs * width),
  };
}

/** One trial: rates h_t and the arguments of φ, (steps, width) each. */
export interface Course {
  readonly rates: Float64Array;
  readonly arguments: Float64Array;
}

/** Runs one trial; `input` is (steps, channels). */
export function runTrial(shape: RecurrentShape, { wx, wh }: Matrices, input: Float64Array): Course {
  const { width, channels, steps, leak, placement, beta } = shape;
  const activation = activationOf(shape.activation);
  const rates = new Float64Array(steps * width);
  const inner = new Float64Array(steps * width);
  let before = new Float64Array(width).fill(initialRate(shape));
  let state = new Float64Array(width);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < width; i++) {
      let drive = 0;
      for (let c = 0; c < channels; c++) drive += wx[i * channels + c] * input[t * channels + c];
      for (let j = 0; j < width; j++) drive += wh[i * width + j] * before[j];
      // What leaks: the rate inside, the state outside.
      const own = placement === 'inside' ? before[i] : state[i];
      inner[t * width + i] = (1 - leak) * own + leak * drive;
      rates[t * width + i] = activation.value(inner[t * width + i], beta);
    }
    before = rates.subarray(t * width, (t + 1) * width);
    state = inner.subarray(t * width, (t + 1) * width);
  }
  return { rates, arguments: inner };
}

/**
 * One step of the adjoint: from A_{t+1} = ∂/∂(argument of φ at t+1) and `direct` = ∂/∂h_t by the readout of step t to A_t.
 * Null: nothing comes after t.
 */
export function stepBack(
  shape: RecurrentShape,
  { wh }: Matrices,
  course: Course,
  t: number,
  later: Float64Array | null,
  direct: Float64Array,
): Float64Array {
  const { width, leak, placement, beta } = shape;
  const activation = activationOf(shape.activation);
  return Float64Array.from({ length: width }, (_, i) => {
    let sum = direct[i];
    if (later !== null) {
      for (let j = 0; j < width; j++) sum += leak * wh[j * width + i] * later[j];
      if (placement === 'inside') sum += (1 - leak) * later[i];
    }
    const slope = activation.slope(course.arguments[t * width + i], beta);
    return sum * slope + (later !== null && placement === 'outside' ? (1 - leak) * later[i] : 0);
  });
}

/** The float64 model of a shape. */
export function createModel(shape: RecurrentShape, sequence: Sequence): Model {
  const { width, channels, outputs, steps, leak } = shape;
  const { matrices } = layoutOf(shape);
  const layers: LayerSlice[] = [];
  let offset = 0;
  ['input', 'recurrent', 'output'].forEach((name, index) => {
    const length = matrices[index].rows * matrices[index].columns;
    const matrix = {
      rows: matrices[index].rows,
      row: name === 'output' ? 'output' : 'target unit',
      column: name === 'input' ? 'input channel' : 'source unit',
    };
    layers.push({ name, offset, length, matrix });
    offset += length;
  });
  const parameterCount = offset;
  const row = steps * channels;
  const trialsOf = (inputs: Float64Array) =>
    Array.from({ length: inputs.length / row }, (_, p) => inputs.subarray(p * row, (p + 1) * row));
  const decompositions = new Map<string, ThinSvd>();
  /** An own matrix is that of all seeds. */
  const ownDecompositions = new Map<Connectivity, ThinSvd>();

  const atDecision = (weights: Float64Array, inputs: Float64Array, of: 'rates' | 'arguments') => {
    const trials = trialsOf(inputs);
    const all = new Float64Array(trials.length * width);
    const own = matricesOf(weights, shape);
    trials.forEach((trial, p) => {
      const first = sequence.decisionStep * width;
      all.set(runTrial(shape, own, trial)[of].subarray(first, first + width), p * width);
    });
    return all;
  };

  return {
    layers,
    parameterCount,
    outputDim: steps * outputs,
    gain: 1,

    draw({ seed, draw, values, weights: given, connectivity: own }: Start): Float64Array {
      if (given !== undefined) {
        if (given.length !== parameterCount) throw new Error(`weights: expected ${parameterCount} numbers, got ${given.length}`);
        return given.slice();
      }
      const flat = new Float64Array(parameterCount);
      const { wx, wh, wo } = matricesOf(flat, shape);
      const source = (layer: number) => randomSource(seed, STREAMS.weights, draw * LAYERS_PER_DRAW + layer);
      const uniform = (into: Float64Array, layer: number, fanIn: number) => {
        const own = source(layer);
        for (let n = 0; n < into.length; n++) into[n] = (2 * own.uniform() - 1) / Math.sqrt(fanIn);
      };
      uniform(wx, 0, channels);
      uniform(wo, 2, width);
      const connectivity = choiceOf(values, 'connectivity');
      if (connectivity === OWN && own === undefined)
        throw new Error('recurrent: expected a start with its own connectivity, got none');
      const structure = connectivity === OWN && own !== undefined ? own : connectivityOf(connectivity);
      const make = () => structure.generate(width, source(1), values);
      // Cells that differ in their rank share the draw and its decomposition.
      const decompose = () => {
        const key = [seed, draw, connectivity, ...connectivityParameters.map(({ id }) => values[id])].join(' ');
        const parts = (structure === own ? ownDecompositions.get(own) : decompositions.get(key)) ?? thinSvd(make(), width, width);
        if (structure === own) ownDecompositions.set(own, parts);
        else decompositions.set(key, parts);
        return parts;
      };
      wh.set(recurrentWeights({ size: width, make, decompose }, numberOf(values, 'initRank'), values));
      return flat;
    },

    outputs(weights, inputs) {
      const own = matricesOf(weights, shape);
      const trials = trialsOf(inputs);
      const all = new Float64Array(trials.length * steps * outputs);
      trials.forEach((trial, p) => {
        const { rates } = runTrial(shape, own, trial);
        for (let t = 0; t < steps; t++) {
          for (let c = 0; c < outputs; c++) {
            let sum = 0;
            for (let i = 0; i < width; i++) sum += own.wo[c * width + i] * rates[t * width + i];
            all[(p * steps + t) * outputs + c] = sum;
          }
        }
      });
      return all;
    },

    pullback(weights, inputs, cotangent) {
      const own = matricesOf(weights, shape);
      const gradient = new Float64Array(parameterCount);
      const into = matricesOf(gradient, shape);
      const rest = initialRate(shape);
      trialsOf(inputs).forEach((trial, p) => {
        const course = runTrial(shape, own, trial);
        let later: Float64Array | null = null;
        for (let t = steps - 1; t >= 0; t--) {
          const direct = new Float64Array(width);
          for (let c = 0; c < outputs; c++) {
            const error = cotangent[(p * steps + t) * outputs + c];
            for (let i = 0; i < width; i++) {
              direct[i] += error * own.wo[c * width + i];
              into.wo[c * width + i] += error * course.rates[t * width + i];
            }
          }
          later = stepBack(shape, own, course, t, later, direct);
          for (let i = 0; i < width; i++) {
            const a = leak * later[i];
            for (let c = 0; c < channels; c++) into.wx[i * channels + c] += a * trial[t * channels + c];
            for (let j = 0; j < width; j++) into.wh[i * width + j] += a * (t > 0 ? course.rates[(t - 1) * width + j] : rest);
          }
        }
      });
      return gradient;
    },

    tangentKernel: (weights, inputs) => tangentKernel(shape, sequence, weights, inputs, 'recurrent'),
    representation: (weights, inputs) => atDecision(weights, inputs, 'rates'),
    preactivations: (weights, inputs) => atDecision(weights, inputs, 'arguments'),
    elements: (domain, point) => kernelElements(shape, sequence, domain, point),
  };
}
