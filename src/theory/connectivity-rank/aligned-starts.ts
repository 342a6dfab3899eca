// The exception to "low rank is rich": starts of low rank that match the task, whose kernels hardly turn. Closed forms of
// numbers, in the limit of small starts where nothing else is said. Notation of alignments.ts.

/** KA of rank one, W₁ = σ u nᵀ, w₂ = 0, with cos² = (n·β̂)² in 0 … 1: 1 for a start along the task. RA is cos² itself. */
export function unreadKernelAlignment(inputDim: number, cosineSquare: number): number {
  return (1 + cosineSquare) / Math.sqrt(inputDim + 3);
}

/** KA of balanced rank one, W₁ = σ u nᵀ, w₂ = σ u. Along the task (cos² = 1) it is 1 at every σ. RA is cos². */
export function balancedKernelAlignment(inputDim: number, cosineSquare: number): number {
  return (inputDim + 2 + cosineSquare) / (inputDim + 3);
}

/** The largest KA of any W₁ of rank ≤ r with w₂ = 0: M₀ ∝ 2β̂β̂ᵀ + r − 1 directions orthogonal to it. */
export function bestKernelAlignment(inputDim: number, rank: number): number {
  return Math.sqrt((rank + 3) / (inputDim + 3));
}

/**
 * cos² between β = Fᵀw and what the leading half of the features gives, β_p = F_{d/2}ᵀw, as the ratio of means:
 * F has d/2 singular values `conditionNumber` κ and d/2 ones, w is isotropic. 1/2 at κ = 1, towards 1 as κ grows.
 * Liu et al. 2024, figure 3.
 */
export function leadingCosineSquare(conditionNumber: number): number {
  return conditionNumber ** 2 / (conditionNumber ** 2 + 1);
}
