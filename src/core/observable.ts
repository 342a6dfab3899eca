// The contract of an observable: sums over one domain, written twice (WGSL and float64), and one finishing formula.
// Kernels reduce the sums (or maxima) in a fixed order and read back only them; `finish` runs in float64 for both trainers.

import type { Values } from './parameter.ts';

/**
 * Where a term is summed, and the variables its expression sees (same names in WGSL and TypeScript):
 * - `train`, `test` — per sample: `loss`, `margin` (y·F for one output; F_true − max F_other for several),
 *   `square` (Σ_c F_c²), `product` (Σ_c y_c F_c). F is the predictor, not f.
 * - `ensemble` — per test sample, over the seeds of a cell: `margin` of the mean predictor, `variance` (Σ_c unbiased variance of F_c).
 * - `kernel` — per ordered pair (n, n') of probe entries n = (sample, output): `now`, `start` (tangent kernels Θ_t, Θ_0, all layers),
 *   `targets` (y_n y_n'), `diagonal` (1 where n = n').
 * - `kernelRows` — per n: `now`, `start`: row sums of the two kernels.
 * - `representation`, `representationRows` — the same for the Gram matrix of the last hidden layer over probe samples.
 * - `centredRepresentation` — per ordered pair of probe samples: `now`, `start`: entries of that matrix after double centring, made from
 *   activities whose mean over the samples has been taken off first.
 * - `weights` — per trained weight, summed layer by layer: `now`, `start`.
 * - `kernelAll`, `kernelDecision` — as `kernel`, for networks of sequences, whose `kernel` is that of the recurrent weights alone on all
 *   steps that have a weight in the loss: the kernel of all weights on these steps; that of the recurrent weights at the decision step.
 * - `spectrum` — per singular value of the recurrent weights, in no order: `now`, `start` (unrelated to each other).
 * - `gates` — per (probe sample, hidden unit), all hidden layers: `now`, `start`: pre-activations.
 * - `outputGram` — per ordered pair of outputs: `now`, `start`: entries of W Wᵀ, W the stored output matrix without its bias.
 * - `balance` — per hidden layer l and ordered pair of its units: `now`, `start`: entries of W_{l+1}ᵀW_{l+1}/r_{l+1} − W_lW_lᵀ/r_l,
 *   W the stored matrices, r their rates (`incomingRate` below); `diagonal` (1 where both are one unit). A layer that does not move
 *   (r = 0) counts as none. The bias counts as an input of W_l and is no unit of W_{l+1}.
 * - `hiddenUnits` — per unit i of a single hidden layer: `incoming` (w_i·n̂, n̂ of core/target-direction), `outgoing` (weight u_i to the
 *   first output), `incomingStart`, `outgoingStart`; and, the same for all units: `incomingRate`, `outgoingRate` (what the motion of
 *   that layer is multiplied by: rates, exponents of width, and α where the motion is plain) and `fitted` (the Σ_i u_i w_i·n̂ at which a
 *   linear network with F = αf fits the training set along n̂: φ* over γ).
 * - `map` — per (output, input) of networks that are linear in x: `now`, `start`: entries of the matrix of F (not of f);
 *   `teacher`: `TaskData.teacher`, NaN sums where the task has none.
 *
 * Weights are the stored ones, without the factors s_l that a parametrisation puts before them. So conserved quantities
 * and ratios hold as they are: ∂f/∂W_l carries s_l once, hence W_{l+1}ᵀẆ_{l+1}/r_{l+1} = Ẇ_lW_lᵀ/r_l for a linear network
 * in every parametrisation.
 */
export type Domain =
  | 'train'
  | 'test'
  | 'ensemble'
  | 'kernel'
  | 'kernelRows'
  | 'kernelAll'
  | 'kernelDecision'
  | 'representation'
  | 'representationRows'
  | 'centredRepresentation'
  | 'weights'
  | 'spectrum'
  | 'gates'
  | 'outputGram'
  | 'balance'
  | 'hiddenUnits'
  | 'map';

/** Domains whose elements only the family can name: see `Model.elements`. */
export type StructureDomain = Extract<
  Domain,
  'kernelAll' | 'kernelDecision' | 'centredRepresentation' | 'spectrum' | 'outputGram' | 'balance' | 'hiddenUnits' | 'map'
>;

/** The variables of every domain. */
export const DOMAIN_VARIABLES = {
  train: ['loss', 'margin', 'square', 'product'],
  test: ['loss', 'margin', 'square', 'product'],
  ensemble: ['margin', 'variance'],
  kernel: ['now', 'start', 'targets', 'diagonal'],
  kernelRows: ['now', 'start'],
  kernelAll: ['now', 'start'],
  kernelDecision: ['now', 'start'],
  representation: ['now', 'start'],
  representationRows: ['now', 'start'],
  centredRepresentation: ['now', 'start'],
  weights: ['now', 'start'],
  spectrum: ['now', 'start'],
  gates: ['now', 'start'],
  outputGram: ['now', 'start'],
  balance: ['now', 'start', 'diagonal'],
  hiddenUnits: ['incoming', 'outgoing', 'incomingStart', 'outgoingStart', 'incomingRate', 'outgoingRate', 'fitted'],
  map: ['now', 'start', 'teacher'],
} as const satisfies Record<Domain, readonly string[]>;

