// Gradient descent of a one-dimensional two-layer linear network, exact for any step: two scalars instead of all weights.
// With ε = η k s a step is p ← (1 + ε) p, q ← (1 − ε) q. Flow is flow.ts.

import { InputError } from '../../core/errors.ts';
import { type OneDimensionalNetwork, type OneDimensionalState, type OpenedNetwork, openNetwork, writeState } from './network.ts';

export interface OneDimensionalDescent {
  readonly opened: OpenedNetwork;
  /** Steps taken so far. */
  readonly steps: number;
  /** Goes to a number of steps ≥ 0; backwards it begins again. Stops moving where the numbers leave the range of float64. */
  goTo(steps: number): void;
  /** Writes the present state. */
  write(into: OneDimensionalState): void;
}

/**
 * Opens full-batch descent with step `learningRate` η > 0 and layer-wise rates η·η_u, η·η_w, both > 0. Throws InputError for
 * what is no network. Each step erases a share of the conserved quantities: PQ ← PQ (1 − ε²)². With equal rates and one sample of
 * target 0 this is the map of Lewkowycz et al. 2020 (arXiv:2003.02218).
 */
export function openDescent(network: OneDimensionalNetwork, learningRate: number): OneDimensionalDescent {
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new InputError('one-dimensional descent', `expected a learning rate above 0, got ${learningRate}`);
  }
  const opened = openNetwork(network);
  if (opened.frozen !== 'none') {
    throw new InputError('one-dimensional descent', 'expected rates above 0 in both layers, got a frozen layer');
  }
  const { coupling, target: C } = opened;
  const M = network.moments.inputSquare;
  const k = learningRate * coupling;
  let steps = 0;
  let plus = 0;
  let minus = 0;
  let lost = 0;
  let s = 0;
  let change = 0;

  function begin(): void {
    steps = 0;
    plus = opened.sumSquare;
    minus = opened.differenceSquare;
    lost = 0;
    s = opened.residual;
    change = 0;
  }

  function step(): void {
    const epsilon = k * s;
    const T = 0.5 * (plus + minus);
    // φ' − φ = γh(εT + ε²G), and γhG = (C − s)/M.
    const moved = epsilon * coupling * T + (epsilon * epsilon * (C - s)) / M;
    change += moved;
    s = s * (1 - M * k * coupling * T) - epsilon * epsilon * (C - s);
    plus *= (1 + epsilon) ** 2;
    minus *= (1 - epsilon) ** 2;
    lost += (1 - lost) * epsilon * epsilon;
    steps += 1;
  }

  begin();
  return {
    opened,
    get steps() {
      return steps;
    },
    goTo(wanted) {
      if (wanted < steps) begin();
      while (steps < wanted) step();
    },
    write: (into) => writeState(opened, plus, minus, lost, s, change, into),
  };
}
