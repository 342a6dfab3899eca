// The contract of an observable: sums over one domain, written twice (WGSL and float64), and one finishing formula.
// Kernels reduce the sums in a fixed order and read back only them; `finish` runs in float64 for both trainers.

import type { Values } from './parameter.ts';

/**
 * Where a term is summed, and the variables its expression sees (same names in WGSL and TypeScript):
 * - `train`, `test` — per sample: `loss`, `margin` (y·F for one output; F_true − max F_other for several),
 *   `square` (Σ_c F_c²). F is the predictor, not f.
 * - `ensemble` — per test sample, over the seeds of a cell: `margin` of the mean predictor, `variance` (Σ_c unbiased variance of F_c).
 * - `kernel` — per ordered pair (n, n') of probe entries n = (sample, output): `now`, `start` (tangent kernels Θ_t, Θ_0, all layers),
 *   `targets` (y_n y_n'), `diagonal` (1 where n = n').
 * - `kernelRows` — per n: `now`, `start`: row sums of the two kernels.
 * - `representation`, `representationRows` — the same for the Gram matrix of the last hidden layer over probe samples.
 * - `weights` — per trained weight, summed layer by layer: `now`, `start`.
 * - `gates` — per (probe sample, hidden unit), all hidden layers: `now`, `start`: pre-activations.
 */
export type Domain =
  | 'train'
  | 'test'
  | 'ensemble'
  | 'kernel'
  | 'kernelRows'
  | 'representation'
  | 'representationRows'
  | 'weights'
  | 'gates';

/** The variables of every domain. */
export const DOMAIN_VARIABLES = {
  train: ['loss', 'margin', 'square'],
  test: ['loss', 'margin', 'square'],
  ensemble: ['margin', 'variance'],
  kernel: ['now', 'start', 'targets', 'diagonal'],
  kernelRows: ['now', 'start'],
  representation: ['now', 'start'],
  representationRows: ['now', 'start'],
  weights: ['now', 'start'],
  gates: ['now', 'start'],
} as const satisfies Record<Domain, readonly string[]>;

/** One summand. Terms with the same id are the same sum and are computed once. */
export interface Term {
  readonly id: string;
  readonly domain: Domain;
  /** WGSL expression of type f32 in the domain's variables. */
  readonly wgsl: string;
  /** The same in float64. */
  readonly measure: (element: Readonly<Record<string, number>>) => number;
}

/** What `finish` sees: sums by term id and the number of elements of each domain. */
export interface Sums {
  /** Sum of a term over its domain; for `weights` terms over all layers. */
  of(term: Term): number;
  /** Sum of a `weights` term over layer `layer` (1 … depth + 1); NaN where there is no such layer. */
  ofLayer(term: Term, layer: number): number;
  /** Number of elements in a domain (pairs for `kernel`, samples for `test`, …). */
  count(domain: Domain): number;
  /** The cell's parameters. */
  readonly values: Values;
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
  /** How it is drawn and averaged: `log` observables are averaged geometrically over seeds. */
  readonly scale: 'linear' | 'log';
  /** What it tells: an order parameter between lazy and rich (diverging map about `threshold`), or a quantity to be small or large. */
  readonly role: 'order' | 'error' | 'quantity';
  /** The conventional boundary between lazy and rich, for `order`. */
  readonly threshold?: number;
  /** For `order`: which side of the threshold is rich. */
  readonly richSide?: 'above' | 'below';
  /** `network`: one number per network. `cell`: one per cell, over its seeds. */
  readonly per: 'network' | 'cell';
  readonly terms: readonly Term[];
  finish(sums: Sums): number;
}
