// Modes of networks that start in the task's own frames: one scalar equation each, solved in closed form. No matrices.
//
//   τ ds/dt = √(λ² + 4s²) (s̃ − s)                                                        Dominé et al. 2025, Theorem 5.1
//
// s is the singular value of W₂W₁ in the mode, s̃ the task's. Exponentials enter as E = e^{−2ωT} ≤ 1, T = t/τ, ω = √(s̃² + λ²/4).

/** One mode. All dimensionless, `target` ≥ 0, `start` of either sign. */
export interface AlignedMode {
  /** s̃. */
  readonly target: number;
  /** s(0); negative where the old solution is the new task's opposite. */
  readonly start: number;
  /** λ. */
  readonly balance: number;
}

/** ω, and the sums ωz + κ and ωz − κ with z = √(s₀² + λ²/4), κ = s̃s₀ + λ²/4, free of cancellation. */
function sumsOf({ target, start, balance }: AlignedMode) {
  const half = Math.abs(balance) / 2;
  const omega = Math.hypot(target, half);
  const product = omega * Math.hypot(start, half);
  const kappa = target * start + half * half;
  const above =
    start >= 0
      ? product + kappa
      : half * half + (half * half * (target * target + start * start + half * half)) / (product - target * start);
  const below = above > 0 ? (half * half * (target - start) ** 2) / above : product - kappa;
  return { omega, kappa, above, below };
}

/** s(T). */
export function alignedValue(mode: AlignedMode, time: number): number {
  const { target, start } = mode;
  const { omega, above, below } = sumsOf(mode);
  if (omega === 0) return start / (1 + 2 * Math.abs(start) * time);
  const decay = Math.exp(-2 * omega * time);
  const grown = -Math.expm1(-2 * omega * time);
  // On a saddle's stable manifold (λ = 0, s₀ ≤ 0) numerator and denominator both vanish as E: taken out.
  const [numerator, rest] =
    above > 0 ? [grown * (above + decay * below), 2 * omega * omega * decay] : [grown * below, 2 * omega * omega];
  return start + (numerator / (numerator + rest)) * (target - start);
}

/**
 * Time T at which the share `share` (0 … 1, ends excluded) of the way from s(0) to s̃ is covered; Infinity where it never is
 * (λ = 0 with s(0) ≤ 0).
 */
export function alignedTime(mode: AlignedMode, share: number): number {
  const { target, start, balance } = mode;
  const { omega, kappa, above } = sumsOf(mode);
  if (omega === 0 || above === 0) {
    // ds/dT = −2s² for s̃ = 0; below a saddle at 0 only the part before it is reached.
    const reached = start + share * (target - start);
    if (start === 0 || reached >= 0 === start < 0 || reached === 0) return start === target ? 0 : Number.POSITIVE_INFINITY;
    if (target === 0) return (1 / Math.abs(reached) - 1 / Math.abs(start)) / 2;
    return Math.log((start * (target - reached)) / (reached * (target - start))) / (2 * target);
  }
  const centre = 2 * kappa + (2 * share * omega * omega) / (1 - share);
  const root = Math.hypot(centre, balance * (target - start));
  // 2a/(c + root) = e^{−2ωT}; for negative c the sum would cancel.
  const sum = centre >= 0 ? centre + root : (balance * (target - start)) ** 2 / (root - centre);
  return -Math.log((2 * above) / sum) / (2 * omega);
}

/**
 * Time T at which a mode that starts at −s̃ crosses zero: how long the unlearning of a reversed task takes. Infinity for λ = 0.
 */
export function reversalTime(target: number, balance: number): number {
  const rate = Math.hypot(balance, 2 * target);
  if (balance === 0) return Number.POSITIVE_INFINITY;
  return Math.log1p(Math.hypot(1, (2 * target) / balance)) / rate;
}

/**
 * The band s₋ < s < s₊ in which learning accelerates; null where it never does. A mode learns in a sigmoid if and only if it
 * starts below s₊, which needs |λ| < s̃/√2; all others approach their target ever more slowly.
 */
export function accelerating(target: number, balance: number): { readonly from: number; readonly to: number } | null {
  const square = target * target - 2 * balance * balance;
  if (!(square > 0)) return null;
  const root = Math.sqrt(square);
  // s₋ s₊ = λ²/8.
  const to = (target + root) / 4;
  return { from: (balance * balance) / (8 * to), to };
}

/** True where s(t) has an inflection: learning in a sigmoid. */
export function isSigmoid({ target, start, balance }: AlignedMode): boolean {
  const band = accelerating(target, balance);
  return band !== null && start < band.to;
}

/**
 * Largest |λ| with a sigmoid from s(0) = `start` ≥ 0 to `target`; 0 where there is none: |λ| = √(8 s₀ (s̃/2 − s₀)) beyond s̃/4.
 */
export function sigmoidBalance(target: number, start: number): number {
  if (start <= target / 4) return target / Math.SQRT2;
  return start < target / 2 ? Math.sqrt(8 * start * (target / 2 - start)) : 0;
}
