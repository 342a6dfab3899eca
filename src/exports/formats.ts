// What a result can be saved as, as data; each writer is loaded when it is asked for. Saves nothing: a page hands the file over.

import type { ExportSource } from './export-source.ts';
import type { FigureDrawing } from './figure-drawing.ts';

/** Everything that any format may want. */
export interface ExportRequest extends ExportSource {
  /** Id of the observable that is shown. */
  readonly observable: string;
  /** The figure at a frame; called for pictures only. */
  readonly drawing: (frame: number) => FigureDrawing;
  /** Frame that is shown. */
  readonly frame: number;
  /** Frames of which something is known, in order. */
  readonly frames: readonly number[];
  readonly signal?: AbortSignal;
}

export interface ExportFormat {
  readonly id: string;
  /** "CSV". */
  readonly label: string;
  /** What is in it, a few words. */
  readonly words: string;
  readonly kind: 'figure' | 'data' | 'film';
  readonly extension: string;
  readonly type: string;
  make(request: ExportRequest): Promise<string | Uint8Array | Blob>;
}

/** In the order in which they are offered. */
export const FORMATS: readonly ExportFormat[] = [
  {
    id: 'svg',
    label: 'SVG',
    words: 'the figure, as vectors',
    kind: 'figure',
    extension: 'svg',
    type: 'image/svg+xml',
    make: async ({ drawing, frame }) => (await import('./figure-svg.ts')).figureSvg(drawing(frame)).svg,
  },
  {
    id: 'png',
    label: 'PNG',
    words: 'the figure, at twice the size',
    kind: 'figure',
    extension: 'png',
    type: 'image/png',
    make: async ({ drawing, frame }) => (await import('./raster.ts')).figurePng(drawing(frame)),
  },
  {
    id: 'webm',
    label: 'WebM',
    words: 'the film, recorded in real time',
    kind: 'film',
    extension: 'webm',
    type: 'video/webm',
    make: async ({ drawing, frames, signal }) => (await import('./raster.ts')).filmWebm(frames.map(drawing), signal),
  },
  {
    id: 'frames',
    label: 'PNG frames',
    words: 'the film, one picture per frame, zipped',
    kind: 'film',
    extension: 'zip',
    type: 'application/zip',
    make: async ({ drawing, frames, signal }) => (await import('./raster.ts')).framesZip(frames.map(drawing), signal),
  },
  {
    id: 'json',
    label: 'JSON',
    words: 'the whole result; opens here again',
    kind: 'data',
    extension: 'json',
    type: 'application/json',
    make: async (request) => (await import('./result-file.ts')).resultText(request),
  },
  {
    id: 'csv',
    label: 'CSV',
    words: 'a row per network and time',
    kind: 'data',
    extension: 'csv',
    type: 'text/csv',
    make: async (request) => new Blob([...(await import('./csv.ts')).csvPieces(request)], { type: 'text/csv' }),
  },
  {
    id: 'parquet',
    label: 'Parquet',
    words: 'the same table, for data frames',
    kind: 'data',
    extension: 'parquet',
    type: 'application/vnd.apache.parquet',
    make: async (request) => (await import('./parquet.ts')).parquetOf(request),
  },
  {
    id: 'npy',
    label: 'NPY',
    words: 'the observable shown, time × axes × seeds',
    kind: 'data',
    extension: 'npy',
    type: 'application/octet-stream',
    make: async ({ film, observable }) => (await import('./npy.ts')).observableNpy(film, observable),
  },
  {
    id: 'npz',
    label: 'NPZ',
    words: 'all arrays, for numpy.load',
    kind: 'data',
    extension: 'npz',
    type: 'application/zip',
    make: async (request) => (await import('./npy.ts')).npzOf(request),
  },
];
