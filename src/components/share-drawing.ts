// What a figure shows, as plain data for pictures of it. Draws nothing: see src/exports/figure-svg.ts.

import { UNKNOWN } from '../core/film.ts';
import { sweepHash } from '../core/sweep-json.ts';
import type { DrawnAxis, DrawnColour, DrawnLegend, DrawnLine, DrawnPattern, FigureDrawing } from '../exports/figure-drawing.ts';
import { version } from '../version.ts';
import { sweepName } from './atlas-parts.ts';
import { banded } from './band-keeper.ts';
import { bandOf, bandRegions } from './boundary-band.ts';
import { type ColourTable, tableIndex } from './colour.ts';
import type { ColourScale } from './colour-scale.ts';
import { levelLines } from './contour.ts';
import { type DiagramView, TIME } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import { formatNumber } from './numbers.ts';
import { nearestKnown, textureOf } from './paint.ts';
import { type AxisScale, type AxisView, scaleOf } from './scale.ts';
import { classTexture, TEXTURES, type Texture } from './textures.ts';
import { planeLines } from './theory-view.ts';
import { axisTicks } from './ticks.ts';

const ONE_ROW = scaleOf({ parameter: '', scale: 'list', values: [''] });
/** How much of its colour a cell keeps that is not known itself, as on the page. */
const GUESSED = 0.72;
const STOPS = 33;
const NONE = 255;
const MOST_X_LABELS = 10;
const MOST_Y_LABELS = 13;

/** Hatchings in the order of their indices, with what they mean. */
const PATTERNS: readonly (readonly [Texture, string])[] = [
  ['unknown', ''],
  ['out-of-budget', 'stopped before it had converged'],
  ['stalled', 'stalled'],
  ['obstructed', 'kept from the task by their start'],
  ['diverged', 'diverged'],
  ['refused', 'the theory does not hold'],
  ['upright', ''],
  ['level', ''],
  ['rings', ''],
];

const patternOf = (texture: Texture | null): number => {
  const index = PATTERNS.findIndex(([name]) => name === texture);
  return index < 0 ? NONE : index;
};

function colourAt(table: ColourTable, position: number): DrawnColour {
  const i = 3 * tableIndex(position);
  return [table[i], table[i + 1], table[i + 2]];
}

/** Colours and hatchings of all places, as the page paints them, on white. */
function paintedCells(view: DiagramView, colours: ColourScale): Pick<FigureDrawing, 'cells' | 'hatching'> {
  const nearest = nearestKnown(view);
  const cells = new Uint8Array(4 * nearest.length);
  const hatching = new Uint8Array(nearest.length).fill(NONE);
  nearest.forEach((known, i) => {
    const texture = textureOf(view, i);
    const guessed = texture === 'unknown' && known >= 0;
    if (!guessed) hatching[i] = patternOf(texture);
    const source = texture === 'unknown' ? known : i;
    const position = source < 0 || texture === 'diverged' ? Number.NaN : colours.position(view.values[source]);
    if (Number.isNaN(position)) return;
    if (hatching[i] === NONE && colours.classes !== undefined) hatching[i] = patternOf(classTexture(view.values[source]));
    const share = source === i ? 1 : GUESSED;
    cells.set([...colourAt(colours.table, position).map((channel) => Math.round(255 + share * (channel - 255))), 255], 4 * i);
  });
  return { cells, hatching };
}

function legendOf(colours: ColourScale, boundary: number | undefined): DrawnLegend {
  const { table, classes } = colours;
  if (classes !== undefined) {
    return {
      kind: 'classes',
      entries: classes.map(({ label }, value) => ({ label, colour: colourAt(table, colours.position(value)) })),
    };
  }
  const stops = Array.from({ length: STOPS }, (_, i) => colourAt(table, i / (STOPS - 1)));
  const threshold = boundary === undefined ? null : colours.position(boundary);
  return { kind: 'bar', stops, ticks: colours.ticks(9), threshold };
}

const drawnAxis = ({ label, symbol }: AxisView, scale: AxisScale, most: number): DrawnAxis => ({
  label,
  symbol,
  edges: scale.edges,
  ticks: axisTicks(scale, most),
});

function boundaryLine(
  view: DiagramView,
  colours: ColourScale,
  boundary: number,
  x: AxisScale,
  y: AxisScale,
  words: string,
): DrawnLine {
  const filled = Float64Array.from(nearestKnown(view), (i) => (i < 0 ? Number.NaN : colours.position(view.values[i])));
  return { kind: 'boundary', pieces: levelLines(filled, x.centres, y.centres, colours.position(boundary)), words };
}

