// Orthonormal frames by Gram and Schmidt, every projection done twice ("twice is enough", Kahan). Plain float64, small sizes.

/** Takes out of `vector` its components along the unit vectors `basis`, twice, and gives its remaining length. */
function project(vector: Float64Array, basis: readonly Float64Array[]): number {
  for (let pass = 0; pass < 2; pass++) {
    for (const unit of basis) {
      let along = 0;
      for (let i = 0; i < vector.length; i++) along += unit[i] * vector[i];
      for (let i = 0; i < vector.length; i++) vector[i] -= along * unit[i];
    }
  }
  let square = 0;
  for (const value of vector) square += value * value;
  return Math.sqrt(square);
}

/** The unit vector along a coordinate axis that lies furthest from `basis`, made orthogonal to it. */
function furthestAxis(size: number, basis: readonly Float64Array[]): Float64Array {
  const covered = new Float64Array(size);
  for (const unit of basis) for (let i = 0; i < size; i++) covered[i] += unit[i] * unit[i];
  const axis = new Float64Array(size);
  axis[covered.indexOf(covered.reduce((least, value) => Math.min(least, value)))] = 1;
  const length = project(axis, basis);
  return axis.map((value) => value / length);
}

/**
 * An orthogonal (size, size) matrix, row-major, whose first columns are the given unit vectors, made orthogonal where rounding
 * or a zero vector needs it.
 */
export function completeFrame(vectors: readonly Float64Array[], size: number): Float64Array {
  const basis: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    const length = project(vector, basis);
    basis.push(length > 0.5 ? vector.map((value) => value / length) : furthestAxis(size, basis));
  }
  while (basis.length < size) basis.push(furthestAxis(size, basis));
  return columnsOf(basis, size);
}

/** (size, vectors) row-major from a list of columns. */
export function columnsOf(vectors: readonly Float64Array[], size: number): Float64Array {
  const matrix = new Float64Array(size * vectors.length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < size; i++) matrix[i * vectors.length + k] = vector[i];
  });
  return matrix;
}

/** Gram and Schmidt on linearly independent vectors: unit vectors with positive overlap with what they were made of. */
export function orthonormalise(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    const length = project(vector, basis);
    basis.push(vector.map((value) => value / length));
  }
  return basis;
}

/** An orthonormal basis of the span of `vectors`; what remains of a vector below length `zero` counts as nothing. */
export function basisOf(vectors: readonly Float64Array[], zero: number): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const given of vectors) {
    const vector = given.slice();
    const length = project(vector, basis);
    if (length <= zero) continue;
    // Once more after scaling: what remained may be mostly rounding.
    const unit = vector.map((value) => value / length);
    const rest = project(unit, basis);
    basis.push(unit.map((value) => value / rest));
  }
  return basis;
}
