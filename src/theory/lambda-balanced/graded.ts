// The exact solution at any time in one shot, for any width, rank and balance: the factor Q̃(T) with Q̃Q̃ᵀ = X(T).
// Knows no loss and no kernel: see measures.ts. Allocates only when a workspace is made.
//
//   X(T) = P e^{fT} q [I + qᵀ φ(f,T) q]⁻¹ qᵀ e^{fT} Pᵀ,  φ(f,T) = (e^{2fT} − 1)/2f,  q = PᵀQ(0)
//
// holds for any Q(0) with Q𝓑 = λQ, but its exponentials lose all digits once ωT is large: it serves early times. With
// γ = e^{fT}/√φ (bounded) and Y = √φ q it reads X = P γ Y(I + YᵀY)⁻¹Yᵀ γ Pᵀ. Elimination on q whose pivots are the largest
// entries of Y factors Y = L̂ D U with |L̂| ≤ 1, and then X = P γL̂u [d (ÛÛᵀ)⁻¹ d + u L̂ᵀL̂ u]⁻¹ (…)ᵀ, Û = U with unit rows,
// u = min(1, D), d = min(1, 1/D) with D the sizes of the pivot rows: every number stays of order one at any T.

import { choleskyInPlace, invertLowerInPlace } from '../../core/cholesky.ts';
import { type EigenSystem, fromEigen } from './eigen-system.ts';

/** ω T up to which the plain formula keeps all digits but one. */
const EARLY = 1;
/** Exponents beyond this go by logarithms, which costs one per row and pivot. */
const PLAIN_EXPONENT = 300;
/**
 * Share of the largest entry of q, times size and rounding, below which an entry is rounding: on a saddle (λ = 0) no growth
 * may make something of it.
 */
const ROUNDING = 16;
/** Products of rate and time below this are zero: growth is linear. */
const NO_GROWTH = 1e-200;

/** Buffers for one shape, reused over networks and times. Matrices have rows of `columns` numbers. */
export interface Workspace {
  /** inputDim + outputDim. */
  readonly size: number;
  readonly columns: number;
  /** The result: Q̃ in the task's frames, inputDim and outputDim rows. */
  readonly input: Float64Array;
  readonly output: Float64Array;
  /** Elimination in place, `size` rows: multipliers before a row's pivot, what is left of q from it on. */
  readonly rows: Float64Array;
  /** Û, then K = L̂u, then the result in the eigenvectors of F. */
  readonly upper: Float64Array;
  readonly graded: Float64Array;
  readonly inverse: Float64Array;
  readonly bracket: Float64Array;
  readonly eigen: Float64Array;
  /** Per eigenvalue: √φ over the common growth e^{|λ|T/2} (or its logarithm), and γ. */
  readonly scale: Float64Array;
  readonly gamma: Float64Array;
  /** Largest entry of what is left of a row, and its column. */
  readonly most: Float64Array;
  readonly mostColumn: Int32Array;
  /** Rows that are not pivots yet; the step at which a row became one. */
  readonly alive: Int32Array;
  readonly step: Int32Array;
  readonly pivotRow: Int32Array;
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
    upper: matrix(columns),
    graded: matrix(size),
    inverse: matrix(columns),
    bracket: matrix(columns),
    eigen: matrix(size),
    scale: new Float64Array(size),
    gamma: new Float64Array(size),
    most: new Float64Array(size),
    mostColumn: new Int32Array(size),
    alive: new Int32Array(size),
    step: new Int32Array(size),
    pivotRow: new Int32Array(columns),
    small: new Float64Array(columns),
    large: new Float64Array(columns),
  };
}

/** Q(0) in the eigenvectors of F, with what every elimination begins with. */
export interface EigenStart {
  /** (inputDim + outputDim, columns), see `toEigen`. */
  readonly rows: Float64Array;
  /** What counts as rounding. */
  readonly zero: number;
  /** Largest entry of every row and its column, −1 where none is above `zero`. */
  readonly most: Float64Array;
  readonly mostColumn: Int32Array;
}

