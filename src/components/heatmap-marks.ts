// The vector marks over the cells: axes, boundary, words of the regions, cursor. Plain functions of
// numbers: see phase-heatmap.ts.

import { nothing, type SVGTemplateResult, svg } from 'lit';
import { wantsDarkText } from './colour.ts';
import type { ColourScale } from './colour-scale.ts';
import type { DiagramView } from './diagram-view.ts';
import type { NumberParts } from './numbers.ts';
import type { RegionLabel } from './region-labels.ts';
import type { AxisScale, AxisView } from './scale.ts';
import type { Tick } from './ticks.ts';

/** The plot inside its element, CSS pixels. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Something that others draw over the cells. */
export interface Overlay {
  marks(x: AxisScale, y: AxisScale, box: PlotBox): readonly SVGTemplateResult[];
  /** What it shows, one sentence. */
  readonly words: string;
}

/** A number with its power of ten raised. */
export function numberMark({ mantissa, exponent }: NumberParts): SVGTemplateResult {
  if (exponent === undefined) return svg`${mantissa}`;
  return svg`${mantissa === '' || mantissa === '−' ? mantissa : `${mantissa}×`}10<tspan class="raised" dy="-0.5em">${exponent}</tspan>`;
}

/** A symbol with what follows its underscores lowered: c_w, S_in. */
function symbolMark(symbol: string): SVGTemplateResult {
  const parts = symbol.split(/_(\p{L}+)/u);
  return svg`<tspan class="symbol">${parts.map(
    (part, i) => svg`<tspan class=${i % 2 ? 'raised' : ''} dy=${i % 2 ? 4 : i && -4}>${part}</tspan>`,
  )}</tspan>`;
}

function tickX(tick: Tick, box: PlotBox): SVGTemplateResult {
  const x = (box.left + tick.position * box.width).toFixed(1);
  const y = box.top + box.height;
  if (tick.label === undefined) return svg`<line class="minor" x1=${x} x2=${x} y1=${y} y2=${y + 3} />`;
  return svg`<line x1=${x} x2=${x} y1=${y} y2=${y + 6} />
    <text x=${x} y=${y + 20} text-anchor="middle">${numberMark(tick.label)}</text>`;
}

function tickY(tick: Tick, box: PlotBox): SVGTemplateResult {
  const y = (box.top + (1 - tick.position) * box.height).toFixed(1);
  if (tick.label === undefined) return svg`<line class="minor" x1=${box.left - 3} x2=${box.left} y1=${y} y2=${y} />`;
  return svg`<line x1=${box.left - 6} x2=${box.left} y1=${y} y2=${y} />
    <text x=${box.left - 10} y=${y} dy="0.35em" text-anchor="end">${numberMark(tick.label)}</text>`;
}

function inside({ position }: Tick): boolean {
  return position >= -1e-6 && position <= 1 + 1e-6;
}

/** Both axes with ticks and titles; titles stand at the axis' ends with an arrow, so that nobody has to tilt the head. */
export function axesMark(
  box: PlotBox,
  x: { view: AxisView; ticks: readonly Tick[] },
  y: { view: AxisView; ticks: readonly Tick[] } | null,
): SVGTemplateResult {
  return svg`<g class="axes">
    ${x.ticks.filter(inside).map((tick) => tickX(tick, box))}
    <text class="title" x=${box.left + box.width} y=${box.top + box.height + 42} text-anchor="end"
      >${x.view.label} ${symbolMark(x.view.symbol)} →</text>
    ${
      y === null
        ? nothing
        : svg`${y.ticks.filter(inside).map((tick) => tickY(tick, box))}
            <text class="title" x="0" y=${box.top - 12}>↑ ${y.view.label} ${symbolMark(y.view.symbol)}</text>`
    }
  </g>`;
}

/** Words of the regions, where there is room. */
export function regionMark(
  labels: readonly RegionLabel[],
  view: DiagramView,
  scale: ColourScale,
  box: PlotBox,
): SVGTemplateResult[] {
  return labels
    .filter(({ clearance }) => clearance > 30)
    .map(({ side, x, y, index }) => {
      const ink = wantsDarkText(scale.table, scale.position(view.values[index])) ? 'on-light' : 'on-deep';
      return svg`<text class="region ${ink}" text-anchor="middle" dy="0.35em"
        x=${(box.left + x * box.width).toFixed(1)} y=${(box.top + (1 - y) * box.height).toFixed(1)}>${side}</text>`;
    });
}

/** Outline of one place. */
export function outlineMark(
  kind: 'cursor' | 'selected',
  index: number,
  columns: number,
  x: AxisScale,
  y: AxisScale,
  box: PlotBox,
): SVGTemplateResult {
  const [c, r] = [index % columns, Math.floor(index / columns)];
  const left = box.left + x.edges[c] * box.width;
  const top = box.top + (1 - y.edges[r + 1]) * box.height;
  const width = (x.edges[c + 1] - x.edges[c]) * box.width;
  const height = (y.edges[r + 1] - y.edges[r]) * box.height;
  const rect = (name: string, grow: number) => svg`<rect class=${name} x=${left - grow} y=${top - grow}
    width=${width + 2 * grow} height=${height + 2 * grow} rx="1.5" />`;
  return svg`<g>${rect(`${kind} halo`, 1)}${rect(kind, 0)}</g>`;
}

/** The boundary between lazy and rich. */
export function boundaryMark(path: string, kind: string, box: PlotBox): SVGTemplateResult {
  return svg`<path class=${kind} part="boundary" transform="translate(${box.left} ${box.top})" d=${path} />`;
}

/** Line of the frame that a plane over training time stands at. */
export function playheadMark(position: number, box: PlotBox): SVGTemplateResult {
  const path = `M${box.left} ${(box.top + (1 - position) * box.height).toFixed(1)}h${box.width}`;
  return svg`<g class="playhead"><path class="halo" d=${path} /><path d=${path} /></g>`;
}
