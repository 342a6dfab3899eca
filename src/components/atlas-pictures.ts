// Keeps the pictures of one page: the film's reductions under the present choice, and the empty picture before there is a film.
// Reduces nothing itself: see diagram-view.ts.

import type { Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Layer } from '../core/view-state.ts';
import { residualView } from './atlas-theory.ts';
import type { PictureCache } from './derived-cache.ts';
import { type CacheOptions, DiagramCache } from './diagram-cache.ts';
import { type DiagramView, emptyView, type ObservableView, type Slice, TIME } from './diagram-view.ts';
import { nearestKnown } from './paint.ts';
import type { TheoryController } from './theory-controller.ts';

/** Pictures of one film under one choice of observable and axes. */
export interface Picture {
  readonly cache: PictureCache;
  /** What the film strip shows of a frame. */
  readonly views: (frame: number) => DiagramView;
}

export class AtlasPictures {
  readonly #pictures = new Map<Layer, Picture & { readonly cache: DiagramCache }>();
  #empty: DiagramView | null = null;
  #emptyStrip: DiagramView | null = null;
  #emptyKey = '';

  /** Forgets the film; for a new run. */
  forget(): void {
    this.#pictures.clear();
  }

  /** The picture of a layer: the same object until film, observable or slice change. `options` belong to the film. */
  of(film: Film, observable: ObservableView, slice: Slice, layer: Layer = 'simulation', options?: CacheOptions): Picture {
    let picture = this.#pictures.get(layer);
    if (picture?.cache.fits(film, observable.id, slice) !== true) {
      const cache = new DiagramCache(film, observable, slice, options);
      picture = { cache, views: (frame) => cache.strip(frame) };
      this.#pictures.set(layer, picture);
    }
    return picture;
  }

  /** The picture of a theory's film, or of how far it is from the simulation; null where there is none. */
  beside(theory: TheoryController, simulation: Film, observable: ObservableView, slice: Slice, layer: Layer): Picture | null {
    const { film } = theory;
    const residuals = theory.residuals(simulation, observable.id);
    if (film === null || residuals === null) return null;
    const options = { growth: () => film.done, refused: (cell: number) => film.refusals[cell] !== null };
    if (layer === 'theory') return this.of(film, observable, slice, layer, options);
    return this.of(residuals.film, residualView(observable), slice, 'residual', {
      ...options,
      averaged: 'linear',
      refresh: (frame, revision) => residuals.refresh(frame, revision),
    });
  }

  /** The picture of a sweep of which nothing is known; the same object for the same axes. */
  emptyOf(sweep: Sweep, slice: Slice): DiagramView {
    const key = JSON.stringify([sweep.axes, slice]);
    if (this.#empty === null || key !== this.#emptyKey) {
      this.#empty = emptyView(sweep, slice);
      this.#emptyStrip = slice.y === TIME ? emptyView(sweep, { ...slice, y: null }) : this.#empty;
    }
    this.#emptyKey = key;
    return this.#empty;
  }

  /** The empty picture of every frame, for the film strip. */
  readonly emptyViews = (): DiagramView => this.#emptyStrip as DiagramView;
}

/** The known cell nearest to the middle of a diagram; −1 where nothing is known. */
export function middleCell(view: DiagramView): number {
  const place = nearestKnown(view)[(view.rows >> 1) * view.columns + (view.columns >> 1)];
  return place < 0 ? -1 : view.cells[place];
}
