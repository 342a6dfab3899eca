// A figure as an SVG file: axes, words and lines as vectors, cells as rectangles or one embedded picture. Self-contained, black
// on white. Draws what figure-drawing.ts says and works out nothing about it.

import type { DrawnAxis, DrawnColour, DrawnLine, DrawnTick, FigureDrawing } from './figure-drawing.ts';
import { base64, pngOf } from './png.ts';
import { escapeXml, numberSvg, symbolSvg, wrapped } from './svg-text.ts';

/** Size of the picture, in CSS pixels. */
export const FIGURE_WIDTH = 720;
const LEFT = 62;
const RIGHT = 20;
const PLOT_WIDTH = FIGURE_WIDTH - LEFT - RIGHT;
const PLOT_HEIGHT = 340;
const ROW_HEIGHT = 90;
/** Most columns and rows that are drawn as rectangles. */
const MOST_RECTANGLES = 64;
/** Pixels of a picture of cells whose widths differ. */
const PICTURE = 1024;
const SANS = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const short = (value: number): string => String(Number(value.toFixed(2)));
const rgb = ([r, g, b]: DrawnColour): string => `#${[r, g, b].map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
const ONE_ROW: DrawnAxis = { label: '', symbol: '', edges: [0, 1], ticks: [] };

const text = (x: number, y: number, inner: string, rest = ''): string =>
  `<text x="${short(x)}" y="${short(y)}"${rest}>${inner}</text>`;

const isInside = ({ position }: DrawnTick): boolean => position >= -1e-6 && position <= 1 + 1e-6;

function axisX({ label, symbol, ticks }: DrawnAxis, { left, top, width, height }: Box): string {
  const base = top + height;
  const marks = ticks.filter(isInside).map((tick) => {
    const x = left + tick.position * width;
    const line = `<path d="M${short(x)} ${short(base)}v${tick.label === undefined ? 3 : 6}"/>`;
    return tick.label === undefined
      ? line
      : line + text(x, base + 20, numberSvg(tick.label), ' text-anchor="middle" stroke="none"');
  });
  const title = text(left + width, base + 42, `${escapeXml(label)} ${symbolSvg(symbol)} →`, ' text-anchor="end" stroke="none"');
  return marks.join('') + title;
}

function axisY({ label, symbol, ticks }: DrawnAxis, { left, top, height }: Box): string {
  const marks = ticks.filter(isInside).map((tick) => {
    const y = top + (1 - tick.position) * height;
    const line = `<path d="M${left} ${short(y)}h-${tick.label === undefined ? 3 : 6}"/>`;
    return tick.label === undefined
      ? line
      : line + text(left - 10, y + 4, numberSvg(tick.label), ' text-anchor="end" stroke="none"');
  });
  return marks.join('') + text(left - 40, top - 10, `↑ ${escapeXml(label)} ${symbolSvg(symbol)}`, ' stroke="none"');
}

function isEven(edges: ArrayLike<number>): boolean {
  const count = edges.length - 1;
  return Array.from(edges).every((edge, i) => Math.abs(edge - i / count) < 1e-3 / count);
}

const indexAt = (edges: ArrayLike<number>, position: number): number => {
  let index = 0;
  while (index < edges.length - 2 && edges[index + 1] <= position) index++;
  return index;
};

/** Cells as one picture: a pixel each where all are equally large, else as many pixels as it takes. */
function cellPicture(cells: ArrayLike<number>, x: DrawnAxis, y: DrawnAxis, box: Box): string {
  const [columns, rows] = [x.edges.length - 1, y.edges.length - 1];
  const [width, height] = [isEven(x.edges) ? columns : PICTURE, isEven(y.edges) ? rows : PICTURE];
  const pixels = new Uint8Array(4 * width * height);
  const across = Array.from({ length: width }, (_, u) => indexAt(x.edges, (u + 0.5) / width));
  for (let v = 0; v < height; v++) {
    const row = indexAt(y.edges, 1 - (v + 0.5) / height);
    for (let u = 0; u < width; u++) {
      for (let c = 0; c < 4; c++) pixels[4 * (v * width + u) + c] = cells[4 * (row * columns + across[u]) + c];
    }
  }
  const address = `data:image/png;base64,${base64(pngOf(pixels, width, height))}`;
  return `<image x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}" preserveAspectRatio="none" image-rendering="pixelated" href="${address}"/>`;
}

