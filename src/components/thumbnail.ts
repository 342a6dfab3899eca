// Small pictures of presets: reads how far along the colours each point lies and paints it. Made by presets/thumbnails/build.mjs.

import { type ColourTable, classTable, diverging, sequential, tableIndex } from './colour.ts';

/** A diagram in 24 × 16 letters, rows from the top. */
export interface Thumbnail {
  readonly map: string;
  /** Number of classes, for `map` = `class`. */
  readonly classes?: number;
  /** 384 letters of A–Z a–z 0–9 - _: 62 places along the colours, then one for networks without a value, one for unknown. */
  readonly cells: string;
}

/** By id of the preset. */
export type Thumbnails = Readonly<Record<string, Thumbnail>>;

const THUMBNAIL_COLUMNS = 24;
const THUMBNAIL_ROWS = 16;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const LEVELS = 61;
/** Opaque enough on light and on dark paper. */
const MARKED = [128, 128, 128, 110];

function tableOfMap({ map, classes = 1 }: Thumbnail): ColourTable {
  if (map === 'class') return classTable(classes);
  return map === 'diverging' ? diverging : sequential;
}

/** Red, green, blue and opacity of every point, (rows, columns, 4); unknown points are transparent. */
export function thumbnailPixels(thumbnail: Thumbnail): Uint8ClampedArray<ArrayBuffer> {
  const table = tableOfMap(thumbnail);
  const pixels = new Uint8ClampedArray(4 * THUMBNAIL_COLUMNS * THUMBNAIL_ROWS);
  for (let i = 0; i < THUMBNAIL_COLUMNS * THUMBNAIL_ROWS; i++) {
    const level = LETTERS.indexOf(thumbnail.cells[i] ?? '_');
    if (level < 0 || level > LEVELS + 1) continue;
    const at = 3 * tableIndex(level / LEVELS);
    pixels.set(level > LEVELS ? MARKED : [table[at], table[at + 1], table[at + 2], 255], 4 * i);
  }
  return pixels;
}

/** Paints one on a canvas of its own size; the page's style enlarges it. */
export function paintThumbnail(canvas: HTMLCanvasElement, thumbnail: Thumbnail): void {
  canvas.width = THUMBNAIL_COLUMNS;
  canvas.height = THUMBNAIL_ROWS;
  canvas.getContext('2d')?.putImageData(new ImageData(thumbnailPixels(thumbnail), THUMBNAIL_COLUMNS), 0, 0);
}
