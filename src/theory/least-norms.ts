// Interpolating solutions of least norm: what kernel regression (L2) and basis pursuit (L1) find. Trains nothing.

import { InputError } from '../core/errors.ts';
import { solveDefinite } from './definite.ts';
import type { Interpolation } from './diagonal-limit.ts';

const WHERE = 'least norms';
/** |Xᵀr| as a share of its start at which a solution counts as interpolating. */
const PRECISION = 1e-13;

function column({ inputs, targets }: Interpolation, inputDim: number, index: number): Float64Array {
  return Float64Array.from(targets, (_, p) => inputs[p * inputDim + index]);
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** argmin |β|₂ s.t. Xβ = y, (inputDim): Xᵀ(XXᵀ)⁻¹y. Throws InputError where samples are linearly dependent. */
export function leastL2({ inputs, targets }: Interpolation): Float64Array {
  const count = targets.length;
  const inputDim = inputs.length / count;
  const gram = new Float64Array(count * count);
  for (let p = 0; p < count; p++) {
    for (let q = 0; q < count; q++) {
      for (let i = 0; i < inputDim; i++) gram[p * count + q] += inputs[p * inputDim + i] * inputs[q * inputDim + i];
    }
  }
  const dual = solveDefinite(gram, count, targets);
  if (dual === null) throw new InputError(WHERE, 'expected linearly independent samples, got dependent ones');
  const beta = new Float64Array(inputDim);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < inputDim; i++) beta[i] += dual[p] * inputs[p * inputDim + i];
  }
  return beta;
}

/**
 * argmin |β|₁ s.t. Xβ = y, (inputDim), by the homotopy of Osborne, Presnell and Turlach 2000: the lasso's path from β = 0 down to
 * no penalty, piecewise linear. For inputs in general position. Throws InputError where nothing interpolates.
 */
export function leastL1(problem: Interpolation): Float64Array {
  const { inputs, targets } = problem;
  const count = targets.length;
  const inputDim = inputs.length / count;
  const columns = Array.from({ length: inputDim }, (_, i) => column(problem, inputDim, i));
  const beta = new Float64Array(inputDim);
  const correlations = Float64Array.from(columns, (own) => dot(own, targets));
  let penalty = correlations.reduce((most, c) => Math.max(most, Math.abs(c)), 0);
  const end = PRECISION * penalty;
  let active = penalty > 0 ? [correlations.findIndex((c) => Math.abs(c) === penalty)] : [];
  let dropped = -1;
  for (let event = 0; penalty > end; event++) {
    if (event > 50 * (count + 1))
      throw new InputError(WHERE, 'expected inputs in general position, got a path that does not end');
    const size = active.length;
    const gram = Float64Array.from({ length: size * size }, (_, n) =>
      dot(columns[active[Math.floor(n / size)]], columns[active[n % size]]),
    );
    const signs = Float64Array.from(active, (i) => Math.sign(correlations[i]));
    const direction = solveDefinite(gram, size, signs);
    if (direction === null) throw new InputError(WHERE, 'expected targets that some β interpolates, got others');
    const move = new Float64Array(count);
    for (let n = 0; n < size; n++) for (let p = 0; p < count; p++) move[p] += direction[n] * columns[active[n]][p];
    let step = penalty;
    let joins = -1;
    let leaves = -1;
    const slopes = Float64Array.from(columns, (own) => dot(own, move));
    // As many active columns as samples interpolate at no penalty: all correlations fall together, and none joins.
    for (let i = 0; i < inputDim && size < count; i++) {
      if (active.includes(i) || i === dropped) continue;
      for (const sign of [1, -1]) {
        const closing = 1 - sign * slopes[i];
        const own = (penalty - sign * correlations[i]) / closing;
        if (closing > 1e-12 && own >= 0 && own < step) [step, joins] = [own, i];
      }
    }
    for (let n = 0; n < size; n++) {
      const own = -beta[active[n]] / direction[n];
      if (own > 0 && own < step) [step, joins, leaves] = [own, -1, n];
    }
    for (let n = 0; n < size; n++) beta[active[n]] += step * direction[n];
    for (let i = 0; i < inputDim; i++) correlations[i] -= step * slopes[i];
    penalty -= step;
    dropped = -1;
    if (leaves >= 0) {
      dropped = active[leaves];
      beta[dropped] = 0;
      active = active.filter((i) => i !== dropped);
    } else if (joins >= 0) {
      active = [...active, joins];
    } else {
      break;
    }
  }
  return beta;
}
