// Where gradient flow takes diagonal linear networks β = w₊² − w₋² with squared loss: the interpolator that the start selects.
// Norms that it lies between are least-norms.ts; trajectories are the family's.
//
//   w₊² = a² e^z,  w₋² = b² e^{−z},  z = Xᵀν:   ν minimises the convex Σ_i (a_i² e^{z_i} + b_i² e^{−z_i}) − y·ν
// With a = b = α this is argmin Σ α² q(β_i/α²) s.t. Xβ = y, q(z) = 2 − √(4+z²) + z asinh(z/2). Woodworth et al. 2020, Theorem 1

import { InputError } from '../core/errors.ts';
import type { TaskData } from '../core/task.ts';
import type { Theory } from '../core/theory.ts';
import { solveDefinite } from './definite.ts';
import { numberAmong } from './two-layer.ts';

export interface Interpolation {
  /** Samples (count, inputDim), row-major, rows linearly independent: count ≤ inputDim. */
  readonly inputs: Float64Array;
  /** (count). */
  readonly targets: Float64Array;
}

export interface DiagonalLimit {
  /** β, (inputDim). */
  readonly coefficients: Float64Array;
  /** ν, (count). */
  readonly dual: Float64Array;
}

const WHERE = 'diagonal limit';
/** |Xβ − y| as a share of |y| at which Newton's method stops. */
const PRECISION = 1e-13;
const MAX_STEPS = 500;
/** Largest change of any z in one step: e^z is far from its tangent beyond. */
const TRUST = 2;

/** z = Xᵀν. */
function exponentsOf(inputs: Float64Array, dual: Float64Array, inputDim: number): Float64Array {
  const z = new Float64Array(inputDim);
  for (let p = 0; p < dual.length; p++) {
    for (let i = 0; i < inputDim; i++) z[i] += dual[p] * inputs[p * inputDim + i];
  }
  return z;
}

const largest = (vector: Float64Array) => vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * The limit from starts w₊ = `positive`, w₋ = `negative`, each (inputDim), by damped Newton on ν. `guess` is a ν to begin from,
 * as that of a nearby start. Throws InputError where no β interpolates or samples are linearly dependent.
 */
export function diagonalLimit(
  { inputs, targets }: Interpolation,
  positive: Float64Array,
  negative: Float64Array,
  guess?: Float64Array,
): DiagonalLimit {
  const count = targets.length;
  const inputDim = positive.length;
  if (count === 0 || inputs.length !== count * inputDim || negative.length !== inputDim) {
    throw new InputError(WHERE, `expected ${count} samples of ${inputDim} inputs, got ${inputs.length} numbers`);
  }
  if (![...positive, ...negative].every((value) => value !== 0 && Number.isFinite(value))) {
    throw new InputError(WHERE, 'expected finite starts other than 0', 'A weight that starts at 0 stays there.');
  }
  if (count > inputDim) {
    throw new InputError(WHERE, `expected at most ${inputDim} samples, got ${count}`, 'With more, nothing interpolates.');
  }
  const [ups, downs] = [positive.map((w) => w * w), negative.map((w) => w * w)];
  const size = Math.max(largest(targets), Number.MIN_VALUE);
  const beta = new Float64Array(inputDim);
  const curvature = new Float64Array(inputDim);
  const gradient = new Float64Array(count);
  let dual = guess?.slice() ?? new Float64Array(count);
  let z = exponentsOf(inputs, dual, inputDim);

  /** Fills β, its derivative and Xβ − y; the dual objective. */
  function evaluate(): number {
    let value = 0;
    for (let i = 0; i < inputDim; i++) {
      const [up, down] = [ups[i] * Math.exp(z[i]), downs[i] * Math.exp(-z[i])];
      // With equal starts the difference of exponentials is a sinh: exact near z = 0.
      beta[i] = ups[i] === downs[i] ? 2 * ups[i] * Math.sinh(z[i]) : up - down;
      curvature[i] = up + down;
      value += curvature[i];
    }
    for (let p = 0; p < count; p++) {
      let sum = -targets[p];
      for (let i = 0; i < inputDim; i++) sum += inputs[p * inputDim + i] * beta[i];
      gradient[p] = sum;
      value -= targets[p] * dual[p];
    }
    return value;
  }

  let value = evaluate();
  let best = largest(gradient);
  for (let step = 0; step < MAX_STEPS && best > PRECISION * size; step++) {
    const move = solveDefinite(weightedGram(inputs, curvature, count), count, gradient);
    if (move === null) throw new InputError(WHERE, 'expected linearly independent samples, got dependent ones');
    const zMove = exponentsOf(inputs, move, inputDim);
    let share = Math.min(1, TRUST / Math.max(largest(zMove), TRUST));
    const slope = move.reduce((sum, m, p) => sum + m * gradient[p], 0);
    const [keptDual, keptZ] = [dual, z];
    const before = value;
    for (let halving = 0; halving < 60; halving++) {
      dual = keptDual.map((v, p) => v - share * move[p]);
      z = keptZ.map((v, i) => v - share * zMove[i]);
      value = evaluate();
      // Near the end the objective no longer shows progress, the residual still does.
      if (value <= before - 1e-4 * share * slope || largest(gradient) < 0.9 * best) break;
      share /= 2;
    }
    const now = largest(gradient);
    // Rounding rules once full steps stop gaining.
    if (share === 1 && now >= best && now < 1e-9 * size) break;
    best = now;
  }
  if (!(best <= 1e-9 * size)) {
    throw new InputError(WHERE, `expected samples that some β interpolates, got a residual of ${best} after Newton's method`);
  }
  return { coefficients: beta.slice(), dual };
}

