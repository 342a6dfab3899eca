// Where the pixels of a block of samples stand in scratch, in vec4s of four samples: (channels, rows, columns, quads) per
// plane, with borders of zeros that nobody writes, so that a kernel's taps need no tests along a row. Pure arithmetic.

import { u32 } from '../../wgsl.ts';
import { type ConvolutionalShape, KERNEL, PADDING, storedChannels, TAPS } from './layout.ts';

/** Pixels of one layer. */
export interface Plane {
  /** First vec4. */
  readonly first: number;
  readonly channels: number;
  /** Pixels per side, without borders. */
  readonly side: number;
  /** Stored rows and columns, borders included. */
  readonly rows: number;
  readonly columns: number;
  /** Zeros before the first pixel of a column and of a row. */
  readonly top: number;
  readonly left: number;
}

export interface Planes {
  /** vec4s of samples. */
  readonly quads: number;
  /** Input and activations of every convolution: L + 1. */
  readonly values: readonly Plane[];
  /** s_l σ′ of every convolution: L; the planes of `backs` themselves where one output is carried back. */
  readonly slopes: readonly Plane[];
  /** Derivatives by the unscaled products of every convolution, for the first output: L. */
  readonly backs: readonly Plane[];
  /** vec4s from output to output in `backs`. */
  readonly backVectors: number;
  /** First vec4 of the transposed weights of every convolution, (channels, 25, channels below); the first has none. */
  readonly turned: readonly number[];
  /** vec4s in all. */
  readonly vectors: number;
}

/** Positions of a row that one thread makes, at most `most`: with as few idle ones as there can be. */
export function positionsOf(side: number, most: number, even: boolean): number {
  const positions = Math.ceil(side / Math.ceil(side / most));
  return even && positions % 2 === 1 ? positions + 1 : positions;
}

export interface PlaneOptions {
  readonly shape: ConvolutionalShape;
  readonly quads: number;
  /** Most positions of a row per thread. */
  readonly positions: number;
  /** Outputs that are carried back at once; 0: none, and no slopes either. */
  readonly outputs: number;
  /** True: slopes stay when derivatives are carried back. */
  readonly keepSlopes: boolean;
}

export function planesOf({ shape, quads, positions, outputs, keepSlopes }: PlaneOptions): Planes {
  const { convolutions, image } = shape;
  const stored = storedChannels(shape);
  let vectors = 0;
  const plane = (channels: number, side: number, borders: Partial<Plane>): Plane => {
    const own = { first: vectors, channels, side, rows: side, columns: side, top: 0, left: 0, ...borders };
    vectors += channels * own.rows * own.columns * quads;
    return own;
  };
  /** Around what convolution `index` reads. */
  const forwardBorders = (index: number): Partial<Plane> => {
    if (index === convolutions.length) return {};
    const { inSide, outSide, stride } = convolutions[index];
    const made = positionsOf(outSide, positions, false);
    const reach = (Math.ceil(outSide / made) * made - 1) * stride + KERNEL;
    return {
      rows: Math.max(inSide + PADDING, (outSide - 1) * stride + KERNEL),
      columns: Math.max(inSide + PADDING, reach),
      top: PADDING,
      left: PADDING,
    };
  };
  /** Around what the way back through convolution `index` reads. */
  const backwardBorders = (index: number): Partial<Plane> => {
    if (index === convolutions.length) return {};
    const { inSide, outSide, stride } = convolutions[index];
    const made = positionsOf(inSide, positions, stride === 2);
    const last = Math.ceil(inSide / made) * made - 1;
    const left = stride === 1 ? KERNEL - 1 - PADDING : 1;
    return { columns: Math.max(outSide, Math.floor((last + PADDING) / stride) + 1) + left, left };
  };
  const values = [plane(image.channels, image.side, forwardBorders(0))];
  convolutions.forEach(({ outSide }, index) => {
    values.push(plane(stored, outSide, forwardBorders(index + 1)));
  });
  const gradients = () =>
    convolutions.map(({ outSide }, index) => plane(stored, outSide, index === 0 ? {} : backwardBorders(index)));
  const withSlopes = outputs > 0 && keepSlopes ? gradients() : [];
  const begin = vectors;
  const backs = outputs > 0 ? gradients() : [];
  const backVectors = vectors - begin;
  vectors += Math.max(0, outputs - 1) * backVectors;
  const turned = convolutions.map(({ inChannels }, index) => {
    const first = vectors;
    if (outputs > 0 && index > 0) vectors += (inChannels * TAPS * stored) / 4;
    return first;
  });
  return { quads, values, slopes: keepSlopes ? withSlopes : backs, backs, backVectors, turned, vectors };
}

/**
 * Index of a pixel of `quad` in a network's scratch, which begins at `scratch0`; expressions of type u32,
 * a pixel may lie in the border.
 */
export function pixelAt({ quads }: Planes, plane: Plane, channel: string, row: string, column: string): string {
  const line = `(${channel} * ${u32(plane.rows)} + ${row}${plane.top === 0 ? '' : ` + ${u32(plane.top)}`})`;
  const place = `(${line} * ${u32(plane.columns)} + ${column}${plane.left === 0 ? '' : ` + ${u32(plane.left)}`})`;
  return `scratch0 + ${u32(plane.first)} + ${place} * ${u32(quads)} + quad`;
}
