// The promises of every colour map on offer: within sRGB, even steps, one way of lightness, order in grey, distances
// that colour blindness leaves.

import { describe, expect, test } from 'vitest';
import { type OkLab, type Rgb, rgbOf, TABLE_SIZE } from '../../../src/components/colour.ts';
import { COLOUR_MAPS, mapOf, mapsFor } from '../../../src/components/colour-maps.ts';
import { colourScale } from '../../../src/components/colour-scale.ts';
import type { ObservableView } from '../../../src/components/diagram-view.ts';
import { labOf, linear } from './srgb.ts';

const gap = (p: OkLab, q: OkLab) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
const encoded = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/** Full dichromacy after Machado, Oliveira and Fernandes 2009: linear RGB in and out. */
const MACHADO: Readonly<Record<string, readonly (readonly number[])[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(rgb: Rgb, matrix: readonly (readonly number[])[]): OkLab {
  const source = rgb.map(linear);
  const clipped = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, m, k) => sum + m * source[k], 0),
      ),
    ),
  );
  return labOf(clipped.map(encoded) as unknown as Rgb);
}

/** CIE 1976 lightness, 0 … 100, of an sRGB colour. */
function cieLightness(rgb: Rgb): number {
  const [r, g, b] = rgb.map(linear);
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
}

const entries = (table: Uint8Array): Rgb[] =>
  Array.from({ length: TABLE_SIZE }, (_, i) => [table[3 * i] / 255, table[3 * i + 1] / 255, table[3 * i + 2] / 255]);
/** Smallest OKLab distance, with Machado's matrices, between entries a sixteenth of the table apart. */
const APART = 0.018;

describe.each(COLOUR_MAPS.map((map) => [map.id, map] as const))('%s', (_, map) => {
  const points = map.points();
  const colours = entries(map.table());
  const arms = map.kind === 'sequential' ? [points] : [points.slice(0, TABLE_SIZE / 2).reverse(), points.slice(TABLE_SIZE / 2)];

  test('stays within sRGB', () => {
    points.forEach((point, i) => {
      for (const channel of rgbOf(point)) {
        expect(channel, `entry ${i}`).toBeGreaterThanOrEqual(0);
        expect(channel, `entry ${i}`).toBeLessThanOrEqual(1.0001);
      }
    });
  });

  test('takes equal steps of OKLab, darker each', () => {
    for (const arm of arms) {
      const steps = arm.slice(1).map((point, i) => gap(point, arm[i]));
      expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.05);
      for (let i = 1; i < arm.length; i++) expect(arm[i][0], `entry ${i}`).toBeLessThan(arm[i - 1][0]);
    }
  });

  test('has CIE lightness of one way, by nearly the same amount everywhere', () => {
    const half = TABLE_SIZE / 2;
    for (const arm of map.kind === 'sequential' ? [colours] : [colours.slice(0, half).reverse(), colours.slice(half)]) {
      const lights = arm.filter((__, i) => i % 16 === 0).map(cieLightness);
      const falls = lights.slice(1).map((light, i) => lights[i] - light);
      expect(Math.min(...falls)).toBeGreaterThan(0);
      expect(Math.max(...falls) / Math.min(...falls)).toBeLessThan(2.5);
    }
  });

  test.each(Object.entries(MACHADO))('keeps its steps apart under %s', (__, matrix) => {
    const shown = colours.map((rgb) => seen(rgb, matrix));
    for (let i = 16; i < TABLE_SIZE; i++) {
      if (map.kind === 'diverging' && i > TABLE_SIZE / 2 - 1 && i - 16 < TABLE_SIZE / 2) continue;
      expect(gap(shown[i], shown[i - 16]), `entries ${i - 16} and ${i}`).toBeGreaterThan(APART);
    }
  });

  if (map.kind === 'diverging') {
    test.each(['protanopia', 'deuteranopia'])('keeps its arms apart under %s', (name) => {
      const shown = colours.map((rgb) => seen(rgb, MACHADO[name]));
      for (let i = 0; i < TABLE_SIZE / 2 - 24; i++) {
        expect(gap(shown[i], shown[TABLE_SIZE - 1 - i]), `entries ${i} from both ends`).toBeGreaterThan(0.04);
      }
    });
  }
});

const observable: ObservableView = {
  id: 'change',
  label: 'change',
  symbol: '',
  description: '',
  range: [0, 10],
  scale: 'log',
  role: 'order',
  threshold: 1,
  richSide: 'above',
  per: 'network',
};

test('the colours of lazy and rich show order parameters only, and differences are shown by others', () => {
  const ids = (view: ObservableView) => mapsFor(view).map(({ id }) => id);
  expect(ids(observable)[0]).toBe('blue-orange');
  expect(ids({ ...observable, role: 'error', threshold: undefined })).not.toContain('blue-orange');
  expect(ids({ ...observable, role: 'error', threshold: undefined })[0]).toBe('green');
  expect(ids({ ...observable, role: 'quantity', threshold: undefined, centre: 1 })).toEqual(['purple-green', 'grey']);
  expect(ids({ ...observable, scale: 'class' })).toEqual([]);
  expect(mapOf(observable, 'grey')?.id).toBe('grey');
  expect(mapOf(observable, 'no-such-map')?.id).toBe('blue-orange');
});

test('colours of a difference are symmetric about no difference', () => {
  const difference: ObservableView = { ...observable, role: 'quantity', scale: 'linear', threshold: undefined, centre: 0 };
  const scale = colourScale(difference, [-0.2, 0.5], mapOf(difference, '')?.table());
  expect(scale.ends).toEqual([-0.5, 0.5]);
  expect(scale.position(0)).toBe(0.5);
  expect(scale.threshold).toBeUndefined();
  const ratio = colourScale({ ...difference, scale: 'log', centre: 1 }, [0.5, 1.2]);
  expect(ratio.position(1)).toBeCloseTo(0.5, 12);
  expect(ratio.position(0.5)).toBeCloseTo(0, 12);
});
