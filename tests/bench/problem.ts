// What every contender of the benchmark trains: B fully-connected networks on the same P samples by full-batch gradient descent.
// Makes data and weights and the float64 truth; trains nothing on a GPU.

import { type FullyConnectedShape, layerScale, timeGain } from '../../shaders/families/fully-connected/layout.ts';
import { createModel } from '../../shaders/families/fully-connected/reference.ts';
import { activationFactor, activationOf } from '../../shaders/lib/activations.ts';
import { randomSource, STREAMS } from '../../src/core/random.ts';

export interface ProblemSpec {
  /** B. */
  readonly networks: number;
  /** P. */
  readonly samples: number;
  readonly inputDim: number;
  readonly width: number;
  /** Hidden layers. */
  readonly depth: number;
  readonly activation: 'relu' | 'softplus' | 'tanh';
  /** α̃ of F = α̃ (f − f₀). Left out: 1. */
  readonly outputScale?: number;
}

/** From this output scale on contenders keep start and motion apart, and the motion alone is checked. */
export const MOTION_FROM = 1e3;

/** F = α̃ (f − f₀), ℓ = ½(F − y)², W ← W − η·gain·∂(mean ℓ)/∂W; σ(z) = factor·act(β z)/β. */
export interface Problem extends ProblemSpec {
  readonly outputScale: number;
  readonly shape: FullyConnectedShape;
  readonly beta: number;
  readonly factor: number;
  /** s_l in z^l = s_l W^l a^l, per layer. */
  readonly scales: readonly number[];
  /** η·gain. */
  readonly rate: number;
  readonly learningRate: number;
  /** X, (samples, inputDim). */
  readonly inputs: Float32Array<ArrayBuffer>;
  /** y, (samples). */
  readonly targets: Float32Array<ArrayBuffer>;
  /** Initial weights per layer, (networks, rows, columns). */
  readonly weights: readonly Float32Array<ArrayBuffer>[];
  /** (rows, columns) per layer. */
  readonly sizes: readonly (readonly [number, number])[];
}

/**
 * At α̃ = 1, and less as 1/α̃ beyond, where lazy networks learn in a time of 1/α̃. Small enough that no network of the benchmark
 * leaves the basin of its start, large enough that all of them move.
 */
const LEARNING_RATE = 0.1;

export function createProblem(spec: ProblemSpec, seed: number): Problem {
  const { networks, samples, inputDim, width, depth, activation, outputScale = 1 } = spec;
  const learningRate = LEARNING_RATE / outputScale;
  const beta = activationOf(activation).usualBeta;
  const factor = activationFactor(activation, beta);
  const shape: FullyConnectedShape = {
    depth,
    width,
    inputDim,
    outputDim: 1,
    activation,
    activationBeta: beta,
    activationFactor: factor,
    biasScale: 0,
    parametrisation: 'mean-field',
  };
  const draw = (count: number, stream: number, substream: number) =>
    Float32Array.from(randomSource(seed, stream, substream).normals(count));
  const sizes = Array.from({ length: depth + 1 }, (_, layer) => {
    return [layer === depth ? 1 : width, layer === 0 ? inputDim : width] as const;
  });
  return {
    ...spec,
    outputScale,
    shape,
    beta,
    factor,
    scales: sizes.map((_, layer) => layerScale(shape, layer)),
    rate: learningRate * timeGain(shape),
    learningRate,
    inputs: draw(samples * inputDim, STREAMS.data, 0),
    targets: draw(samples, STREAMS.data, 1).map(Math.sign),
    weights: sizes.map(([rows, columns], layer) => draw(networks * rows * columns, STREAMS.weights, layer)),
    sizes,
  };
}

/** Useful work of one step of one network, in floating-point operations; nothing that is computed twice counts twice. */
export function usefulWork({ samples, inputDim, width, depth }: ProblemSpec): number {
  return 4 * samples * inputDim * width + 6 * (depth - 1) * samples * width * width + 6 * samples * width;
}

/** Weights of the first `count` networks after `steps` steps in float64, flat per network in layer order. */
export function trueWeights(problem: Problem, steps: number, count: number): Float64Array[] {
  const model = createModel(problem.shape);
  const inputs = Float64Array.from(problem.inputs);
  return Array.from({ length: count }, (_, network) => {
    const weights = startOf(problem, network);
    const start = model.outputs(weights, inputs);
    for (let step = 0; step < steps; step++) {
      const outputs = model.outputs(weights, inputs);
      const cotangent = outputs.map((f, p) => {
        return (problem.outputScale * (f - start[p]) - problem.targets[p]) / problem.samples;
      });
      const gradient = model.pullback(weights, inputs, cotangent);
      for (let i = 0; i < weights.length; i++) weights[i] -= problem.rate * gradient[i];
    }
    return weights;
  });
}

/** Weights of one network, flat in layer order, out of arrays per layer. */
export function networkOf(problem: Problem, layers: readonly ArrayLike<number>[], network: number): Float64Array {
  const parts = problem.sizes.map(([rows, columns], layer) => {
    const size = rows * columns;
    return Array.from({ length: size }, (_, i) => layers[layer][network * size + i]);
  });
  return Float64Array.from(parts.flat());
}

/** Initial weights of one network, flat in layer order. */
export function startOf(problem: Problem, network: number): Float64Array {
  return networkOf(problem, problem.weights, network);
}

export interface Agreement {
  /** Worst ‖W − W_true‖/‖W_true‖ over the checked networks; from MOTION_FROM on relative to ‖W_true − W₀‖. */
  readonly error: number;
  /** Least ‖W_true − W₀‖/‖W₀‖: how far training moved the weights that agree. */
  readonly moved: number;
}

/** Compares trained weights of the first networks with float64. */
export function compareWeights(
  problem: Problem,
  layers: readonly ArrayLike<number>[],
  truth: readonly Float64Array[],
): Agreement {
  const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  let error = 0;
  let moved = Number.POSITIVE_INFINITY;
  truth.forEach((expected, network) => {
    const got = networkOf(problem, layers, network);
    const start = startOf(problem, network);
    const motion = norm(expected.map((value, i) => value - start[i]));
    const whole = problem.outputScale < MOTION_FROM ? norm(expected) : motion;
    const distance = norm(got.map((value, i) => value - expected[i])) / whole;
    error = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(error, distance);
    moved = Math.min(moved, motion / norm(start));
  });
  return { error, moved };
}
