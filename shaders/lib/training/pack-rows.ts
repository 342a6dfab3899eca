// Flat weight vectors as buffers hold them: every row at its stride. Knows no family.

/** A matrix in a network's stored vector. */
export interface StoredMatrix {
  /** First word. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  /** Words from row to row. */
  readonly stride: number;
}

/** Flat weights, one matrix after the other without padding, to `words` stored numbers: float32, zeros in the padding. */
export function packRows(flat: Float64Array, matrices: readonly StoredMatrix[], words: number): Float32Array {
  const packed = new Float32Array(words);
  let from = 0;
  for (const { offset, rows, columns, stride } of matrices) {
    for (let row = 0; row < rows; row++, from += columns) packed.set(flat.subarray(from, from + columns), offset + row * stride);
  }
  return packed;
}