export function eigenStart(rows: Float64Array, columns: number): EigenStart {
  const size = columns === 0 ? 0 : rows.length / columns;
  const largest = rows.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const zero = ROUNDING * size * Number.EPSILON * largest;
  const most = new Float64Array(size).fill(zero);
  const mostColumn = new Int32Array(size).fill(-1);
  for (let at = 0; at < rows.length; at++) {
    const row = Math.floor(at / columns);
    const entry = Math.abs(rows[at]);
    if (entry <= most[row]) continue;
    most[row] = entry;
    mostColumn[row] = at % columns;
  }
  return { rows, zero, most, mostColumn };
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
    if (plain) {
      const slow = Math.exp(gap[k] * time);
      gamma[modes + k] = common / (slow * root);
      scale[k] = slow * root;
      scale[modes + k] = common * root;
    } else {
      const log = Math.log(root);
      gamma[modes + k] = Math.exp(-growth) / root;
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

/** What early times take at once: the bracket I + qᵀφq, factored, and e^{fT} q L⁻ᵀ = γ √φ q L⁻ᵀ. Needs plain scales. */
function factorEarly(system: EigenSystem, q: Float64Array, time: number, work: Workspace): void {
  const { size, columns, bracket, scale, gamma, graded } = work;
  const common = Math.exp((Math.abs(system.balance) / 2) * time);
  for (let i = 0, base = 0; i < size; i++, base += columns) {
    const root = scale[i] * common;
    for (let a = 0; a < columns; a++) graded[base + a] = root * q[base + a];
  }
  for (let a = 0; a < columns; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? 1 : 0;
      for (let i = 0, at = 0; i < size; i++, at += columns) sum += graded[at + a] * graded[at + b];
      bracket[a * columns + b] = sum;
    }
  }
  choleskyInPlace(bracket, columns, columns);
  finish(columns, gamma, work);
}

/** Rows of the result: γ K L⁻ᵀ with L the factor of the bracket. */
function finish(rank: number, gamma: Float64Array, { size, columns, graded, bracket, eigen, small }: Workspace): void {
  for (let a = 0; a < rank; a++) small[a] = 1 / bracket[a * columns + a];
  for (let i = 0, base = 0; i < size; i++, base += columns) {
    const own = gamma[i];
    for (let a = 0, row = 0; a < rank; a++, row += columns) {
      let sum = own * graded[base + a];
      for (let b = 0; b < a; b++) sum -= eigen[base + b] * bracket[row + b];
      eigen[base + a] = sum * small[a];
    }
    for (let a = rank; a < columns; a++) eigen[base + a] = 0;
  }
}

/**
 * Elimination on q with pivots largest in √φ q; returns the rank. Entries below `start.zero` count as none. Columns are swapped
 * so that step k has its pivot in column k: hidden space may be permuted.
 */
function eliminate(start: EigenStart, plain: boolean, work: Workspace): number {
  const { size, columns, rows, scale, alive, step, pivotRow, most, mostColumn } = work;
  const { rows: q, zero } = start;
  for (let at = 0; at < q.length; at++) rows[at] = q[at];
  for (let i = 0; i < size; i++) {
    alive[i] = i;
    most[i] = start.most[i];
    mostColumn[i] = start.mostColumn[i];
  }
  let left = size;
  let rank = 0;
  for (; rank < columns; rank++) {
    let best = Number.NEGATIVE_INFINITY;
    let slot = -1;
    for (let a = 0; a < left; a++) {
      const row = alive[a];
      if (mostColumn[row] < 0) continue;
      const score = plain ? most[row] * scale[row] : Math.log(most[row]) + scale[row];
      if (score > best) {
        best = score;
        slot = a;
      }
    }
    if (slot < 0) break;
    const row = alive[slot];
    const column = mostColumn[row];
    left -= 1;
    alive[slot] = alive[left];
    pivotRow[rank] = row;
    step[row] = rank;
    if (column !== rank) {
      for (let i = 0, at = 0; i < size; i++, at += columns) {
        // Rows that are pivots already keep the multipliers left of their pivot, so both columns are still theirs to swap.
        const kept = rows[at + rank];
        rows[at + rank] = rows[at + column];
        rows[at + column] = kept;
      }
    }
    const base = row * columns;
    const inverse = 1 / rows[base + rank];
    for (let a = 0; a < left; a++) {
      const other = alive[a] * columns;
      // What is left of a row without entries is rounding, which no growth may make into something.
      const factor = mostColumn[alive[a]] < 0 ? 0 : rows[other + rank] * inverse;
      rows[other + rank] = factor;
      let own = zero;
      let at = -1;
      for (let j = rank + 1; j < columns; j++) {
        const entry = rows[other + j] - factor * rows[base + j];
        rows[other + j] = entry;
        const absolute = Math.abs(entry);
        if (absolute > own) {
          own = absolute;
          at = j;
        }
      }
      most[alive[a]] = own;
      mostColumn[alive[a]] = at;
    }
  }
  for (let a = 0; a < left; a++) step[alive[a]] = rank;
  return rank;
}

/** Pivot rows with unit length, and in `small` (u) and `large` (d) what their size in Y leaves on either side of 1. */
function normalise(system: EigenSystem, time: number, plain: boolean, rank: number, work: Workspace): void {
  const { columns, rows, upper, scale, pivotRow, small, large } = work;
  const half = (Math.abs(system.balance) / 2) * time;
  const common = plain ? Math.exp(half) : 0;
  for (let k = 0; k < rank; k++) {
    const base = pivotRow[k] * columns;
    let square = 0;
    for (let j = k; j < columns; j++) square += rows[base + j] * rows[base + j];
    const length = Math.sqrt(square);
    const reciprocal = 1 / length;
    for (let j = k; j < columns; j++) upper[k * columns + j] = rows[base + j] * reciprocal;
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

/**
 * Fills `inverse` with a triangle V, VᵀV = (ÛÛᵀ)⁻¹: upper from the square factor; true where it is lower, from the Gram matrix.
 */
function invertUpper(rank: number, { columns, upper, inverse }: Workspace): boolean {
  if (rank === columns) {
    for (let i = rank - 1; i >= 0; i--) {
      const row = i * columns;
      const reciprocal = 1 / upper[row + i];
      inverse[row + i] = reciprocal;
      for (let j = i + 1; j < rank; j++) {
        let sum = 0;
        for (let k = i + 1; k <= j; k++) sum += upper[row + k] * inverse[k * columns + j];
        inverse[row + j] = -reciprocal * sum;
      }
    }
    return false;
  }
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < columns; k++) sum += upper[i * columns + k] * upper[j * columns + k];
      inverse[i * columns + j] = sum;
    }
  }
  choleskyInPlace(inverse, rank, columns);
  invertLowerInPlace(inverse, rank, columns);
  return true;
}

