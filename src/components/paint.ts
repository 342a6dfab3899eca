// Paints cells on a 2-D canvas in device pixels: colours, textures of outcomes, coarse blocks where the fine cell is not known
// yet. Axes, contour and cursor are drawn over it as SVG: see heatmap-marks.ts.

import { UNKNOWN } from '../core/film.ts';
import { outcomeCode } from '../core/outcome.ts';
import { cssColour, tableIndex } from './colour.ts';
import type { ColourScale } from './colour-scale.ts';
import { REFUSED } from './diagram-place.ts';
import type { DiagramView } from './diagram-view.ts';
import { classTexture, TEXTURES, type Texture, texturePattern } from './textures.ts';

/** Colours of the page around the diagram, as CSS colours. */
export interface PaintTheme {
  readonly paper: string;
  readonly wash: string;
  readonly ink: string;
  readonly hairline: string;
}

/** Texture of a cell; null for a plain colour. */
export function textureOf(view: DiagramView, index: number): Texture | null {
  const code = view.outcomes[index];
  if (code === UNKNOWN) return 'unknown';
  if (code === REFUSED) return 'refused';
  if (code === outcomeCode.obstructed) return 'obstructed';
  if (code === outcomeCode.diverged) return 'diverged';
  if (code === outcomeCode.stalled) return 'stalled';
  if (code === outcomeCode['out-of-budget']) return 'out-of-budget';
  return null;
}

/**
 * For every place the nearest place with a finite value, counted in cells: itself where known; −1 where nothing is known. Over
 * training time only places of the same time count: what has not been trained yet is not guessed. Nor is what a theory refuses.
 * Nearest places are handed from neighbour to neighbour, forth and back (Danielsson 1980).
 */
export function nearestKnown(view: Pick<DiagramView, 'columns' | 'rows' | 'values' | 'frames' | 'outcomes'>): Int32Array {
  const { columns, rows, values, frames, outcomes } = view;
  const nearest = Int32Array.from(values, (value, i) => (Number.isNaN(value) ? -1 : i));
  if (!nearest.includes(-1) && !outcomes.includes(REFUSED)) return nearest;
  const squared = (i: number, source: number) =>
    ((i % columns) - (source % columns)) ** 2 + (Math.floor(i / columns) - Math.floor(source / columns)) ** 2;
  const take = (i: number, dr: number, dc: number) => {
    const [r, c] = [Math.floor(i / columns) + dr, (i % columns) + dc];
    if (r < 0 || c < 0 || r >= rows || c >= columns || (frames !== undefined && dr !== 0)) return;
    const source = nearest[r * columns + c];
    if (source >= 0 && (nearest[i] < 0 || squared(i, source) < squared(i, nearest[i]))) nearest[i] = source;
  };
  for (const way of [1, -1, 1, -1]) {
    for (let k = 0; k < nearest.length; k++) {
      const i = way === 1 ? k : nearest.length - 1 - k;
      for (const [dr, dc] of [
        [0, -1],
        [-1, 0],
        [-1, -1],
        [-1, 1],
      ] as const)
        take(i, way * dr, way * dc);
    }
  }
  return nearest.map((source, i) => (outcomes[i] === REFUSED ? -1 : source));
}

/** Fills the canvas. `x` and `y` are cell edges in 0 … 1, `unit` is the device pixel ratio. */
export function paintCells(
  context: CanvasRenderingContext2D,
  view: DiagramView,
  scale: ColourScale,
  x: Float64Array,
  y: Float64Array,
  unit: number,
  theme: PaintTheme,
): void {
  const { width, height } = context.canvas;
  context.globalAlpha = 1;
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, width, height);
  const left = Array.from(x, (edge) => Math.round(edge * width));
  const top = Array.from(y, (edge) => Math.round((1 - edge) * height));
  const nearest = nearestKnown(view);
  // Writing a colour for each cell takes longer than filling it.
  const colours: string[] = [];
  const textures = new Map<Texture, number[]>();
  const lay = (texture: Texture, place: number) => {
    const places = textures.get(texture);
    if (places === undefined) textures.set(texture, [place]);
    else places.push(place);
  };
  for (let i = 0; i < nearest.length; i++) {
    const [r, c] = [Math.floor(i / view.columns), i % view.columns];
    const texture = textureOf(view, i);
    if (texture !== null && !(texture === 'unknown' && nearest[i] >= 0)) lay(texture, i);
    const source = texture === 'unknown' ? nearest[i] : i;
    if (source < 0 || texture === 'diverged') continue;
    const position = scale.position(view.values[source]);
    if (Number.isNaN(position)) continue;
    const pattern = scale.classes === undefined ? null : classTexture(view.values[source]);
    if (pattern !== null) lay(pattern, i);
    context.globalAlpha = source === i ? 1 : 0.72;
    context.fillStyle = colours[tableIndex(position)] ??= cssColour(scale.table, position);
    context.fillRect(left[c], top[r + 1], left[c + 1] - left[c], top[r] - top[r + 1]);
  }
  for (const [texture, places] of textures) {
    // Without a colour of its own a cell lies on wash, and what is drawn there follows light and dark.
    for (const bare of [true, false]) {
      const part = places.filter((i) => (texture === 'diverged' || Number.isNaN(view.values[i])) === bare);
      context.globalAlpha = 1;
      context.fillStyle = theme.wash;
      if (bare && texture !== 'unknown') fill(context, part, view.columns, left, top);
      const ink = texture === 'unknown' ? theme.hairline : bare ? theme.ink : '#14161a';
      context.globalAlpha = TEXTURES[texture].opacity;
      context.fillStyle = texturePattern(context, texture, unit, ink) ?? theme.wash;
      fill(context, part, view.columns, left, top);
    }
  }
  context.globalAlpha = 1;
}

function fill(
  context: CanvasRenderingContext2D,
  places: readonly number[],
  columns: number,
  left: number[],
  top: number[],
): void {
  for (const i of places) {
    const [r, c] = [Math.floor(i / columns), i % columns];
    context.fillRect(left[c], top[r + 1], left[c + 1] - left[c], top[r] - top[r + 1]);
  }
}
