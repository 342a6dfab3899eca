// Where weights stand in GPU buffers: one flat vector per network, every row padded with zeros so that vec4 loads fit.
// Pure arithmetic, shared by the fused, tiled and measuring kernels.
//
// name                scope    content
// startWeights        start    initial weights, Layout
// weights             network  accepted weights, Layout
// networks            network  NETWORK_WORDS numbers, see lib/training/network-record
// progress            network  PROGRESS_WORDS numbers, see core/program
// startTrainOutputs   start    f(w₀) on training samples, (outputDim, paddedSamples)
// startTestOutputs    start    the same on test samples

export interface FullyConnectedShape {
  /** Hidden layers L, 1 … 6. */
  readonly depth: number;
  /** Hidden units h. */
  readonly width: number;
  readonly inputDim: number;
  readonly outputDim: number;
  /** Name in shaders/lib/activations. */
  readonly activation: string;
  /** β in σ(z) = c·act(βz)/β, > 0. */
  readonly activationBeta: number;
  /** c in σ(z) = c·act(βz)/β, > 0. */
  readonly activationFactor: number;
  /** Scale b of the bias term b·B; 0: no bias. */
  readonly biasScale: number;
  readonly parametrisation: 'mean-field' | 'ntk' | 'standard';
}

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
  /** Stored units of a hidden layer: `padded(width + bias)`; a hidden activation vector has this many rows, the bias's constant at row `width`, zeros after. */
  readonly hiddenStride: number;
  /** Stored inputs: `padded(inputDim + bias)`; the bias's constant at column `inputDim`. */
  readonly inputStride: number;
}

/** Length rounded up so that vec4 loads (and, from 17 on, blocks of 16) fit. */
export function padded(length: number): number {
  const block = length <= 16 ? 4 : 16;
  return Math.ceil(length / block) * block;
}

/** Factor of layer `layer` (0 … depth) in front of its product. Geiger et al. 2020, eq. 1 (code convention for `mean-field`). */
export function layerScale(shape: FullyConnectedShape, layer: number): number {
  if (shape.parametrisation === 'standard') return 1;
  if (layer === 0) return 1 / Math.sqrt(shape.inputDim);
  if (layer < shape.depth || shape.parametrisation === 'ntk') return 1 / Math.sqrt(shape.width);
  return 1 / shape.width;
}

/** Gain g in dW/dt = −g ∂(mean ℓ)/∂f: makes t the simulator time s = t_article/α̃ of Geiger et al. 2020. */
export function timeGain(shape: FullyConnectedShape): number {
  if (shape.parametrisation === 'mean-field') return shape.width;
  return shape.parametrisation === 'ntk' ? Math.sqrt(shape.width) : 1;
}

export function layoutOf(shape: FullyConnectedShape): Layout {
  const bias = shape.biasScale > 0 ? 1 : 0;
  const inputStride = padded(shape.inputDim + bias);
  const hiddenStride = padded(shape.width + bias);
  const matrices: MatrixLayout[] = [];
  let offset = 0;
  for (let layer = 0; layer <= shape.depth; layer++) {
    const last = layer === shape.depth;
    const scale = layerScale(shape, layer);
    const stride = layer === 0 ? inputStride : hiddenStride;
    const storedRows = last ? shape.outputDim : hiddenStride;
    matrices.push({
      offset,
      rows: last ? shape.outputDim : shape.width,
      storedRows,
      columns: (layer === 0 ? shape.inputDim : shape.width) + bias,
      stride,
      scale,
      biasInput: bias * (shape.biasScale / scale),
    });
    offset += storedRows * stride;
  }
  return { matrices, words: offset, hiddenStride, inputStride };
}

/** Samples as stored: a multiple of 4. */
export function paddedSamples(count: number): number {
  return Math.ceil(count / 4) * 4;
}
