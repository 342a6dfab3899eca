// Pictures of a stored result: which observable, which axes, which frame, and what colours, axes and cells
// come of it. Draws nothing.

import type { StoredObservable, StoredResult } from '../core/stored-result.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import { DiagramCache } from './diagram-cache.ts';
import { type DiagramView, fittingSlice, lastKnownFrame, type Slice, TIME } from './diagram-view.ts';
import { type AxisView, axisViewOf } from './scale.ts';

/** What a host may wish for; names that the result does not have fall back to its first ones. */
export interface StoredWish {
  readonly observable?: string;
  readonly x?: string;
  readonly y?: string;
  /** Null shows the last one. */
  readonly frame?: number | null;
}

export interface StoredPicture {
  readonly observable: StoredObservable;
  readonly slice: Slice;
  readonly x: AxisView;
  readonly y: AxisView | null;
  readonly extent: readonly [number, number] | null;
  readonly colours: ColourScale;
  readonly frame: number;
  readonly last: number;
  readonly view: DiagramView;
  /** What the film strip shows of a frame. */
  readonly strip: (frame: number) => DiagramView;
}

export class StoredPictures {
  readonly stored: StoredResult;
  #cache: DiagramCache | null = null;

  constructor(stored: StoredResult) {
    this.stored = stored;
  }

  #axis(parameter: string): AxisView | null {
    const { film, axes } = this.stored;
    const sweep = { axes: film.sweep.axes, training: { checkpoints: film.times.slice(1) } };
    return axisViewOf(
      sweep,
      parameter,
      Object.entries(axes).map(([id, words]) => ({ id, ...words })),
    );
  }

  of({ observable: id = '', x = '', y = '', frame = null }: StoredWish): StoredPicture {
    const { film, observables } = this.stored;
    const observable = observables.find((one) => one.id === id) ?? observables[0];
    const slice = fittingSlice(film.sweep, { x, y: y === '' ? null : y });
    if (this.#cache?.fits(film, observable.id, slice) !== true) this.#cache = new DiagramCache(film, observable, slice);
    const cache = this.#cache;
    const last = Math.max(0, lastKnownFrame(film));
    const shown = frame !== null && Number.isInteger(frame) && frame >= 0 && frame < last ? frame : last;
    const extent = cache.extent(observable.role === 'order' || slice.y === TIME ? 0 : last);
    return {
      observable,
      slice,
      x: this.#axis(slice.x) as AxisView,
      y: slice.y === null ? null : this.#axis(slice.y),
      extent,
      colours: colourScale(observable, extent),
      frame: shown,
      last,
      view: cache.view(shown),
      strip: (at) => cache.strip(at),
    };
  }
}
