// Phases of a one-dimensional two-layer linear network whose scales are powers of its width: exact inequalities between
// exponents. Knows no single network; rows of exponents stand in core/scalings.
//
// Layers independent, data of order one, exponents of standard deviations. Our derivation; the axes are
// those of Xu and Ziyin 2024.

import { InputError } from '../../core/errors.ts';
import type { ScalingExponents } from '../../core/scalings.ts';

/** What decides the phases, as exponents of the width. */
export interface PhaseExponents {
  /** E, of Θ₀/|k|: kernel phase where E > 0. */
  readonly kernel: number;
  /** e₀, of the initial output φ₀; layers end up aligned where e₀ < −½. */
  readonly output: number;
  /** c_k, of k = γ√(η_u η_w). */
  readonly coupling: number;
  /** c_r, of the relaxation rate. */
  readonly rate: number;
}

export interface WidthPhase extends PhaseExponents {
  /**
   * `kernel` E > 0: the kernel stands still as width grows. `critical` E = 0: it changes by O(1).
   * `rich` E < 0: it grows by h^{−E}.
   */
  readonly phase: 'kernel' | 'critical' | 'rich';
  /** With steps of O(1): `frozen` c_r < 0, `trainable` c_r = 0, `unstable` c_r > 0. */
  readonly training: 'frozen' | 'trainable' | 'unstable';
  /** Final |cos| between the layers as width grows: 0, O(1) or 1. */
  readonly alignment: 'none' | 'partial' | 'full';
  /** Exponent of Θ_∞/Θ₀ − 1 (of Θ_∞/Θ₀ where the phase is rich), plain predictor. */
  readonly kernelChange: number;
  /** Exponents of |Δu|/|u₀| and |Δw|/|w₀| at the end of training. */
  readonly outputMovement: number;
  readonly inputMovement: number;
}

/** Exponents that differ by less count as equal: they are sums of decimal fractions. */
const SLACK = 1e-9;

export function phaseExponents(exponents: ScalingExponents): PhaseExponents {
  const { outputScale, outputWeights: u, hiddenWeights: w, outputRate, hiddenRate } = exponents;
  const wrong = [outputScale, u, w, outputRate, hiddenRate].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new InputError('scaling exponents', `expected finite numbers, got ${wrong}`);
  const difference = (hiddenRate - outputRate) / 2;
  const kernel = outputScale + 1 + Math.max(2 * u + difference, 2 * w - difference);
  const coupling = outputScale + (outputRate + hiddenRate) / 2;
  return { kernel, output: outputScale + u + w + 0.5, coupling, rate: coupling + Math.max(kernel, 0) };
}

/** Phase of a scaling. Throws InputError for exponents that are not finite. */
export function phaseOf(exponents: ScalingExponents): WidthPhase {
  const own = phaseExponents(exponents);
  const { outputScale, outputWeights: u, hiddenWeights: w, outputRate, hiddenRate } = exponents;
  const above = Math.max(0, own.output);
  const kappa = u - outputRate / 2 - (w - hiddenRate / 2);
  /** Movement of one layer; `lead` is the exponent of the other scaled layer over its own. */
  const movement = (lead: number, std: number, rates: number) =>
    own.kernel >= -SLACK
      ? Math.max(-own.kernel + lead + above, -2 * own.kernel + 2 * above)
      : 0.5 * (-outputScale - 1 - 2 * std + rates);
  const side = (value: number) => (value > SLACK ? 1 : value < -SLACK ? -1 : 0);
  return {
    ...own,
    phase: (['rich', 'critical', 'kernel'] as const)[side(own.kernel) + 1],
    training: (['frozen', 'trainable', 'unstable'] as const)[side(own.rate) + 1],
    alignment: (['full', 'partial', 'none'] as const)[side(own.output + 0.5) + 1],
    kernelChange: side(own.kernel) < 0 ? -own.kernel : -2 * own.kernel + 2 * above,
    outputMovement: movement(-kappa, u, (outputRate - hiddenRate) / 2),
    inputMovement: movement(kappa, w, (hiddenRate - outputRate) / 2),
  };
}

/**
 * χ = k²PQ/(4 max(φ*², φ₀²)): the coordinate of one network of finite width, kernel regime where χ ≫ 1. With φ₀ = 0 the
 * kernel grows by √(1 + 1/χ).
 */
export function kernelCoordinate(
  coupling: number,
  sumSquare: number,
  differenceSquare: number,
  slope: number,
  start: number,
): number {
  return (coupling ** 2 * sumSquare * differenceSquare) / (4 * Math.max(slope ** 2, start ** 2));
}
