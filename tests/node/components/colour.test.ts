// The promises of the colour tables: even steps, symmetric arms, order that survives greyscale and colour blindness.

import { describe, expect, test } from 'vitest';
import {
  classPoints,
  classTable,
  diverging,
  divergingPoints,
  type OkLab,
  type Rgb,
  rgbOf,
  sequential,
  sequentialPoints,
  TABLE_SIZE,
  tableIndex,
} from '../../../src/components/colour.ts';
import { labOf, linear } from './srgb.ts';

const entry = (table: Uint8Array, i: number): Rgb => [table[3 * i] / 255, table[3 * i + 1] / 255, table[3 * i + 2] / 255];
const labs = (table: Uint8Array): OkLab[] => Array.from({ length: TABLE_SIZE }, (_, i) => labOf(entry(table, i)));
const gap = (p: OkLab, q: OkLab) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
/** Rec. 709 luma of the encoded colour: what a greyscale print shows. */
const grey = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

const encoded = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
/** Deuteranopia and protanopia after Viénot, Brettel and Mollon 1999: linear RGB in, the projected colour out. */
const BLINDNESS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
};
const seen = (rgb: Rgb, rows: readonly (readonly number[])[]): Rgb => {
  const source = rgb.map(linear);
  const [r, g, b] = rows.map((row) =>
    encoded(
      Math.min(
        1,
        Math.max(
          0,
          row.reduce((sum, m, k) => sum + m * source[k], 0),
        ),
      ),
    ),
  );
  return [r, g, b];
};

test('OKLab and back is the identity', () => {
  for (const rgb of [
    [0.1, 0.5, 0.9],
    [1, 1, 1],
    [0.7, 0.2, 0.05],
  ] as const) {
    expect(rgbOf(labOf(rgb))).toEqual(rgb.map((channel) => expect.closeTo(channel, 5)));
  }
});

test('no colour of either table leaves sRGB', () => {
  for (const point of [...divergingPoints(), ...sequentialPoints()]) {
    for (const channel of rgbOf(point)) {
      expect(channel).toBeGreaterThan(0);
      expect(channel).toBeLessThanOrEqual(1);
    }
  }
});

describe('the sequential table', () => {
  test('darkens at every step', () => {
    const points = sequentialPoints();
    for (let i = 1; i < TABLE_SIZE; i++) expect(points[i][0], `entry ${i}`).toBeLessThan(points[i - 1][0]);
  });
  test('takes equal perceptual steps', () => {
    const points = sequentialPoints();
    const steps = points.slice(1).map((point, i) => gap(point, points[i]));
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.02);
  });
  test('keeps its order in greyscale', () => {
    const greys = Array.from({ length: 32 }, (_, i) => grey(entry(sequential, 8 * i)));
    for (let i = 1; i < greys.length; i++) expect(greys[i], `entry ${8 * i}`).toBeLessThan(greys[i - 1]);
  });
});

describe('the diverging table', () => {
  const points = divergingPoints();
  test('is lightest at the crossover and equally light on both sides of it', () => {
    for (let i = 0; i < TABLE_SIZE / 2; i++) {
      expect(points[i][0], `entry ${i}`).toBeCloseTo(points[TABLE_SIZE - 1 - i][0], 3);
      if (i > 0) expect(points[i][0], `entry ${i}`).toBeGreaterThan(points[i - 1][0]);
    }
    expect(points[TABLE_SIZE / 2][0]).toBeGreaterThan(0.96);
  });
  test('takes equal perceptual steps on each arm', () => {
    for (const half of [points.slice(0, TABLE_SIZE / 2), points.slice(TABLE_SIZE / 2)]) {
      const steps = half.slice(1).map((point, i) => gap(point, half[i]));
      expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.02);
    }
  });
  test('is blue where lazy and orange where rich', () => {
    expect(labs(diverging)[0][2]).toBeLessThan(-0.1);
    expect(labs(diverging)[TABLE_SIZE - 1][2]).toBeGreaterThan(0.08);
  });
  test.each(Object.entries(BLINDNESS))('keeps lazy and rich apart under %s', (_, rows) => {
    for (let i = 0; i < TABLE_SIZE / 2 - 24; i++) {
      const lazy = labOf(seen(entry(diverging, i), rows));
      const rich = labOf(seen(entry(diverging, TABLE_SIZE - 1 - i), rows));
      expect(gap(lazy, rich), `entry ${i}`).toBeGreaterThan(0.05);
    }
    const [blue, orange] = [labOf(seen(entry(diverging, 20), rows)), labOf(seen(entry(diverging, TABLE_SIZE - 21), rows))];
    expect(blue[2]).toBeLessThan(0);
    expect(orange[2]).toBeGreaterThan(0);
  });
  test('keeps each arm in order in greyscale', () => {
    for (let i = 8; i < TABLE_SIZE / 2; i += 8) {
      expect(grey(entry(diverging, i))).toBeGreaterThan(grey(entry(diverging, i - 8)));
      expect(grey(entry(diverging, TABLE_SIZE - 1 - i))).toBeGreaterThan(grey(entry(diverging, TABLE_SIZE + 7 - i)));
    }
  });
});

describe('the colours of classes', () => {
  const points = classPoints().slice(0, 5);
  test.each([
    [
      'any colour vision',
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ] as const,
    ...Object.entries(BLINDNESS),
  ])('of the first five are apart under %s', (_, rows) => {
    const shown = points.map((point) => labOf(seen(rgbOf(point), rows)));
    shown.forEach((p, i) => {
      for (const [j, q] of shown.slice(0, i).entries()) expect(gap(p, q), `classes ${j} and ${i}`).toBeGreaterThan(0.09);
    });
  });
  test('stay within sRGB, and fill equal fields of the table', () => {
    for (const channel of classPoints().flatMap(rgbOf)) {
      expect(channel).toBeGreaterThan(0);
      expect(channel).toBeLessThanOrEqual(1);
    }
    const table = classTable(4);
    const fields = new Set(Array.from({ length: TABLE_SIZE }, (_, i) => `${Math.floor(i / 64)}: ${entry(table, i).join()}`));
    expect(fields.size).toBe(4);
  });
});

test('positions outside a table share its last colours', () => {
  expect(tableIndex(Number.NEGATIVE_INFINITY)).toBe(0);
  expect(tableIndex(-1)).toBe(0);
  expect(tableIndex(2)).toBe(TABLE_SIZE - 1);
});
