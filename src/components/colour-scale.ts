// From a value to a place in a colour table, one rule for diagram, colour bar and curves. Tables are in colour.ts.

import type { ObservableClass } from '../core/observable.ts';
import { type ColourTable, classTable, diverging, sequential } from './colour.ts';
import type { ObservableView } from './diagram-view.ts';
import { logTicks, plainTicks, type Tick } from './ticks.ts';

/** Most decades that an order parameter's colours span on either side of its threshold; beyond, colours saturate. */
const MOST_DECADES = 4;

export interface ColourScale {
  readonly table: ColourTable;
  /** The value at 0 and at 1. They descend for an order parameter whose rich side is below its threshold. */
  readonly ends: readonly [number, number];
  /** The boundary between lazy and rich; undefined for errors and quantities. */
  readonly threshold: number | undefined;
  /** What the values 0, 1, … mean, for observables of classes; then a legend stands for the ticks. */
  readonly classes?: readonly ObservableClass[];
  /** 0 … 1, not clipped; NaN for NaN. Zero on a logarithmic scale lies at −∞. */
  position(value: number): number;
  /** Value at a position. */
  value(position: number): number;
  ticks(maxLabels: number): Tick[];
}

function mapped(
  table: ColourTable,
  log: boolean,
  ends: readonly [number, number],
  rest: Pick<ColourScale, 'threshold' | 'classes'>,
): ColourScale {
  const forward = log ? Math.log10 : (value: number) => value;
  const [first, last] = [forward(ends[0]), forward(ends[1])];
  const position = (value: number) => (forward(value) - first) / (last - first);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return {
    ...rest,
    table,
    ends,
    position,
    value: (at) => (log ? 10 ** (first + at * (last - first)) : first + at * (last - first)),
    ticks: (maxLabels) => (log ? logTicks(low, high, maxLabels, position) : plainTicks(low, high, maxLabels, position)),
  };
}

/** Colours symmetric about `threshold`. */
function order(observable: ObservableView, extent: readonly [number, number], threshold: number): ColourScale {
  const log = observable.scale === 'log';
  const decades = Math.max(...extent.map((end) => Math.abs(Math.log10(end / threshold))));
  // Differences may be small all over; an order parameter has whole decades on either side.
  const shown = observable.centre === undefined ? Math.max(1, Math.ceil(decades - 0.05)) : Math.max(0.05, decades);
  const span = log ? Math.min(MOST_DECADES, shown) : Math.max(1e-12, ...extent.map((end) => Math.abs(end - threshold)));
  const low = log ? threshold / 10 ** span : threshold - span;
  const high = log ? threshold * 10 ** span : threshold + span;
  const below = observable.richSide === 'below';
  return mapped(diverging, log, below ? [high, low] : [low, high], { threshold });
}

/** The scale of an observable whose known values span `extent`. `table` replaces the colours of anything but classes. */
export function colourScale(
  observable: ObservableView,
  extent: readonly [number, number] | null,
  table: ColourTable | null = null,
): ColourScale {
  const scale = ownScale(observable, extent);
  return table === null || scale.classes !== undefined ? scale : { ...scale, table };
}

function ownScale(observable: ObservableView, extent: readonly [number, number] | null): ColourScale {
  const { threshold, centre } = observable;
  if (observable.scale === 'class') {
    const { classes = [] } = observable;
    const count = Math.max(1, classes.length);
    return mapped(classTable(count), false, [-0.5, count - 0.5], { threshold: undefined, classes });
  }
  const log = observable.scale === 'log';
  if (centre !== undefined) {
    return { ...order(observable, extent ?? [centre, centre], centre), threshold: undefined };
  }
  if (observable.role === 'order' && threshold !== undefined && (!log || threshold > 0)) {
    return order(
      observable,
      extent ?? (log ? [threshold / 1e3, threshold * 1e3] : [threshold - 0.5, threshold + 0.5]),
      threshold,
    );
  }
  if (log) {
    const [low, high] = extent ?? [0.1, 1];
    const top = 10 ** Math.ceil(Math.log10(high) - 1e-9);
    const bottom = Math.min(top / 10, 10 ** Math.floor(Math.log10(low) + 1e-9));
    return mapped(sequential, true, [bottom, top], { threshold: undefined });
  }
  const [low, high] = extent ?? [Math.max(-1, observable.range[0]), Math.min(1, observable.range[1])];
  const pad = high > low ? 0 : Math.max(1e-3, Math.abs(high) * 0.1);
  return mapped(sequential, false, [low - pad, high + pad], { threshold: undefined });
}

export type Side = 'lazy' | 'rich';

/** Side of the threshold on which a value lies; null for errors, quantities and unknown values. */
export function sideOf(observable: ObservableView, value: number, threshold = observable.threshold): Side | null {
  if (observable.role !== 'order' || threshold === undefined || Number.isNaN(value)) return null;
  return value >= threshold === (observable.richSide !== 'below') ? 'rich' : 'lazy';
}
