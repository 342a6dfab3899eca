// Digits drawn from 5 × 7 bitmaps: scaled, sheared, shifted, with noise. Reads no data set.

import type { RandomSource } from '../core/random.ts';

const ROWS = 7;
const COLUMNS = 5;

/** Rows of the ten digits, top to bottom; the highest of five bits is the leftmost cell. */
const DIGITS: readonly (readonly number[])[] = [
  [14, 17, 19, 21, 25, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 2, 4, 8, 31],
  [31, 2, 4, 2, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
];

/** Ink of a cell, 0 outside. */
function ink(digit: number, row: number, column: number): number {
  if (row < 0 || row >= ROWS || column < 0 || column >= COLUMNS) return 0;
  return (DIGITS[digit][row] >> (COLUMNS - 1 - column)) & 1;
}

/**
 * Fills `image` (side, side), 0 … 1, with a digit: 3.0–3.8 pixels per cell for a side of 28, shear ±0.25, shift ±2 pixels, pixel
 * noise of standard deviation 0.1.
 */
export function drawDigit(digit: number, side: number, source: RandomSource, image: Float64Array): void {
  const unit = side / 28;
  const between = (least: number, most: number) => least + (most - least) * source.uniform();
  const scale = unit * between(3, 3.8);
  const shear = between(-0.25, 0.25);
  const [right, down] = [unit * between(-2, 2), unit * between(-2, 2)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const v = (y + 0.5 - side / 2 - down) / scale;
      const u = (x + 0.5 - side / 2 - right) / scale - shear * v;
      const row = v + ROWS / 2 - 0.5;
      const column = u + COLUMNS / 2 - 0.5;
      const [r, c] = [Math.floor(row), Math.floor(column)];
      const [a, b] = [row - r, column - c];
      const grey =
        (1 - a) * ((1 - b) * ink(digit, r, c) + b * ink(digit, r, c + 1)) +
        a * ((1 - b) * ink(digit, r + 1, c) + b * ink(digit, r + 1, c + 1));
      image[y * side + x] = Math.min(1, Math.max(0, grey + 0.1 * source.normal()));
    }
  }
}
