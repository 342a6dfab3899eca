// Where the words "lazy" and "rich" stand on a diagram: in the middle of the widest part of their region.

import { type Side, sideOf } from './colour-scale.ts';
import type { DiagramView, ObservableView } from './diagram-view.ts';

export interface RegionLabel {
  readonly side: Side;
  /** 0 … 1, y upwards. */
  readonly x: number;
  readonly y: number;
  /** Clearance to the region's border, CSS pixels. */
  readonly clearance: number;
  /** The known place whose colour lies under the label. */
  readonly index: number;
}

/**
 * The most interior place of each region. Distances are chamfered over cell centres (two passes) in pixels of
 * a `width` × `height` plot; the border of the plot counts as border of the region. Unknown places belong to
 * their `nearest` known one.
 */
export function regionLabels(
  view: DiagramView,
  nearest: Int32Array,
  observable: ObservableView,
  threshold: number | undefined,
  x: Float64Array,
  y: Float64Array,
  width: number,
  height: number,
): RegionLabel[] {
  const { columns, rows } = view;
  const labels: RegionLabel[] = [];
  for (const side of ['rich', 'lazy'] as const) {
    const gap = new Float64Array(columns * rows);
    for (let i = 0; i < gap.length; i++) {
      const [r, c] = [Math.floor(i / columns), i % columns];
      if (nearest[i] < 0 || sideOf(observable, view.values[nearest[i]], threshold) !== side) continue;
      gap[i] = Math.min(x[c] * width, (1 - x[c]) * width, y[r] * height, (1 - y[r]) * height);
    }
    relax(gap, view, x, y, width, height, 1);
    relax(gap, view, x, y, width, height, -1);
    let best = 0;
    for (let i = 1; i < gap.length; i++) if (gap[i] > gap[best] + 1e-6) best = i;
    if (!(gap[best] > 0)) continue;
    const level = gap[best] * 0.999;
    const tied = Array.from(gap.keys()).filter((i) => gap[i] >= level);
    const index = tied[tied.length >> 1];
    labels.push({ side, x: x[index % columns], y: y[Math.floor(index / columns)], clearance: gap[index], index: nearest[index] });
  }
  return labels;
}

function relax(
  gap: Float64Array,
  view: DiagramView,
  x: Float64Array,
  y: Float64Array,
  width: number,
  height: number,
  way: 1 | -1,
): void {
  const { columns, rows } = view;
  const start = way === 1 ? 0 : gap.length - 1;
  for (let i = start; i >= 0 && i < gap.length; i += way) {
    if (gap[i] === 0) continue;
    const [r, c] = [Math.floor(i / columns), i % columns];
    for (const [dr, dc] of [
      [0, -1],
      [-1, 0],
      [-1, -1],
      [-1, 1],
    ] as const) {
      const [nr, nc] = [r + way * dr, c + way * dc];
      if (nr < 0 || nc < 0 || nr >= rows || nc >= columns) continue;
      const step = Math.hypot((x[nc] - x[c]) * width, (y[nr] - y[r]) * height);
      gap[i] = Math.min(gap[i], gap[nr * columns + nc] + step);
    }
  }
}
