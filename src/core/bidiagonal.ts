// Singular values alone of dense square matrices in float64, by Householder's bidiagonal form: much faster than Jacobi rotations
// (svd.ts), accurate to ε times the largest one. No vectors.

/** Reflects x onto the first axis in place: x becomes v of 1 − β v vᵀ with v₀ = 1; gives β and where x₀ went. */
function reflect(x: Float64Array): { beta: number; head: number } {
  const [head] = x;
  let tail = 0;
  for (let i = 1; i < x.length; i++) tail += x[i] * x[i];
  if (tail === 0) return { beta: 0, head };
  const norm = Math.sqrt(head * head + tail);
  const first = head <= 0 ? head - norm : -tail / (head + norm);
  for (let i = 1; i < x.length; i++) x[i] /= first;
  x[0] = 1;
  return { beta: (2 * first * first) / (tail + first * first), head: norm };
}

/**
 * Singular values of the upper bidiagonal matrix with these diagonals, descending, by bisection: the tridiagonal matrix with zero
 * diagonal and d₁, e₁, d₂, e₂, … beside it has ± the singular values as eigenvalues. Golub and Kahan 1965.
 */
export function bidiagonalSingularValues(diagonal: Float64Array, above: Float64Array): Float64Array {
  const size = diagonal.length;
  const squares = new Float64Array(2 * size - 1);
  diagonal.forEach((d, k) => {
    squares[2 * k] = d * d;
    if (k < size - 1) squares[2 * k + 1] = above[k] * above[k];
  });
  const tiny = Number.MIN_VALUE / Number.EPSILON;
  /** How many singular values are ≥ x > 0: Sturm's count of pivots. */
  const countFrom = (x: number) => {
    let pivot = -x;
    let below = 1;
    for (const square of squares) {
      pivot = -x - square / (Math.abs(pivot) < tiny ? -tiny : pivot);
      if (pivot < 0) below++;
    }
    return 2 * size - below;
  };
  const most = diagonal.reduce((bound, d, k) => Math.max(bound, Math.abs(d) + Math.abs(above[k] ?? 0)), 0);
  let ceiling = 2 * most;
  return Float64Array.from({ length: size }, (_, k) => {
    let [low, high] = [0, ceiling];
    while (high - low > 2 * Number.EPSILON * high) {
      const middle = (low + high) / 2;
      if (middle === low || middle === high) break;
      if (countFrom(middle) > k) low = middle;
      else high = middle;
    }
    ceiling = high;
    return (low + high) / 2;
  });
}

/** Singular values of a row-major (size, size) matrix of finite numbers, descending. Golub and Kahan 1965. */
export function bidiagonalValues(matrix: Float64Array, size: number): Float64Array {
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return new Float64Array(size);
  const rows = Array.from({ length: size }, (_, i) =>
    Float64Array.from(matrix.subarray(i * size, (i + 1) * size), (w) => w / largest),
  );
  const diagonal = new Float64Array(size);
  const above = new Float64Array(Math.max(0, size - 1));
  for (let k = 0; k < size; k++) {
    const column = Float64Array.from({ length: size - k }, (_, i) => rows[k + i][k]);
    const left = reflect(column);
    diagonal[k] = left.head;
    if (k === size - 1) break;
    const along = new Float64Array(size);
    for (let i = k; i < size; i++) for (let j = k + 1; j < size; j++) along[j] += left.beta * column[i - k] * rows[i][j];
    for (let i = k; i < size; i++) for (let j = k + 1; j < size; j++) rows[i][j] -= column[i - k] * along[j];
    const row = rows[k].slice(k + 1);
    const right = reflect(row);
    above[k] = right.head;
    for (let i = k + 1; i < size; i++) {
      let sum = 0;
      for (let j = k + 1; j < size; j++) sum += row[j - k - 1] * rows[i][j];
      sum *= right.beta;
      for (let j = k + 1; j < size; j++) rows[i][j] -= sum * row[j - k - 1];
    }
  }
  return bidiagonalSingularValues(diagonal, above).map((value) => value * largest);
}
