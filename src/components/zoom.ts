// From a rectangle on the diagram to the finer sweep in it, as JSON. Pure: the rectangle is drawn by brush.ts,
// the sweep judged by parseSweep.

import type { Caps } from '../core/caps.ts';
import type { Parameter, Value } from '../core/parameter.ts';
import { spacedValues } from '../core/parse-axis.ts';
import { type Axis, cellCount, type Sweep } from '../core/sweep.ts';
import type { SweepJson } from '../core/view-state.ts';
import { levelLines } from './contour.ts';
import { type DiagramView, type Slice, TIME } from './diagram-view.ts';
import { type AxisScale, type AxisView, indexAt, scaleOf } from './scale.ts';

/** A stretch of an axis, 0 ≤ low < high ≤ 1. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

export interface Area {
  readonly x: Span;
  /** Whole where one row is drawn. */
  readonly y: Span;
}

/** Fewest steps of a zoomed axis, where it has so many values to give. */
const LEAST_STEPS = 5;
/** Ends that a number cannot tell apart any more are not zoomed into: this share of their size. */
const NARROWEST = 1e-9;

export const WHOLE: Span = { low: 0, high: 1 };

/** A span from two positions in any order, within 0 … 1. */
export function spanOf(one: number, other: number): Span {
  const within = (position: number) => Math.min(1, Math.max(0, position));
  return { low: within(Math.min(one, other)), high: within(Math.max(one, other)) };
}

/** The span of cells `first` to `last`, both included. */
export function cellSpan(scale: AxisScale, first: number, last: number): Span {
  return { low: scale.edges[Math.min(first, last)], high: scale.edges[Math.max(first, last) + 1] };
}

/** `value` with no more digits than tell a thousandth of `width` apart. */
function tidy(value: number, width: number): number {
  const digits = 3 + Math.ceil(Math.log10(Math.max(1, Math.abs(value) / width)));
  return Number(value.toPrecision(Math.min(12, Math.max(3, digits))));
}

/** Listed values whose centres lie inside; at least the one in the middle of the span. */
function listed(axis: Axis, scale: AxisScale, span: Span): Axis {
  const inside = axis.values.filter((_, i) => scale.centres[i] >= span.low && scale.centres[i] <= span.high);
  const middle = axis.values[indexAt(scale.edges, (span.low + span.high) / 2)];
  return { ...axis, values: inside.length > 0 ? inside : [middle] };
}

/**
 * The axis inside a span, with `steps` values or as many whole numbers as there are. It never leaves the values that it had:
 * their ends were judged. Lists, and axes too narrow to be divided further, keep their own values.
 */
export function zoomedAxis(axis: Axis, span: Span, steps: number, integer: boolean): Axis {
  const scale = scaleOf(axis);
  if (scale.kind === 'list') return listed(axis, scale, span);
  const [first, last] = [axis.values[0] as number, axis.values[axis.values.length - 1] as number];
  const within = (value: number) => Math.min(last, Math.max(first, value));
  const [from, to] = [within(scale.value(span.low)), within(scale.value(span.high))];
  if (integer) {
    const [low, high] = [Math.ceil(from - 1e-9), Math.floor(to + 1e-9)];
    if (low > high) return { ...axis, values: [within(Math.round((from + to) / 2))] };
    if (high - low < steps) {
      return { ...axis, values: Array.from({ length: high - low + 1 }, (_, i) => low + i) };
    }
    return { ...axis, values: spacedValues(scale.kind, low, high, steps, true) };
  }
  const ends = [tidy(from, to - from), tidy(to, to - from)].map(within);
  if (!(ends[1] - ends[0] > NARROWEST * Math.max(Math.abs(ends[0]), Math.abs(ends[1])))) return listed(axis, scale, span);
  return { ...axis, values: spacedValues(scale.kind, ends[0], ends[1], steps) };
}

/** Checkpoints inside a span of training time, as many as there were. */
function zoomedTimes(sweep: Sweep, axis: Axis, span: Span): readonly number[] {
  return zoomedAxis(axis, span, sweep.training.checkpoints.length, false).values as number[];
}

/** A sweep to be run, and what it varies. */
export interface Zoom {
  readonly json: SweepJson;
  /** The axes that change, with their new values; training time among them where it stands upwards. */
  readonly axes: readonly Axis[];
  readonly cells: number;
}

/** Writes axes into a sweep as the reader gave it; everything else stays as it was written. */
function withAxes(json: SweepJson, axes: readonly Axis[]): SweepJson {
  const given = Array.isArray(json.axes) ? (json.axes as readonly SweepJson[]) : [];
  return {
    ...json,
    axes: given.map((old) => {
      const axis = axes.find(({ parameter }) => parameter === old.parameter);
      return axis === undefined ? old : { parameter: axis.parameter, scale: axis.scale, values: [...axis.values] };
    }),
  };
}

