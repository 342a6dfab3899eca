// The exact solution at any time in one shot, for any width, rank and balance: the factor Q̃(T) with Q̃Q̃ᵀ = X(T).
// Knows no loss and no kernel: see measures.ts. Allocates only when a workspace is made.
//
//   X(T) = P e^{fT} q [I + qᵀ φ(f,T) q]⁻¹ qᵀ e^{fT} Pᵀ,  φ(f,T) = (e^{2fT} − 1)/2f,  q = PᵀQ(0)
//
// holds for any Q(0) with Q𝓑 = λQ, but its exponentials lose all digits once ωT is large. With γ = e^{fT}/√φ (bounded) and
// Y = √φ q it reads X = P γ Y(I + YᵀY)⁻¹Yᵀ γ Pᵀ. Elimination on q whose pivots are the largest entries of Y factors Y = L̂ D U with
// |L̂| ≤ 1, and then X = P γL̂u [d (ÛÛᵀ)⁻¹ d + u L̂ᵀL̂ u]⁻¹ (…)ᵀ, Û = U with unit rows, u = min(1, D), d = min(1, 1/D) with D
// the sizes of the pivot rows: every number stays of order one at any T, and scales enter as ratios of exponentials only.

import { choleskyInPlace, invertLowerInPlace } from '../../core/cholesky.ts';
import { type EigenSystem, fromEigen } from './eigen-system.ts';

/** Exponents beyond this go by logarithms, which costs one per row and pivot. */
const PLAIN_EXPONENT = 300;
/** Products of rate and time below this are zero: growth is linear. */
const NO_GROWTH = 1e-200;

/** Buffers for one shape, reused over networks and times. */
export interface Workspace {
  readonly size: number;
  readonly columns: number;
  /** The result: Q̃ in the task's frames, (inputDim, columns) and (outputDim, columns), only the first `rank` columns of a row valid. */
  readonly input: Float64Array;
  readonly output: Float64Array;
  readonly rows: Float64Array;
  readonly multipliers: Float64Array;
  readonly upper: Float64Array;
  readonly inverse: Float64Array;
  readonly bracket: Float64Array;
  readonly eigen: Float64Array;
  /** Per eigenvalue: √φ over the common growth e^{|λ|T/2} (or its logarithm), and γ. */
  readonly scale: Float64Array;
  readonly gamma: Float64Array;
  readonly alive: Int32Array;
  readonly pivotRow: Int32Array;
  readonly pivotColumn: Int32Array;
  readonly small: Float64Array;
  readonly large: Float64Array;
}

/** `columns` = min(width, inputDim + outputDim). */
export function createWorkspace(inputDim: number, outputDim: number, columns: number): Workspace {
  const size = inputDim + outputDim;
  const matrix = (rows: number) => new Float64Array(rows * columns);
  return {
    size,
    columns,
    input: matrix(inputDim),
    output: matrix(outputDim),
    rows: matrix(size),
    multipliers: matrix(size),
    upper: matrix(columns),
    inverse: matrix(columns),
    bracket: matrix(columns),
    eigen: matrix(size),
    scale: new Float64Array(size),
    gamma: new Float64Array(size),
    alive: new Int32Array(size),
    pivotRow: new Int32Array(columns),
    pivotColumn: new Int32Array(columns),
    small: new Float64Array(columns),
    large: new Float64Array(columns),
  };
}

