// Where a swept axis lies on the page: cell edges, centres and hit-testing in 0 … 1. Ticks are in ticks.ts.

import type { Parameter } from '../core/parameter.ts';
import type { Axis, Sweep } from '../core/sweep.ts';
import { TIME } from './diagram-place.ts';

/** An axis with the words and the symbol it is labelled with. */
export interface AxisView {
  readonly axis: Axis;
  readonly label: string;
  readonly symbol: string;
}

/** What an axis needs of a sweep. */
type Swept = Pick<Sweep, 'axes'> & { readonly training: { readonly checkpoints: readonly number[] } };

/** Training time as an axis: the checkpoints after 0. */
export function timeAxis(sweep: Pick<Swept, 'training'>): AxisView {
  const values = sweep.training.checkpoints;
  const wide = values[values.length - 1] / values[0] > 20;
  return { axis: { parameter: 'time', scale: wide ? 'log' : 'linear', values }, label: 'training time', symbol: 't' };
}

/** An axis of a sweep, or training time, with its words; null where the sweep has no such axis. */
export function axisViewOf(
  sweep: Swept,
  parameter: string,
  records: readonly Pick<Parameter, 'id' | 'label' | 'symbol'>[],
): AxisView | null {
  if (parameter === TIME) return timeAxis(sweep);
  const axis = sweep.axes.find((candidate) => candidate.parameter === parameter);
  if (axis === undefined) return null;
  const record = records.find(({ id }) => id === parameter);
  return { axis, label: record?.label ?? parameter, symbol: record?.symbol ?? '' };
}

export interface AxisScale {
  /** `list` also where an axis calls itself linear or logarithmic but its values do not ascend. */
  readonly kind: 'linear' | 'log' | 'list';
  readonly values: readonly (number | string)[];
  /** Borders of the cells, ascending, count + 1 numbers from 0 to 1. */
  readonly edges: Float64Array;
  /** Positions of the values themselves, count numbers. */
  readonly centres: Float64Array;
  /** Position of a number on a linear or logarithmic axis; may lie outside 0 … 1. NaN on a list. */
  position(value: number): number;
  /** Number at a position; NaN on a list. */
  value(position: number): number;
}

function ascending(values: readonly number[]): boolean {
  return values.every((value, i) => Number.isFinite(value) && (i === 0 || value > values[i - 1]));
}

/**
 * The scale of an axis. Cells of a list are equally wide; others are bounded half-way between neighbours
 * in the axis' own measure.
 */
export function scaleOf(axis: Axis): AxisScale {
  const { values } = axis;
  const count = values.length;
  const numbers = values.map((value) => (typeof value === 'number' ? value : Number.NaN));
  const measurable = axis.scale !== 'list' && count > 1 && ascending(numbers) && (axis.scale === 'linear' || numbers[0] > 0);
  const forward = axis.scale === 'log' ? Math.log10 : (value: number) => value;
  const back = axis.scale === 'log' ? (u: number) => 10 ** u : (u: number) => u;
  const edges = new Float64Array(count + 1);
  const centres = new Float64Array(count);
  if (!measurable) {
    for (let i = 0; i <= count; i++) edges[i] = i / count;
    for (let i = 0; i < count; i++) centres[i] = (i + 0.5) / count;
    return { kind: 'list', values, edges, centres, position: () => Number.NaN, value: () => Number.NaN };
  }
  const u = numbers.map(forward);
  const first = u[0] - (u[1] - u[0]) / 2;
  const last = u[count - 1] + (u[count - 1] - u[count - 2]) / 2;
  const position = (value: number) => (forward(value) - first) / (last - first);
  for (let i = 1; i < count; i++) edges[i] = ((u[i - 1] + u[i]) / 2 - first) / (last - first);
  edges[count] = 1;
  for (let i = 0; i < count; i++) centres[i] = position(numbers[i]);
  return {
    kind: axis.scale as 'linear' | 'log',
    values,
    edges,
    centres,
    position,
    value: (at) => back(first + at * (last - first)),
  };
}

/** Index of the cell at a position 0 … 1, by bisection; positions outside give the nearest cell. */
export function indexAt(edges: Float64Array, position: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle] <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
