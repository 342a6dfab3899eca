// How networks are trained: the options of a sweep's `training` object and the parameters that may differ per network.

import type { Parameter } from './parameter.ts';

/** Explicit Runge–Kutta pairs whose last stage is the first of the next step; one constant serves reference and kernels. */
export interface Tableau {
  /** Row s gives the weights of the earlier slopes at stage s+1; the last row is the step itself. */
  readonly stages: readonly (readonly number[])[];
  /** Weights of all slopes (the one at the new point included) in the local error; empty where the rule compares gradients. */
  readonly error: readonly number[];
  /** Order of the step. */
  readonly order: number;
}

export const TABLEAUX = {
  /** The rule of Geiger et al. 2020: explicit Euler, gradients before and after compared. */
  euler: { stages: [[1]], error: [], order: 1 },
  /** Bogacki and Shampine 1989, order 3(2). */
  'bogacki-shampine': {
    stages: [[1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
    error: [-5 / 72, 1 / 12, 1 / 9, -1 / 8],
    order: 3,
  },
  /** Dormand and Prince 1980, order 5(4). */
  'dormand-prince': {
    stages: [
      [1 / 5],
      [3 / 40, 9 / 40],
      [44 / 45, -56 / 15, 32 / 9],
      [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
      [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
      [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ],
    error: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
    order: 5,
  },
} as const satisfies Record<string, Tableau>;

export type Integrator = keyof typeof TABLEAUX;

/** When a network stops before `maxTime`. A network that meets any given rule has converged. */
export interface StopRules {
  /** Stop once the mean training loss is below this, dimensionless, > 0. */
  readonly loss?: number;
  /** Stop once every training sample has margin y·F ≥ 1. Geiger et al. 2020, section 2. */
  readonly margins?: boolean;
}

interface TrainingCommon {
  /** End of training in training time t, > 0. For descent t = steps × learning rate. */
  readonly maxTime: number;
  /** Most steps (for flow: attempts) a network may use. Defaults to 100 000. */
  readonly maxSteps: number;
  readonly stop: StopRules;
  /** Training times at which everything is measured, ascending, the last one `maxTime`; t = 0 is always measured too. */
  readonly checkpoints: readonly number[];
}

export const OPTIMISERS = ['momentum', 'adam'] as const;

export type Optimiser = (typeof OPTIMISERS)[number];

/** Kingma and Ba 2015. */
export interface Adam {
  /** β₁, 0 ≤ β₁ < 1. Defaults to 0.9. */
  readonly beta1: number;
  /** β₂, 0 ≤ β₂ < 1. Defaults to 0.999. */
  readonly beta2: number;
  /** ε > 0. Defaults to 1e-8. */
  readonly epsilon: number;
}

/**
 * Gradient descent with the step it was given. `momentum`: W ← W − η v, v ← μ v + g. `adam`: W ← W − η m̂/(√ŝ + ε), where m̂ and
 * ŝ are the running means of g and g², with decays β₁ and β₂, free of the bias of their zero start (Kingma and Ba 2015).
 */
export interface Descent extends TrainingCommon {
  readonly method: 'descent';
  /** Defaults to `momentum`. */
  readonly optimiser?: Optimiser;
  /** Momentum μ, 0 ≤ μ < 1. Defaults to 0. */
  readonly momentum: number;
  /** Options of `adam`; left out otherwise. */
  readonly adam?: Adam;
  /** Samples per step, drawn with replacement by (seed, step); 0 means the full batch. Defaults to 0. */
  readonly batchSize: number;
}

/** Gradient flow by an adaptive step of each network's own. Geiger et al. 2020, code; see `TABLEAUX`. */
export interface Flow extends TrainingCommon {
  readonly method: 'flow';
  /** Defaults to `euler`. */
  readonly integrator: Integrator;
  /**
   * Bound on the relative change of the gradient per step, ‖g−g'‖²/(‖g‖‖g'‖), for `euler`; on the local error relative to
   * the distance moved for the others. Infinity switches it off (`euler` with ReLU does so by default).
   * Defaults to 1e-2 and 1e-3.
   */
  readonly tolerance: number;
  /** Bound on max|ΔF| over training samples per step. Defaults to 0.3 for smooth activations, 0.1 for ReLU. */
  readonly outputTolerance: number;
}

export type Training = Descent | Flow;

/** Training numbers that may differ between networks of one batch. */
export const trainingParameters: readonly Parameter[] = [
  {
    id: 'learningRate',
    label: 'learning rate',
    symbol: 'η',
    description: 'Step of gradient descent in training time; ignored by gradient flow. Dimensionless.',
    source: 'Geiger et al. 2020, section 2',
    scope: 'network',
    kind: 'number',
    minimum: 0,
    exclusiveMinimum: true,
    maximum: 1e9,
    default: 0.1,
  },
  {
    id: 'learningRateRatio',
    label: 'output learning rate',
    symbol: 'η_u',
    description:
      'Factor on the rate of the output layer, in flow and descent; 0 freezes it. With a hidden learning rate of 1 it is the ratio of ' +
      'the two. Dimensionless.',
    source: 'Xu and Ziyin 2024, eq. 1',
    scope: 'network',
    kind: 'number',
    minimum: 0,
    maximum: 1e9,
    default: 1,
  },
  {
    id: 'hiddenRate',
    label: 'hidden learning rate',
    symbol: 'η_w',
    description: 'Factor on the rate of all layers below the output, in flow and descent; 0 freezes them. Dimensionless.',
    source: 'Xu and Ziyin 2024, eq. 1',
    scope: 'network',
    kind: 'number',
    minimum: 0,
    maximum: 1e9,
    default: 1,
  },
];