/** Calls `draw` with the corner and the size of every cell. */
function eachCell(x: DrawnAxis, y: DrawnAxis, box: Box, draw: (index: number, rectangle: string) => string): string {
  const [columns, rows] = [x.edges.length - 1, y.edges.length - 1];
  let all = '';
  for (let r = 0; r < rows; r++) {
    const [top, bottom] = [box.top + (1 - y.edges[r + 1]) * box.height, box.top + (1 - y.edges[r]) * box.height];
    for (let c = 0; c < columns; c++) {
      const [left, right] = [box.left + x.edges[c] * box.width, box.left + x.edges[c + 1] * box.width];
      all += draw(
        r * columns + c,
        `x="${short(left)}" y="${short(top)}" width="${short(right - left)}" height="${short(bottom - top)}"`,
      );
    }
  }
  return all;
}

function cellMarks({ cells, hatching, patterns }: FigureDrawing, x: DrawnAxis, y: DrawnAxis, box: Box): string {
  const few = x.edges.length - 1 <= MOST_RECTANGLES && y.edges.length - 1 <= MOST_RECTANGLES;
  const colours = few
    ? `<g shape-rendering="crispEdges">${eachCell(x, y, box, (i, place) =>
        cells[4 * i + 3] === 0 ? '' : `<rect ${place} fill="${rgb([cells[4 * i], cells[4 * i + 1], cells[4 * i + 2]])}"/>`,
      )}</g>`
    : cellPicture(cells, x, y, box);
  return (
    colours +
    eachCell(x, y, box, (i, place) => (hatching[i] < patterns.length ? `<rect ${place} fill="url(#h${hatching[i]})"/>` : ''))
  );
}

const LOOKS: Readonly<Record<DrawnLine['kind'], string>> = {
  boundary: 'stroke="#14161a" stroke-width="1.6"',
  band: 'fill="#14161a" fill-opacity="0.2" fill-rule="evenodd"',
  theory: 'stroke="#14161a" stroke-width="1.1" stroke-dasharray="7 3 1.5 3"',
};

function lineMark({ kind, pieces }: DrawnLine, box: Box): string {
  const path = pieces
    .map((points) => {
      let part = '';
      for (let i = 0; i + 1 < points.length; i += 2) {
        if (!Number.isFinite(points[i]) || !Number.isFinite(points[i + 1])) continue;
        part += `${part === '' ? 'M' : 'L'}${short(box.left + points[i] * box.width)} ${short(box.top + (1 - points[i + 1]) * box.height)}`;
      }
      return part;
    })
    .join('');
  if (path === '') return '';
  const halo = kind === 'band' ? '' : `<path d="${path}" stroke="#fff" stroke-width="3" stroke-opacity="0.65"/>`;
  return `${halo}<path d="${path}" ${LOOKS[kind]}/>`;
}

/** Name and meaning of the colours; gives its height. */
function legendMarks({ observable, symbol, legend }: FigureDrawing, top: number): { marks: string; height: number } {
  const name = text(LEFT, top + 12, `<tspan font-weight="600">${escapeXml(observable)}</tspan> ${symbolSvg(symbol)}`);
  if (legend.kind === 'classes') {
    let x = LEFT;
    let y = top + 24;
    const marks = legend.entries.map(({ label, colour }) => {
      const width = 26 + 7 * label.length;
      if (x + width > FIGURE_WIDTH - RIGHT && x > LEFT) [x, y] = [LEFT, y + 20];
      const mark = `<rect x="${x}" y="${y}" width="12" height="12" fill="${rgb(colour)}"/>${text(x + 18, y + 10.5, escapeXml(label))}`;
      x += width;
      return mark;
    });
    return { marks: name + marks.join(''), height: y - top + 24 };
  }
  const box = { left: LEFT, top: top + 20, width: PLOT_WIDTH, height: 10 };
  const stops = legend.stops.map(
    (stop, i) => `<stop offset="${short(i / Math.max(1, legend.stops.length - 1))}" stop-color="${rgb(stop)}"/>`,
  );
  const ticks = legend.ticks.filter(isInside).map((tick) => {
    const x = box.left + tick.position * box.width;
    const line = `<path d="M${short(x)} ${box.top + 10}v${tick.label === undefined ? 2 : 4}" stroke="#14161a" stroke-width="0.75"/>`;
    return tick.label === undefined
      ? line
      : line + text(x, box.top + 27, numberSvg(tick.label), ' text-anchor="middle" font-size="11"');
  });
  const at = legend.threshold;
  const threshold =
    at === null || !(at >= 0 && at <= 1)
      ? ''
      : `<path d="M${short(box.left + at * box.width)} ${box.top - 3}v16" stroke="#14161a" stroke-width="1.6"/>`;
  const bar = `<defs><linearGradient id="colours">${stops.join('')}</linearGradient></defs><rect x="${box.left}" y="${box.top}" width="${box.width}" height="10" fill="url(#colours)"/>`;
  return { marks: name + bar + ticks.join('') + threshold, height: 66 };
}

