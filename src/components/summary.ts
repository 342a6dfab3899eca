// What a diagram says, in words: cell descriptions for the read-out and a summary for those who do not see it.

import { UNKNOWN } from '../core/film.ts';
import { OUTCOMES, sentenceOf } from '../core/outcome.ts';
import { type Side, sideOf } from './colour-scale.ts';
import { REFUSED } from './diagram-place.ts';
import type { DiagramView, ObservableView } from './diagram-view.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import type { AxisScale, AxisView } from './scale.ts';
import { symbolText } from './symbols.ts';

/** One place of the diagram, ready to be read out. */
export interface CellReport {
  /** "0.52", or "–" where there is no value. */
  readonly value: string;
  /** Mean minus and plus one standard deviation over seeds: "0.48 to 0.57"; of classes "80 % of seeds". Empty below two seeds. */
  readonly spread: string;
  /** "3 of 3 networks". */
  readonly count: string;
  readonly side: Side | null;
  /** The outcome in a sentence; empty for converged networks. */
  readonly outcome: string;
}

/** A value of an observable: a number in words of its own choice, or the name of a class. */
function valueText(observable: ObservableView, value: number, write: (value: number) => string): string {
  if (observable.scale !== 'class') return write(value);
  return observable.classes?.[value]?.label ?? '–';
}

/** How far the seeds agree. */
function spreadText(observable: ObservableView, value: number, spread: number): string {
  if (observable.scale === 'class') return spread > 0 ? `${Math.round(100 * (1 - spread))} % of seeds` : '';
  const ends =
    observable.scale === 'log' ? [value * Math.exp(-spread), value * Math.exp(spread)] : [value - spread, value + spread];
  return ends.every(Number.isFinite) ? `${formatNumber(ends[0])} to ${formatNumber(ends[1])}` : '';
}

/** What became of a cell, a sentence; empty for converged networks. */
function outcomeText(code: number): string {
  if (code === UNKNOWN) return 'Not trained yet.';
  if (code === REFUSED) return 'The theory is silent here.';
  return OUTCOMES[code] === 'converged' ? '' : sentenceOf(OUTCOMES[code]);
}

export function cellReport(view: DiagramView, index: number, observable: ObservableView, threshold?: number): CellReport {
  const [value, spread] = [view.values[index], view.spread[index]];
  const code = view.outcomes[index];
  const known = code !== UNKNOWN && code !== REFUSED;
  return {
    value: valueText(observable, value, formatNumber),
    spread: spreadText(observable, value, spread),
    count: known ? `${view.counts[index]} of ${view.measured[index]} networks` : '',
    side: sideOf(observable, value, threshold),
    outcome: outcomeText(code),
  };
}

function valueWords(value: number | string): string {
  return typeof value === 'number' ? spokenNumber(value) : value;
}

/** One cell for a screen reader: "width 64, output scale 3.2: relative kernel change 0.52, lazy, 3 of 3 networks." */
export function spokenCell(
  view: DiagramView,
  index: number,
  observable: ObservableView,
  x: AxisView,
  y: AxisView | null,
  threshold?: number,
): string {
  const [column, row] = [index % view.columns, Math.floor(index / view.columns)];
  const place = [`${x.label} ${valueWords(x.axis.values[column])}`];
  if (y !== null) place.push(`${y.label} ${valueWords(y.axis.values[row])}`);
  const report = cellReport(view, index, observable, threshold);
  const value = Number.isNaN(view.values[index])
    ? ''
    : `${observable.label} ${valueText(observable, view.values[index], spokenNumber)}`;
  const said = [value, report.side ?? '', report.count].filter((part) => part !== '').join(', ');
  return `${place.join(', ')}: ${[said, report.outcome].filter((part) => part !== '').join('. ')}`;
}

