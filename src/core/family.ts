// The contract of a family: an architecture as data, a float64 model and a GPU program. Families live in shaders/families.

import type { Connectivity } from './connectivity/connectivity.ts';
import type { Domain, StructureDomain, Term } from './observable.ts';
import type { Parameter, Values } from './parameter.ts';
import type { ValuesTaken } from './parse-training.ts';
import type { Program } from './program.ts';
import type { RandomSource } from './random.ts';
import type { ImageShape, Sequence, TaskData } from './task.ts';
import type { Optimiser, Training } from './training.ts';

/** Initial weights that several networks may share. */
export interface Start {
  readonly seed: number;
  /** Distinguishes independent draws under one seed; 0 with common random numbers. */
  readonly draw: number;
  readonly values: Values;
  /** Flat weights in the order of `Model.layers`, taken as they are instead of a draw. */
  readonly weights?: Float64Array;
  /** The user's own connectivity, where `values` ask for it. */
  readonly connectivity?: Connectivity;
}

/** One network: a cell's values with one seed. */
export interface Network {
  /** Index of the cell in the sweep. */
  readonly cell: number;
  /** 0 … seeds−1 within its cell. */
  readonly member: number;
  /** Index into the batch's starts. */
  readonly start: number;
  readonly values: Values;
}

/** Networks of one compiled shape with their data: what a trainer takes. Seeds of one cell are neighbours. */
export interface Batch {
  /** Values of every parameter with scope `shape`. */
  readonly shape: Values;
  readonly data: TaskData;
  readonly training: Training;
  readonly starts: readonly Start[];
  readonly networks: readonly Network[];
  /** Networks per cell. */
  readonly seeds: number;
  /** Layers that do not move: `hidden` stands for all layers below the output. Left out: none. */
  readonly frozen?: readonly FrozenLayers[];
}

/** Layers that may be held fixed while the others train. */
export type FrozenLayers = 'hidden' | 'output';

/** Weights of one layer inside a flat vector. */
export interface LayerSlice {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** The layer as a row-major matrix: how many rows, and what one row and one column stand for. Left out: one row of weights. */
  readonly matrix?: { readonly rows: number; readonly row: string; readonly column: string };
}

/** A network at two points, as a model is asked about it when it is measured. */
export interface MeasuredPoint {
  /** Flat weights. */
  readonly now: Float64Array;
  readonly start: Float64Array;
  /** The cell's values. */
  readonly values: Values;
  readonly frozen: readonly FrozenLayers[];
  readonly data: TaskData;
}

/**
 * The float64 definition of a shape: plain code, flat weight vectors, no cleverness. Rows are samples, row-major.
 * `inputs` is (count, inputDim), outputs are (count, outputDim).
 */
export interface Model {
  readonly layers: readonly LayerSlice[];
  readonly parameterCount: number;
  readonly outputDim: number;
  /** Gain g of the equation of motion dW/dt = −g ∂(mean ℓ)/∂f; it makes the training time the paper's. */
  readonly gain: number;
  /** Initial weights of a start; `data` is the batch's, which structured starts look at. */
  draw(start: Start, data: TaskData): Float64Array;
  /** Network function f. */
  outputs(weights: Float64Array, inputs: Float64Array): Float64Array;
  /** Σ over samples and outputs of cotangent × ∂f/∂W; cotangent is (count, outputDim). */
  pullback(weights: Float64Array, inputs: Float64Array, cotangent: Float64Array): Float64Array;
  /** Tangent kernel over entries n = sample·outputDim + output: (n, n). */
  tangentKernel(weights: Float64Array, inputs: Float64Array): Float64Array;
  /** Last hidden activations, (count, width). */
  representation(weights: Float64Array, inputs: Float64Array): Float64Array;
  /** All hidden pre-activations, (count, all hidden units). */
  preactivations(weights: Float64Array, inputs: Float64Array): Float64Array;
  /**
   * Elements of a domain of core/observable that only the family can name, in the kernels' order. Left out by families that offer
   * none of them.
   */
  elements?(domain: StructureDomain, point: MeasuredPoint): readonly Readonly<Record<string, number>>[];
}

