// λ-balanced two-layer linear networks as a Theory: which cells it holds for, and what it predicts of their networks.
// The mathematics is solution.ts; lines over diagrams are boundaries.ts.

import { InputError } from '../../core/errors.ts';
import { svd } from '../../core/svd.ts';
import { leavesOut, type Samples, type TaskData } from '../../core/task.ts';
import type { Solution, Theory, TheoryNetwork, TheorySetting } from '../../core/theory.ts';
import { numberAmong, twoLayerRefusal, unitsOf } from '../two-layer.ts';
import { balancedBoundaries } from './boundaries.ts';
import { taskFrames } from './eigen-system.ts';
import { createMeter, MEASURE_COUNT, MEASURES, type ProbeFactor } from './measures.ts';
import { isObstructed } from './obstruction.ts';
import { type SharedTask, shareTask, solveBalanced } from './solution.ts';

const OBSERVABLES = ['trainingLoss', 'kernelDistance', 'inputDistance', 'outputDistance', 'kernelTrace'] as const;
const WHERE = 'theory "lambda-balanced"';

/** Largest |XXᵀ/P − I| of inputs that count as whitened. */
const WHITE = 1e-6;
/** Largest `MeasuredBalance.residual` of a balanced start: what is left of exact weights after a round trip through text. */
const BALANCED = 1e-9;

/** What is solved once per data set. */
interface PreparedTask {
  readonly shared: SharedTask;
  /** Mean loss that no linear map of these inputs can go below. */
  readonly floor: number;
}

/** Σ_p x_p y_pᵀ/P: (outer, inner), row-major. */
function moment(outer: Float64Array, outerDim: number, inner: Float64Array, innerDim: number, count: number): Float64Array {
  const sums = new Float64Array(outerDim * innerDim);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < outerDim; i++) {
      const value = outer[p * outerDim + i];
      for (let j = 0; j < innerDim; j++) sums[i * innerDim + j] += value * inner[p * innerDim + j];
    }
  }
  return sums.map((sum) => sum / count);
}

/** Largest |XXᵀ/P − I|. */
function whiteness({ inputs, count }: Samples, inputDim: number): number {
  const second = moment(inputs, inputDim, inputs, inputDim, count);
  return second.reduce((most, value, at) => Math.max(most, Math.abs(value - (at % (inputDim + 1) === 0 ? 1 : 0))), 0);
}

/** A square root of the probe's second moment, in the task's input frame; null for a whitened probe. */
function probeFactor(probe: Samples, inputDim: number, right: Float64Array): ProbeFactor | null {
  if (whiteness(probe, inputDim) <= WHITE) return null;
  const { left, values } = svd(moment(probe.inputs, inputDim, probe.inputs, inputDim, probe.count), inputDim, inputDim);
  const factor = new Float64Array(inputDim * inputDim);
  for (let k = 0; k < inputDim; k++) {
    for (let p = 0; p < inputDim; p++) {
      let sum = 0;
      for (let i = 0; i < inputDim; i++) sum += right[i * inputDim + k] * left[i * inputDim + p];
      factor[k * inputDim + p] = sum * Math.sqrt(values[p]);
    }
  }
  return { factor, columns: inputDim };
}

const prepared = new WeakMap<TaskData, PreparedTask>();

function prepare(data: TaskData): PreparedTask {
  const known = prepared.get(data);
  if (known !== undefined) return known;
  const { inputDim, outputDim, train, probe } = data;
  if (leavesOut(train)) {
    throw new InputError(WHERE, 'expected targets of all outputs on all samples, got some that are not asked for');
  }
  const distance = whiteness(train, inputDim);
  if (!(distance <= WHITE)) {
    throw new InputError(
      WHERE,
      `expected whitened training inputs, XXᵀ/P = 1, got a second moment that differs from it by ${distance.toPrecision(2)}`,
      'The tasks whitened and hierarchy are white.',
    );
  }
  const frames = taskFrames(moment(train.targets, outputDim, train.inputs, inputDim, train.count), inputDim, outputDim);
  const meter = createMeter(frames.values, inputDim, outputDim, probeFactor(probe, inputDim, frames.right));
  const explained = frames.values.reduce((sum, value) => sum + value * value, 0);
  const total = train.targets.reduce((sum, value) => sum + value * value, 0) / train.count;
  const task = { shared: shareTask(frames, meter), floor: Math.max(0, total - explained) / 2 };
  prepared.set(data, task);
  return task;
}

