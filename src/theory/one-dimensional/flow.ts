// Exact gradient flow of a one-dimensional two-layer linear network, in a form in which nothing cancels.
// Steps of finite size are descent.ts; sums of a start are network.ts.
//
// With ρ = exp(2k∫s): |p|² = Pρ, |q|² = Q/ρ, and ρ obeys a Riccati equation, ρ̇ = A + Bρ − Dρ² with
//   A = ½k²MQ,  B = 2kC,  D = ½k²MP,  r = √(B² + 4AD),  e = exp(−rt),  ρ = N/Z,
//   N = (r+B) + (r−B)e + 2A(1−e),  Z = (r−B) + (r+B)e + 2D(1−e),  s = s₀ · 4r²e/(NZ),  φ − φ₀ = k²s₀ r(1−e)(P/Z + Q/N).
// Our derivation; the setting is that of Xu and Ziyin 2024 (arXiv:2401.07085).

import { InputError } from '../../core/errors.ts';
import { preciseRootOfRatio, productError } from './compensated.ts';
import {
  emptyState,
  type OneDimensionalNetwork,
  type OneDimensionalState,
  type OpenedNetwork,
  openNetwork,
  writeState,
} from './network.ts';

/**
 * Stands for infinite time where nothing relaxes exponentially: F = ∫e^{−rt} is then t itself, and squares
 * of 1/F are to be numbers.
 */
const FOREVER = 1e100;

export interface OneDimensionalFlow {
  readonly opened: OpenedNetwork;
  /** r: final relaxation rate, ≥ 0; the time scale is 1/r. */
  readonly rate: number;
  /** Writes the state at time t ≥ 0; Infinity gives the end of training. Allocates nothing. */
  at(time: number, into: OneDimensionalState): void;
  /** u and w at time t, as output and input weights. */
  weights(time: number): { readonly output: Float64Array; readonly input: Float64Array };
  /** Time after which |s| ≤ share·|s₀|, any plateau included, 0 < share < 1; Infinity where it never comes. */
  horizon(share: number): number;
}

/** Solves a network. Throws InputError for what is none. */
export function solveFlow(network: OneDimensionalNetwork): OneDimensionalFlow {
  const opened = openNetwork(network);
  return opened.frozen === 'none' ? solveBoth(opened) : solveFrozen(opened);
}

function checkTime(time: number): void {
  if (!(time >= 0)) throw new InputError('one-dimensional flow', `expected a time of at least 0, got ${time}`);
}

function checkShare(share: number): void {
  if (!(share > 0 && share < 1)) throw new InputError('one-dimensional flow', `expected a share between 0 and 1, got ${share}`);
}

function solveBoth(opened: OpenedNetwork): OneDimensionalFlow {
  const { coupling: k, target: C, residual: s0, network } = opened;
  const M = network.moments.inputSquare;
  const A = 0.5 * k * k * M * opened.differenceSquare;
  const B = 2 * k * C;
  const D = 0.5 * k * k * M * opened.sumSquare;
  // A mode too small for its rate to be a number is none.
  const P = D > 0 || B === 0 ? opened.sumSquare : 0;
  const Q = A > 0 || B === 0 ? opened.differenceSquare : 0;
  const r = Math.abs(k) * Math.hypot(2 * C, k * M * Math.sqrt(P) * Math.sqrt(Q));
  // r − |B| without cancellation.
  const gap = r + Math.abs(B) > 0 ? (4 * A * D) / (r + Math.abs(B)) : 0;
  const above = B >= 0 ? r + B : gap; // r + B
  const below = B >= 0 ? gap : r - B; // r − B
  /** F, N/r, Z/r (all over 2 for short times), e at the time in `point`. */
  const point = { F: 0, N: 0, Z: 0, e: 0 };

  function place(time: number): void {
    checkTime(time);
    if (r * time <= 1 || r === 0) {
      const F = r === 0 ? Math.min(time, FOREVER) : -Math.expm1(-r * time) / r;
      const e = r === 0 ? 1 : Math.exp(-r * time);
      point.F = F;
      point.e = e;
      point.N = 1 + e + (B + 2 * A) * F;
      point.Z = 1 + e + (2 * D - B) * F;
      return;
    }
    const e = Math.exp(-r * time);
    const gone = -Math.expm1(-r * time);
    point.F = gone / r;
    point.e = e;
    point.N = (above + below * e + 2 * A * gone) / r;
    point.Z = (below + above * e + 2 * D * gone) / r;
  }

  /** √ρ and 1/√ρ at `point`, 0 for a mode that the start does not have: there ρ itself may leave the range of numbers. */
  const growth = () => (P > 0 ? Math.sqrt(point.N / point.Z) : 0);
  const decay = () => (Q > 0 ? Math.sqrt(point.Z / point.N) : 0);

  function residual(): number {
    const { N, Z, e } = point;
    // On the way into an exact saddle N or Z is itself proportional to e: take it out before it underflows.
    if (D === 0 && B > 0) return (s0 * 4 * r) / (N * (above + below));
    if (A === 0 && B < 0) return (s0 * 4 * r) / (Z * (above + below));
    return s0 * ((4 * e) / N / Z);
  }

  return {
    opened,
    rate: r,
    at(time, into) {
      place(time);
      const { F, N, Z } = point;
      const change = k * k * s0 * F * ((P > 0 ? P / Z : 0) + (Q > 0 ? Q / N : 0));
      writeState(opened, P > 0 ? P * (N / Z) : 0, Q > 0 ? Q * (Z / N) : 0, 0, residual(), change, into);
    },
    weights(time) {
      place(time);
      const [up, down] = [growth(), decay()];
      const { output: u, input: w, outputRate, inputRate } = network;
      const root = preciseRootOfRatio(inputRate, outputRate);
      const [output, input] = [new Float64Array(u.length), new Float64Array(u.length)];
      for (let i = 0; i < u.length; i++) {
        // p √η_w and q √η_w
        const scaled = u[i] * root.high;
        const rest = productError(u[i], root.high) + u[i] * root.low;
        const p = scaled + w[i] + rest;
        const q = scaled - w[i] + rest;
        output[i] = (0.5 * (p * up + q * down)) / root.high;
        input[i] = 0.5 * (p * up - q * down);
      }
      return { output, input };
    },
    horizon(share) {
      checkShare(share);
      if (s0 === 0) return 0;
      if (r === 0) return P === 0 && Q === 0 ? Number.POSITIVE_INFINITY : algebraicHorizon(A + D, share);
      // On the way into an exact saddle the residual tends to C, not to 0.
      if ((D === 0 && B > 0) || (A === 0 && B < 0)) return Number.POSITIVE_INFINITY;
      return Math.max(0, Math.log((4 * r * r) / (above + 2 * A) / (below + 2 * D) / share) / r);
    },
  };
}

