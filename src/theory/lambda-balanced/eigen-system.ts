// The linear part of the Riccati equation of λ-balanced networks, diagonal in closed form. Solves no trajectory: see graded.ts.
//
//   X = QQᵀ, Q = [W₁ᵀ; W₂]:  dX/dT = FX + XF − X²,  F = [[−λ/2, Σᵀ], [Σ, +λ/2]],  T = t/τ        Fukumizu 1998; Dominé et al. 2025
//
// In the task's frames, Σ = Ũ S̃ Ṽᵀ, every singular value s̃ couples one input with one output coordinate, and the two
// eigenvectors of a mode are a rotation of that pair: (σ, c) with eigenvalue +ω and (c, −σ) with −ω, ω = √(s̃² + λ²/4).

import { svd } from '../../core/svd.ts';

/** The task, Σ = left · diag(values) · rightᵀ. */
export interface TaskFrames {
  readonly inputDim: number;
  readonly outputDim: number;
  /** Singular values s̃ of Σ, descending, m = min(inputDim, outputDim) of them. */
  readonly values: Float64Array;
  /** (outputDim, outputDim) and (inputDim, inputDim), row-major, columns are singular vectors. */
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Frames of Σ, (outputDim, inputDim) row-major. */
export function taskFrames(sigma: Float64Array, inputDim: number, outputDim: number): TaskFrames {
  const { left, values, right } = svd(sigma, outputDim, inputDim);
  return { inputDim, outputDim, values, left, right };
}

/** Eigenvalues and rotations of F, per mode. */
export interface EigenSystem {
  readonly inputDim: number;
  readonly outputDim: number;
  /** m = min(inputDim, outputDim). */
  readonly modes: number;
  readonly balance: number;
  readonly values: Float64Array;
  /** ω of every mode; both ±ω are eigenvalues. */
  readonly omega: Float64Array;
  /** ω − |λ|/2 of every mode, without cancellation: the rate of slow, delayed learning. */
  readonly gap: Float64Array;
  /** Share of the input coordinate in the eigenvector of +ω (σ) and of the output coordinate (c); σ² + c² = 1. */
  readonly sine: Float64Array;
  readonly cosine: Float64Array;
  /** |inputDim − outputDim| coordinates without a partner; their eigenvalue is this. */
  readonly extra: number;
  readonly extraExponent: number;
}

export function eigenSystem(frames: Pick<TaskFrames, 'inputDim' | 'outputDim' | 'values'>, balance: number): EigenSystem {
  const { inputDim, outputDim, values } = frames;
  const half = Math.abs(balance) / 2;
  const modes = values.length;
  const omega = values.map((value) => Math.hypot(value, half));
  const gap = values.map((value, k) => (value === 0 ? 0 : value * (value / (omega[k] + half))));
  const sine = new Float64Array(modes);
  const cosine = new Float64Array(modes);
  for (let k = 0; k < modes; k++) {
    if (omega[k] === 0) {
      sine[k] = Math.SQRT1_2;
      cosine[k] = Math.SQRT1_2;
      continue;
    }
    const larger = Math.sqrt((1 + half / omega[k]) / 2);
    const smaller = values[k] / (2 * omega[k] * larger);
    sine[k] = balance >= 0 ? smaller : larger;
    cosine[k] = balance >= 0 ? larger : smaller;
  }
  return {
    inputDim,
    outputDim,
    modes,
    balance,
    values,
    omega,
    gap,
    sine,
    cosine,
    extra: Math.abs(inputDim - outputDim),
    extraExponent: Math.sign(outputDim - inputDim) * (balance / 2),
  };
}

/**
 * Rows of Q in the task's frames to rows in the eigenvectors of F, or back: the rotation of each pair is its own inverse.
 * `input` is (inputDim, columns), `output` (outputDim, columns); `eigen` is (inputDim + outputDim, columns): rows of +ω, of −ω,
 * of coordinates without a partner.
 */
export function toEigen(
  system: EigenSystem,
  input: Float64Array,
  output: Float64Array,
  eigen: Float64Array,
  columns: number,
): void {
  const { modes, sine, cosine, inputDim, outputDim } = system;
  for (let k = 0; k < modes; k++) {
    const [s, c] = [sine[k], cosine[k]];
    const plus = k * columns;
    const minus = (modes + k) * columns;
    for (let j = 0; j < columns; j++) {
      const a = input[plus + j];
      const b = output[plus + j];
      eigen[plus + j] = s * a + c * b;
      eigen[minus + j] = c * a - s * b;
    }
  }
  const longer = inputDim > outputDim ? input : output;
  eigen.set(longer.subarray(modes * columns, Math.max(inputDim, outputDim) * columns), 2 * modes * columns);
}

/** The inverse of `toEigen`. */
export function fromEigen(
  system: EigenSystem,
  eigen: Float64Array,
  input: Float64Array,
  output: Float64Array,
  columns: number,
): void {
  const { modes, sine, cosine, inputDim, outputDim, extra } = system;
  for (let k = 0; k < modes; k++) {
    const s = sine[k];
    const c = cosine[k];
    const plus = k * columns;
    const minus = (modes + k) * columns;
    for (let j = 0; j < columns; j++) {
      const a = eigen[plus + j];
      const b = eigen[minus + j];
      input[plus + j] = s * a + c * b;
      output[plus + j] = c * a - s * b;
    }
  }
  const longer = inputDim > outputDim ? input : output;
  for (let at = 0, first = modes * columns, from = 2 * modes * columns; at < extra * columns; at++) {
    longer[first + at] = eigen[from + at];
  }
}
