// A one-dimensional two-layer linear network at its start: what it conserves, and how its state at any time is written.
// Moves nothing: see flow.ts and descent.ts.
//
//   f(x) = φ x,  φ = γ u·w,   L = ½ mean (F − y)²,   F = f or f − f₀,   u̇ = η_u γ s w,  ẇ = η_w γ s u,  s = mean x(y − F)
//
// With a = u/√η_u, b = w/√η_w, p = a + b, q = a − b:  P = |p|², Q = |q|², G = a·b = (P − Q)/4, T = |a|² + |b|² = (P + Q)/2.

import { InputError } from '../../core/errors.ts';
import { ExactSum, preciseRootOfRatio, productError } from './compensated.ts';
import type { Moments } from './moments.ts';

/** Setting of Xu and Ziyin 2024 (arXiv:2401.07085): one-dimensional data, any width, start, scale and layer-wise rates. */
export interface OneDimensionalNetwork {
  /** u: initial output weights, length width ≥ 1. */
  readonly output: Float64Array;
  /** w: initial input weights, length width. */
  readonly input: Float64Array;
  /** γ in φ = γ u·w. */
  readonly outputScale: number;
  /** η_u ≥ 0, rate of the output weights; 0 freezes them. */
  readonly outputRate: number;
  /** η_w ≥ 0, rate of the input weights; 0 freezes them. */
  readonly inputRate: number;
  readonly moments: Moments;
  /** True: the loss sees F = f − f₀. Defaults to false, F = f. */
  readonly centred?: boolean;
}

/** The state at one time. Written in place: keep one and use it again. */
export interface OneDimensionalState {
  /** s = mean x(y − F). */
  residual: number;
  /** Slope of the predictor, F(x) = slope·x. */
  slope: number;
  /** φ − φ₀, without cancellation. */
  change: number;
  /** φ = γ u·w, whatever the predictor. */
  product: number;
  /** ½ mean (F − y)². */
  loss: number;
  /** s²/(2M): loss above the least one. */
  lossExcess: number;
  /** γ²(|u|² + |w|²): tangent kernel of f per x·x'. */
  kernel: number;
  /** kernel/kernel₀ − 1, without cancellation. */
  kernelChange: number;
  /** Θ = γ²(η_u|w|² + η_w|u|²): φ̇ = Θ s. */
  rateKernel: number;
  /** cos of the angle between u and w; 0 where a layer is zero. */
  cosine: number;
  /** |u| and |w|. */
  outputNorm: number;
  inputNorm: number;
}

export const emptyState = (): OneDimensionalState => ({
  residual: 0,
  slope: 0,
  change: 0,
  product: 0,
  loss: 0,
  lossExcess: 0,
  kernel: 0,
  kernelChange: 0,
  rateKernel: 0,
  cosine: 0,
  outputNorm: 0,
  inputNorm: 0,
});

/** What the dynamics keep of a start. With a frozen layer its rate is taken as 1 here: a = u or b = w. */
export interface OpenedNetwork {
  readonly network: OneDimensionalNetwork;
  readonly frozen: 'none' | 'output' | 'input' | 'both';
  /** h = √(η_u η_w) and k = γ h. */
  readonly meanRate: number;
  readonly coupling: number;
  /** P = |p|² and Q = |q|² at the start. */
  readonly sumSquare: number;
  readonly differenceSquare: number;
  /** δ = p·q = |u|²/η_u − |w|²/η_w. */
  readonly imbalance: number;
  /** S = |a||b| sin θ ≥ 0. */
  readonly area: number;
  /** G₀ = a·b. */
  readonly product: number;
  /** s₀. */
  readonly residual: number;
  /** C, with M φ₀ added where the predictor is centred: the φ that training ends at is target/M. */
  readonly target: number;
  /** |u|², |w|² and the plain kernel γ²(|u|² + |w|²). */
  readonly outputSquare: number;
  readonly inputSquare: number;
  readonly kernel: number;
}

const WHERE = 'one-dimensional network';

function check({ output, input, outputScale, outputRate, inputRate }: OneDimensionalNetwork): void {
  if (output.length < 1 || input.length !== output.length) {
    throw new InputError(
      WHERE,
      `expected as many input as output weights and at least one, got ${input.length} and ${output.length}`,
    );
  }
  const wrong = [...output, ...input, outputScale].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new InputError(WHERE, `expected finite weights and output scale, got ${wrong}`);
  const rate = [outputRate, inputRate].find((value) => !(value >= 0 && Number.isFinite(value)));
  if (rate !== undefined) throw new InputError(WHERE, `expected finite rates of at least 0, got ${rate}`, '0 freezes a layer.');
}

/**
 * |u||w| sin θ to full relative digits however nearly parallel the layers are: the longer layer is taken
 * out of the shorter twice.
 */
function rawArea(u: Float64Array, w: Float64Array, uu: number, ww: number, uw: number): number {
  if (u.length === 1 || uu === 0 || ww === 0) return 0;
  const [long, short, square] = uu >= ww ? [u, w, uu] : [w, u, ww];
  const share = uw / square;
  let rest = 0;
  const rejected = new Float64Array(u.length);
  for (let i = 0; i < u.length; i++) {
    const product = share * long[i];
    rejected[i] = short[i] - product - productError(share, long[i]);
    rest += rejected[i] * long[i];
  }
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += (rejected[i] - (rest / square) * long[i]) ** 2;
  return Math.sqrt(square * sum);
}

