// The exact theories as plain functions of numbers and matrices, for whoever computes without a sweep. Theories as records, which
// say for which cells of a sweep they hold, are registry.ts.

import { balancedStart } from '../core/balanced-start.ts';
import { entropyRank, matrixParticipationRatio, participationRatio, stableRank } from '../core/effective-rank.ts';
import { InputError } from '../core/errors.ts';
import { SCALINGS } from '../core/scalings.ts';
import { catapult, catapultRegime } from './catapult.ts';
import {
  balancedKernelAlignment,
  bestKernelAlignment,
  leadingCosineSquare,
  unreadKernelAlignment,
} from './connectivity-rank/aligned-starts.ts';
import {
  kernelAlignment,
  meanKernelAlignment,
  meanRepresentationAlignment,
  relativeKernelChange,
  representationAlignment,
} from './connectivity-rank/alignments.ts';
import { startCore } from './connectivity-rank/start-core.ts';
import { diagonalLimit, uniformDiagonalLimit } from './diagonal-limit.ts';
import { accelerating, alignedTime, alignedValue, isSigmoid, reversalTime, sigmoidBalance } from './lambda-balanced/aligned.ts';
import { solveDeepMode, vanishingLayers } from './lambda-balanced/deep.ts';
import { taskFrames } from './lambda-balanced/eigen-system.ts';
import { isObstructed } from './lambda-balanced/obstruction.ts';
import { type BalancedSolution, shareTask, solveBalanced } from './lambda-balanced/solution.ts';
import { finalKernelDistance, fitTime, isDelayed, plateauShare, rotationTime } from './lambda-balanced/time-scales.ts';
import { leastL1, leastL2 } from './least-norms.ts';
import { openDescent } from './one-dimensional/descent.ts';
import { solveFlow, stateAt } from './one-dimensional/flow.ts';
import { fromGeiger } from './one-dimensional/maps.ts';
import { mechanismOf } from './one-dimensional/mechanism.ts';
import { momentsFrom, momentsOf } from './one-dimensional/moments.ts';
import { kernelCoordinate, phaseExponents, phaseOf } from './one-dimensional/phases.ts';
import { eigenvalues, spectralRadius } from './spectrum.ts';
import { movementSlope, reluExponentsOf, reluRegime } from './two-layer-relu.ts';

/** A λ-balanced two-layer linear network y = W₂W₁x on whitened inputs, XXᵀ/P = 1. All dimensionless. */
export interface LinearNetwork {
  readonly inputDim: number;
  readonly width: number;
  readonly outputDim: number;
  /** Σ = YXᵀ/P, (outputDim, inputDim), row-major. */
  readonly sigma: Float64Array;
  /** W₁ at T = 0, (width, inputDim), row-major. */
  readonly input: Float64Array;
  /** W₂ at T = 0, (outputDim, width), row-major. */
  readonly output: Float64Array;
  /** λ, where it is known to more digits than the weights tell. */
  readonly balance?: number;
}

export interface LinearSolution extends BalancedSolution {
  /** True: λ = 0 and the sign of det(W₂W₁) keep it from its task; it ends on a saddle. */
  readonly obstructed: boolean;
}

const WHERE = 'λ-balanced network';
/** Largest `MeasuredBalance.residual` that counts as balanced: what single precision leaves of balanced weights. */
const BALANCED = 1e-6;

/**
 * The exact gradient flow of ½‖Σ − W₂W₁‖² in T = t/τ: `matrices(T)`, `measure(T, into)`, `spectrum(T)`. Throws InputError for
 * arrays of other lengths, numbers that are not finite, and weights whose W₂ᵀW₂ − W₁W₁ᵀ is not λ on the units in use. Dominé et
 * al. 2025 (arXiv:2409.14623), Theorem 4.3.
 */
