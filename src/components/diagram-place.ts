// What drawing a picture needs to know of how it was cut: names of its special values, and where a cell lies. Reduces nothing:
// see diagram-view.ts, which viewers of stored results load later.

import type { DiagramView } from './diagram-view.ts';

/** The vertical axis of a plane over training time. */
export const TIME = 'time';

/** In `DiagramView.outcomes`: a theory does not hold here. */
export const REFUSED = 254;

/** The place of a cell (in planes over training time, at a frame); −1 where it is not shown. */
export function placeOf(view: Pick<DiagramView, 'cells' | 'frames'>, cell: number, frame: number): number {
  const { frames } = view;
  if (frames === undefined) return view.cells.indexOf(cell);
  return view.cells.findIndex((one, place) => one === cell && frames[place] === frame);
}
