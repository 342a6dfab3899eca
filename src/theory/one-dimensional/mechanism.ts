// Names how the output of a one-dimensional two-layer network changed: by turning the layers, by growing them, or in the kernel
// regime. The rule is core/mechanism's; mechanisms are those of Xu and Ziyin 2024 (arXiv:2401.07085).

import { COSINE_CHANGE, MECHANISMS, type MechanismLabel, mechanismClass, RATIO_CHANGE } from '../../core/mechanism.ts';
import type { OneDimensionalFlow } from './flow.ts';
import { emptyState, type OneDimensionalState, type OpenedNetwork } from './network.ts';

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
export function mechanismAt(opened: OpenedNetwork, cosineStart: number, state: OneDimensionalState): number {
  const { coupling: k, target, network, frozen, sumSquare, differenceSquare } = opened;
  const start = k * opened.product;
  let logKernel = 0;
  if (frozen === 'none') {
    const rateStart = 0.5 * k * k * (sumSquare + differenceSquare);
    logKernel = Math.abs(Math.log(state.rateKernel / rateStart));
    // Θ depends on φ² alone and is least, k²√(PQ), where φ = 0: on the way if the sign of φ changed.
    if (start * state.product < 0) {
      const least = k * k * Math.sqrt(sumSquare) * Math.sqrt(differenceSquare);
      logKernel = Math.max(logKernel, Math.abs(Math.log(least / rateStart)));
    }
  }
  return mechanismClass(state.change, start, target / network.moments.inputSquare, logKernel, cosineStart, state.cosine);
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
    label: MECHANISMS[mechanismAt(opened, cosineStart, last)],
    cosineStart,
    cosineChange: last.cosine - cosineStart,
    signFlip: cosineStart * last.cosine < 0,
    turned: Math.abs(Math.abs(last.cosine) - Math.abs(cosineStart)) >= COSINE_CHANGE,
    rescaled: moved !== 0 && !(Math.abs(Math.log(normRatio)) < RATIO_CHANGE),
    kernelRatio: last.rateKernel / first.rateKernel,
    rotationShare: moved === 0 ? null : rotation / moved,
  };
}
