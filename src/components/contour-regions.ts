// Outlines of what lies above a level: the level lines of contour.ts, closed around the border of the plot. Draws only.

import { march, type Polyline, padded } from './contour.ts';

/**
 * The outlines of the places with at least `level`, closed: like `levelLines`, but what lies beyond the border of the plot counts
 * as below, so that lines run around it, a little outside.
 */
export function levelRegions(values: ArrayLike<number>, x: ArrayLike<number>, y: ArrayLike<number>, level: number): Polyline[] {
  const inner = padded(values, x.length, y.length);
  const [columns, rows] = [x.length + 2, y.length + 2];
  const grid = new Float64Array((columns + 2) * (rows + 2)).fill(Number.NEGATIVE_INFINITY);
  for (let r = 0; r < rows; r++) grid.set(inner.subarray(r * columns, (r + 1) * columns), (r + 1) * (columns + 2) + 1);
  const ring = (centres: ArrayLike<number>) => [-0.02, 0, ...Array.from(centres), 1, 1.02];
  return march(grid, ring(x), ring(y), level);
}
