// The exact solution in equal steps of time: X(T + ΔT) from X(T) without discretisation error, for animations and as a second
// opinion on graded.ts. In the eigenvectors of F one step is Q̃ ← e^{fΔT} Q̃ L⁻ᵀ with LLᵀ = I + Q̃ᵀφ(f,ΔT)Q̃.
//
// It is the factor that marches, never X itself: rounding would raise the rank of X and lead to another fixed point.

import { choleskyInPlace } from '../../core/cholesky.ts';
import { type EigenSystem, fromEigen, toEigen } from './eigen-system.ts';
import type { Factor } from './measures.ts';

/**
 * The step in T = t/τ that has ω_max ΔT = 3; 1 where nothing moves. Steps of 2 to 4 keep their digits in float32 too: shorter ones lose slow
 * modes, longer ones the spread of growth.
 */
export function usualStep({ omega }: EigenSystem): number {
  const largest = omega.reduce((most, value) => Math.max(most, value), 0);
  return largest > 0 ? 3 / largest : 1;
}

export interface March {
  /** Q̃ in the task's frames, overwritten by `step`. */
  readonly factor: Factor;
  /** Goes one step further. */
  step(): void;
}

/** Marches from a factor in the task's frames by steps of `stepTime` > 0 in T = t/τ. */
export function createMarch(system: EigenSystem, start: Factor, stepTime: number): March {
  const { modes, omega, extra, extraExponent, inputDim, outputDim } = system;
  const { columns } = start;
  const size = inputDim + outputDim;
  const exponents = Float64Array.from({ length: size }, (_, i) =>
    i < modes ? omega[i] : i < 2 * modes ? -omega[i - modes] : extra > 0 ? extraExponent : 0,
  );
  const growth = exponents.map((f) => Math.exp(f * stepTime));
  const weight = exponents.map((f) => (f === 0 ? stepTime : Math.expm1(2 * f * stepTime) / (2 * f)));
  const rows = new Float64Array(size * columns);
  toEigen(system, start.input, start.output, rows, columns);
  const input = start.input.slice();
  const output = start.output.slice();
  const bracket = new Float64Array(columns * columns);
  return {
    factor: { input, output, columns },
    step() {
      for (let a = 0; a < columns; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = a === b ? 1 : 0;
          for (let i = 0, at = 0; i < size; i++, at += columns) sum += weight[i] * rows[at + a] * rows[at + b];
          bracket[a * columns + b] = sum;
        }
      }
      choleskyInPlace(bracket, columns);
      for (let i = 0, base = 0; i < size; i++, base += columns) {
        for (let a = 0; a < columns; a++) {
          let sum = growth[i] * rows[base + a];
          for (let b = 0; b < a; b++) sum -= rows[base + b] * bracket[a * columns + b];
          rows[base + a] = sum / bracket[a * columns + a];
        }
      }
      fromEigen(system, rows, input, output, columns);
    },
  };
}
