// Data sets as measuring kernels read them, made on the CPU: feature-major float32, padded with zeros. Touches no GPU.

/** (count, columns) row-major to (rows, padded): row i holds column i of all samples; zeros elsewhere. */
export function featureMajor(values: Float64Array, count: number, columns: number, rows: number, padded: number): Float32Array {
  const turned = new Float32Array(rows * padded);
  for (let p = 0; p < count; p++) {
    for (let i = 0; i < columns; i++) turned[i * padded + p] = values[p * columns + i];
  }
  return turned;
}
