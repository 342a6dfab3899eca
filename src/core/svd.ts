// Singular value decomposition of small dense matrices in float64, by one-sided Jacobi rotations. No dependency, no pivoting.

import { columnsOf, completeFrame } from './orthonormal.ts';

/** Sweeps of the Jacobi method; eight or so suffice for any matrix of moderate size. */
const MAX_SWEEPS = 60;
/** Cosine of the angle below which two rows of length n count as orthogonal, over √n: the rounding of a dot product. */
const ORTHOGONAL = 2 * Number.EPSILON;

/** M = left · diag(values) · rightᵀ with full orthogonal frames. */
export interface Svd {
  readonly rows: number;
  readonly columns: number;
  /**
   * Orthogonal (rows, rows), row-major; column k is the left singular vector of value k, columns beyond the
   * values complete the frame.
   */
  readonly left: Float64Array;
  /** Singular values, descending, min(rows, columns) of them. */
  readonly values: Float64Array;
  /** Orthogonal (columns, columns), row-major; column k is the right singular vector of value k. */
  readonly right: Float64Array;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const kept = a[i];
    a[i] = cosine * kept - sine * b[i];
    b[i] = sine * kept + cosine * b[i];
  }
}

/** Rotates pairs of `vectors` until all are orthogonal, and `turns` along with them. Hestenes 1958. */
function orthogonalise(vectors: readonly Float64Array[], turns: readonly Float64Array[] | null): void {
  const orthogonal = vectors.length === 0 ? 0 : ORTHOGONAL * Math.sqrt(vectors[0].length);
  for (let sweep = 0, rotated = true; rotated && sweep < MAX_SWEEPS; sweep++) {
    rotated = false;
    for (let p = 0; p < vectors.length; p++) {
      for (let q = p + 1; q < vectors.length; q++) {
        const [a, b] = [vectors[p], vectors[q]];
        const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
        if (Math.abs(ab) <= orthogonal * Math.sqrt(aa) * Math.sqrt(bb) || ab === 0) continue;
        rotated = true;
        const zeta = (bb - aa) / (2 * ab);
        const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = cosine * tangent;
        rotate(a, b, cosine, sine);
        if (turns !== null) rotate(turns[p], turns[q], cosine, sine);
      }
    }
  }
}

/** The shorter side's vectors of a row-major matrix, scaled so that no square overflows. */
function shortSide(matrix: Float64Array, rows: number, columns: number): { vectors: Float64Array[]; scale: number } {
  const tall = rows > columns;
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest > 0 ? largest : 1;
  const vectors = Array.from({ length: Math.min(rows, columns) }, (_, k) =>
    Float64Array.from(
      { length: Math.max(rows, columns) },
      (__, i) => (tall ? matrix[i * columns + k] : matrix[k * columns + i]) / scale,
    ),
  );
  return { vectors, scale };
}

const normOf = (vector: Float64Array) => Math.sqrt(dot(vector, vector));

/**
 * Singular values of a row-major (rows, columns) matrix, descending, min(rows, columns) of them. Small ones keep their relative
 * accuracy where the matrix is graded by rows or columns.
 */
export function singularValues(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const { vectors, scale } = shortSide(matrix, rows, columns);
  orthogonalise(vectors, null);
  return Float64Array.from(vectors, (vector) => scale * normOf(vector))
    .sort()
    .reverse();
}

/** M = left · diag(values) · rightᵀ with as many vectors as values. */
export interface ThinSvd {
  readonly rows: number;
  readonly columns: number;
  /** (rows, values), row-major; column k is the left singular vector of value k. */
  readonly left: Float64Array;
  /** Singular values, descending, min(rows, columns) of them. */
  readonly values: Float64Array;
  /** (columns, values), row-major. */
  readonly right: Float64Array;
}

interface Sides {
  readonly values: Float64Array;
  /** Vectors of the longer side by value; 0 where the value is. */
  readonly long: readonly Float64Array[];
  readonly short: readonly Float64Array[];
}

function sidesOf(matrix: Float64Array, rows: number, columns: number): Sides {
  const { vectors, scale } = shortSide(matrix, rows, columns);
  const turns = vectors.map((_, k) => Float64Array.from(vectors, (__, i) => (i === k ? 1 : 0)));
  orthogonalise(vectors, turns);
  const norms = vectors.map(normOf);
  const order = norms.map((_, k) => k).sort((a, b) => norms[b] - norms[a]);
  // vectors[k] = value × vector of the long side; turns[k] is that of the short side.
  return {
    values: Float64Array.from(order, (k) => scale * norms[k]),
    long: order.map((k) => vectors[k].map((value) => (norms[k] > 0 ? value / norms[k] : 0))),
    short: order.map((k) => turns[k]),
  };
}

/** The full decomposition of a row-major (rows, columns) matrix; frames are orthogonal to rounding also where values are zero. */
export function svd(matrix: Float64Array, rows: number, columns: number): Svd {
  const sides = sidesOf(matrix, rows, columns);
  const long = completeFrame(sides.long, Math.max(rows, columns));
  const short = completeFrame(sides.short, Math.min(rows, columns));
  const [left, right] = rows > columns ? [long, short] : [short, long];
  return { rows, columns, left, values: sides.values, right };
}

/**
 * The decomposition of a row-major (rows, columns) matrix without the vectors that have no value. A vector of the longer side
 * whose value is 0 is 0 itself. Costs no more memory than a few copies of the matrix.
 */
export function thinSvd(matrix: Float64Array, rows: number, columns: number): ThinSvd {
  const { values, long, short } = sidesOf(matrix, rows, columns);
  const [left, right] = rows > columns ? [long, short] : [short, long];
  return { rows, columns, left: columnsOf(left, rows), values, right: columnsOf(right, columns) };
}
