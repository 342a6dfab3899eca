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

import { type Layout, type MatrixLayout, padded } from '../../lib/layout.ts';

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
