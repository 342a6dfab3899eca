// One network of the float64 reference: evaluation and steps of descent and flow. Rules stand in
// core/stepping; measuring elsewhere.

import type { Loss } from '../../shaders/lib/losses.ts';
import { sampleMargin } from '../../shaders/lib/sequence-loss.ts';
import { batchSample } from '../core/batches.ts';
import type { FrozenLayers, Model, Network, Start } from '../core/family.ts';
import { numberOf } from '../core/parameter.ts';
import { scalingOf } from '../core/scalings.ts';
import { attemptedStep, initialStep, judgeDescent, judgeTrial, type StepState, settle, waits } from '../core/stepping.ts';
import type { Samples, TaskData } from '../core/task.ts';
import { type Adam, type Descent, type Flow, TABLEAUX, type Training } from '../core/training.ts';
import { drawTrials, TRIAL_PURPOSES, trialKindOf } from '../core/trials.ts';

/** What does not change during training, computed once per start. */
export interface StartState {
  readonly start: Start;
  /** w₀. */
  readonly weights: Float64Array;
  /** f(w₀) on training and test samples, (count, outputDim). */
  readonly trainOutputs: Float64Array;
  readonly testOutputs: Float64Array;
}

/** What all networks of a batch share. */
export interface Shared {
  readonly model: Model;
  readonly data: TaskData;
  readonly training: Training;
  /** Loss of a sample; of sequences the weighted sum over their steps. */
  readonly loss: Loss;
  readonly lossBeta: number;
  /** A loss above this counts as diverged. Left out: none does. */
  readonly mostLoss?: number;
  readonly frozen?: readonly FrozenLayers[];
}

/** Loss and motion at some weights. */
interface Evaluation {
  /** F on the samples evaluated, (count, outputDim). */
  readonly outputs: Float64Array;
  readonly loss: number;
  readonly unmet: number;
  /** dW/dt. */
  readonly motion: Float64Array;
  readonly finite: boolean;
}

export interface ReferenceNetwork {
  readonly network: Network;
  readonly origin: StartState;
  readonly state: StepState;
  /** Accepted weights. */
  weights: Float64Array;
  /** Evaluation at the accepted weights of a flow; null until it has been made. */
  evaluation: Evaluation | null;
  /** Velocity of descent with momentum; the running mean of the gradient with Adam. */
  velocity: Float64Array;
  /** Adam's running mean of the squared gradient; empty otherwise. */
  squares: Float64Array;
}

export function openStart(start: Start, { model, data }: Shared): StartState {
  const weights = model.draw(start, data);
  return {
    start,
    weights,
    trainOutputs: model.outputs(weights, data.train.inputs),
    testOutputs: model.outputs(weights, data.test.inputs),
  };
}

export function openNetwork(network: Network, origin: StartState): ReferenceNetwork {
  return {
    network,
    origin,
    state: {
      time: 0,
      step: initialStep(scalingOf(network.values)),
      outcome: 'running',
      attempts: 0,
      accepted: 0,
      loss: Number.NaN,
      unmet: Number.NaN,
      initialLoss: Number.NaN,
      halvingTime: 0,
    },
    weights: origin.weights.slice(),
    evaluation: null,
    velocity: new Float64Array(origin.weights.length),
    squares: new Float64Array(),
  };
}

/** F = α (f − c f₀) from f and f₀; c is 1 for the centred predictor and 0 for the plain one. */
export function predictorOf(network: Network, outputs: Float64Array, startOutputs: Float64Array): Float64Array {
  const alpha = scalingOf(network.values).outputScale;
  const centred = network.values.predictor === 'centred' ? 1 : 0;
  return outputs.map((f, n) => alpha * (f - centred * startOutputs[n]));
}

export function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

/** Rows `indices` of a row-major array with `columns` columns. */
function rowsOf(values: Float64Array, columns: number, indices: readonly number[]): Float64Array {
  const rows = new Float64Array(indices.length * columns);
  indices.forEach((index, n) => {
    rows.set(values.subarray(index * columns, (index + 1) * columns), n * columns);
  });
  return rows;
}