function withTimes(json: SweepJson, sweep: Sweep, times: readonly number[]): SweepJson {
  const training = (json.training ?? {}) as SweepJson;
  const maxTime = sweep.stages.length > 0 ? sweep.training.maxTime : times[times.length - 1];
  return { ...json, training: { ...training, maxTime, checkpoints: [...times] } };
}

/**
 * The finer sweep in an area of the diagram, within the caps; null where it would be the sweep that is shown. `finer`: steps for
 * each there was, for a closer look at the whole.
 */
export function zoomOf(
  json: SweepJson,
  sweep: Sweep,
  slice: Slice,
  axisView: (parameter: string) => AxisView | null,
  kinds: readonly Pick<Parameter, 'id' | 'kind'>[],
  area: Area,
  caps: Pick<Caps, 'cells' | 'networks'>,
  finer = 1,
): Zoom | null {
  const zoomed = (most: (count: number) => number) =>
    [
      { parameter: slice.x, span: area.x },
      ...(slice.y === null || slice.y === TIME ? [] : [{ parameter: slice.y, span: area.y }]),
    ].map(({ parameter, span }) => {
      const axis = axisView(parameter)?.axis as Axis;
      const integer = kinds.find(({ id }) => id === parameter)?.kind === 'integer';
      return zoomedAxis(axis, span, most(axis.values.length), integer);
    });
  const fits = (axes: readonly Axis[]) => {
    const cells = cellCount({ axes: [...others, ...axes] });
    return cells <= caps.cells && cells * sweep.seeds <= caps.networks;
  };
  const others = sweep.axes.filter(({ parameter }) => parameter !== slice.x && parameter !== slice.y);
  let axes = zoomed((count) => Math.max(LEAST_STEPS, finer * (count - 1) + 1));
  if (!fits(axes)) axes = zoomed((count) => count);
  const next = withAxes(json, axes);
  const cells = cellCount({ axes: [...others, ...axes] });
  const same = axes.every((axis) => String(axis.values) === String(axisView(axis.parameter)?.axis.values));
  const time = slice.y === TIME ? axisView(TIME) : null;
  if (time === null) return same ? null : { json: next, axes, cells };
  const times = zoomedTimes(sweep, time.axis, area.y);
  if (same && String(times) === String(time.axis.values)) return null;
  return { json: withTimes(next, sweep, times), axes: [...axes, { ...time.axis, values: times }], cells };
}

/** How far beyond the boundary's own extent its neighbourhood reaches, in cells. */
const MARGIN_CELLS = 1;

/**
 * The neighbourhood of the boundary: the box around all places where it runs, and a cell more on every side. Null where there is
 * no boundary. Whole on an axis that it crosses from end to end.
 */
export function boundaryArea(view: DiagramView, level: number, x: AxisScale, y: AxisScale): Area | null {
  const lines = levelLines(view.values, x.centres, y.centres, level);
  const points = lines.flat();
  if (points.length === 0) return null;
  const span = (offset: 0 | 1, scale: AxisScale): Span => {
    const along = points.filter((_, i) => i % 2 === offset);
    const [low, high] = [Math.min(...along), Math.max(...along)];
    const first = Math.max(0, indexAt(scale.edges, low - 1e-9) - MARGIN_CELLS);
    const last = Math.min(scale.values.length - 1, indexAt(scale.edges, high) + MARGIN_CELLS);
    return cellSpan(scale, first, last);
  };
  return { x: span(0, x), y: view.rows === 1 ? WHOLE : span(1, y) };
}

/** True where an area is hardly smaller than the diagram: zooming would show the same again. */
export function isWhole({ x, y }: Area): boolean {
  return x.high - x.low > 0.85 && y.high - y.low > 0.85;
}

const WRITTEN = (write: (value: number) => string) => (value: Value) => (typeof value === 'number' ? write(value) : value);

/** "output scale 3.2 to 41 in 37 steps, width 16, 24, 32". `write` puts numbers into words. */
export function zoomWords(
  { axes, cells }: Zoom,
  axisView: (parameter: string) => AxisView | null,
  seeds: number,
  write: (value: number) => string,
): string {
  const text = WRITTEN(write);
  const parts = axes.map(({ parameter, values }) => {
    const label = axisView(parameter)?.label ?? parameter;
    if (values.length <= 4) return `${label} ${values.map(text).join(', ')}`;
    const step = typeof values[0] === 'number' ? ` in ${values.length} steps` : '';
    return `${label} ${text(values[0])} to ${text(values[values.length - 1])}${step}`;
  });
  return `${parts.join(', ')}: ${cells} cells, ${cells * seeds} networks`;
}