/** Fills √φ and γ of every eigenvalue; true where the scales are plain numbers, false where they are logarithms. */
function fillScales(system: EigenSystem, time: number, { scale, gamma }: Workspace): boolean {
  const { modes, omega, gap, extra, extraExponent, balance } = system;
  const half = (Math.abs(balance) / 2) * time;
  const plain = modes === 0 || omega[0] * time < PLAIN_EXPONENT;
  const common = plain ? Math.exp(-half) : half;
  for (let k = 0; k < modes; k++) {
    const growth = omega[k] * time;
    // φ(−ω, T); φ(ω, T) is e^{2ωT} times it.
    const root = Math.sqrt(growth < NO_GROWTH ? time : -Math.expm1(-2 * growth) / (2 * omega[k]));
    gamma[k] = 1 / root;
    gamma[modes + k] = Math.exp(-growth) / root;
    if (plain) {
      scale[k] = Math.exp(gap[k] * time) * root;
      scale[modes + k] = common * root;
    } else {
      const log = Math.log(root);
      scale[k] = gap[k] * time + log;
      scale[modes + k] = log - common;
    }
  }
  if (extra > 0) {
    const rate = Math.abs(extraExponent);
    const growth = rate * time;
    const root = Math.sqrt(growth < NO_GROWTH ? time : -Math.expm1(-2 * growth) / (2 * rate));
    const grows = extraExponent > 0;
    const own = plain ? (grows ? root : common * root) : Math.log(root) - (grows ? 0 : common);
    const bounded = (grows ? 1 : Math.exp(-growth)) / root;
    scale.fill(own, 2 * modes);
    gamma.fill(bounded, 2 * modes);
  }
  return plain;
}

/** Elimination on q with pivots largest in √φ q; returns the rank. Entries below `zero` count as none. */
function eliminate(q: Float64Array, zero: number, plain: boolean, work: Workspace): number {
  const { size, columns, rows, multipliers, upper, scale, alive, pivotRow, pivotColumn } = work;
  rows.set(q);
  multipliers.fill(0);
  for (let i = 0; i < size; i++) alive[i] = i;
  let left = size;
  for (let rank = 0; rank < columns; rank++) {
    let best = Number.NEGATIVE_INFINITY;
    let slot = -1;
    let column = -1;
    for (let a = 0; a < left; a++) {
      const base = alive[a] * columns;
      let most = zero;
      let at = -1;
      for (let j = 0; j < columns; j++) {
        const entry = Math.abs(rows[base + j]);
        if (entry > most) {
          most = entry;
          at = j;
        }
      }
      if (at < 0) continue;
      const score = plain ? most * scale[alive[a]] : Math.log(most) + scale[alive[a]];
      if (score > best) {
        best = score;
        slot = a;
        column = at;
      }
    }
    if (slot < 0) return rank;
    const row = alive[slot];
    left -= 1;
    alive[slot] = alive[left];
    pivotRow[rank] = row;
    pivotColumn[rank] = column;
    multipliers[row * columns + rank] = 1;
    const base = row * columns;
    const inverse = 1 / rows[base + column];
    for (let j = 0; j < columns; j++) upper[rank * columns + j] = rows[base + j];
    for (let a = 0; a < left; a++) {
      const other = alive[a] * columns;
      const factor = rows[other + column] * inverse;
      if (factor === 0) continue;
      multipliers[other + rank] = factor;
      for (let j = 0; j < columns; j++) rows[other + j] -= factor * rows[base + j];
      rows[other + column] = 0;
    }
  }
  return columns;
}

/** Gives every pivot row unit length and fills `small` (u) and `large` (d) with what its size in Y leaves on either side of 1. */
function normalise(system: EigenSystem, time: number, plain: boolean, rank: number, work: Workspace): void {
  const { columns, upper, scale, pivotRow, small, large } = work;
  const half = (Math.abs(system.balance) / 2) * time;
  const common = plain ? Math.exp(half) : 0;
  for (let k = 0; k < rank; k++) {
    let square = 0;
    for (let j = 0; j < columns; j++) square += upper[k * columns + j] ** 2;
    const length = Math.sqrt(square);
    for (let j = 0; j < columns; j++) upper[k * columns + j] /= length;
    const own = scale[pivotRow[k]];
    if (plain) {
      const size = length * own * common;
      small[k] = Math.min(size, 1);
      large[k] = 1 / Math.max(size, 1);
    } else {
      const log = Math.log(length) + own + half;
      small[k] = Math.exp(Math.min(log, 0));
      large[k] = Math.exp(-Math.max(log, 0));
    }
  }
}

