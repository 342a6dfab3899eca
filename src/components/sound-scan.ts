// How a diagram sounds: columns from left to right, in each the rows from the bottom, pitch for the place along the colours,
// noise for networks without a value. Pure: says what is heard when; phase-sound.ts plays it.

import { UNKNOWN } from '../core/film.ts';
import type { ColourScale } from './colour-scale.ts';
import type { DiagramView } from './diagram-view.ts';
import { textureOf } from './paint.ts';

/** Pitches of the two ends of the colours, Hz: three octaves that small loudspeakers and old ears still have. */
export const LOWEST_HZ = 165;
export const HIGHEST_HZ = 1320;

/** Most columns that are played one by one, and the time that a whole scan takes, seconds. */
const MOST_COLUMNS = 96;
const SHORTEST_SCAN = 3;
const LONGEST_SCAN = 9;
const COLUMN_SECONDS = 0.22;
/** Most tones of one column. */
const MOST_ROWS = 8;

export interface Tone {
  /** Index of the place in the view. */
  readonly place: number;
  /** Seconds after the start, and how long. */
  readonly at: number;
  readonly seconds: number;
  /** Pitch, Hz; null sounds as noise. */
  readonly pitch: number | null;
  /** −1 (left) … 1 (right). */
  readonly pan: number;
}

export interface Scan {
  readonly tones: readonly Tone[];
  /** Length, seconds. */
  readonly seconds: number;
}

const evenly = (count: number, most: number): number[] =>
  count <= most
    ? Array.from({ length: count }, (_, i) => i)
    : Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));

/** Pitch of a place 0 … 1 along the colours: equal steps are equal intervals. */
export function pitchOf(position: number): number {
  return LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** Math.min(1, Math.max(0, position));
}

/** Textures that sound as noise: there the colour says nothing. */
const NOISY: readonly string[] = ['diverged', 'stalled', 'obstructed'];

/** What is heard of a view. Unknown places are silent. */
export function scanOf(view: DiagramView, colours: ColourScale): Scan {
  const columns = evenly(view.columns, MOST_COLUMNS);
  const rows = evenly(view.rows, MOST_ROWS);
  const seconds = Math.min(LONGEST_SCAN, Math.max(SHORTEST_SCAN, columns.length * COLUMN_SECONDS));
  const column = seconds / columns.length;
  const tones: Tone[] = [];
  columns.forEach((c, i) => {
    rows.forEach((r, j) => {
      const place = r * view.columns + c;
      const noisy = NOISY.includes(textureOf(view, place) ?? '');
      const position = colours.position(view.values[place]);
      if (!noisy && (view.outcomes[place] === UNKNOWN || Number.isNaN(position))) return;
      tones.push({
        place,
        at: i * column + (j * column) / rows.length,
        seconds: column / rows.length,
        pitch: noisy ? null : pitchOf(position),
        pan: columns.length < 2 ? 0 : (2 * i) / (columns.length - 1) - 1,
      });
    });
  });
  return { tones, seconds };
}