/** K = L̂u from the multipliers: row i has entries up to its own step. */
function gradeMultipliers(rank: number, plain: boolean, work: Workspace): void {
  const { size, columns, rows, graded, scale, step, pivotRow, small } = work;
  for (let i = 0, base = 0; i < size; i++, base += columns) {
    const end = step[i];
    const own = scale[i];
    for (let k = 0; k < end; k++) {
      const factor = rows[base + k] * small[k];
      const other = scale[pivotRow[k]];
      graded[base + k] = factor === 0 ? 0 : factor * (plain ? own / other : Math.exp(own - other));
    }
    if (end < rank) graded[base + end] = small[end];
    for (let k = end + 1; k < rank; k++) graded[base + k] = 0;
  }
}

/** Fills the bracket d VᵀV d + KᵀK (lower triangle) and replaces it by its Cholesky factor. */
function factorBracket(rank: number, lower: boolean, work: Workspace): void {
  const { size, columns, graded, inverse, bracket, large, step } = work;
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      // V is triangular: rows that have entries in both columns.
      const first = lower ? a : 0;
      const end = lower ? rank : b + 1;
      for (let i = first, at = first * columns; i < end; i++, at += columns) sum += inverse[at + a] * inverse[at + b];
      bracket[a * columns + b] = sum * large[a] * large[b];
    }
  }
  for (let i = 0, base = 0; i < size; i++, base += columns) {
    const end = Math.min(step[i], rank - 1);
    for (let a = 0, row = 0; a <= end; a++, row += columns) {
      const own = graded[base + a];
      for (let b = 0; b <= a; b++) bracket[row + b] += own * graded[base + b];
    }
  }
  choleskyInPlace(bracket, rank, columns);
}

/**
 * Q̃(T) into `work.input` and `work.output`; returns the number of its columns that count. `time` is T = t/τ > 0.
 */
export function factorAt(system: EigenSystem, start: EigenStart, time: number, work: Workspace): number {
  const { columns, gamma } = work;
  const plain = fillScales(system, time, work);
  let rank = columns;
  if (system.modes > 0 && system.omega[0] * time <= EARLY) factorEarly(system, start.rows, time, work);
  else {
    rank = eliminate(start, plain, work);
    normalise(system, time, plain, rank, work);
    const lower = invertUpper(rank, work);
    gradeMultipliers(rank, plain, work);
    factorBracket(rank, lower, work);
    finish(rank, gamma, work);
  }
  fromEigen(system, work.eigen, work.input, work.output, columns);
  return rank;
}
