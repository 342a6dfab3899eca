// Shapes of convolutional networks and where their weights stand in GPU buffers. Pure arithmetic.
//
// A convolution's weights are stored (input channel, row of the kernel, column of the kernel; output channel): rows of the
// matrix are the fan-in, so that the output channels of a tap lie side by side. The output matrix is (outputs, channels).

import { InputError } from '../../../src/core/errors.ts';
import { choiceOf, numberOf, type Values } from '../../../src/core/parameter.ts';
import type { ImageShape } from '../../../src/core/task.ts';
import { type ActivationOptions, activationFactor, activationOf } from '../../lib/activations.ts';
import { type Layout, type MatrixLayout, padded } from '../../lib/layout.ts';

/** Side of all kernels, and zeros around their inputs. Geiger et al. 2020 (code). */
export const KERNEL = 5;
export const PADDING = 1;
/** Taps of a kernel. */
export const TAPS = KERNEL * KERNEL;

export interface ConvolutionalShape extends ActivationOptions {
  /** Channels h of every convolution. */
  readonly width: number;
  readonly outputDim: number;
  readonly image: ImageShape;
  /** Input to output. */
  readonly convolutions: readonly Convolution[];
}

export interface Convolution {
  readonly inChannels: number;
  /** Pixels per side of input and output. */
  readonly inSide: number;
  readonly outSide: number;
  readonly stride: 1 | 2;
  /** Factor 1/√fan-in in front of the product. */
  readonly scale: number;
}

const outSideOf = (side: number, stride: number) => Math.floor((side + 2 * PADDING - KERNEL) / stride) + 1;

/** The convolutions of `blocks` blocks of two, of which the first has stride 2; null where an image is too small. */
function convolutionsOf({ side, channels }: ImageShape, width: number, blocks: number): Convolution[] | null {
  const convolutions: Convolution[] = [];
  let inSide = side;
  let inChannels = channels;
  for (let index = 0; index < 2 * blocks; index++) {
    const stride = index % 2 === 0 ? 2 : 1;
    const outSide = outSideOf(inSide, stride);
    if (inSide + 2 * PADDING < KERNEL) return null;
    convolutions.push({ inChannels, inSide, outSide, stride, scale: 1 / Math.sqrt(inChannels * TAPS) });
    inSide = outSide;
    inChannels = width;
  }
  return convolutions;
}

/** The shape that kernels and model share. Throws InputError where the task has no images, or images that are too small. */
export function shapeOf(values: Values, image: ImageShape | undefined, outputDim: number): ConvolutionalShape {
  if (image === undefined) {
    throw new InputError(
      'family "convolutional"',
      'expected a task of images, got inputs without rows and columns',
      'Use an image task with features: "pixels", or own data with imageChannels.',
    );
  }
  const activation = choiceOf(values, 'activation');
  const beta = numberOf(values, 'activationBeta') || activationOf(activation).usualBeta;
  const [width, blocks] = [numberOf(values, 'width'), numberOf(values, 'blocks')];
  const convolutions = convolutionsOf(image, width, blocks);
  if (convolutions === null) {
    const least = leastSide(blocks);
    throw new InputError(
      'family "convolutional"',
      `expected images of at least ${least} × ${least} pixels for ${blocks} blocks, got ${image.side} × ${image.side}`,
      'Take fewer blocks or larger images.',
    );
  }
  return {
    width,
    outputDim,
    image,
    activation,
    beta,
    factor: choiceOf(values, 'normalisation') === 'unit' ? activationFactor(activation, beta) : 1,
    convolutions,
  };
}

/** Smallest side of an image for so many blocks. */
export function leastSide(blocks: number): number {
  let side = KERNEL - 2 * PADDING;
  while (convolutionsOf({ side, channels: 1 }, 1, blocks) === null) side++;
  return side;
}

/** Pixels of the last convolution, over which the network averages. */
export function pooledPixels({ convolutions }: ConvolutionalShape): number {
  return convolutions[convolutions.length - 1].outSide ** 2;
}

/** Hidden units of a sample: pixels × channels of all convolutions. */
export function hiddenUnits({ convolutions, width }: ConvolutionalShape): number {
  return convolutions.reduce((sum, { outSide }) => sum + outSide ** 2 * width, 0);
}

/** Gain g in dW/dt = −g ∂(mean ℓ)/∂f, that of mean-field fully connected networks. Geiger et al. 2020. */
export function timeGain({ width }: ConvolutionalShape): number {
  return width;
}

/** Channels as stored: a multiple of 4. */
export function storedChannels({ width }: ConvolutionalShape): number {
  return padded(width);
}

/**
 * Layout of a network's weight vector: one matrix per convolution, (inChannels · 25, channels), then (outputs, channels).
 * `inputStride` counts the rows of a data set as stored, one per pixel and channel.
 */
export function layoutOf(shape: ConvolutionalShape): Layout {
  const { convolutions, width, outputDim, image } = shape;
  const stride = storedChannels(shape);
  const matrices: MatrixLayout[] = [];
  let offset = 0;
  const add = (rows: number, scale: number) => {
    matrices.push({ offset, rows, storedRows: rows, columns: width, stride, scale, biasInput: 0 });
    offset += rows * stride;
  };
  for (const { inChannels, scale } of convolutions) add(inChannels * TAPS, scale);
  add(outputDim, 1 / width);
  return { matrices, words: offset, hiddenStride: stride, inputStride: image.channels * image.side ** 2 };
}
