// Draws λ-balanced weights of two-layer linear networks: W₂ᵀW₂ − W₁W₁ᵀ = λI. Dominé et al. 2025, Assumption 2. Trains nothing.

import { InputError } from './errors.ts';
import { haarFrame } from './haar.ts';
import type { RandomSource } from './random.ts';

/** Frames in which the product W₂W₁ is diagonal. */
export interface Frames {
  /** Orthogonal (outputDim, outputDim), row-major, columns are left singular vectors. */
  readonly left: Float64Array;
  /** Orthogonal (inputDim, inputDim), row-major, columns are right singular vectors. */
  readonly right: Float64Array;
}

export interface BalancedStartOptions {
  readonly inputDim: number;
  readonly width: number;
  readonly outputDim: number;
  /** λ, any sign, dimensionless. */
  readonly balance: number;
  /** Singular values of W₂W₁, each ≥ 0, at most min(inputDim, width, outputDim) of them; the others are 0. */
  readonly singularValues: ArrayLike<number>;
  /** `haar`: frames drawn at random; or given ones, for example the task's (an aligned start). */
  readonly frames: 'haar' | Frames;
  /**
   * Frames are drawn first (also where they are given), so that starts of one seed share their luck over λ and singular values.
   */
  readonly random: RandomSource;
  /**
   * What to do where no exactly balanced weights exist (`balancedObstacle`): true embeds balanced weights of fewer
   * hidden units in the hidden space, which leaves function, kernels and loss as those of the smaller network; false
   * refuses. Defaults to true.
   */
  readonly embed?: boolean;
}

export interface BalancedStart {
  /** W₁, (width, inputDim), row-major. */
  readonly input: Float64Array;
  /** W₂, (outputDim, width), row-major. */
  readonly output: Float64Array;
  /** True: balanced on the row space of [W₁ᵀ; W₂] only, W₂ᵀW₂ − W₁W₁ᵀ = λ × projector. */
  readonly embedded: boolean;
}

/** The two singular values of one mode with b² − a² = λ and a·b = s; the smaller one without cancellation. */
function modeWeights(balance: number, product: number): { readonly input: number; readonly output: number } {
  const larger = Math.sqrt((Math.hypot(balance, 2 * product) + Math.abs(balance)) / 2);
  const smaller = larger === 0 ? 0 : product / larger;
  return balance >= 0 ? { input: smaller, output: larger } : { input: larger, output: smaller };
}

/**
 * Why no weights of these sizes have W₂ᵀW₂ − W₁W₁ᵀ = λI exactly, or null. λ > 0 makes W₂ᵀW₂ positive definite: rank W₂ = width.
 */
export function balancedObstacle(
  sizes: Pick<BalancedStartOptions, 'inputDim' | 'width' | 'outputDim' | 'balance'>,
): string | null {
  const { inputDim, width, outputDim, balance } = sizes;
  if (balance > 0 && width > outputDim) {
    return `a positive balance needs at most outputDim = ${outputDim} hidden units, got width ${width}`;
  }
  if (balance < 0 && width > inputDim) {
    return `a negative balance needs at most inputDim = ${inputDim} hidden units, got width ${width}`;
  }
  return null;
}

/** frame · diag · hiddenᵀ for (rows, stride) frame and (width, modes) hidden, as (rows, width). */
function assemble(frame: Float64Array, rows: number, diagonal: Float64Array, hidden: Float64Array, width: number): Float64Array {
  const modes = diagonal.length;
  const stride = frame.length / rows;
  const product = new Float64Array(rows * width);
  // A mode beyond the frame has weight 0 there.
  for (let k = 0; k < Math.min(modes, stride); k++) {
    if (diagonal[k] === 0) continue;
    for (let i = 0; i < rows; i++) {
      const value = frame[i * stride + k] * diagonal[k];
      for (let j = 0; j < width; j++) product[i * width + j] += value * hidden[j * modes + k];
    }
  }
  return product;
}

function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(matrix, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]);
}

/** Draws λ-balanced weights. Throws InputError where the singular values do not fit, or where `embed` is false and none exist. */
export function balancedStart(options: BalancedStartOptions): BalancedStart {
  const { inputDim, width, outputDim, balance, frames, random, embed = true } = options;
  const singular = Array.from(options.singularValues);
  const most = Math.min(inputDim, width, outputDim);
  if (singular.length > most || singular.some((value) => !(value >= 0 && Number.isFinite(value)))) {
    throw new InputError('balanced start', `expected at most ${most} finite singular values ≥ 0, got ${singular.join(', ')}`);
  }
  const obstacle = balancedObstacle(options);
  if (obstacle !== null && !embed) {
    throw new InputError('balanced start', obstacle, 'Choose fewer hidden units, balance 0, or the embedded start.');
  }
  // Modes with weights: all hidden units of the balanced core, or those with a product only where λ = 0.
  const core = obstacle === null ? width : balance > 0 ? outputDim : inputDim;
  const modes = balance === 0 ? singular.length : core;
  const left = haarFrame(outputDim, Math.min(modes, outputDim), random, outputDim);
  const right = haarFrame(inputDim, Math.min(modes, inputDim), random, inputDim);
  const hidden = haarFrame(width, modes, random);
  const weights = Array.from({ length: modes }, (_, k) => modeWeights(balance, singular[k] ?? 0));
  const inputSide = Float64Array.from(weights, ({ input }) => input);
  const outputSide = Float64Array.from(weights, ({ output }) => output);
  const given = frames === 'haar' ? { left, right } : frames;
  return {
    input: transpose(assemble(given.right, inputDim, inputSide, hidden, width), inputDim, width),
    output: assemble(given.left, outputDim, outputSide, hidden, width),
    embedded: obstacle !== null,
  };
}
