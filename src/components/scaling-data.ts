// What the scaling panel shows of a figure: curves along the horizontal axis, the boundary against another one, theory's
// exponent. Pure but for asking the figure; drawn by phase-scaling.ts.

import { type BoundaryScaling, boundaryScaling, lineExponent } from '../analysis/boundary-scaling.ts';
import { type Curves, curvesOf, meanCurve } from '../analysis/curves.ts';
import { scalingOf } from '../analysis/scaling.ts';
import { cellIndices, cellValues, type Sweep } from '../core/sweep.ts';
import type { Column } from './curve-plot.ts';
import type { Figure } from './figure.ts';
import { planeLines } from './theory-view.ts';

const isPositive = (sweep: Sweep, parameter: string): boolean => {
  const values = sweep.axes.find((axis) => axis.parameter === parameter)?.values ?? [];
  return values.length > 1 && values.every((value) => typeof value === 'number' && value > 0);
};

/** The axis that the boundary is followed along: the one upwards, or another one of positive numbers. */
function againstOf(figure: Figure, sweep: Sweep, along: string): string | null {
  const upwards = figure.slice?.y ?? '';
  const others = sweep.axes.map(({ parameter }) => parameter).filter((parameter) => parameter !== along);
  return [upwards, ...others].find((parameter) => parameter !== along && isPositive(sweep, parameter)) ?? null;
}

export interface ScalingData {
  readonly along: string;
  readonly against: string;
  readonly curves: Curves;
  /** Null for observables without a boundary. */
  readonly scaling: BoundaryScaling | null;
  /** Theory's exponent, and whose it is; null where none gives one. */
  readonly theory: { readonly exponent: number; readonly label: string } | null;
}

/** Theory's exponent of the boundary, by the lines it draws or by the units of its scales. */
function theoryOf(figure: Figure, sweep: Sweep, along: string, against: string): ScalingData['theory'] {
  const { theory, film, slice, axisView, observable } = figure;
  if (theory?.theory != null && film !== null && slice !== null && slice.x === along && slice.y === against) {
    for (const { label, points } of planeLines(theory, film, slice, axisView)) {
      const exponent = lineExponent(points);
      if (Number.isFinite(exponent)) return { exponent, label };
    }
  }
  if (along !== 'outputScale' || against !== 'width' || observable?.role !== 'order') return null;
  const scaling = scalingOf(sweep, cellValues(sweep, 0));
  // α̃ alone decides, so that the boundary moves as 1/α̃(1, h).
  return scaling === null ? null : { exponent: -Math.log(scaling.rescaled(1, Math.E)) || 0, label: 'α̃ = const' };
}

/** Everything the panel shows, or a sentence that says why it cannot. `replicates`: resamples of the intervals, 0 for none. */
export function scalingData(figure: Figure, replicates: number): ScalingData | string {
  const { film, observable, slice, sweep, frame, threshold } = figure;
  if (film === null || observable === null || slice === null || sweep === null) return 'Nothing has been trained yet.';
  const along = slice.x;
  if (!isPositive(sweep, along)) {
    return `A power law needs positive numbers across; ${figure.axisView(along)?.label ?? along} has others. Choose another axis across.`;
  }
  if (observable.scale === 'class') return `${observable.label} names classes, which have no curves. Choose another observable.`;
  const against = againstOf(figure, sweep, along);
  if (against === null) return 'There is no second axis of positive numbers, such as the width, to follow the boundary along.';
  const at = Object.fromEntries(Object.entries(slice.at).filter(([id]) => id !== along && id !== against));
  const curves = curvesOf(film, observable, { along, against, pinned: at, frame });
  const bounded = observable.role === 'order' && threshold !== undefined;
  return {
    along,
    against,
    curves,
    scaling: bounded ? boundaryScaling(curves, threshold, { replicates }) : null,
    theory: theoryOf(figure, sweep, along, against),
  };
}

/** Curves over along · against^exponent on one ascending axis: x, then one column per curve, null where a curve has no point. */
export function collapsedColumns(curves: Curves, exponent: number): { readonly x: number[]; readonly columns: Column[] } {
  const log = curves.scale === 'log';
  const points = curves.against.flatMap((against, row) => {
    const ys = meanCurve(curves, row);
    return curves.along.map((along, i) => ({ x: along * against ** exponent, row, y: ys[i] }));
  });
  const x = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const places = new Map(x.map((value, place) => [value, place]));
  const columns = curves.against.map((): Column => x.map(() => null));
  for (const { x: value, row, y } of points) {
    if (Number.isFinite(y) && (!log || y > 0)) columns[row][places.get(value) as number] = y;
  }
  return { x, columns };
}

/** Index of the value of an axis in a cell; −1 for no cell. */
export function rowOfCell(sweep: Sweep, cell: number, curves: Curves, against: string): number {
  const axis = sweep.axes.findIndex(({ parameter }) => parameter === against);
  if (cell < 0 || axis < 0) return -1;
  return curves.against.indexOf(sweep.axes[axis].values[cellIndices(sweep, cell)[axis]] as number);
}

/** The cell of a curve nearest to `at` along it, under the present cuts; −1 where there is none. */
export function cellOfRow(figure: Figure, { along, against, curves }: ScalingData, row: number, at: number): number {
  const { sweep, slice } = figure;
  if (sweep === null || slice === null || row < 0) return -1;
  let cell = 0;
  for (const { parameter, values } of sweep.axes) {
    let index = slice.at[parameter] ?? 0;
    if (parameter === against) index = values.indexOf(curves.against[row]);
    if (parameter === along) {
      const distance = (value: unknown) => Math.abs(Math.log(Number(value)) - Math.log(at));
      index = values.reduce<number>((best, value, i) => (distance(value) < distance(values[best]) ? i : best), 0);
    }
    cell = cell * values.length + Math.min(values.length - 1, Math.max(0, index));
  }
  return cell;
}
