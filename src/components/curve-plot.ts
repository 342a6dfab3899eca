// What all small plots over training time share: uPlot on demand, its looks, axes and ranges. Holds no data: see phase-curves.ts.

import type uPlot from 'uplot';
import { formatNumber } from './numbers.ts';

export type Column = (number | null)[];

/** Colours and type of a plot, read from the page. */
export interface PlotInk {
  readonly ink: string;
  readonly muted: string;
  readonly hairline: string;
  readonly font: string;
}

/** The library, with its style sheet in `root`. */
export async function loadPlots(root: ShadowRoot | null): Promise<typeof uPlot> {
  const [{ default: library }, { default: looks }] = await Promise.all([
    import('uplot'),
    import('uplot/dist/uPlot.min.css?inline'),
  ]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(looks);
  root?.adoptedStyleSheets.unshift(sheet);
  return library;
}

/** Reads the colours of a plot's host, whose text is muted and whose border is a hairline. */
export function inkOf(element: Element, host: Element): PlotInk {
  const style = getComputedStyle(element);
  const marks = getComputedStyle(host);
  return { ink: style.color, muted: marks.color, hairline: marks.borderTopColor, font: `12px ${style.fontFamily}` };
}

/** Ends of an axis that holds all values, whole decades on a logarithmic one. */
export function rangeOf(values: readonly (number | null)[], log: boolean): [number, number] {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return log ? [0.1, 10] : [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (log) {
    const [bottom, top] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
    return [10 ** bottom, 10 ** Math.max(top, bottom + 1)];
  }
  const pad = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/** A line without marks. */
export function lineSeries(stroke: uPlot.Series.Stroke, width: number, alpha = 1): uPlot.Series {
  return { stroke, width, alpha, points: { show: false }, spanGaps: false };
}

/** Marks without a line, `size` CSS pixels wide. */
export function dotSeries(stroke: uPlot.Series.Stroke, size: number, alpha = 1): uPlot.Series {
  return { stroke, alpha, paths: () => null, points: { show: true, size, width: 0, fill: stroke, stroke } };
}

/** Smallest distance between labels of a logarithmic axis, CSS pixels. */
const LABEL_GAP = { x: 38, y: 19 } as const;

/** Labels of a logarithmic axis: decades, thinned until they fit; 2 and 5 as well where there is room for them. */
const decades =
  (axis: 'x' | 'y') =>
  (u: uPlot, splits: readonly number[]): (number | null)[] => {
    const { min = 0.1, max = 10 } = u.scales[axis];
    const span = Math.log10(Number(max) / Number(min));
    const length = (axis === 'x' ? u.bbox.width : u.bbox.height) / devicePixelRatio;
    const room = Math.max(1, Math.floor(length / LABEL_GAP[axis]));
    const stride = Math.max(1, Math.ceil(span / room));
    return splits.map((value) => {
      const exponent = Math.floor(Math.log10(value) + 1e-9);
      const multiple = Math.round(value / 10 ** exponent);
      if (multiple === 1) return exponent % stride === 0 ? value : null;
      return 3 * span <= room && (multiple === 2 || multiple === 5) ? value : null;
    });
  };

/** Labels of a linear axis, with the digits that tell its steps apart. */
function steps(_: uPlot, splits: readonly (number | null)[], __: number, ___: number, step: number): string[] {
  const order = Math.floor(Math.log10(step) + 1e-9);
  const places = Number.isInteger(Math.round(1e6 * (step / 10 ** order)) / 1e6) ? -order : 1 - order;
  return splits.map((value) => {
    if (value === null) return '';
    const digits = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value)) + 1e-9) + 1 + places;
    return formatNumber(value, Math.max(1, digits));
  });
}

/** A plot over logarithmic time in `host`. `span`: ends of time; `range`: ends of the values. */
export function plotOptions(
  host: HTMLElement,
  { muted, hairline, font }: PlotInk,
  log: boolean,
  series: readonly uPlot.Series[],
  parts: {
    readonly span: () => [number, number];
    readonly range: (u: uPlot) => [number, number];
    readonly draw: (u: uPlot) => void;
    /** Names of values, where they are classes. */
    readonly names?: readonly string[];
  },
): uPlot.Options {
  const axis = { stroke: muted, font, ticks: { stroke: hairline, width: 1, size: 4 }, grid: { show: false } };
  const words = (_: uPlot, splits: readonly (number | null)[]) =>
    splits.map((value) => (value === null ? '' : formatNumber(value, 2)));
  const { names } = parts;
  const ticks =
    names === undefined
      ? { size: 52, ...(log ? { values: words, space: 22, filter: decades('y') } : { values: steps, space: 30 }) }
      : {
          size: 92,
          splits: () => [...names.keys()],
          values: (_: uPlot, splits: readonly number[]) => splits.map((value) => names[value] ?? ''),
        };
  return {
    width: Math.max(120, host.clientWidth),
    height: Math.max(80, host.clientHeight),
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 20, 0, 0],
    scales: { x: { distr: 3, time: false, range: parts.span }, y: { distr: log ? 3 : 1, range: parts.range } },
    axes: [
      { ...axis, size: 26, values: words, filter: decades('x') },
      { ...axis, ...ticks },
    ],
    series: [{}, ...series],
    hooks: { draw: [parts.draw] },
  };
}

/** Dots of what is only looked at in passing, CSS pixels. */
const dots = (): number[] => [1.5 * devicePixelRatio, 2.5 * devicePixelRatio];

/** The time shown, as a line through the plot; dotted for one that is only looked at in passing. */
export function drawTime(u: uPlot, time: number, ink: string, passing = false): void {
  if (!(time > 0)) return;
  const { ctx: context, bbox } = u;
  const x = Math.round(u.valToPos(time, 'x', true));
  context.save();
  context.lineWidth = devicePixelRatio;
  context.strokeStyle = ink;
  context.globalAlpha = 0.5;
  // Dashed series leave their dashes behind.
  context.setLineDash(passing ? dots() : []);
  context.beginPath();
  context.moveTo(x, bbox.top);
  context.lineTo(x, bbox.top + bbox.height);
  context.stroke();
  context.restore();
}

/** A curve that is only looked at in passing, dotted: `values` at `times`, null where unknown. */
export function drawCurve(u: uPlot, times: readonly number[], values: Column, ink: string): void {
  const { ctx: context, bbox } = u;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  context.lineWidth = 1.5 * devicePixelRatio;
  context.strokeStyle = ink;
  context.setLineDash(dots());
  context.beginPath();
  values.forEach((value, i) => {
    if (value !== null && times[i] > 0) context.lineTo(u.valToPos(times[i], 'x', true), u.valToPos(value, 'y', true));
  });
  context.stroke();
  context.restore();
}

/** A value, as a dashed line through the plot. */
export function drawLevel(u: uPlot, value: number, ink: string): void {
  const { ctx: context, bbox } = u;
  const y = Math.round(u.valToPos(value, 'y', true));
  if (y < bbox.top || y > bbox.top + bbox.height) return;
  context.save();
  context.lineWidth = devicePixelRatio;
  context.strokeStyle = ink;
  context.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  context.beginPath();
  context.moveTo(bbox.left, y);
  context.lineTo(bbox.left + bbox.width, y);
  context.stroke();
  context.restore();
}