function solveLinear(network: LinearNetwork): LinearSolution {
  const { inputDim, width, outputDim, sigma, input, output } = network;
  for (const [name, size] of Object.entries({ inputDim, width, outputDim })) {
    if (!(Number.isInteger(size) && size >= 1)) throw new InputError(WHERE, `expected an integer ${name} ≥ 1, got ${size}`);
  }
  const sizes = { sigma: outputDim * inputDim, input: width * inputDim, output: outputDim * width };
  for (const [name, values] of Object.entries({ sigma, input, output })) {
    const length = sizes[name as keyof typeof sizes];
    if (values.length !== length) throw new InputError(`${WHERE}.${name}`, `expected ${length} numbers, got ${values.length}`);
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new InputError(`${WHERE}.${name}[${at}]`, `expected a finite number, got ${values[at]}`);
  }
  const frames = taskFrames(sigma, inputDim, outputDim);
  const solution = solveBalanced(shareTask(frames), network);
  const { residual } = solution.measured;
  if (!(residual <= BALANCED)) {
    throw new InputError(
      WHERE,
      `expected W₂ᵀW₂ − W₁W₁ᵀ to be λ on the units in use, got weights that miss it by ${residual.toPrecision(2)} of their size`,
      'balancedStart draws such weights.',
    );
  }
  return { ...solution, obstructed: isObstructed(frames, solution.start, solution.balance) };
}

/** Closed forms by paper. Every function is pure, takes and gives float64, and throws InputError for what it cannot solve. */
export const theory = {
  /** Two-layer linear networks with W₂ᵀW₂ − W₁W₁ᵀ = λI on whitened data. Dominé et al. 2025 (arXiv:2409.14623). */
  lambdaBalanced: {
    /** Draws balanced weights of any sizes, λ, rank and scale. */
    start: balancedStart,
    solve: solveLinear,
    /** s(T), the time of a share of the way, and the band of acceleration of a mode in the task's own frames. Theorem 5.1. */
    alignedValue,
    alignedTime,
    accelerating,
    isSigmoid,
    sigmoidBalance,
    /** Time at which a reversed task crosses zero. */
    reversalTime,
    /** Delayed rich learning: where it happens, its two time scales, its plateau and the kernel distance it ends at. */
    isDelayed,
    fitTime,
    rotationTime,
    plateauShare,
    finalKernelDistance,
    /** More than two layers: one aligned mode by quadrature, and the number of layers that start near zero. */
    solveDeepMode,
    vanishingLayers,
  },
  /**
   * Two-layer linear networks of any width, start and layer-wise rates on one-dimensional data.
   * Xu and Ziyin 2024 (arXiv:2401.07085).
   */
  oneDimensional: {
    /** Moments of samples, or given ones. */
    momentsOf,
    momentsFrom,
    /** Gradient flow at any time, and gradient descent of any step. */
    solveFlow,
    stateAt,
    openDescent,
    /** Alignment, disalignment, rescaling, kernel or static, between the start and a time. */
    mechanismOf,
    /** Phases of scalings with the width, rows of which are `scalings`. */
    scalings: SCALINGS,
    phaseOf,
    phaseExponents,
    kernelCoordinate,
    /** The network of Geiger et al. 2020 in these coordinates. */
    fromGeiger,
  },
  /** One sample of target zero under large learning rates. Lewkowycz et al. 2020 (arXiv:2003.02218). */
  catapult: { run: catapult, regimeOf: catapultRegime },
  /** Where diagonal linear networks end, and the least norms between which they do. Woodworth et al. 2020 (arXiv:2002.09277). */
  diagonal: { limit: diagonalLimit, uniformLimit: uniformDiagonalLimit, leastL1, leastL2 },
  /**
   * Rank of the initial connectivity and laziness of two-layer linear networks from small starts.
   * Liu et al. 2024 (arXiv:2310.08513).
   */
  connectivityRank: {
    /**
     * From weights and target to the alignments of kernel and representation at the end of training, and their means over tasks.
     */
    startCore,
    kernelAlignment,
    representationAlignment,
    meanKernelAlignment,
    meanRepresentationAlignment,
    relativeKernelChange,
    /** Starts of low rank that match the task. */
    unreadKernelAlignment,
    balancedKernelAlignment,
    bestKernelAlignment,
    leadingCosineSquare,
    /** Effective ranks of singular values (of a matrix: the participation ratio), and eigenvalues. */
    stableRank,
    entropyRank,
    participationRatio,
    matrixParticipationRatio,
    eigenvalues,
    spectralRadius,
  },
  /** Regimes of wide two-layer ReLU networks. Luo et al. 2021 (arXiv:2007.07497). */
  twoLayerRelu: { exponentsOf: reluExponentsOf, regimeOf: reluRegime, movementSlope },
} as const;
