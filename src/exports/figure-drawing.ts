// A figure as plain data: everything an export needs to draw it, worked out by whoever shows it. Positions
// run from 0 to 1, y upwards.

/** A number before a power of ten; without `exponent` it stands alone. An empty mantissa leaves the power by itself. */
export interface DrawnNumber {
  readonly mantissa: string;
  readonly exponent?: string;
}

export interface DrawnTick {
  readonly position: number;
  /** Absent on minor ticks. */
  readonly label?: DrawnNumber;
}

export interface DrawnAxis {
  /** "output scale". */
  readonly label: string;
  /** "α̃"; what follows an underscore is lowered. */
  readonly symbol: string;
  /** Borders of the cells, ascending from 0 to 1: count + 1. */
  readonly edges: ArrayLike<number>;
  readonly ticks: readonly DrawnTick[];
}

/** Red, green and blue, 0 … 255. */
export type DrawnColour = readonly [number, number, number];

/** A hatching: an SVG path in a tile of 8 × 8, stroked. */
export interface DrawnPattern {
  readonly path: string;
  readonly width: number;
  readonly opacity: number;
  /** What it means, for the legend; empty is not listed. */
  readonly words: string;
}

export interface DrawnLine {
  /** `boundary`: between lazy and rich. `band`: outlines of where other seeds may put it. `theory`: as a theory says. */
  readonly kind: 'boundary' | 'band' | 'theory';
  /** x0, y0, x1, y1, … of each piece. */
  readonly pieces: readonly (readonly number[])[];
  /** For the legend; empty is not listed. */
  readonly words: string;
}

/** What the colours mean: a bar with ticks, or named classes. */
export type DrawnLegend =
  | {
      readonly kind: 'bar';
      /** Evenly spaced from the first to the last colour. */
      readonly stops: readonly DrawnColour[];
      readonly ticks: readonly DrawnTick[];
      /** Where the boundary stands; null for none. */
      readonly threshold: number | null;
    }
  | { readonly kind: 'classes'; readonly entries: readonly { readonly label: string; readonly colour: DrawnColour }[] };

export interface FigureDrawing {
  readonly title: string;
  /** Under the title: what was cut where, at which time. */
  readonly subtitle: string;
  readonly x: DrawnAxis;
  /** Null for one row. */
  readonly y: DrawnAxis | null;
  /** (rows, columns, 4), row 0 at the bottom: red, green, blue, and 0 where there is nothing to colour. */
  readonly cells: Uint8Array | Uint8ClampedArray;
  readonly patterns: readonly DrawnPattern[];
  /** Index into `patterns` of each cell, 255 for none: (rows, columns). */
  readonly hatching: Uint8Array;
  readonly lines: readonly DrawnLine[];
  /** "relative kernel change". */
  readonly observable: string;
  readonly symbol: string;
  readonly legend: DrawnLegend;
  /** The paper, one line. */
  readonly citation: string;
  /** What made it: version, engine, sweep. One line. */
  readonly origin: string;
}