/** Factor of each layer's rate; 0 where it is frozen. */
export function layerRates({ values }: Network, { model, frozen = [] }: Pick<Shared, 'model' | 'frozen'>): number[] {
  const { hiddenRate, outputRate } = scalingOf(values);
  return model.layers.map((_, index) => {
    const isOutput = index === model.layers.length - 1;
    return frozen.includes(isOutput ? 'output' : 'hidden') ? 0 : isOutput ? outputRate : hiddenRate;
  });
}

/** dW/dt = −gain · rate_l · (1/P) Σ_p Σ_c ∂ℓ/∂F_c ∂f_c/∂W^l at `weights`, with loss and unmet margins of the samples used. */
function evaluate(
  { network, origin }: ReferenceNetwork,
  weights: Float64Array,
  shared: Shared,
  samples: Samples,
  startOutputs: Float64Array,
): Evaluation {
  const { model, data, loss, lossBeta, mostLoss = Number.POSITIVE_INFINITY } = shared;
  const { outputDim } = model;
  const outputs = predictorOf(network, model.outputs(weights, samples.inputs), startOutputs);
  const cotangent = new Float64Array(outputs.length);
  let total = 0;
  let unmet = 0;
  for (let p = 0; p < samples.count; p++) {
    const own = outputs.subarray(p * outputDim, (p + 1) * outputDim);
    const target = samples.targets.subarray(p * outputDim, (p + 1) * outputDim);
    total += loss.value(own, target, lossBeta);
    if (!(sampleMargin(own, target, data.sequence) >= 1)) unmet += 1;
    loss.slope(own, target, lossBeta, cotangent.subarray(p * outputDim, (p + 1) * outputDim));
  }
  const motion = model.pullback(
    weights,
    samples.inputs,
    cotangent.map((slope) => slope / samples.count),
  );
  layerRates(network, shared).forEach((rate, index) => {
    const { offset, length } = model.layers[index];
    for (let n = offset; n < offset + length; n++) motion[n] *= -model.gain * rate;
  });
  const mean = total / samples.count;
  if (motion.length !== origin.weights.length) throw new Error('reference: pullback has another length than the weights');
  return {
    outputs,
    loss: mean,
    unmet,
    motion,
    finite: mean <= mostLoss && Number.isFinite(mean) && motion.every(Number.isFinite),
  };
}

/** The samples of descent's present step: all, a mini-batch, or trials made afresh. */
function batchOf(own: ReferenceNetwork, { data, model }: Shared, { batchSize }: Descent): [Samples, Float64Array] {
  if (batchSize === 0) return [data.train, own.origin.trainOutputs];
  const { seed } = own.origin.start;
  if (data.sequence?.trials !== undefined) {
    const { kind, multiplier } = data.sequence.trials;
    const name = { seed, purpose: TRIAL_PURPOSES.batches, iteration: own.state.attempts };
    return [drawTrials(trialKindOf(kind), multiplier, name, batchSize), new Float64Array(batchSize * model.outputDim)];
  }
  const indices = Array.from({ length: batchSize }, (_, slot) => batchSample(seed, own.state.attempts, slot, data.train.count));
  const samples = {
    count: batchSize,
    inputs: rowsOf(data.train.inputs, data.inputDim, indices),
    targets: rowsOf(data.train.targets, model.outputDim, indices),
  };
  return [samples, rowsOf(own.origin.trainOutputs, model.outputDim, indices)];
}

/** W ← W − η rate m̂/(√ŝ + ε) from the motion −gain · rate · g. Kingma and Ba 2015, algorithm 1. */
function adamStep(own: ReferenceNetwork, motion: Float64Array, shared: Shared, learningRate: number, adam: Adam): void {
  const { beta1, beta2, epsilon } = adam;
  const { weights, velocity, state } = own;
  if (own.squares.length === 0) own.squares = new Float64Array(weights.length);
  const [bias1, bias2] = [1 - beta1 ** state.attempts, 1 - beta2 ** state.attempts];
  layerRates(own.network, shared).forEach((rate, index) => {
    if (rate === 0) return;
    const { offset, length } = shared.model.layers[index];
    for (let n = offset; n < offset + length; n++) {
      const gradient = -motion[n] / rate;
      velocity[n] = beta1 * velocity[n] + (1 - beta1) * gradient;
      own.squares[n] = beta2 * own.squares[n] + (1 - beta2) * gradient * gradient;
      weights[n] -= (learningRate * rate * (velocity[n] / bias1)) / (Math.sqrt(own.squares[n] / bias2) + epsilon);
    }
  });
}

