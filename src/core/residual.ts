// How far a simulated value is from what a theory predicts of it: one measure per kind of observable. Compares
// two numbers, knows no film.

import type { Observable } from './observable.ts';

/**
 * `relative`: |ln s − ln t|, for observables on a logarithmic scale; for small ones |s − t|/t. `absolute`: |s − t|. `class`: 0 in
 * the same class, 1 in different ones.
 */
export const RESIDUAL_KINDS = ['absolute', 'relative', 'class'] as const;
export type ResidualKind = (typeof RESIDUAL_KINDS)[number];

/**
 * Share of the largest value that a network takes in its life below which values count as equal: losses and distances are squares
 * of errors, and of those steps and single precision leave up to some 1e-3.
 */
const RESOLVED = 1e-6;
/** Stands for zero where a theory says nothing else of a network: quotients with it stay finite. */
const LEAST = 1e-200;

export function residualKind(scale: Observable['scale']): ResidualKind {
  return scale === 'class' ? 'class' : scale === 'log' ? 'relative' : 'absolute';
}

/**
 * The value that smaller ones count as where relative residuals are taken. `largest`: most that the theory
 * says of this network, ≥ 0.
 */
export function leastResolved({ resolution = 0 }: Pick<Observable, 'resolution'>, largest: number): number {
  return Math.max(resolution, RESOLVED * largest, LEAST);
}

/**
 * How far `simulation` is from `theory`; `least` as `leastResolved` gives it, unused but by relative
 * residuals. NaN where either is NaN.
 */
export function residualOf(kind: ResidualKind, simulation: number, theory: number, least: number): number {
  const difference = Math.abs(simulation - theory);
  if (kind === 'class') return difference > 0 ? 1 : difference;
  if (kind === 'absolute' || difference === 0) return difference;
  const [one, other] = [Math.max(simulation, least), Math.max(theory, least)];
  return Math.log1p(Math.abs(one - other) / Math.min(one, other));
}