/** X diag(curvature) Xᵀ, (count, count). */
function weightedGram(inputs: Float64Array, curvature: Float64Array, count: number): Float64Array {
  const inputDim = curvature.length;
  const matrix = new Float64Array(count * count);
  const weighted = new Float64Array(inputDim);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < inputDim; i++) weighted[i] = inputs[p * inputDim + i] * curvature[i];
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let i = 0; i < inputDim; i++) sum += weighted[i] * inputs[q * inputDim + i];
      matrix[p * count + q] = sum;
      matrix[q * count + p] = sum;
    }
  }
  return matrix;
}

/** Factor between start scales on the way from large to small ones. */
const CONTINUATION = 4;

/** Duals that were found for uniform starts, by data: neighbouring cells begin from each other's. */
const known = new WeakMap<Float64Array, Map<number, Float64Array>>();

/** The limit from w± = `scale` > 0 in all coordinates, with continuation from large scales. */
export function uniformDiagonalLimit(problem: Interpolation, inputDim: number, scale: number): DiagonalLimit {
  if (!(scale > 0 && Number.isFinite(scale))) throw new InputError(WHERE, `expected a scale above 0, got ${scale}`);
  let duals = known.get(problem.inputs);
  if (duals === undefined) {
    duals = new Map();
    known.set(problem.inputs, duals);
  }
  const from = [...duals.keys()].filter((other) => other >= scale).sort((a, b) => a - b)[0];
  const typical = Math.sqrt(largest(problem.targets) || 1);
  let at = from ?? Math.max(scale, typical);
  let guess = duals.get(at);
  for (;;) {
    const start = new Float64Array(inputDim).fill(at);
    const limit = diagonalLimit(problem, start, start, guess);
    duals.set(at, limit.dual);
    if (at === scale) return limit;
    guess = limit.dual;
    at = Math.max(scale, at / CONTINUATION);
  }
}

/** Targets of β itself: F = α̃ (β − c β₀) · x must be y. */
function problemOf({ train }: TaskData, scale: number, offset: Float64Array): Interpolation {
  const inputDim = offset.length;
  const moved = offset.some((value) => value !== 0);
  const targets = train.targets.map((y, p) => {
    let target = y / scale;
    for (let i = 0; moved && i < inputDim; i++) target += train.inputs[p * inputDim + i] * offset[i];
    return target;
  });
  return { inputs: train.inputs, targets };
}

/** Observables are of the map of F: α̃ (β − c β₀). */
export const diagonalLimitTheory: Theory = {
  id: 'diagonal-limit',
  label: 'end of training of diagonal networks',
  description:
    'The interpolating solution that gradient flow of β = w₊² − w₋² ends at, between least L2 (large start) and least L1 norm.',
  source: 'Woodworth et al. 2020 (arXiv:2002.09277), Theorem 1',
  observables: ['mapL1', 'mapL2', 'mapError'],
  reach: 'limit',
  refusal({ family, values, training }) {
    if (family !== 'diagonal') return `It holds for diagonal networks, not for the family ${family}.`;
    const depth = numberAmong(values, 'depth', 2);
    if (depth !== 2) return `It holds for two factors, D = 2, and this network has ${depth}.`;
    if (values.loss !== 'squared') return `It holds for the squared loss, not for ${String(values.loss)}.`;
    if (training.method !== 'flow') return 'It holds for gradient flow, not for gradient descent.';
    const samples = numberAmong(values, 'samples', 1);
    const inputDim = numberAmong(values, 'inputDim', samples);
    return samples <= inputDim ? null : `It holds for at most as many samples as inputs, and here ${samples} > ${inputDim}.`;
  },
  solve({ data, values, weights }) {
    const { inputDim, train, teacher } = data;
    const [positive, negative] = [weights.slice(0, inputDim), weights.slice(inputDim)];
    const alpha = numberAmong(values, 'outputScale', 1);
    const origin = positive.map((w, i) => (values.predictor === 'centred' ? (w - negative[i]) * (w + negative[i]) : 0));
    const problem = problemOf({ ...data, train }, alpha, origin);
    const scale = weights[0];
    const uniform = alpha === 1 && weights.every((w) => w === scale);
    const { coefficients } = uniform
      ? uniformDiagonalLimit({ ...problem, targets: train.targets }, inputDim, scale)
      : diagonalLimit(problem, positive, negative);
    const map = coefficients.map((value, i) => alpha * (value - origin[i]));
    const l1 = map.reduce((sum, value) => sum + Math.abs(value), 0);
    const l2 = Math.sqrt(map.reduce((sum, value) => sum + value * value, 0));
    const error = teacher === undefined ? Number.NaN : map.reduce((sum, value, i) => sum + (value - teacher[i]) ** 2, 0);
    return {
      at(_, into) {
        into[0] = l1;
        into[1] = l2;
        into[2] = error;
      },
      exception: null,
    };
  },
  boundaries: () => [],
};
