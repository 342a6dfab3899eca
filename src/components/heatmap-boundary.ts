// The boundary between lazy and rich as marks: its line, and the words on both sides.

import type { SVGTemplateResult } from 'lit';
import type { ColourScale } from './colour-scale.ts';
import { levelLines, pathData } from './contour.ts';
import type { DiagramView, ObservableView } from './diagram-view.ts';
import { boundaryMark, type PlotBox, regionMark } from './heatmap-marks.ts';
import { nearestKnown } from './paint.ts';
import { regionLabels } from './region-labels.ts';
import type { AxisScale } from './scale.ts';

/**
 * Everything the boundary draws over the cells; nothing for observables without one. Unknown places count
 * as their nearest known one.
 */
export function boundaryMarks(
  view: DiagramView,
  colours: ColourScale,
  observable: ObservableView,
  boundary: number | undefined,
  x: AxisScale,
  y: AxisScale,
  box: PlotBox,
): SVGTemplateResult[] {
  if (colours.threshold === undefined || boundary === undefined) return [];
  const nearest = nearestKnown(view);
  const filled = Float64Array.from(nearest, (i) => (i < 0 ? Number.NaN : colours.position(view.values[i])));
  const path = pathData(levelLines(filled, x.centres, y.centres, colours.position(boundary)), box.width, box.height);
  const words = regionLabels(view, nearest, observable, boundary, x.centres, y.centres, box.width, box.height);
  return [
    boundaryMark(path, view.measured.includes(0) ? 'boundary provisional' : 'boundary', box),
    ...regionMark(words, view, colours, box),
  ];
}