/** Sums of a start, with the digits that cancellation between the layers would cost. Throws InputError for what is no network. */
export function openNetwork(network: OneDimensionalNetwork): OpenedNetwork {
  check(network);
  const { output: u, input: w, outputScale: gamma, moments, centred = false } = network;
  const { inputSquare: M, inputTarget: C } = moments;
  const frozen =
    network.outputRate === 0 ? (network.inputRate === 0 ? 'both' : 'output') : network.inputRate === 0 ? 'input' : 'none';
  const [etaU, etaW] = [network.outputRate || 1, network.inputRate || 1];
  // p √η_w = u √(η_w/η_u) + w, each rounded once only.
  const root = preciseRootOfRatio(etaW, etaU);
  const [P, Q, delta, uu, ww, uw] = Array.from({ length: 6 }, () => new ExactSum());
  for (let i = 0; i < u.length; i++) {
    const scaled = u[i] * root.high;
    const rest = productError(u[i], root.high) + u[i] * root.low;
    const sum = scaled + w[i];
    const taken = sum - scaled;
    const p = sum + (scaled - (sum - taken) + (w[i] - taken) + rest);
    const difference = scaled - w[i];
    const given = difference - scaled;
    const q = difference + (scaled - (difference - given) - (w[i] + given) + rest);
    P.addProduct(p, p);
    Q.addProduct(q, q);
    delta.addProduct(p, q);
    uu.addProduct(u[i], u[i]);
    ww.addProduct(w[i], w[i]);
    uw.addProduct(u[i], w[i]);
  }
  const meanRate = Math.sqrt(etaU) * Math.sqrt(etaW);
  const slope = M * gamma;
  const residual = new ExactSum();
  residual.add(C);
  if (!centred) {
    residual.addProduct(-slope, uw.high);
    residual.add(-productError(M, gamma) * uw.high - slope * uw.low);
  }
  return {
    network,
    frozen,
    meanRate,
    coupling: gamma * meanRate,
    sumSquare: P.value / etaW,
    differenceSquare: Q.value / etaW,
    imbalance: delta.value / etaW,
    area: rawArea(u, w, uu.value, ww.value, uw.value) / meanRate,
    product: uw.value / meanRate,
    residual: residual.value,
    target: centred ? C + slope * uw.value : C,
    outputSquare: uu.value,
    inputSquare: ww.value,
    kernel: gamma * gamma * (uu.value + ww.value),
  };
}

/**
 * Writes the state in which |p|² = `plus` and |q|² = `minus`, the residual is `residual` and φ has moved by `change`; `lost` is
 * the share of δ and S that finite steps have erased, 0 under flow. Every quantity is formed where it does not cancel.
 */
export function writeState(
  opened: OpenedNetwork,
  plus: number,
  minus: number,
  lost: number,
  residual: number,
  change: number,
  into: OneDimensionalState,
): void {
  const { network, coupling: k, target, product: start } = opened;
  const { outputScale: gamma, outputRate: etaU, inputRate: etaW, moments } = network;
  const { inputSquare: M } = moments;
  const kept = 1 - lost;
  const T = 0.5 * (plus + minus);
  // The residual gives φ to more digits once the output is as large as the target; before that the norms do.
  const byResidual = 0.5 * Math.abs(k) * T * M >= Math.max(Math.abs(target), Math.abs(residual));
  const phi = byResidual ? (target - residual) / M : (k * (plus - minus)) / 4;
  const G = byResidual && k !== 0 ? phi / k : (plus - minus) / 4;
  const moved = k === 0 ? 0 : change / k;
  const S = opened.area * Math.abs(kept);
  const delta = opened.imbalance * kept;
  const product = Math.sqrt(G * G + S * S);
  const sum = T + Math.abs(delta);
  const large = 0.5 * sum;
  const small = sum > 0 ? (2 * product * product) / sum : 0;
  const outputSquare = etaU * (delta >= 0 ? large : small);
  const inputSquare = etaW * (delta >= 0 ? small : large);
  const startT = 0.5 * (opened.sumSquare + opened.differenceSquare);
  // T² − T₀² = 4(G² − G₀²) − PQ (1 − kept²)
  const squares = 4 * moved * (2 * start + moved) - opened.sumSquare * opened.differenceSquare * lost * (2 - lost);
  const growth = T + startT > 0 ? squares / (T + startT) : 0;
  into.residual = residual;
  into.change = change;
  into.product = phi;
  into.slope = network.centred === true ? change : phi;
  into.lossExcess = (residual * residual) / (2 * M);
  into.loss = moments.leastLoss + into.lossExcess;
  into.kernel = gamma * gamma * (outputSquare + inputSquare);
  into.kernelChange = (0.5 * gamma * gamma * ((etaU + etaW) * growth - (etaU - etaW) * opened.imbalance * lost)) / opened.kernel;
  into.rateKernel = k * k * T;
  into.cosine = product > 0 && small > 0 ? G / product : 0;
  into.outputNorm = Math.sqrt(outputSquare);
  into.inputNorm = Math.sqrt(inputSquare);
}
