// The contract of a task: data and targets for training, testing and probing. Generators and readers live in src/tasks.

import type { Parameter, Values } from './parameter.ts';

/**
 * In place of a target: this output of this sample is not asked for. The squared error leaves it out, other losses know no such
 * thing; where targets are summed it counts as 0. A power of two that single precision holds, beyond all targets.
 */
export const UNASKED = 2 ** 126;

/** Whether some output of some sample is not asked for. */
export function leavesOut({ targets }: Pick<Samples, 'targets'>): boolean {
  return targets.includes(UNASKED);
}

/** Samples with their targets, row-major float64. */
export interface Samples {
  readonly count: number;
  /** (count, inputDim). */
  readonly inputs: Float64Array;
  /** (count, outputDim): ±1 or one-hot for classes (see `TaskData.classes`), real numbers for regression; UNASKED for none. */
  readonly targets: Float64Array;
}

/** Trials that a trainer makes afresh at every step: see core/trials. */
export interface FreshTrials {
  /** Name of the generator. */
  readonly kind: string;
  /** Time steps per 100 ms, an integer ≥ 1. */
  readonly multiplier: number;
}

/**
 * What makes samples into sequences (trials). A row of inputs is then (steps, channels) and a row of targets (steps, outputs),
 * both row-major: `inputDim` is steps · channels and `outputDim` steps · outputs.
 */
export interface Sequence {
  /** Time steps T. */
  readonly steps: number;
  /** Inputs per step. */
  readonly channels: number;
  /** Outputs per step. */
  readonly outputs: number;
  /** Weight of each step in the loss of a trial, (steps), sum 1; 0 where a step is masked. */
  readonly stepWeights: Float64Array;
  /** Step at which the answer is read: margins, errors and representations belong to it. 0 … steps − 1. */
  readonly decisionStep: number;
  /** Length of a step in units of the networks' time constant, dt/τ; 1: no memory from the leak. */
  readonly timeStep: number;
  /** Tangent kernels are measured on so many first probe samples. */
  readonly kernelTrials: number;
  /** Mini-batches of descent are made of new trials of this kind; left out: drawn from the training set. */
  readonly trials?: FreshTrials;
}

/** What makes a row of inputs into a square image: (channels, side, side), row-major. */
export interface ImageShape {
  /** Pixels per side. */
  readonly side: number;
  /** 1 for grey, 3 for colour. */
  readonly channels: number;
}

/** What one task gives to one shape. */
export interface TaskData {
  readonly inputDim: number;
  readonly outputDim: number;
  readonly train: Samples;
  readonly test: Samples;
  /** Fixed set on which kernels and representations are measured; disjoint from `train` unless its task says otherwise. */
  readonly probe: Samples;
  /**
   * Mean over the test set of ½‖y₁ − y‖², y₁ the test targets and y what this task's teacher says there: the test loss of a
   * network that has learned this task alone. For whitened inputs ½‖Σ₁ − Σ‖². Set for a stage whose test set is the first task's,
   * where this task has a `teacher`.
   */
  readonly taskDistance?: number;
  /** The linear map that made the targets before noise, (outputDim, inputDim); left out where there is none. */
  readonly teacher?: Float64Array;
  /**
   * What the leading features of an anisotropic teacher give alone, (outputDim, inputDim): the direction of
   * partially aligned starts.
   */
  readonly leadingTeacher?: Float64Array;
  /** What the probe samples are called, in their order; left out where they have no names. */
  readonly names?: readonly string[];
  /** Set where samples are sequences. */
  readonly sequence?: Sequence;
  /** Set where inputs are images. */
  readonly image?: ImageShape;
  /** One sentence that names the data: "MNIST parity, 10 whitened principal components". */
  readonly description: string;
}

/** A kind of task: one file in src/tasks. */
export interface Task {
  /** `kind` in a sweep's `task`. */
  readonly kind: string;
  readonly label: string;
  readonly description: string;
  readonly source: string;
  /**
   * Scalar options, all of scope `shape`; every one can be swept. `samples`, `testSamples`, `probeSamples` and
   * `dataSeed` are common to all tasks.
   */
  readonly parameters: readonly Parameter[];
  /** Ids of non-scalar options that this task also takes in its `task` object (arrays, class lists, addresses). */
  readonly settings?: readonly string[];
  /**
   * What is known of the images that these options give before anything is loaded; undefined where they give
   * none. Left out: never images.
   */
  imageOf?(values: Values): Partial<ImageShape> | undefined;
  /** True where samples are sequences: only families with `Family.sequential` learn them, and those learn nothing else. */
  readonly sequential?: boolean;
  /**
   * Makes the data. `values` holds every scalar option, `settings` the task object as parsed from JSON.
   * Throws InputError when the options ask for what the data cannot give (more samples than there are, say).
   */
  load(values: Values, settings: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<TaskData>;
}

/** Options that every task takes. */
export const taskParameters: readonly Parameter[] = [
  {
    id: 'samples',
    label: 'training samples',
    symbol: 'P',
    description: 'Number of training samples, dimensionless.',
    source: 'Geiger et al. 2020, section 2',
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 65536,
    default: 128,
  },
  {
    id: 'testSamples',
    label: 'test samples',
    symbol: 'P_test',
    description: 'Number of test samples, dimensionless.',
    source: 'Geiger et al. 2020, section 2',
    scope: 'shape',
    kind: 'integer',
    minimum: 1,
    maximum: 65536,
    default: 1000,
  },
  {
    id: 'probeSamples',
    label: 'probe samples',
    symbol: 'm',
    description: 'Number of samples on which tangent kernel and representation are measured, dimensionless.',
    source: 'Geiger et al. 2020, section 3',
    scope: 'shape',
    kind: 'integer',
    minimum: 2,
    maximum: 256,
    default: 64,
  },
  {
    id: 'dataSeed',
    label: 'data seed',
    symbol: 'seed_D',
    description: 'Seed of the draw of samples; independent of the seeds of the networks.',
    source: 'phase-atlas',
    scope: 'shape',
    kind: 'integer',
    minimum: 0,
    maximum: 4294967295,
    default: 0,
  },
];
