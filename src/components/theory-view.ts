// From what a theory has said to what the page says of it. Pure but for asking the controller: see theory-controller.ts.

import type { Film } from '../core/film.ts';
import { residualKind } from '../core/residual.ts';
import { cellIndices, cellValues } from '../core/sweep.ts';
import type { Boundary } from '../core/theory.ts';
import type { Layer } from '../core/view-state.ts';
import type { TheoryNote } from './atlas-theory.ts';
import { measuredAt, type ObservableView, type Slice, sliceCells } from './diagram-view.ts';
import { type AxisView, scaleOf } from './scale.ts';
import { placeText } from './summary.ts';
import type { TheoryController } from './theory-controller.ts';

type AxisViews = (parameter: string) => AxisView | null;

/** What is said of the theory beside a diagram; null where no theory has anything to say of its sweep. */
export function theoryNote(
  controller: TheoryController,
  simulation: Film,
  observable: ObservableView,
  layer: Layer,
  axisView: AxisViews,
  choose: TheoryNote['choose'],
  jump: TheoryNote['jump'],
): TheoryNote | null {
  const { theory, film } = controller;
  if (theory === null) return null;
  const residuals = controller.residuals(simulation, observable.id);
  if (residuals !== null && film !== null) {
    for (let frame = 0; frame < simulation.times.length; frame++) {
      residuals.refresh(frame, measuredAt(simulation, frame) + film.done);
    }
  }
  let silence = controller.refusal ?? controller.fault;
  if (silence === '' && theory.observables.length > 0 && !controller.predicts(observable.id)) {
    silence = `It says nothing about ${observable.label}.`;
  }
  const { sweep } = simulation;
  return {
    theory,
    layer: residuals === null ? 'simulation' : layer,
    silence,
    worst: residuals?.worst ?? null,
    place: (cell) => {
      const indices = cellIndices(sweep, cell);
      const parts = sweep.axes.flatMap(({ parameter }, a) => {
        const axis = axisView(parameter);
        return axis === null ? [] : [placeText(axis, indices[a])];
      });
      return parts.join(', ');
    },
    film,
    kind: residualKind(observable.scale),
    choose,
    jump,
  };
}

function endsOf({ axis }: AxisView): [number, number] | null {
  const scale = scaleOf(axis);
  return scale.kind === 'list' ? null : [scale.value(0), scale.value(1)];
}

/** Lines of the theory in the plane that is shown. */
export function planeLines(controller: TheoryController, film: Film, slice: Slice, axisView: AxisViews): readonly Boundary[] {
  if (controller.theory === null || slice.y === null) return [];
  const [x, y] = [axisView(slice.x), axisView(slice.y)];
  const xRange = x === null ? null : endsOf(x);
  const yRange = y === null ? null : endsOf(y);
  if (xRange === null || yRange === null) return [];
  const { cells } = sliceCells(film.sweep, slice);
  return controller.lines({ x: slice.x, y: slice.y, xRange, yRange, values: cellValues(film.sweep, cells[cells.length >> 1]) });
}