/** Where other seeds may put the boundary, as on the page. */
function bandLines(figure: Figure, frame: number, x: AxisScale, y: AxisScale): DrawnLine[] {
  const { film, observable } = figure;
  const wanted = banded(figure, frame);
  if (wanted === null || film === null || observable === null) return [];
  const { view, threshold } = wanted;
  const band = bandOf(film, frame, view, observable, threshold);
  if (band === null) return [];
  return [
    {
      kind: 'band',
      pieces: bandRegions(view, band, observable, threshold)(x, y),
      words: 'where other seeds may put the boundary, 95 %',
    },
  ];
}

/** Lines of the theory in the plane; a number that an axis cannot place lifts the pen. */
function theoryLines(figure: Figure, x: AxisScale, y: AxisScale): DrawnLine[] {
  const { theory, film, slice } = figure;
  if (theory === null || film === null || slice === null) return [];
  return planeLines(theory, film, slice, figure.axisView).map(({ label, points }) => {
    const pieces: number[][] = [[]];
    for (const [u, v] of points) {
      const [px, py] = [x.position(u), y.position(v)];
      if (Number.isFinite(px) && Number.isFinite(py)) pieces[pieces.length - 1].push(px, py);
      else if (pieces[pieces.length - 1].length > 0) pieces.push([]);
    }
    return { kind: 'theory', pieces: pieces.filter(({ length }) => length > 2), words: `theory: ${label}` };
  });
}

/** "Lazy or rich? …" of a preset, "Output scale × width" of a sweep of the reader's own. */
export function figureTitle(figure: Figure): string {
  const { preset, sweep, own } = figure;
  if (preset !== null && !own) return preset.title;
  return sweep?.title ?? (sweepName(sweep, (_, parameter) => figure.axisView(parameter)) || 'Phase diagram');
}

/** What is drawn, when, and where the other axes are cut. */
function subtitleOf(figure: Figure, frame: number): string {
  const { slice, film, sweep, shown } = figure;
  const layer = shown.beside.note?.layer === 'theory' ? 'as the theory says' : '';
  const what = [shown.before, figure.observable?.label ?? '', shown.after, layer].filter((part) => part !== '').join(' ');
  const time = film === null || slice?.y === TIME ? [] : [`t = ${formatNumber(film.times[frame])}`];
  const cuts = (sweep?.axes ?? [])
    .filter(({ parameter }) => parameter !== slice?.x && parameter !== slice?.y)
    .map(({ parameter, values }) => {
      const value = values[slice?.at[parameter] ?? 0];
      return `${figure.axisView(parameter)?.label ?? parameter} ${typeof value === 'number' ? formatNumber(value) : value}`;
    });
  const seeds = sweep === null ? [] : [`${sweep.seeds} ${sweep.seeds === 1 ? 'seed' : 'seeds'}`];
  return `${what}, ${[...time, ...cuts, ...seeds].join(', ')}`;
}

/** The figure at a frame; null before there is anything to draw. */
export function drawingOf(figure: Figure, frame: number): FigureDrawing | null {
  const { shown, slice, sweep, preset, own, run } = figure;
  const { picture, colours, observable, threshold } = shown;
  const xView = slice === null ? null : figure.axisView(slice.x);
  if (picture === null || colours === null || observable === null || slice === null || sweep === null || xView === null)
    return null;
  const view = picture.cache.view(frame);
  const yView = slice.y === null ? null : figure.axisView(slice.y);
  const [x, y] = [scaleOf(xView.axis), yView === null ? ONE_ROW : scaleOf(yView.axis)];
  const line =
    threshold === undefined || colours.threshold === undefined
      ? []
      : [boundaryLine(view, colours, threshold, x, y, `boundary at ${observable.label} ${formatNumber(threshold)}`)];
  const { citation } = preset ?? {};
  const source = citation === undefined ? '' : `${citation.authors} ${citation.year}, ${citation.title}, ${citation.url}`;
  const known = view.outcomes.some((code) => code !== UNKNOWN);
  return {
    title: figureTitle(figure),
    subtitle: subtitleOf(figure, frame),
    x: drawnAxis(xView, x, MOST_X_LABELS),
    y: yView === null ? null : drawnAxis(yView, y, MOST_Y_LABELS),
    ...paintedCells(view, colours),
    patterns: PATTERNS.map(([texture, words]): DrawnPattern => ({ ...TEXTURES[texture], words })),
    lines: known ? [...bandLines(figure, frame, x, y), ...line, ...theoryLines(figure, x, y)] : [],
    observable: [shown.before, observable.label, shown.after].filter((part) => part !== '').join(' '),
    symbol: shown.before === '' && shown.after === '' ? observable.symbol : '',
    legend: legendOf(colours, threshold),
    citation: own && source !== '' ? `Started from: ${source}` : source,
    origin: `phase-atlas ${version}, ${run.engine?.label ?? 'not run'}, sweep ${sweepHash(sweep)}`,
  };
}