/**
 * One step of descent: W ← W + η v, v ← μ v + dW/dt, or Adam's. With mini-batches, loss and unmet margins are those of the batch.
 */
function descend(own: ReferenceNetwork, shared: Shared, training: Descent): void {
  const [samples, startOutputs] = batchOf(own, shared, training);
  const evaluation = evaluate(own, own.weights, shared, samples, startOutputs);
  const learningRate = numberOf(own.network.values, 'learningRate');
  if (!judgeDescent(own.state, evaluation, learningRate, training)) return;
  if (training.adam !== undefined) {
    adamStep(own, evaluation.motion, shared, learningRate, training.adam);
    return;
  }
  for (let n = 0; n < own.weights.length; n++) {
    own.velocity[n] = training.momentum * own.velocity[n] + evaluation.motion[n];
    own.weights[n] += learningRate * own.velocity[n];
  }
}

/** First evaluation of a flow: fills F, dW/dt and the losses; counts as no attempt. */
function begin(own: ReferenceNetwork, shared: Shared): void {
  own.evaluation = evaluate(own, own.weights, shared, shared.data.train, own.origin.trainOutputs);
  const { state } = own;
  if (!own.evaluation.finite) {
    state.outcome = 'diverged';
    return;
  }
  if (Number.isNaN(state.initialLoss)) state.initialLoss = own.evaluation.loss;
  settle(state, own.evaluation.loss, own.evaluation.unmet, shared.training);
}

/** W + dt Σ_j a_j k_j. */
function moved(weights: Float64Array, step: number, row: readonly number[], slopes: readonly Float64Array[]): Float64Array {
  return weights.map((weight, n) => {
    let sum = 0;
    row.forEach((a, j) => {
      sum += a * slopes[j][n];
    });
    return weight + step * sum;
  });
}

/** One attempt of a flow: stages of the tableau, the last of which is the trial point and, if taken, the next first slope. */
function attempt(own: ReferenceNetwork, first: Evaluation, shared: Shared, training: Flow, horizon: number): void {
  const tableau = TABLEAUX[training.integrator];
  const step = attemptedStep(own.state, horizon);
  const slopes = [first.motion];
  let weights = own.weights;
  let last = first;
  for (const row of tableau.stages) {
    weights = moved(own.weights, step, row, slopes);
    last = evaluate(own, weights, shared, shared.data.train, own.origin.trainOutputs);
    slopes.push(last.motion);
  }
  const outputChange = last.outputs.reduce((most, output, n) => Math.max(most, Math.abs(output - first.outputs[n])), 0);
  let error = 0;
  if (tableau.error.length === 0) {
    const product = norm(first.motion) * norm(last.motion);
    if (product > 0) error = norm(last.motion.map((slope, n) => slope - first.motion[n])) ** 2 / product;
  } else {
    const zero = new Float64Array(own.weights.length);
    const distance = norm(own.weights.map((weight, n) => weight - own.origin.weights[n])) + step * norm(first.motion);
    if (distance > 0) error = norm(moved(zero, step, tableau.error, slopes)) / distance;
  }
  const { loss, unmet, finite } = last;
  if (judgeTrial(own.state, { outputChange, error, loss, unmet, finite }, step, horizon, training)) {
    own.weights = weights;
    own.evaluation = last;
  }
}

/** Takes one step or attempt towards `horizon`. Returns false where there was nothing to do. */
export function stepNetwork(own: ReferenceNetwork, shared: Shared, horizon: number): boolean {
  if (waits(own.state, horizon)) return false;
  const { training } = shared;
  if (training.method === 'descent') {
    descend(own, shared, training);
    return true;
  }
  if (own.evaluation === null) begin(own, shared);
  if (own.evaluation === null || own.state.outcome !== 'running') return false;
  attempt(own, own.evaluation, shared, training, horizon);
  return true;
}
