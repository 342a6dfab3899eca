// The boundary as drawn: level lines of a grid by marching squares (Lorensen and Cline 1987, in two dimensions), joined into
// polylines that reach the border of the plot. Draws only: exponents and intervals are the business of src/analysis.

/** Points x0, y0, x1, y1, … in 0 … 1. */
export type Polyline = number[];

/**
 * Crossed edges of each case, a segment from the first to the second, then perhaps another: corners counted from the low-left one
 * against the clock, edges bottom 0, right 1, top 2, left 3.
 */
const CASES = ',30,01,31,12,3012,02,32,23,20,0123,21,13,10,03,'.split(',');

/** Adds one row and one column on every side that repeat the border, so that lines run to the edge of the plot. */
export function padded(values: ArrayLike<number>, columns: number, rows: number): Float64Array {
  const out = new Float64Array((columns + 2) * (rows + 2));
  for (let r = 0; r < rows + 2; r++) {
    const row = Math.min(rows - 1, Math.max(0, r - 1));
    for (let c = 0; c < columns + 2; c++) {
      out[r * (columns + 2) + c] = values[row * columns + Math.min(columns - 1, Math.max(0, c - 1))];
    }
  }
  return out;
}

function join(
  segments: readonly (readonly [number, number])[],
  points: ReadonlyMap<number, readonly [number, number]>,
): Polyline[] {
  const ends = new Map<number, number[]>();
  segments.forEach((segment, s) => {
    for (const end of segment) ends.set(end, [...(ends.get(end) ?? []), s]);
  });
  const used = new Uint8Array(segments.length);
  const follow = (start: number, from: number): number[] => {
    const chain: number[] = [];
    for (let at = start, edge = from; ; ) {
      used[at] = 1;
      const [a, b] = segments[at];
      edge = a === edge ? b : a;
      chain.push(edge);
      const next = ends.get(edge)?.find((s) => used[s] === 0);
      if (next === undefined) return chain;
      at = next;
    }
  };
  const lines: Polyline[] = [];
  for (let s = 0; s < segments.length; s++) {
    if (used[s] === 1) continue;
    const [a] = segments[s];
    const ahead = follow(s, a);
    const other = ends.get(a)?.find((candidate) => used[candidate] === 0);
    const behind = other === undefined ? [] : follow(other, a).reverse();
    lines.push([...behind, a, ...ahead].flatMap((edge) => [...(points.get(edge) ?? [])]));
  }
  return lines;
}

/**
 * Level lines of `values` (rows, columns), row-major, whose centres stand at `x` (columns) and `y` (rows) in 0 … 1.
 * Squares with a corner that is not a number are left out; ±∞ counts as far above or below.
 */
export function levelLines(values: ArrayLike<number>, x: ArrayLike<number>, y: ArrayLike<number>, level: number): Polyline[] {
  return march(padded(values, x.length, y.length), [0, ...Array.from(x), 1], [0, ...Array.from(y), 1], level);
}

/** Level lines of a grid whose rows and columns stand at `px` and `py`. */
export function march(grid: Float64Array, px: readonly number[], py: readonly number[], level: number): Polyline[] {
  const stride = px.length;
  const points = new Map<number, readonly [number, number]>();
  const segments: [number, number][] = [];
  const share = (a: number, b: number) => {
    if (!Number.isFinite(a) || !Number.isFinite(b)) return 0.5;
    return (level - a) / (b - a);
  };
  for (let r = 0; r < py.length - 1; r++) {
    for (let c = 0; c < stride - 1; c++) {
      const corner = r * stride + c;
      const v = [grid[corner], grid[corner + 1], grid[corner + stride + 1], grid[corner + stride]];
      if (v.some(Number.isNaN)) continue;
      const code = v.reduce((bits, value, i) => bits + (value >= level ? 1 << i : 0), 0);
      // Edges are named by the corner they start at: even for horizontal ones, odd for vertical ones.
      const names = [2 * corner, 2 * (corner + 1) + 1, 2 * (corner + stride), 2 * corner + 1];
      for (const [from, to] of (CASES[code].match(/../g) ?? []).map((pair) => [...pair].map(Number))) {
        for (const edge of [from, to]) {
          if (points.has(names[edge])) continue;
          const along = (a: number, b: number, s: number) => a + (b - a) * s;
          const [x0, x1, y0, y1] = [px[c], px[c + 1], py[r], py[r + 1]];
          if (edge === 0) points.set(names[edge], [along(x0, x1, share(v[0], v[1])), y0]);
          if (edge === 1) points.set(names[edge], [x1, along(y0, y1, share(v[1], v[2]))]);
          if (edge === 2) points.set(names[edge], [along(x0, x1, share(v[3], v[2])), y1]);
          if (edge === 3) points.set(names[edge], [x0, along(y0, y1, share(v[0], v[3]))]);
        }
        segments.push([names[from], names[to]]);
      }
    }
  }
  return join(segments, points);
}

/** SVG path data of level lines in a box of `width` × `height`, y upwards. */
export function pathData(lines: readonly Polyline[], width: number, height: number): string {
  return lines
    .map((line) => {
      let path = '';
      for (let i = 0; i < line.length; i += 2) {
        path += `${i === 0 ? 'M' : 'L'}${(line[i] * width).toFixed(1)} ${((1 - line[i + 1]) * height).toFixed(1)}`;
      }
      return path;
    })
    .join('');
}
