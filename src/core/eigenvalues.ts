// Eigenvalues of small dense real matrices in float64: Hessenberg form by Householder reflections, then the implicit double-shift
// QR iteration of Francis (1961), as in Golub and Van Loan, Matrix Computations, 7.4 and 7.5. No eigenvectors.

export interface Eigenvalues {
  /**
   * Real and imaginary parts, `size` each, by modulus descending; complex pairs side by side, the positive imaginary part first.
   */
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Steps in search of one eigenvalue after which the iteration gives up; two or three are usual. */
const MOST_STEPS = 300;
/** Steps without an eigenvalue after which a step takes unusual shifts. */
const PATIENCE = 10;

/** Square matrix as rows, which the reflections change in place. */
type Rows = readonly Float64Array[];

/**
 * The reflection 1 − β v vᵀ that turns x into a multiple of the first axis; `v` has v₀ = 1. β is 0 where nothing is to be turned.
 */
function reflection(x: Float64Array): { v: Float64Array; beta: number } {
  let tail = 0;
  for (let i = 1; i < x.length; i++) tail += x[i] * x[i];
  const v = x.slice();
  if (tail === 0) return { v, beta: 0 };
  const norm = Math.sqrt(x[0] * x[0] + tail);
  const first = x[0] <= 0 ? x[0] - norm : -tail / (x[0] + norm);
  for (let i = 1; i < v.length; i++) v[i] /= first;
  v[0] = 1;
  return { v, beta: (2 * first * first) / (tail + first * first) };
}

/** Reflects rows `at` … of columns from … to (inclusive), from the left. */
function reflectRows(rows: Rows, { v, beta }: ReturnType<typeof reflection>, at: number, from: number, to: number): void {
  if (beta === 0) return;
  for (let j = from; j <= to; j++) {
    let along = 0;
    for (let i = 0; i < v.length; i++) along += v[i] * rows[at + i][j];
    along *= beta;
    for (let i = 0; i < v.length; i++) rows[at + i][j] -= along * v[i];
  }
}

/** Reflects columns `at` … of rows from … to (inclusive), from the right. */
function reflectColumns(rows: Rows, { v, beta }: ReturnType<typeof reflection>, at: number, from: number, to: number): void {
  if (beta === 0) return;
  for (let i = from; i <= to; i++) {
    const row = rows[i];
    let along = 0;
    for (let j = 0; j < v.length; j++) along += v[j] * row[at + j];
    along *= beta;
    for (let j = 0; j < v.length; j++) row[at + j] -= along * v[j];
  }
}

/** Upper Hessenberg form with the same eigenvalues, in place. */
function reduce(rows: Rows): void {
  const last = rows.length - 1;
  for (let k = 0; k < last - 1; k++) {
    const turn = reflection(Float64Array.from({ length: last - k }, (_, i) => rows[k + 1 + i][k]));
    reflectRows(rows, turn, k + 1, k, last);
    reflectColumns(rows, turn, k + 1, 0, last);
    for (let i = k + 2; i <= last; i++) rows[i][k] = 0;
  }
}

/** One double-shift step on the unreduced block low … high, at least three wide; shifts are the roots of x² − sum x + product. */
function step(rows: Rows, low: number, high: number, sum: number, product: number): void {
  const [h, below] = [rows[low], rows[low + 1]];
  const column = new Float64Array(3);
  column[0] = h[low] * h[low] + h[low + 1] * below[low] - sum * h[low] + product;
  column[1] = below[low] * (h[low] + below[low + 1] - sum);
  column[2] = below[low] * rows[low + 2][low + 1];
  for (let k = low; k < high; k++) {
    const width = Math.min(3, high - k + 1);
    if (k > low) for (let i = 0; i < width; i++) column[i] = rows[k + i][k - 1];
    const turn = reflection(column.subarray(0, width));
    reflectRows(rows, turn, k, Math.max(low, k - 1), high);
    reflectColumns(rows, turn, k, low, Math.min(k + 3, high));
    if (k > low) for (let i = 1; i < width; i++) rows[k + i][k - 1] = 0;
  }
}

/** The two eigenvalues of [[a, b], [c, d]] as real and imaginary parts. */
function pairOf(a: number, b: number, c: number, d: number): [[number, number], [number, number]] {
  const half = (a - d) / 2;
  const square = half * half + b * c;
  if (square < 0) {
    const imaginary = Math.sqrt(-square);
    return [
      [(a + d) / 2, imaginary],
      [(a + d) / 2, -imaginary],
    ];
  }
  // The larger shift first, the other from the product, so that nothing cancels.
  const shift = half + (half >= 0 ? 1 : -1) * Math.sqrt(square);
  return [
    [d + shift, 0],
    [shift === 0 ? d : d - (b * c) / shift, 0],
  ];
}

/**
 * Whether the directed graph of a matrix's nonzero weights has no cycle, so that all its eigenvalues
 * are 0, whatever rounding says.
 */
function isAcyclic(matrix: Float64Array, size: number): boolean {
  const incoming = new Uint32Array(size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) if (matrix[i * size + j] !== 0) incoming[i]++;
  const free = [...incoming.keys()].filter((unit) => incoming[unit] === 0);
  for (let next = 0; next < free.length; next++) {
    for (let i = 0; i < size; i++) if (matrix[i * size + free[next]] !== 0 && --incoming[i] === 0) free.push(i);
  }
  return free.length === size;
}

/**
 * Eigenvalues of a row-major (size, size) matrix. Accurate to a few ε‖W‖ for each well-conditioned one, exactly 0 where
 * connections close no loop. About 10 size³ operations. Throws Error where numbers are not finite or the iteration does not end.
 */
export function eigenvalues(matrix: Float64Array, size: number): Eigenvalues {
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!matrix.every(Number.isFinite)) throw new Error('eigenvalues: expected finite numbers');
  if (isAcyclic(matrix, size)) return { real: new Float64Array(size), imaginary: new Float64Array(size) };
  const scale = largest;
  const rows = Array.from({ length: size }, (_, i) =>
    Float64Array.from(matrix.subarray(i * size, (i + 1) * size), (w) => w / scale),
  );
  reduce(rows);
  const found: [number, number][] = [];
  for (let high = size - 1, steps = 0; high >= 0; steps++) {
    let low = high;
    while (low > 0) {
      const beside = Math.abs(rows[low - 1][low - 1]) + Math.abs(rows[low][low]);
      if (Math.abs(rows[low][low - 1]) <= Number.EPSILON * (beside > 0 ? beside : 1)) break;
      low--;
    }
    if (low > 0) rows[low][low - 1] = 0;
    const [last, before] = [rows[high], rows[high - 1]];
    if (low === high) found.push([last[high], 0]);
    else if (low === high - 1) found.push(...pairOf(before[low], before[high], last[low], last[high]));
    else {
      if (steps > MOST_STEPS) throw new Error(`eigenvalues: no end after ${MOST_STEPS} steps at row ${high}`);
      const unusual = Math.abs(last[high - 1]) + Math.abs(before[high - 2]);
      const stuck = steps > 0 && steps % PATIENCE === 0;
      const sum = stuck ? 1.5 * unusual : before[high - 1] + last[high];
      const product = stuck ? unusual * unusual : before[high - 1] * last[high] - before[high] * last[high - 1];
      step(rows, low, high, sum, product);
      continue;
    }
    high = low - 1;
    steps = -1;
  }
  const modulus = ([re, im]: readonly [number, number]) => Math.hypot(re, im);
  found.sort((a, b) => modulus(b) - modulus(a) || b[0] - a[0] || b[1] - a[1]);
  return {
    real: Float64Array.from(found, ([re]) => scale * re),
    imaginary: Float64Array.from(found, ([, im]) => scale * im),
  };
}

/** Largest modulus of an eigenvalue of a row-major (size, size) matrix; exactly 0 where its connections close no loop. */
export function spectralRadius(matrix: Float64Array, size: number): number {
  const { real, imaginary } = eigenvalues(matrix, size);
  return Math.hypot(real[0], imaginary[0]);
}