function refusal({ family, values, training }: TheorySetting): string | null {
  const other = twoLayerRefusal(family, values, 'linear');
  if (other !== null) return other;
  if (values.predictor === 'centred') return 'It holds for the plain predictor F = α f, not for the centred one.';
  if (training.method !== 'flow') return 'It holds for gradient flow, not for descent.';
  if (values.initialisation !== 'balanced' && values.initialisation !== 'aligned') {
    return 'It holds for balanced and aligned starts, W₂ᵀW₂ − W₁W₁ᵀ = λI, not for Gaussian ones.';
  }
  const { inputRate, outputRate } = unitsOf(values, 1);
  if (!(inputRate > 0) || Math.abs(outputRate / inputRate - 1) > 1e-12) {
    return 'It holds for equal learning rates of the two layers.';
  }
  return null;
}

function solve({ values, data, weights }: TheoryNetwork): Solution {
  const { inputDim, outputDim } = data;
  const width = numberAmong(values, 'width', 1);
  const { shared, floor } = prepare(data);
  // With W̃ = √γ W the network is y = W̃₂W̃₁x with the flow of the plain parametrisation in the time T = γηt.
  const { alpha, gamma, inputRate } = unitsOf(values, inputDim);
  const root = Math.sqrt(gamma);
  const scaled = weights.map((weight) => root * weight);
  const split = width * inputDim;
  const sides = { input: scaled.subarray(0, split), output: scaled.subarray(split, split + outputDim * width), width };
  const own = solveBalanced(shared, { ...sides, balance: gamma * numberAmong(values, 'balance', 0) });
  const { residual } = own.measured;
  if (!(residual <= BALANCED)) {
    throw new InputError(
      WHERE,
      `expected W₂ᵀW₂ − W₁W₁ᵀ to be λ on the units in use, got weights that miss it by ${residual.toPrecision(2)} of their size`,
    );
  }
  const pace = gamma * inputRate;
  const traceFactor = gamma / (alpha * alpha);
  const found = new Float64Array(MEASURE_COUNT);
  const obstructed = isObstructed(shared.frames, own.start, own.balance);
  return {
    at(time, into) {
      own.measure(time * pace, found);
      into[0] = found[MEASURES.loss] + floor;
      into[1] = found[MEASURES.kernelDistance];
      into[2] = found[MEASURES.inputDistance];
      into[3] = found[MEASURES.outputDistance];
      into[4] = found[MEASURES.kernelTrace] * traceFactor;
    },
    exception: obstructed
      ? 'Its start has a product W₂W₁ with a determinant of the other sign than the task’s, which λ = 0 conserves: one mode is never learned.'
      : null,
    spectrum: (time) => ({
      time,
      layers: own.spectrum(time * pace).map((layer) => layer.map((value) => value / root)),
    }),
  };
}

export const lambdaBalanced: Theory = {
  id: 'lambda-balanced',
  label: 'λ-balanced linear networks, exact',
  description:
    'Exact gradient flow of two-layer linear networks from λ-balanced weights on whitened inputs: any sizes, rank, scale and λ.',
  source: 'Dominé et al. 2025 (arXiv:2409.14623), Theorem 4.3; Braun et al. 2022; Fukumizu 1998',
  observables: OBSERVABLES,
  reach: 'trajectory',
  refusal,
  solve,
  boundaries: balancedBoundaries,
};
