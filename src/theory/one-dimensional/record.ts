// The theory of one-dimensional two-layer linear networks as a record: which cells it holds for, and what it predicts of them.
// The mathematics is flow.ts, descent.ts and mechanism.ts; lines over diagrams are boundaries.ts.

import { HORIZON_SLACK } from '../../core/stepping.ts';
import type { Solution, Theory, TheoryNetwork, TheorySetting } from '../../core/theory.ts';
import { numberAmong, twoLayerRefusal, unitsOf } from '../two-layer.ts';
import { oneDimensionalBoundaries } from './boundaries.ts';
import { type LineData, lineOf } from './data.ts';
import { openDescent } from './descent.ts';
import { type OneDimensionalFlow, solveFlow } from './flow.ts';
import { mechanismAt, startCosine } from './mechanism.ts';
import { emptyState, type OneDimensionalNetwork, type OneDimensionalState, type OpenedNetwork } from './network.ts';

const OBSERVABLES = [
  'trainingLoss',
  'kernelChange',
  'kernelTrace',
  'kernelRatio',
  'alignmentCosine',
  'inputWeightNorm',
  'outputWeightNorm',
  'mechanism',
] as const;

/** Why plain full-batch descent is not what a cell trains by, or null; flow is none of its business. */
export function descentRefusal({ training }: Pick<TheorySetting, 'training'>): string | null {
  if (training.method !== 'descent') return null;
  if (training.optimiser === 'adam') return 'It holds for plain gradient descent, not for Adam.';
  if (training.momentum !== 0) return 'It holds for descent without momentum.';
  return training.batchSize === 0 ? null : 'It holds for descent on all samples, not on mini-batches.';
}

/** Steps that descent has taken when it stops at `time`: see judgeDescent and waits of core/stepping. */
export function stepsAt(time: number, learningRate: number): number {
  return Math.ceil((time * (1 - HORIZON_SLACK)) / learningRate);
}

/** The network in the theory's units. */
export function oneDimensionalNetworkOf({ values, data, weights }: TheoryNetwork, line: LineData): OneDimensionalNetwork {
  const width = numberAmong(values, 'width', 1);
  const { inputDim } = data;
  const input = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    for (let i = 0; i < inputDim; i++) input[j] += weights[j * inputDim + i] * line.direction[i];
  }
  const { gamma, outputRate, inputRate } = unitsOf(values, inputDim);
  return {
    output: weights.slice(width * inputDim),
    input,
    outputScale: gamma,
    outputRate,
    inputRate,
    moments: line.moments,
    centred: values.predictor === 'centred',
  };
}

/** Where a network stands at a training time, by flow or by descent. */
function course(setting: TheorySetting, network: OneDimensionalNetwork): Pick<OneDimensionalFlow, 'opened' | 'at'> {
  if (setting.training.method === 'flow') return solveFlow(network);
  const learningRate = numberAmong(setting.values, 'learningRate', 0.1);
  const descent = openDescent(network, learningRate);
  return {
    opened: descent.opened,
    at(time, into) {
      descent.goTo(stepsAt(time, learningRate));
      descent.write(into);
    },
  };
}

/** Θ₀ with the actual rates. */
function startRateKernel({ network, outputSquare, inputSquare }: OpenedNetwork): number {
  return network.outputScale ** 2 * (network.outputRate * inputSquare + network.inputRate * outputSquare);
}

function solve(setting: TheoryNetwork): Solution {
  const line = lineOf(setting.data);
  const { opened, at } = course(setting, oneDimensionalNetworkOf(setting, line));
  const { alpha } = unitsOf(setting.values, setting.data.inputDim);
  const cosineStart = startCosine(opened);
  const rateKernel = startRateKernel(opened);
  const traceFactor = line.probeSquare / (alpha * alpha);
  const state: OneDimensionalState = emptyState();
  return {
    at(time, into) {
      at(time, state);
      into[0] = state.loss;
      into[1] = Math.abs(state.kernelChange);
      into[2] = state.kernel * traceFactor;
      into[3] = state.rateKernel / rateKernel;
      into[4] = state.cosine;
      into[5] = state.inputNorm;
      into[6] = state.outputNorm;
      into[7] = mechanismAt(opened, cosineStart, state);
    },
    exception: null,
    ...(setting.data.inputDim === 1 && {
      spectrum(time: number) {
        at(time, state);
        return { time, layers: [Float64Array.of(state.inputNorm), Float64Array.of(state.outputNorm)] };
      },
    }),
  };
}

export const oneDimensional: Theory = {
  id: 'one-dimensional',
  label: 'one-dimensional two-layer linear networks, exact',
  description:
    'Exact gradient flow, and exact full-batch descent with any step, of f(x) = γ Σ u_i w_i x: any width, start, output scale and ' +
    'layer-wise rates, plain or centred predictor.',
  source: 'Xu and Ziyin 2024 (arXiv:2401.07085); the closed form used here is our own derivation',
  observables: OBSERVABLES,
  reach: 'trajectory',
  refusal(setting) {
    const { values, training } = setting;
    const refusal = twoLayerRefusal(setting.family, values, 'linear') ?? descentRefusal(setting);
    if (refusal !== null) return refusal;
    // Tasks that do not say how many inputs they have are looked at when they are solved.
    const inputDim = numberAmong(values, 'inputDim', 1);
    if (inputDim !== 1) return `It holds for one input, as in the task line, and this task has ${inputDim}.`;
    const outputDim = numberAmong(values, 'outputDim', 1);
    if (outputDim !== 1) return `It holds for one output, and this task has ${outputDim}.`;
    const rates = [numberAmong(values, 'hiddenRate', 1), numberAmong(values, 'learningRateRatio', 1)];
    if (training.method === 'descent' && rates.includes(0))
      return 'With a frozen layer it holds for gradient flow, not for descent.';
    return null;
  },
  solve,
  boundaries: oneDimensionalBoundaries,
};
