// How far tangent kernel and representation of a two-layer linear network turn while it learns one output, from its start alone.
// Small starts, whitened inputs, gradient flow. Closed forms of numbers; reads no networks: see start-core.ts.
//
//   f = w₂ᵀW₁x, target βᵀx, XXᵀ = 1.  Tangent kernel Xᵀ(M + c 1)X,  M = W₁ᵀW₁,  c = |w₂|²
//   Small starts end at W₁ = √|β| u β̂ᵀ, w₂ = √|β| u (Atanasov et al. 2022): kernel |β| Xᵀ(β̂β̂ᵀ + 1)X, representation |β| Xᵀβ̂β̂ᵀX.
//   As the columns of Xᵀ are orthonormal, alignments of kernels are those of their cores M + c 1.

/** What the alignments depend on: M₀ and c₀ of the start, as numbers. */
export interface StartCore {
  /** d, input components. */
  readonly inputDim: number;
  /** Tr M₀ = ‖W₁‖_F². */
  readonly trace: number;
  /** Tr M₀² = Σ s⁴ of the singular values s of W₁. */
  readonly squareTrace: number;
  /** c₀ = |w₂|². */
  readonly output: number;
  /** β̂ᵀM₀β̂ = |W₁β̂|². */
  readonly overlap: number;
}

/** Kernel alignment KA of start and end for one task, 0 … 1. NaN for a start of zeros. */
export function kernelAlignment({ inputDim, trace, squareTrace, output, overlap }: StartCore): number {
  const start = Math.sqrt(squareTrace + 2 * output * trace + output ** 2 * inputDim);
  return (overlap + trace + output * (inputDim + 1)) / (Math.sqrt(inputDim + 3) * start);
}

/**
 * Representation alignment RA of start and end for one task, 0 … 1: of the hidden Gram matrices XᵀMX.
 * NaN where W₁ starts at zero.
 */
export function representationAlignment({ squareTrace, overlap }: StartCore): number {
  return overlap / Math.sqrt(squareTrace);
}

/**
 * Mean of KA over tasks with isotropic β̂. `participation` PR of W₁ in 1 … d; `outputRatio` ρ = d|w₂|²/‖W₁‖_F² ≥ 0, 0
 * for an output layer that starts at zero. Grows with PR at fixed norms: high rank is lazier on average.
 * Liu et al. 2024 (arXiv:2310.08513).
 */
export function meanKernelAlignment(inputDim: number, participation: number, outputRatio = 0): number {
  const start = Math.sqrt(inputDim / participation + 2 * outputRatio + outputRatio ** 2);
  return (((inputDim + 1) / Math.sqrt(inputDim * (inputDim + 3))) * (1 + outputRatio)) / start;
}

/** Mean of RA over tasks with isotropic β̂, √PR/d. */
export function meanRepresentationAlignment(inputDim: number, participation: number): number {
  return Math.sqrt(participation) / inputDim;
}

/**
 * ‖K∞ − K₀‖_F/‖K₀‖_F of a small start with w₂ = 0, of Frobenius norm `inputNorm` of W₁. It orders ranks the other way round than
 * KA: a change relative to the start measures how small the start is, not how lazy the network.
 */
export function relativeKernelChange(inputDim: number, participation: number, targetNorm: number, inputNorm: number): number {
  return (targetNorm * Math.sqrt((inputDim + 3) * participation)) / inputNorm ** 2;
}
