// Keeps the pictures of one page: the film's reductions under the present choice, and the empty picture before there is a film.
// Reduces nothing itself: see diagram-view.ts.

import type { Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import { DiagramCache, type DiagramView, emptyView, type ObservableView, type Slice } from './diagram-view.ts';
import { nearestKnown } from './paint.ts';

/** Pictures of one film under one choice of observable and axes. */
export interface Picture {
  readonly cache: DiagramCache;
  readonly views: (frame: number) => DiagramView;
}

export class AtlasPictures {
  #picture: Picture | null = null;
  #empty: DiagramView | null = null;
  #emptyKey = '';

  /** Forgets the film; for a new run. */
  forget(): void {
    this.#picture = null;
  }

  /** The same object until film, observable or slice change. */
  of(film: Film, observable: ObservableView, slice: Slice): Picture {
    if (this.#picture?.cache.fits(film, observable.id, slice) !== true) {
      const cache = new DiagramCache(film, observable, slice);
      this.#picture = { cache, views: (frame) => cache.view(frame) };
    }
    return this.#picture;
  }

  /** The picture of a sweep of which nothing is known; the same object for the same axes. */
  emptyOf(sweep: Sweep, slice: Slice): DiagramView {
    const key = JSON.stringify([sweep.axes, slice]);
    if (this.#empty === null || key !== this.#emptyKey) this.#empty = emptyView(sweep, slice);
    this.#emptyKey = key;
    return this.#empty;
  }

  /** The empty picture for every frame. */
  readonly emptyViews = (): DiagramView => this.#empty as DiagramView;
}

/** The known cell nearest to the middle of a diagram; −1 where nothing is known. */
export function middleCell(view: DiagramView): number {
  const place = nearestKnown(view)[(view.rows >> 1) * view.columns + (view.columns >> 1)];
  return place < 0 ? -1 : view.cells[place];
}