/** What hatchings and lines mean, one entry after the other. */
function keyMarks({ patterns, hatching, lines }: FigureDrawing, top: number): { marks: string; height: number } {
  const used = new Set(hatching);
  const hatched = patterns
    .map((pattern, i) => ({
      words: pattern.words,
      mark: (x: number, y: number) => `<rect x="${x}" y="${y}" width="16" height="12" fill="url(#h${i})"/>`,
      shown: used.has(i),
    }))
    .filter(({ shown }) => shown);
  const drawn = lines
    .filter(({ pieces }) => pieces.some(({ length }) => length > 2))
    .map((line) => ({
      words: line.words,
      mark: (x: number, y: number) =>
        line.kind === 'band'
          ? `<rect x="${x}" y="${y}" width="16" height="12" ${LOOKS.band}/>`
          : `<path d="M${x} ${y + 6}h16" fill="none" ${LOOKS[line.kind]}/>`,
    }));
  let [x, y] = [LEFT, top];
  const entries = [...drawn, ...hatched].filter(({ words }) => words !== '');
  const marks = entries.map(({ words, mark }) => {
    const width = 40 + 6.2 * words.length;
    if (x + width > FIGURE_WIDTH - RIGHT && x > LEFT) [x, y] = [LEFT, y + 18];
    const one = mark(x, y) + text(x + 22, y + 10, escapeXml(words), ' font-size="11"');
    x += width;
    return one;
  });
  return { marks: marks.join(''), height: entries.length === 0 ? 0 : y - top + 24 };
}

/** The figure as an SVG document, and its size in CSS pixels. All texts are escaped; nothing in it is fetched or run. */
export function figureSvg(drawing: FigureDrawing): { readonly svg: string; readonly width: number; readonly height: number } {
  const { x, title, subtitle, citation, origin, patterns } = drawing;
  const y = drawing.y ?? ONE_ROW;
  let top = 12;
  const parts: string[] = [];
  /** Lines of text, each `height` below the last. */
  const write = (lines: readonly string[], height: number, rest: string) => {
    for (const line of lines) {
      top += height;
      parts.push(text(LEFT, top, escapeXml(line), rest));
    }
  };
  write(wrapped(title, 62, 2), 22, ' font-size="19" font-weight="650"');
  write(wrapped(subtitle, 105, 2), 18, ' fill="#5c6069"');
  const legend = legendMarks(drawing, top + 14);
  parts.push(legend.marks);
  top += 14 + legend.height + (drawing.y === null ? 0 : 20);
  const box: Box = { left: LEFT, top, width: PLOT_WIDTH, height: drawing.y === null ? ROW_HEIGHT : PLOT_HEIGHT };
  parts.push(cellMarks(drawing, x, y, box));
  parts.push(
    `<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">${drawing.lines.map((line) => lineMark(line, box)).join('')}</g>`,
  );
  parts.push(
    `<g stroke="#14161a" stroke-width="0.75" fill="none"><rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}"/></g>`,
  );
  parts.push(`<g stroke="#14161a" stroke-width="0.75">${axisX(x, box)}${drawing.y === null ? '' : axisY(y, box)}</g>`);
  top = box.top + box.height + 60;
  const key = keyMarks(drawing, top);
  parts.push(key.marks);
  top += key.height;
  write([...wrapped(citation, 112, 2), ...wrapped(origin, 112, 2)], 14, ' font-size="11" fill="#5c6069"');
  const height = Math.round(top + 16);
  const tiles = patterns.map(
    ({ path, width, opacity }, i) =>
      `<pattern id="h${i}" width="8" height="8" patternUnits="userSpaceOnUse"><path d="${escapeXml(path)}" fill="none" stroke="#14161a" stroke-width="${short(width)}" stroke-opacity="${short(opacity)}" stroke-linecap="square"/></pattern>`,
  );
  const clip = `<clipPath id="plot"><rect x="${box.left}" y="${box.top}" width="${box.width}" height="${box.height}"/></clipPath>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${FIGURE_WIDTH}" height="${height}" viewBox="0 0 ${FIGURE_WIDTH} ${height}" font-family="${SANS}" font-size="13" fill="#14161a" role="img">
<title>${escapeXml(title)}</title><desc>${escapeXml(`${citation} ${origin}`)}</desc>
<defs>${tiles.join('')}${clip}</defs><rect width="${FIGURE_WIDTH}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`;
  return { svg, width: FIGURE_WIDTH, height };
}
