// The catapult: descent on one sample (or any data) of target zero, with steps too large for the initial curvature, as an exact
// map. The map itself is one-dimensional/descent.ts.
//
//   f' = f (1 − ηλ + η²f²/n),  λ' = λ + (ηf²/n)(ηλ − 4),   λ = (|u|² + |w|²)/n        Lewkowycz et al. 2020, section 2

import type { Boundary, Theory, TheoryPlane } from '../core/theory.ts';
import { levelLine } from './level-line.ts';
import { lineOf } from './one-dimensional/data.ts';
import { openDescent } from './one-dimensional/descent.ts';
import { emptyState } from './one-dimensional/network.ts';
import { descentRefusal, oneDimensionalNetworkOf, stepsAt } from './one-dimensional/record.ts';
import { numberAmong, startOf, twoLayerRefusal, unitsOf } from './two-layer.ts';

export interface CatapultEnd {
  /** Curvature λ after the last step. */
  readonly curvature: number;
  /** f after the last step. */
  readonly output: number;
  /** Largest loss f²/2 on the way. */
  readonly mostLoss: number;
  readonly steps: number;
  /** True where the numbers left the range of float64. */
  readonly diverged: boolean;
}

/** λ below which f²/n no longer moves it: a share of λ. */
const SETTLED = 1e-16;

/**
 * Runs the map from output f₀ and curvature λ₀ with step η at width n until the curvature stands still, the numbers leave float64
 * or `maxSteps` are done. Lewkowycz et al. 2020 (arXiv:2003.02218), eqs. 4 and 5.
 */
export function catapult(
  width: number,
  output: number,
  curvature: number,
  learningRate: number,
  maxSteps = 1_000_000,
): CatapultEnd {
  const eta = learningRate;
  let [f, lambda, mostLoss, steps] = [output, curvature, (output * output) / 2, 0];
  while (steps < maxSteps && Number.isFinite(f * f * lambda)) {
    const square = (f * f) / width;
    if (eta * square * 4 < SETTLED * lambda && Math.abs(1 - eta * lambda) < 1) break;
    f *= 1 - eta * lambda + eta * eta * square;
    lambda += eta * square * (eta * lambda - 4);
    mostLoss = Math.max(mostLoss, (f * f) / 2);
    steps += 1;
  }
  return { curvature: lambda, output: f, mostLoss, steps, diverged: !Number.isFinite(f * f * lambda) };
}

/**
 * What a step does: `lazy` ηλ₀ < 2, the loss falls; `catapult` 2 < ηλ₀ < 4, it rises first and the curvature falls below 2/η;
 * `divergent` ηλ₀ > 4, exact at every width.
 */
export function catapultRegime(learningRate: number, curvature: number): 'lazy' | 'catapult' | 'divergent' {
  const product = learningRate * curvature;
  return product < 2 ? 'lazy' : product < 4 ? 'catapult' : 'divergent';
}

/** ln of the expected initial curvature M Θ₀ times the learning rate. */
function logStep(values: TheoryPlane['values']): number {
  const { gamma, outputRate, inputRate } = unitsOf(values, 1);
  const { width, outputStd, inputStd } = startOf(values);
  const rateKernel = gamma ** 2 * width * (outputRate * inputStd ** 2 + inputRate * outputStd ** 2);
  return Math.log(numberAmong(values, 'learningRate', Number.NaN) * numberAmong(values, 'variance', 1) * rateKernel);
}

function boundaries(plane: TheoryPlane): readonly Boundary[] {
  const { x, y, values } = plane;
  if (x === 'time' || y === 'time') return [];
  const line = (label: string, bound: number) =>
    levelLine(plane, label, (atX, atY) => logStep({ ...values, [x]: atX, [y]: atY }) - Math.log(bound));
  return [...line('η = 2/λ₀: lazy | catapult', 2), ...line('η = 4/λ₀: catapult | divergent', 4)];
}

export const catapultTheory: Theory = {
  id: 'catapult',
  label: 'catapult of large learning rates, exact',
  description:
    'Two-layer linear networks under full-batch descent on data with target zero: loss and curvature follow a map of two numbers, ' +
    'exactly at any width and any step.',
  source: 'Lewkowycz et al. 2020 (arXiv:2003.02218)',
  observables: ['trainingLoss', 'kernelTrace'],
  reach: 'trajectory',
  refusal(setting) {
    const { family, values, training } = setting;
    if (training.method !== 'descent') return 'It holds for gradient descent, not for gradient flow.';
    const refusal = twoLayerRefusal(family, values, 'linear') ?? descentRefusal(setting);
    if (refusal !== null) return refusal;
    const slope = numberAmong(values, 'slope', 0);
    if (slope !== 0) return `It holds for target zero, and the slope of this task is ${slope}.`;
    if (values.predictor === 'centred') return 'It holds for the plain predictor: a centred one starts at its target.';
    const inputDim = numberAmong(values, 'inputDim', 1);
    return inputDim === 1 ? null : `It holds for one input, as in the task line, and this task has ${inputDim}.`;
  },
  solve(setting) {
    const line = lineOf(setting.data);
    const network = oneDimensionalNetworkOf(setting, line);
    const learningRate = numberAmong(setting.values, 'learningRate', 0.1);
    const descent = openDescent(network, learningRate);
    const { alpha } = unitsOf(setting.values, setting.data.inputDim);
    const state = emptyState();
    return {
      at(time, into) {
        descent.goTo(stepsAt(time, learningRate));
        descent.write(state);
        into[0] = state.loss;
        into[1] = (state.kernel * line.probeSquare) / (alpha * alpha);
      },
      exception: null,
    };
  },
  boundaries,
};
