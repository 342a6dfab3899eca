// Names how the output of a one-dimensional two-layer network changed: by turning the layers, by growing them, or in the kernel regime.
// The three mechanisms are those of Xu and Ziyin 2024 (arXiv:2401.07085); the thresholds of the rule are ours.

import type { OneDimensionalFlow } from './flow.ts';
import { emptyState, type OneDimensionalState, type OpenedNetwork } from './network.ts';

/** In the order of their class numbers. */
export const mechanisms = ['static', 'kernel', 'alignment', 'disalignment', 'rescaling'] as const;
export type MechanismLabel = (typeof mechanisms)[number];

/** Smallest change of φ that counts, as a share of max(|φ₀|, |φ*|). */
const STATIC_SHARE = 1e-3;
/** |ln| of a ratio of kernels or norms that counts as change. */
const RATIO_CHANGE = Math.log(1.1);
/** Change of |cos| that counts. */
const COSINE_CHANGE = 0.1;

export interface Mechanism {
  readonly label: MechanismLabel;
  /** cos at the start, or its limit t → 0 where exactly one layer starts at zero. */
  readonly cosineStart: number;
  /** cos at the end − `cosineStart`. */
  readonly cosineChange: number;
  /** cos changed its sign. */
  readonly signFlip: boolean;
  /** |cos| changed by 0.1 or more. */
  readonly turned: boolean;
  /** |u||w| changed by a factor of 1.1 or more. */
  readonly rescaled: boolean;
  /** Θ/Θ₀ at the end. */
  readonly kernelRatio: number;
  /** Share of the output's change that is due to rotation; the rest is due to the norms. Null where the output did not change. */
  readonly rotationShare: number | null;
}

/** cos at the start as the rule takes it. */
export function startCosine({ frozen, product, area, outputSquare, inputSquare, coupling, residual }: OpenedNetwork): number {
  const zeros = Number(outputSquare === 0) + Number(inputSquare === 0);
  if (zeros === 2) return 0;
  const movable = outputSquare === 0 ? frozen !== 'output' : frozen !== 'input';
  if (zeros === 1) return frozen !== 'both' && movable ? Math.sign(coupling * residual) : 0;
  return product / Math.hypot(product, area);
}

/** Class number of the mechanism between the start and `state`. Allocates nothing. */
export function mechanismClass(opened: OpenedNetwork, cosineStart: number, state: OneDimensionalState): number {
  const { coupling, target, network, frozen } = opened;
  const phiStart = coupling * opened.product;
  const phiEnd = target / network.moments.inputSquare;
  if (Math.abs(state.change) <= STATIC_SHARE * Math.max(Math.abs(phiStart), Math.abs(phiEnd)) || frozen === 'both') return 0;
  const squares = coupling * coupling;
  const rateStart = 0.5 * squares * (opened.sumSquare + opened.differenceSquare);
  const logRatio = frozen === 'none' ? Math.log(state.rateKernel / rateStart) : 0;
  // Θ depends on φ² alone and is least where φ = 0: on the way if the sign of φ changed.
  const crossed = frozen === 'none' && phiStart * state.product < 0;
  const logLeast = crossed
    ? Math.log((squares * Math.sqrt(opened.sumSquare) * Math.sqrt(opened.differenceSquare)) / rateStart)
    : logRatio;
  if (Math.max(Math.abs(logRatio), Math.abs(logLeast)) <= RATIO_CHANGE) return 1;
  const growth = Math.abs(state.cosine) - Math.abs(cosineStart);
  if (cosineStart * state.cosine < 0) return growth > -COSINE_CHANGE ? 2 : 3;
  return growth >= COSINE_CHANGE ? 2 : growth <= -COSINE_CHANGE ? 3 : 4;
}

/** The mechanism of a flow between the start and time `time` > 0. */
export function mechanismOf(flow: OneDimensionalFlow, time: number): Mechanism {
  const { opened } = flow;
  const [first, last] = [emptyState(), emptyState()];
  flow.at(0, first);
  flow.at(time, last);
  const cosineStart = startCosine(opened);
  const { coupling: k, product: start, area } = opened;
  const moved = k === 0 ? 0 : last.change / k;
  const rotation = area * Math.atan2(area * moved, start * (start + moved) + area * area);
  const normRatio = (last.outputNorm * last.inputNorm) / (first.outputNorm * first.inputNorm);
  return {
    label: mechanisms[mechanismClass(opened, cosineStart, last)],
    cosineStart,
    cosineChange: last.cosine - cosineStart,
    signFlip: cosineStart * last.cosine < 0,
    turned: Math.abs(Math.abs(last.cosine) - Math.abs(cosineStart)) >= COSINE_CHANGE,
    rescaled: moved !== 0 && !(Math.abs(Math.log(normRatio)) < RATIO_CHANGE),
    kernelRatio: last.rateKernel / first.rateKernel,
    rotationShare: moved === 0 ? null : rotation / moved,
  };
}
