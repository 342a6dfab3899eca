// How weights and samples are stored in GPU buffers, whatever the family: rows padded with zeros so that vec4
// loads fit. Pure arithmetic.

export interface MatrixLayout {
  /** First word in the network's vector; a multiple of 4. */
  readonly offset: number;
  /** Rows that carry weights (fan-out). */
  readonly rows: number;
  /** Rows that are stored: hidden layers `padded(width + bias)`, output layer `outputDim`. Rows beyond `rows` stay zero. */
  readonly storedRows: number;
  /** Columns that carry weights: fan-in, plus one for the bias. */
  readonly columns: number;
  /** Words from row to row; columns beyond `columns` stay zero. */
  readonly stride: number;
  /** Factor s in z = s·W·a: 1/√fan-in and the like. */
  readonly scale: number;
  /** Value of the constant input that the bias column multiplies (b/s), so that z gains b·B. 0 without bias. */
  readonly biasInput: number;
}

export interface Layout {
  /** depth + 1 matrices, input to output. */
  readonly matrices: readonly MatrixLayout[];
  /** Words of one network. */
  readonly words: number;
  /**
   * Stored units of a hidden layer: `padded(width + bias)`; a hidden activation vector has this many rows, the bias's constant at
   * row `width`, zeros after.
   */
  readonly hiddenStride: number;
  /** Stored inputs: `padded(inputDim + bias)`; the bias's constant at column `inputDim`. */
  readonly inputStride: number;
}

/** Length rounded up so that vec4 loads (and, from 17 on, blocks of 16) fit. */
export function padded(length: number): number {
  const block = length <= 16 ? 4 : 16;
  return Math.ceil(length / block) * block;
}

/** Samples as stored: a multiple of 4. */
export function paddedSamples(count: number): number {
  return Math.ceil(count / 4) * 4;
}
