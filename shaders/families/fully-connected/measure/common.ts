// Sizes that the measuring kernels of fully connected networks share. Passes and their frames stand in lib/measure/passes.ts.

import { type Layout, paddedSamples } from '../../../lib/layout.ts';
import { type FullyConnectedShape, layoutOf } from '../layout.ts';

/** How a row of inputs is cut into equal chunks that fit registers. */
export interface Chunks {
  /** Inputs of a chunk, a multiple of 4. */
  readonly size: number;
  readonly number: number;
}

/** vec4s of samples that a thread carries through the layers. */
export const SAMPLE_VECTORS = 2;

/**
 * Numbers that a thread may keep of its inputs. 256 suits software adapters, where registers are memory anyway and 512 compile
 * for seconds; a GPU with few registers may want 128.
 */
export const DEFAULT_REGISTERS = 256;

/** Fewest equal chunks of at most `most` inputs that cover `inputs` and do not reach beyond a row of `stride` words. */
function chunksOf(inputs: number, stride: number, most: number): Chunks {
  for (let number = Math.ceil(inputs / most); ; number++) {
    const size = 4 * Math.ceil(inputs / number / 4);
    if (size * number <= stride) return { size, number };
  }
}

/** Sizes that follow from the shape alone. */
export interface Sizes {
  readonly shape: FullyConnectedShape;
  readonly layout: Layout;
  /** Chunks of the first layer's inputs and of hidden activations. */
  readonly inputChunks: Chunks;
  readonly hiddenChunks: Chunks;
  /** Rows that the transposed product makes at once. */
  readonly tileRows: number;
  /** Hidden units as the probe's scratch holds them: the width rounded up to a multiple of `tileRows`. */
  readonly hiddenRows: number;
  /** Inputs as buffers hold them: whole chunks. */
  readonly inputRows: number;
  /** True: `weights` are differences from the start, see ../difference-form.ts. Left out: false. */
  readonly difference?: boolean;
}

export function sizesOf(shape: FullyConnectedShape, registers = DEFAULT_REGISTERS, difference = false): Sizes {
  const layout = layoutOf(shape);
  const most = Math.max(4, 4 * Math.floor(registers / (16 * SAMPLE_VECTORS)));
  const inputChunks = chunksOf(shape.inputDim, layout.inputStride, most);
  const tileRows = layout.hiddenStride % 8 === 0 ? 8 : 4;
  return {
    shape,
    layout,
    inputChunks,
    hiddenChunks: chunksOf(shape.width, layout.hiddenStride, most),
    tileRows,
    hiddenRows: Math.ceil(shape.width / tileRows) * tileRows,
    inputRows: inputChunks.size * inputChunks.number,
    difference,
  };
}

/** Words of a set's outputs, (outputDim, paddedSamples). */
export function outputWords(shape: FullyConnectedShape, samples: number): number {
  return shape.outputDim * paddedSamples(samples);
}
