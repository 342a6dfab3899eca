// Textures of diagrams as data: what is drawn over cells whose outcome or class must be told without colour.
// Canvas and legends share it.

/** One per outcome that is not plain, one for places where a theory does not hold, and those of classes. */
export type Texture = 'unknown' | 'diverged' | 'stalled' | 'out-of-budget' | 'obstructed' | 'refused' | ClassTexture;

export type ClassTexture = 'upright' | 'level' | 'rings';

/** Side of a tile, CSS pixels. */
export const TILE = 8;

interface Drawn {
  /** SVG path in a tile, to be stroked; lines meet at the tile's borders. */
  readonly path: string;
  /** Stroke width, CSS pixels. */
  readonly width: number;
  /** Opacity of the strokes. */
  readonly opacity: number;
}

const RISING = 'M0 8L8 0M-1 1L1 -1M7 9L9 7';
const FALLING = 'M0 0L8 8M7 -1L9 1M-1 7L1 9';

export const TEXTURES: Readonly<Record<Texture, Drawn>> = {
  unknown: { path: 'M4 4h.01', width: 1, opacity: 1 },
  'out-of-budget': { path: 'M4 4h.01', width: 2.2, opacity: 0.34 },
  stalled: { path: RISING, width: 1.2, opacity: 0.32 },
  obstructed: { path: 'M4 2V6M2 4H6', width: 1.2, opacity: 0.5 },
  diverged: { path: RISING + FALLING, width: 1.2, opacity: 0.55 },
  refused: { path: FALLING, width: 0.9, opacity: 0.38 },
  upright: { path: 'M4 0V8', width: 1, opacity: 0.3 },
  level: { path: 'M0 4H8', width: 1, opacity: 0.45 },
  rings: { path: 'M2.2 4a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0 -3.6 0', width: 1, opacity: 0.35 },
};

const CLASSES: readonly (ClassTexture | null)[] = [null, null, 'upright', 'level', 'rings', null, null];

/** Texture of class `value`; null for those that are plain. */
export function classTexture(value: number): ClassTexture | null {
  return CLASSES[value % CLASSES.length] ?? null;
}

/** A texture as something to fill with, `unit` device pixels to a CSS pixel. */
export function texturePattern(
  context: CanvasRenderingContext2D,
  texture: Texture,
  unit: number,
  ink: string,
): CanvasPattern | null {
  const { path, width } = TEXTURES[texture];
  const size = Math.max(1, Math.round(TILE * unit));
  const tile = context.canvas.ownerDocument.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const inner = tile.getContext('2d');
  if (inner === null) return null;
  inner.scale(size / TILE, size / TILE);
  inner.strokeStyle = ink;
  inner.lineWidth = width;
  inner.lineCap = 'square';
  inner.stroke(new Path2D(path));
  return context.createPattern(tile, 'repeat');
}
