// The diagram as rows and columns of text: for the table and for its copy. Pure; shows nothing.

import type { DiagramView, ObservableView } from './diagram-view.ts';
import { formatNumber } from './numbers.ts';
import type { AxisView } from './scale.ts';
import { cellReport } from './summary.ts';

/** Most rows and columns that are shown; larger diagrams are thinned evenly, first and last kept. */
export const MOST_SHOWN = 64;

/** Indices of `count` things, at most `most` of them, evenly. */
export function thinned(count: number, most = MOST_SHOWN): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

export interface TableData {
  /** Indices of columns from the left and of rows from the top: the last row of the diagram is the lowest in the view. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly columnHeads: readonly string[];
  readonly rowHeads: readonly string[];
  /** (rows, columns). */
  readonly values: readonly (readonly string[])[];
  /** What a value does not say: how the networks ended; empty for converged ones. (rows, columns). */
  readonly notes: readonly (readonly string[])[];
}

const head = (axis: AxisView, index: number): string => {
  const value = axis.axis.values[index];
  return typeof value === 'number' ? formatNumber(value) : value;
};

export function tableData(view: DiagramView, observable: ObservableView, x: AxisView, y: AxisView | null): TableData {
  const columns = thinned(view.columns);
  const rows = thinned(view.rows).reverse();
  const reports = rows.map((row) => columns.map((column) => cellReport(view, row * view.columns + column, observable)));
  return {
    columns,
    rows,
    columnHeads: columns.map((column) => head(x, column)),
    rowHeads: rows.map((row) => (y === null ? observable.label : head(y, row))),
    values: reports.map((row) => row.map(({ value }) => value)),
    notes: reports.map((row) => row.map(({ outcome }) => outcome)),
  };
}

/** A number as programs read it; empty where there is none. */
const machine = (value: number | string): string =>
  typeof value === 'string' ? value : Number.isFinite(value) ? String(value) : '';

/**
 * All cells, not thinned, as tab-separated values: a head with the horizontal axis, then one line per row from the top. Numbers
 * in full precision; tabs and line ends of names become spaces.
 */
export function tableText(view: DiagramView, observable: ObservableView, x: AxisView, y: AxisView | null): string {
  const clean = (text: string) => text.replace(/[\t\r\n]+/g, ' ');
  const classes = observable.scale === 'class' ? observable.classes : undefined;
  const corner = y === null ? x.label : `${y.label} \\ ${x.label}`;
  const lines = [[clean(corner), ...x.axis.values.map(machine)]];
  for (let row = view.rows - 1; row >= 0; row--) {
    const values = Array.from(view.values.subarray(row * view.columns, (row + 1) * view.columns), (value) =>
      machine(classes?.[value]?.label ?? value),
    );
    lines.push([y === null ? clean(observable.label) : machine(y.axis.values[row]), ...values]);
  }
  return lines.map((line) => line.map(clean).join('\t')).join('\n');
}
