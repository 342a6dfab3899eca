// Rates and plateaus of λ-balanced networks that need no solution: fast fit, delayed rich phase. Dominé et al. 2025, section 5.

export interface Sizes {
  readonly inputDim: number;
  readonly width: number;
  readonly outputDim: number;
}

/**
 * True where the large layer spans only part of its outer space (λ > 0: the outputs, λ < 0: the inputs), so that the network
 * first fits within that span and rotates it afterwards: delayed rich learning. All other sizes stay lazy for large |λ|.
 */
export function isDelayed({ inputDim, width, outputDim }: Sizes, balance: number): boolean {
  return balance !== 0 && width < (balance > 0 ? outputDim : inputDim);
}

/** ω − |λ|/2 = s̃²/(ω + |λ|/2) of a mode: rate of its rotation into the large layer's span, in units of 1/τ. */
function rotationRate(value: number, balance: number): number {
  const half = Math.abs(balance) / 2;
  return value === 0 ? 0 : value * (value / (Math.hypot(value, half) + half));
}

/** T at which the fit of large |λ| is done by 1 − 1/e: 1/|λ|. */
export function fitTime(balance: number): number {
  return 1 / Math.abs(balance);
}

/** t_rot/τ = 1/min_α(ω_α − |λ|/2) over the modes to be learned: |λ|/s̃² for large |λ|. Infinity for a singular task. */
export function rotationTime(values: ArrayLike<number>, balance: number): number {
  return 1 / Math.min(...Array.from(values, (value) => rotationRate(value, balance)));
}

/** Mean over Haar starts of the loss on the plateau over the initial loss: 1 − width/(the large layer's outer dimension). */
export function plateauShare({ inputDim, width, outputDim }: Sizes, balance: number): number {
  return Math.max(0, 1 - width / (balance > 0 ? outputDim : inputDim));
}

/** Mean over Haar starts of the kernel distance that delayed rich networks end at, for |λ| → ∞. */
export function finalKernelDistance(sizes: Sizes, balance: number): number {
  return (plateauShare(sizes, balance) * Math.min(sizes.inputDim, sizes.outputDim, sizes.width)) / sizes.width;
}