/** Zero target and one mode only: |s| falls as 1/(1 + rate·t). */
function algebraicHorizon(rate: number, share: number): number {
  return (1 / share - 1) / rate;
}

/** One layer at rest: the other obeys a linear equation, s = s₀ exp(−MΘt) with Θ constant. */
function solveFrozen(opened: OpenedNetwork): OneDimensionalFlow {
  const { network, frozen, residual: s0, product: start, outputSquare, inputSquare } = opened;
  const { output: u, input: w, outputScale: gamma, outputRate, inputRate, moments, centred } = network;
  const { inputSquare: M, leastLoss } = moments;
  const [restSquare, rate] =
    frozen === 'output' ? [outputSquare, inputRate] : frozen === 'input' ? [inputSquare, outputRate] : [0, 0];
  const theta = gamma * gamma * rate * restSquare;
  const r = M * theta;
  const uw = start * opened.meanRate;
  const area = opened.area * opened.meanRate;
  // The part of the moving layer along the resting one is uw/|rest|, the part across it stays.
  const across = restSquare > 0 ? area / Math.sqrt(restSquare) : 0;
  const moved = (time: number) => (theta === 0 ? 0 : (-s0 * Math.expm1(-r * time)) / M);
  return {
    opened,
    rate: r,
    at(time, into) {
      checkTime(time);
      const change = moved(time);
      const product = uw + (gamma === 0 ? 0 : change / gamma);
      const along = restSquare > 0 ? product / Math.sqrt(restSquare) : 0;
      const moving = along * along + across * across;
      const u2 = frozen === 'input' && theta > 0 ? moving : outputSquare;
      const w2 = frozen === 'output' && theta > 0 ? moving : inputSquare;
      const length = Math.hypot(product, area);
      into.residual = theta === 0 ? s0 : s0 * Math.exp(-r * time);
      into.change = change;
      into.product = gamma * product;
      into.slope = centred === true ? change : gamma * product;
      into.lossExcess = into.residual ** 2 / (2 * M);
      into.loss = leastLoss + into.lossExcess;
      into.kernel = gamma * gamma * (u2 + w2);
      into.kernelChange = theta === 0 ? 0 : (gamma * gamma * (product - uw) * (product + uw)) / restSquare / opened.kernel;
      into.rateKernel = theta;
      into.cosine = length > 0 && u2 > 0 && w2 > 0 ? product / length : 0;
      into.outputNorm = Math.sqrt(u2);
      into.inputNorm = Math.sqrt(w2);
    },
    weights(time) {
      checkTime(time);
      const [output, input] = [u.slice(), w.slice()];
      if (theta === 0) return { output, input };
      const share = moved(time) / gamma / restSquare;
      const [moving, rest] = frozen === 'output' ? [input, u] : [output, w];
      for (let i = 0; i < moving.length; i++) moving[i] += share * rest[i];
      return { output, input };
    },
    horizon(share) {
      checkShare(share);
      if (s0 === 0) return 0;
      return theta === 0 ? Number.POSITIVE_INFINITY : -Math.log(share) / r;
    },
  };
}

/** The state of a flow at a time, as a new object. */
export function stateAt(flow: Pick<OneDimensionalFlow, 'at'>, time: number): OneDimensionalState {
  const state = emptyState();
  flow.at(time, state);
  return state;
}