/** Where a row crosses the threshold along x, by interpolation between centres; null where it does not or more than once. */
export function crossing(
  view: DiagramView,
  row: number,
  x: AxisScale,
  observable: ObservableView,
  threshold: number,
): { at: number; above: Side } | null {
  const measure = observable.scale === 'log' ? Math.log : (value: number) => value;
  let found: { at: number; above: Side } | null = null;
  let previous = -1;
  for (let c = 0; c < view.columns; c++) {
    const value = view.values[row * view.columns + c];
    if (Number.isNaN(value)) continue;
    if (previous >= 0) {
      const before = view.values[row * view.columns + previous];
      if (value >= threshold !== before >= threshold) {
        if (found !== null) return null;
        const [a, b, level] = [measure(before), measure(value), measure(threshold)];
        const share = Number.isFinite(a) && Number.isFinite(b) ? (level - a) / (b - a) : 0.5;
        const position = x.centres[previous] + share * (x.centres[c] - x.centres[previous]);
        found = { at: x.value(position), above: sideOf(observable, value, threshold) ?? 'lazy' };
      }
    }
    previous = c;
  }
  return found !== null && Number.isFinite(found.at) ? found : null;
}

/** The diagram in one or two sentences. `threshold` is the boundary in use. */
export function summaryOf(
  view: DiagramView,
  observable: ObservableView,
  x: AxisView,
  y: AxisView | null,
  xScale: AxisScale,
  threshold: number | undefined,
): string {
  const known = view.measured.reduce((count, networks) => count + (networks > 0 ? 1 : 0), 0);
  if (known === 0) return 'Nothing has been trained yet.';
  const progress = known < view.cells.length ? ` ${known} of ${view.cells.length} cells are known so far.` : '';
  if (observable.scale === 'class') return `${classSummary(view, observable, x)}${progress}`;
  if (observable.role !== 'order' || threshold === undefined) {
    const finite = Array.from(view.values).filter(Number.isFinite);
    if (finite.length === 0) return `No cell has a finite ${observable.label}.${progress}`;
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const where = (value: number) => valueWords(x.axis.values[view.values.indexOf(value) % view.columns]);
    return (
      `${sentence(observable.label)} runs from ${spokenNumber(low)} at ${x.label} ${where(low)} ` +
      `to ${spokenNumber(high)} at ${x.label} ${where(high)}.${progress}`
    );
  }
  const rows = y === null ? [0] : [...new Set([0, (view.rows - 1) >> 1, view.rows - 1])];
  const parts = rows.flatMap((row) => {
    const cross = crossing(view, row, xScale, observable, threshold);
    if (cross === null) return [];
    const place = y === null ? '' : ` at ${y.label} ${valueWords(y.axis.values[row])}`;
    const other = cross.above === 'lazy' ? 'rich' : 'lazy';
    return [`${cross.above} above ${x.label} ${spokenNumber(cross.at)}, ${other} below${place}`];
  });
  if (parts.length > 0) return `${sentence(parts.join('; '))}.${progress}`;
  const sides = new Set(Array.from(view.values, (value) => sideOf(observable, value, threshold)).filter((side) => side !== null));
  if (sides.size === 1) return `All known cells are ${[...sides][0]}.${progress}`;
  return `Lazy and rich cells lie side by side without one boundary along ${x.label}.${progress}`;
}

/** How many cells each class has, most first, and the order of classes along x in the middle row. Some cell is known. */
function classSummary(view: DiagramView, observable: ObservableView, x: AxisView): string {
  const counts = new Map<number, number>();
  for (const value of view.values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const name = (value: number) => valueText(observable, value, spokenNumber);
  const shares = [...counts].sort((a, b) => b[1] - a[1]).map(([value, count]) => `${name(value)} in ${count}`);
  const row = view.values.subarray((view.rows >> 1) * view.columns).subarray(0, view.columns);
  const steps = Array.from(row, (value, c) =>
    Number.isNaN(value) || value === row[c - 1] ? '' : `${name(value)} from ${x.label} ${valueWords(x.axis.values[c])}`,
  );
  return `Of ${view.cells.length} cells ${shares.join(', ')}. Middle row: ${steps.filter(Boolean).join(', ')}.`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "h = 64" values of a cell as plain text. */
export function placeText(axis: AxisView, index: number): string {
  const value = axis.axis.values[index];
  return `${symbolText(axis.symbol)} = ${typeof value === 'number' ? formatNumber(value) : value}`;
}
