// Lines on which a function of two parameters vanishes, as boundaries of a plane. Knows no theory.

import type { Boundary, TheoryPlane } from '../core/theory.ts';

/** Cells along each side. A line is exact where it crosses their edges. */
const CELLS = 64;
/** Bisections along an edge: a 2⁻⁴⁰ of it. */
const BISECTIONS = 40;
/** Ends of a range that are positive and further apart than this are spanned logarithmically. */
const LOG_RATIO = 20;

type Point = readonly [number, number];

/** From 0 … 1 to the range, as far as can be told the way its axis is drawn. */
export function spanOf([from, to]: readonly [number, number]): (share: number) => number {
  if (from > 0 && to / from > LOG_RATIO) return (share) => from * (to / from) ** share;
  return (share) => from + (to - from) * share;
}

/**
 * The zero line of `level(x, y)` in a plane, in the parameters' own units; no boundary where it does not cross the plane. Where
 * `level` is not finite there is no line.
 */
export function levelLine(
  plane: Pick<TheoryPlane, 'xRange' | 'yRange'>,
  label: string,
  level: (x: number, y: number) => number,
): Boundary[] {
  const [spanX, spanY] = [spanOf(plane.xRange), spanOf(plane.yRange)];
  const at = (i: number, j: number) => level(spanX(i / CELLS), spanY(j / CELLS));
  const side = CELLS + 1;
  const levels = Float64Array.from({ length: side * side }, (_, n) => at(n % side, Math.floor(n / side)));
  const above = (i: number, j: number) => levels[j * side + i] > 0;

  /** Where the line crosses the edge from (i, j) to (i + di, j + dj); null where it does not. */
  function crossing(i: number, j: number, di: number, dj: number): { key: number; point: Point } | null {
    const far = (j + dj) * side + i + di;
    if (!Number.isFinite(levels[j * side + i]) || !Number.isFinite(levels[far])) return null;
    if (above(i, j) === above(i + di, j + dj)) return null;
    let [low, high] = [0, 1];
    for (let n = 0; n < BISECTIONS; n++) {
      const middle = (low + high) / 2;
      if (at(i + di * middle, j + dj * middle) > 0 === above(i, j)) low = middle;
      else high = middle;
    }
    return { key: 2 * (j * side + i) + dj, point: [spanX((i + di * high) / CELLS), spanY((j + dj * high) / CELLS)] };
  }

  const points = new Map<number, Point>();
  const links = new Map<number, number[]>();
  for (let j = 0; j < CELLS; j++) {
    for (let i = 0; i < CELLS; i++) {
      const met = [crossing(i, j, 1, 0), crossing(i + 1, j, 0, 1), crossing(i, j + 1, 1, 0), crossing(i, j, 0, 1)].filter(
        (one) => one !== null,
      );
      for (let n = 0; n + 1 < met.length; n += 2) {
        const [a, b] = [met[n], met[n + 1]];
        for (const { key, point } of [a, b]) points.set(key, point);
        links.set(a.key, [...(links.get(a.key) ?? []), b.key]);
        links.set(b.key, [...(links.get(b.key) ?? []), a.key]);
      }
    }
  }
  const line = chain(points, links);
  return line.length === 0 ? [] : [{ label, points: line }];
}

/** Edges joined into strokes, ends first; NaN lifts the pen between them. */
function chain(points: ReadonlyMap<number, Point>, links: ReadonlyMap<number, readonly number[]>): Point[] {
  const line: Point[] = [];
  const drawn = new Set<number>();
  const ends = [...links.keys()].filter((key) => links.get(key)?.length === 1);
  for (const first of [...ends, ...links.keys()]) {
    if (drawn.has(first)) continue;
    if (line.length > 0) line.push([Number.NaN, Number.NaN]);
    let key: number | undefined = first;
    let last = first;
    while (key !== undefined) {
      drawn.add(key);
      line.push(points.get(key) ?? [Number.NaN, Number.NaN]);
      last = key;
      key = links.get(key)?.find((next) => !drawn.has(next));
    }
    // A stroke that came back to its beginning is closed.
    const start = points.get(first);
    if (last !== first && start !== undefined && links.get(last)?.includes(first) && !ends.includes(first)) line.push(start);
  }
  return line;
}
