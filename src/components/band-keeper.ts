// Keeps the boundary's band of uncertainty in step with what a figure shows: made while the page rests, once per picture and
// threshold. What a band is, is boundary-band.ts's business.

import { bandOver, LEAST_SEEDS } from './boundary-band.ts';
import type { DiagramView } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import type { Overlay } from './heatmap-marks.ts';

/** The picture must have stood still for so long, ms. */
const REST_MS = 160;

/** The picture that a band belongs to: means over seeds of a simulation, whole; null where a figure shows something else. */
export function banded(figure: Figure, frame: number): { readonly view: DiagramView; readonly threshold: number } | null {
  const { film, observable, slice, state } = figure;
  if (film === null || observable === null || slice === null || state.band === false) return null;
  if (state.layer !== 'simulation' || state.difference !== null || (state.seeds ?? 'mean') !== 'mean') return null;
  const { picture, threshold } = figure.shown;
  if (picture === null || threshold === undefined || film.seeds < LEAST_SEEDS) return null;
  const view = picture.cache.view(frame);
  return view.measured.some((networks) => networks === 0) ? null : { view, threshold };
}

export class BandKeeper {
  #made = new WeakMap<DiagramView, Map<number, Overlay | null>>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #waiting: { readonly view: DiagramView; readonly threshold: number } | null = null;

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = null;
  }

  /** Lays the band over what is shown, at once where it is known, else after a rest. */
  follow(figure: Figure): void {
    const wanted = banded(figure, figure.frame);
    const made = wanted === null ? null : this.#made.get(wanted.view)?.get(wanted.threshold);
    if (wanted === null || made !== undefined) {
      this.dispose();
      figure.lay(made ?? null);
      return;
    }
    if (this.#waiting?.view === wanted.view && this.#waiting.threshold === wanted.threshold) return;
    this.dispose();
    figure.lay(null);
    this.#waiting = wanted;
    this.#timer = setTimeout(() => this.#make(figure), REST_MS);
  }

  #make(figure: Figure): void {
    const wanted = banded(figure, figure.frame);
    const { film, observable, slice, axisView, frame } = figure;
    this.dispose();
    if (wanted === null || film === null || observable === null || slice === null) return;
    const { view, threshold } = wanted;
    const [x, y] = [axisView(slice.x), slice.y === null ? null : axisView(slice.y)];
    const overlay = x === null ? null : bandOver(film, { view, frame, observable, x, y }, threshold);
    const known = this.#made.get(view) ?? new Map<number, Overlay | null>();
    known.set(threshold, overlay);
    this.#made.set(view, known);
    figure.lay(overlay);
  }
}
