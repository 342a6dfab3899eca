// Lines that a theory draws over a diagram, each with its words. Plain functions of numbers: see phase-heatmap.ts.

import { type SVGTemplateResult, svg } from 'lit';
import type { Boundary } from '../core/theory.ts';
import type { Overlay, PlotBox } from './heatmap-marks.ts';
import type { AxisScale } from './scale.ts';

type Point = readonly [number, number];

/** Width of a character of the labels and height of a line, CSS pixels. */
const CHARACTER = 5.9;
const LINE = 15;
/** Where along its visible part a line's words are tried. */
const TRIES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.97, 0.03] as const;

/** Pieces of a boundary in CSS pixels of the element; a number that the axis cannot place lifts the pen. */
function pieces({ points }: Boundary, x: AxisScale, y: AxisScale, box: PlotBox): Point[][] {
  const all: Point[][] = [];
  let piece: Point[] = [];
  for (const [u, v] of points) {
    const [px, py] = [box.left + x.position(u) * box.width, box.top + (1 - y.position(v)) * box.height];
    if (Number.isFinite(px) && Number.isFinite(py)) piece.push([px, py]);
    else if (piece.length > 0) {
      all.push(piece);
      piece = [];
    }
  }
  if (piece.length > 0) all.push(piece);
  return all.filter(({ length }) => length > 1);
}

/** Points inside the plot, evenly spaced along the line. */
function visible(lines: readonly Point[][], box: PlotBox): Point[] {
  const found: Point[] = [];
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const [[x0, y0], [x1, y1]] = [line[i - 1], line[i]];
      const steps = Math.min(400, Math.max(1, Math.round(Math.hypot(x1 - x0, y1 - y0) / 4)));
      for (let k = 0; k < steps; k++) {
        const [px, py] = [x0 + ((x1 - x0) * k) / steps, y0 + ((y1 - y0) * k) / steps];
        if (px >= box.left && px <= box.left + box.width && py >= box.top && py <= box.top + box.height) found.push([px, py]);
      }
    }
  }
  return found;
}

interface Placed {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A place for words beside one of a line's own points, inside the plot, clear of other words, and with as few points of lines
 * under it as can be; null where there is none.
 */
function placeWords(
  label: string,
  own: readonly Point[],
  all: readonly Point[],
  taken: readonly Placed[],
  box: PlotBox,
): Placed | null {
  const width = label.length * CHARACTER;
  let [best, fewest] = [null as Placed | null, Number.POSITIVE_INFINITY];
  for (const share of TRIES) {
    const [px, py] = own[Math.floor(share * (own.length - 1))];
    for (const [dx, dy] of [
      [7, -LINE - 2],
      [-7 - width, -LINE - 2],
      [7, 3],
      [-7 - width, 3],
      [-width / 2, -LINE - 5],
      [-width / 2, 6],
    ] as const) {
      const [left, top] = [px + dx, py + dy];
      const one = { left, top, right: left + width, bottom: top + LINE };
      const inside =
        left >= box.left + 2 && one.right <= box.left + box.width - 2 && top >= box.top && one.bottom <= box.top + box.height;
      const clear = taken.every(
        (other) => one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top,
      );
      if (!inside || !clear) continue;
      const under = all.filter(([u, v]) => u > one.left - 2 && u < one.right + 2 && v > one.top - 1 && v < one.bottom + 1).length;
      if (under < fewest) [best, fewest] = [one, under];
    }
  }
  return best;
}

/** Boundaries of a theory, clipped to the plot. */
function theoryMarks(boundaries: readonly Boundary[], x: AxisScale, y: AxisScale, box: PlotBox): SVGTemplateResult[] {
  const taken: Placed[] = [];
  const marks: SVGTemplateResult[] = [];
  const words: SVGTemplateResult[] = [];
  const drawn = boundaries
    .map((boundary) => {
      const lines = pieces(boundary, x, y, box);
      return { label: boundary.label, lines, points: visible(lines, box) };
    })
    .filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  for (const { label, lines, points } of drawn) {
    const path = lines
      .map((line) => line.map(([px, py], i) => `${i === 0 ? 'M' : 'L'}${px.toFixed(1)} ${py.toFixed(1)}`).join(''))
      .join('');
    marks.push(svg`<path d=${path} stroke="#fff" stroke-width="2.6" stroke-opacity="0.65" />
      <path part="theory" d=${path} stroke="#14161a" stroke-width="1.1" stroke-dasharray="7 3 1.5 3" />`);
    const place = placeWords(label, points, all, taken, box);
    if (place === null) continue;
    taken.push(place);
    words.push(svg`<rect x=${(place.left - 3).toFixed(1)} y=${place.top.toFixed(1)} width=${label.length * CHARACTER + 6} height=${LINE}
        rx="2" fill="#fff" fill-opacity="0.8" stroke="none" /><text text-anchor="middle" x=${((place.left + place.right) / 2).toFixed(1)} y=${(place.top + LINE - 4).toFixed(1)}>${label}</text>`);
  }
  if (marks.length === 0) return [];
  return [
    svg`<clipPath id="plot"><rect x=${box.left} y=${box.top} width=${box.width} height=${box.height} /></clipPath>
      <g clip-path="url(#plot)" fill="none" stroke-linejoin="round">${marks}</g>
      <g class="words">${words}</g>`,
  ];
}

/** Boundaries as an overlay of <phase-heatmap>; null where there are none. */
export function theoryOverlay(boundaries: readonly Boundary[]): Overlay | null {
  if (boundaries.length === 0) return null;
  return {
    marks: (x, y, box) => theoryMarks(boundaries, x, y, box),
    words: `Lines of the theory: ${boundaries.map(({ label }) => label).join('; ')}.`,
  };
}