/**
 * Variables that WGSL expressions may also read where a domain has both that they are the difference of, in this order. Kernels
 * that train in differences from the start hand them over without cancellation; in float64 the subtraction itself is good enough.
 */
export const DERIVED_VARIABLES = [
  { name: 'change', of: ['now', 'start'] },
  { name: 'incomingChange', of: ['incoming', 'incomingStart'] },
  { name: 'outgoingChange', of: ['outgoing', 'outgoingStart'] },
] as const;

/** What a network must have for a domain, as the end of a sentence that begins "it needs". */
export const DOMAIN_NEEDS: Readonly<Record<Domain, string>> = {
  train: 'training samples',
  test: 'test samples',
  ensemble: 'outputs on test samples',
  kernel: 'a tangent kernel',
  kernelRows: 'a tangent kernel',
  kernelAll: 'recurrent weights',
  kernelDecision: 'recurrent weights',
  representation: 'a hidden layer',
  representationRows: 'a hidden layer',
  centredRepresentation: 'a hidden layer that is centred before it is summed',
  weights: 'weights',
  spectrum: 'recurrent weights',
  gates: 'hidden units with pre-activations',
  outputGram: 'an output matrix',
  balance: 'hidden layers between weight matrices',
  hiddenUnits: 'exactly one hidden layer',
  map: 'a network that is linear in its input',
};

/** One summand. Terms with the same id are the same sum and are computed once. */
export interface Term {
  readonly id: string;
  readonly domain: Domain;
  /** WGSL expression of type f32 in the domain's variables, and DERIVED_VARIABLES. */
  readonly wgsl: string;
  /** The same in float64. */
  readonly measure: (element: Readonly<Record<string, number>>) => number;
  /** How elements come together; `max` is their largest value. Defaults to `sum`. */
  readonly reduce?: 'sum' | 'max';
}

/** What `finish` sees: sums by term id and the number of elements of each domain. */
export interface Sums {
  /** Sum (or maximum) of a term over its domain; for `weights` terms over all layers. */
  of(term: Term): number;
  /**
   * The same of a `weights` term over layer `layer`: 1 … depth + 1 from the input, or −1, −2, … from the output;
   * NaN where there is no such layer.
   */
  ofLayer(term: Term, layer: number): number;
  /** Number of elements in a domain (pairs for `kernel`, samples for `test`, …). */
  count(domain: Domain): number;
  /** The cell's parameters. */
  readonly values: Values;
  /** Samples on which kernels are measured. */
  readonly probeSamples: number;
  /** `TaskData.taskDistance` of the present stage; NaN where there is none. */
  readonly taskDistance: number;
  /** Where the network's training stands; NaN throughout for observables per cell. */
  readonly progress: Standing;
}

/** What an observable may read of the step state: see core/stepping. */
export interface Standing {
  /** Training time. */
  readonly time: number;
  /** Mean training loss at the accepted point. */
  readonly loss: number;
  /** Training samples with margin below 1. */
  readonly unmet: number;
  /** First time with half the initial loss; 0 until then. */
  readonly halvingTime: number;
}

/** One value of an observable of classes. */
export interface ObservableClass {
  /** Lower-case words: "kernel". */
  readonly label: string;
}

export interface Observable {
  readonly id: string;
  /** Lower-case words: `relative kernel change`. */
  readonly label: string;
  /** Symbol, plain Unicode: `‖ΔΘ‖/‖Θ₀‖`. */
  readonly symbol: string;
  readonly description: string;
  readonly source: string;
  /** Unit or `dimensionless`. */
  readonly unit: string;
  /** Range of possible values, for colour scales and axis limits. */
  readonly range: readonly [number, number];
  /**
   * How it is drawn and averaged: `log` observables are averaged geometrically over seeds. `class`: values are indices into
   * `classes`, and a cell has the class of most of its seeds.
   */
  readonly scale: 'linear' | 'log' | 'class';
  /** For `class`: what its values 0, 1, … mean. */
  readonly classes?: readonly ObservableClass[];
  /** Values below this are rounding: relative residuals take smaller ones for it. Defaults to 0. */
  readonly resolution?: number;
  /**
   * What it tells: an order parameter between lazy and rich (diverging map about `threshold`),
   * or a quantity to be small or large.
   */
  readonly role: 'order' | 'error' | 'quantity';
  /** The conventional boundary between lazy and rich, for `order`. */
  readonly threshold?: number;
  /** For `order`: which side of the threshold is rich. */
  readonly richSide?: 'above' | 'below';
  /** `network`: one number per network. `cell`: one per cell, over its seeds. */
  readonly per: 'network' | 'cell';
  readonly terms: readonly Term[];
  finish(sums: Sums): number;
  /** The same number from sums that cancel less, for networks that have their domains. Left out: there are none. */
  readonly sharper?: Pick<Observable, 'terms' | 'finish'>;
}

/** The observable as it is best measured where `offered` are the domains. */
export function sharpest(observable: Observable, offered: readonly Domain[]): Observable {
  const { sharper, ...plain } = observable;
  return sharper?.terms.every(({ domain }) => offered.includes(domain)) === true ? { ...plain, ...sharper } : observable;
}