/** The model of a shape on these data. */
export function modelOn(
  family: Pick<Family, 'model'>,
  shape: Values,
  { inputDim, outputDim, sequence, image }: Pick<TaskData, 'inputDim' | 'outputDim' | 'sequence' | 'image'>,
): Model {
  return family.model(shape, inputDim, outputDim, sequence, image);
}

/** Limits that a program must respect. */
export interface DeviceLimits {
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxBufferSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  /** Lanes that run together on this adapter: 4 on a software adapter, 32 or 64 on GPUs. A hint for geometry, never a need. */
  readonly lanes: number;
  /** Lanes of a subgroup where the device has subgroups of one size and the feature is on; 0 otherwise. */
  readonly subgroupSize: number;
}

/** Options of stages that set weights anew. */
export type RenewalName = 'rebalance' | 'recut';

/** A network at the end of a stage whose weights are set anew. */
export interface EndedStage {
  /** Flat weights, all finite. */
  readonly weights: Float64Array;
  /** The cell's values. */
  readonly values: Values;
  readonly model: Model;
  /** Of this start and this stage alone. */
  readonly random: RandomSource;
}

/** A way to set weights anew between stages. */
export interface Renewal {
  /** Throws InputError at `where` unless weights of all values that a sweep takes can be set anew so. Left out: they can. */
  check?(taken: ValuesTaken, where: string): void;
  /** The weights with which a network goes on, and the values that tell how they begin. Leaves the given ones alone. */
  renew(ended: EndedStage): { readonly weights: Float64Array; readonly values: Values };
}

export interface Family {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly source: string;
  readonly parameters: readonly Parameter[];
  /** True where the family learns sequences: tasks with `Task.sequential`, and only those. */
  readonly sequential?: boolean;
  /** A training loss above this counts as diverged, dimensionless. Left out: only a loss that is not finite does. */
  readonly mostLoss?: number;
  /** Optimisers of descent that its kernels have. Left out: momentum alone. */
  readonly optimisers?: readonly Optimiser[];
  /** Throws InputError where the family cannot be trained in this way. Left out: every way is fine. */
  checkTraining?(training: Training): void;
  /**
   * Losses this family can be trained with are the shared ones of shaders/lib/losses. Throws InputError where
   * values contradict each other.
   */
  check(values: Values): void;
  model(shape: Values, inputDim: number, outputDim: number, sequence?: Sequence, image?: ImageShape): Model;
  /**
   * GPU programs for a batch, best guess first; all give the same numbers up to rounding. The engine times them once per
   * (shape, adapter) and keeps the fastest. `terms` are the sums to measure.
   */
  programs(batch: Batch, terms: readonly Term[], limits: DeviceLimits): readonly Program[];
  /**
   * True where no training path leads from these weights (flat, in the order of `Model.layers`) to the minimum of the loss, as an
   * exception of single seeds. Such networks have the outcome `obstructed` and enter no mean. Left out: never.
   */
  obstruction?(values: Values, weights: Float64Array, data: TaskData): boolean;
  /** What a stage of a sweep may do to networks of this family beyond changing their task. Left out: nothing. */
  readonly stageOptions?: readonly ('frozen' | 'head')[];
  /** How a stage may set weights of this family anew, by the option that asks for it. Left out: not at all. */
  readonly renewals?: Readonly<Partial<Record<RenewalName, Renewal>>>;
  /** Networks of one shape with different keys are trained apart, by kernels that suit them. Left out: all together. */
  form?(values: Values): string;
  /**
   * Throws InputError where networks of these values cannot see the task's inputs; `image` is what is known of them before they
   * are loaded, undefined where they are no images. Left out: any inputs will do.
   */
  checkImage?(values: Values, image: Partial<ImageShape> | undefined): void;
  /** The domains of core/observable that networks of a shape have: an observable that needs another one is refused. */
  domains(shape: Values): readonly Domain[];
  /** Number of elements of such a domain: what sums over it are divided by. */
  domainCount(domain: Domain, shape: Values, data: TaskData): number;
  /** Multiply-adds × 2 of one evaluation of loss and gradient of one network: the unit of work estimates. */
  flopsPerStep(
    shape: Values,
    data: Pick<TaskData, 'inputDim' | 'outputDim' | 'train' | 'sequence' | 'image'>,
    training?: Training,
  ): number;
}