/** Fills `inverse` with a triangle V, VᵀV = (ÛÛᵀ)⁻¹: upper from the square factor; true where it is lower, from the Gram matrix. */
function invertUpper(rank: number, { columns, upper, inverse, pivotColumn }: Workspace): boolean {
  if (rank === columns) {
    for (let i = rank - 1; i >= 0; i--) {
      const reciprocal = 1 / upper[i * columns + pivotColumn[i]];
      inverse[i * columns + i] = reciprocal;
      for (let j = i + 1; j < rank; j++) {
        let sum = 0;
        for (let k = i + 1; k <= j; k++) sum += upper[i * columns + pivotColumn[k]] * inverse[k * columns + j];
        inverse[i * columns + j] = -reciprocal * sum;
      }
    }
    return false;
  }
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += upper[i * columns + k] * upper[j * columns + k];
      inverse[i * columns + j] = sum;
    }
  }
  choleskyInPlace(inverse, rank, columns);
  invertLowerInPlace(inverse, rank, columns);
  return true;
}

/** Multipliers become K = L̂u. */
function gradeMultipliers(rank: number, plain: boolean, work: Workspace): void {
  const { size, columns, multipliers, scale, pivotRow, small } = work;
  for (let k = 0; k < rank; k++) {
    const pivot = pivotRow[k];
    const own = scale[pivot];
    const reciprocal = small[k] / own;
    for (let i = 0; i < size; i++) {
      const at = i * columns + k;
      if (i === pivot) multipliers[at] = small[k];
      else if (multipliers[at] !== 0) multipliers[at] *= plain ? scale[i] * reciprocal : Math.exp(scale[i] - own) * small[k];
    }
  }
}

/** Fills the bracket d VᵀV d + KᵀK (lower triangle) and replaces it by its Cholesky factor. */
function factorBracket(rank: number, lower: boolean, work: Workspace): void {
  const { size, columns, multipliers, inverse, bracket, large } = work;
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      // V is triangular: rows that have entries in both columns.
      const first = lower ? a : 0;
      const end = lower ? rank : b + 1;
      for (let i = first; i < end; i++) sum += inverse[i * columns + a] * inverse[i * columns + b];
      sum *= large[a] * large[b];
      for (let i = 0, at = 0; i < size; i++, at += columns) sum += multipliers[at + a] * multipliers[at + b];
      bracket[a * columns + b] = sum;
    }
  }
  choleskyInPlace(bracket, rank, columns);
}

/**
 * Q̃(T) into `work.input` and `work.output`; returns the number of its columns that count. `q` is (inputDim + outputDim, columns)
 * in the eigenvectors of F (`toEigen`), `largest` its largest entry. `time` is T = t/τ > 0.
 */
export function factorAt(system: EigenSystem, q: Float64Array, largest: number, time: number, work: Workspace): number {
  const { size, columns, multipliers, bracket, eigen, gamma } = work;
  const plain = fillScales(system, time, work);
  const rank = eliminate(q, 4 * size * Number.EPSILON * largest, plain, work);
  normalise(system, time, plain, rank, work);
  const lower = invertUpper(rank, work);
  gradeMultipliers(rank, plain, work);
  factorBracket(rank, lower, work);
  for (let i = 0; i < size; i++) {
    const base = i * columns;
    const own = gamma[i];
    for (let a = 0; a < rank; a++) {
      let sum = own * multipliers[base + a];
      for (let b = 0; b < a; b++) sum -= eigen[base + b] * bracket[a * columns + b];
      eigen[base + a] = sum / bracket[a * columns + a];
    }
    for (let a = rank; a < columns; a++) eigen[base + a] = 0;
  }
  fromEigen(system, eigen, work.input, work.output, columns);
  return rank;
}
