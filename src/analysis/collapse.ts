// Scaling collapse: the power of a parameter by which the axis of its curves is to be multiplied so that they fall onto one, and
// how well they do. The axis is multiplied, values are compared; what the curves mean is report.ts's.

import { type Curves, everyone, meanCurve } from './curves.ts';

/** One measured point in the coordinates of the collapse. */
interface Point {
  readonly u: number;
  readonly v: number;
}

/** Curves over ln x; ln y where the observable is logarithmic. Points without a finite value are left out. */
function linesOf(curves: Curves, chosen: readonly number[], keep: (y: number) => boolean): Point[][] {
  return curves.against.map((_, row) => {
    const ys = meanCurve(curves, row, chosen);
    return curves.along
      .map((x, i) => ({ u: Math.log(x), v: curves.scale === 'log' ? Math.log(ys[i]) : ys[i], y: ys[i] }))
      .filter(({ u, v, y }) => Number.isFinite(u) && Number.isFinite(v) && keep(y));
  });
}

/** The line at `u` between its points; NaN beyond them. */
function heightAt(line: readonly Point[], u: number): number {
  let [low, high] = [0, line.length - 1];
  if (high < 1 || u < line[low].u || u > line[high].u) return Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (line[middle].u <= u) low = middle;
    else high = middle;
  }
  const [before, after] = [line[low], line[high]];
  return before.v + ((u - before.u) / (after.u - before.u)) * (after.v - before.v);
}

function costOf(lines: readonly (readonly Point[])[], logs: readonly number[], exponent: number): number {
  let sum = 0;
  let count = 0;
  lines.forEach((line, a) => {
    lines.forEach((other, b) => {
      if (a === b) return;
      const shift = exponent * (logs[a] - logs[b]);
      for (const { u, v } of line) {
        const height = heightAt(other, u + shift);
        if (Number.isNaN(height)) continue;
        sum += (v - height) ** 2;
        count += 1;
      }
    });
  });
  // Curves that no longer meet agree about nothing.
  const pairs = lines.reduce((total, line) => total + line.length, 0) * (lines.length - 1);
  return count < 0.25 * pairs || count === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(sum / count);
}

export interface CollapseOptions {
  /** Members whose mean is taken, repetitions count. Defaults to everyone once. */
  readonly chosen?: readonly number[];
  /** Range of exponents that is searched. Defaults to −2 … 2. */
  readonly range?: readonly [number, number];
  /** Which values enter. Defaults to all. */
  readonly keep?: (y: number) => boolean;
}

export interface Collapse {
  /** x in u = along · against^x for which the curves are closest; NaN below two curves, or where they share no values. */
  readonly exponent: number;
  /** Root mean square distance between curves there, in the units of y, of ln y for logarithmic observables. */
  readonly cost: number;
}

/**
 * Root mean square distance between the curves, taken at all their points with linear interpolation on the others,
 * once the axis of each is multiplied by against^exponent: Bhattacharjee and Seno 2001. Infinity where less than a quarter of the
 * points lie over another curve.
 */
export function collapseCost(
  curves: Curves,
  exponent: number,
  { chosen = everyone(curves), keep = () => true }: CollapseOptions = {},
): number {
  return costOf(linesOf(curves, chosen, keep), curves.against.map(Math.log), exponent);
}

/** Distance between the exponents of the first look over the range. */
const COARSE = 0.05;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The exponent of least cost: by a grid over the range, then by golden section between the neighbours of its best point. */
export function bestCollapse(curves: Curves, options: CollapseOptions = {}): Collapse {
  const { chosen = everyone(curves), range = [-2, 2], keep = () => true } = options;
  const lines = linesOf(curves, chosen, keep);
  const logs = curves.against.map(Math.log);
  const cost = (exponent: number) => costOf(lines, logs, exponent);
  const steps = Math.max(1, Math.round((range[1] - range[0]) / COARSE));
  const step = (range[1] - range[0]) / steps;
  const grid = Array.from({ length: steps + 1 }, (_, i) => range[0] + i * step);
  const costs = grid.map(cost);
  const best = costs.indexOf(Math.min(...costs));
  if (curves.against.length < 2 || !Number.isFinite(costs[best])) return { exponent: Number.NaN, cost: Number.NaN };
  let [low, high] = [grid[best] - step, grid[best] + step];
  while (high - low > 1e-6) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (cost(left) <= cost(right)) high = right;
    else low = left;
  }
  const exponent = (low + high) / 2;
  return { exponent, cost: cost(exponent) };
}
