// Keeps the boundary's band of uncertainty in step with what a figure shows: made while the page rests, once per picture and threshold.
// What a band is, is boundary-band.ts's business.

import { bandOf, bandOverlay } from './boundary-band.ts';
import type { DiagramView } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import type { Overlay } from './heatmap-marks.ts';

/** The picture must have stood still for so long, ms. */
const REST_MS = 160;

export class BandKeeper {
  #made = new WeakMap<DiagramView, Map<string, Overlay | null>>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #waiting: { readonly view: DiagramView; readonly key: string } | null = null;

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#waiting = null;
  }

  /** Lays the band over what is shown, at once where it is known, else after a rest. */
  follow(figure: Figure): void {
    const wanted = this.#wanted(figure);
    const made = wanted === null ? null : this.#made.get(wanted.view)?.get(wanted.key);
    if (wanted === null || made !== undefined) {
      this.dispose();
      figure.lay(made ?? null);
      return;
    }
    if (this.#waiting?.view === wanted.view && this.#waiting.key === wanted.key) return;
    this.dispose();
    figure.lay(null);
    this.#waiting = wanted;
    this.#timer = setTimeout(() => this.#make(figure), REST_MS);
  }

  /** The picture that a band belongs to: means over seeds of a simulation, whole. */
  #wanted(figure: Figure): { readonly view: DiagramView; readonly key: string } | null {
    const { film, state, observable, slice } = figure;
    if (film === null || observable === null || slice === null || state.band === false) return null;
    if (state.layer !== 'simulation' || state.difference !== null || (state.seeds ?? 'mean') !== 'mean') return null;
    const { picture, threshold } = figure.shown;
    if (picture === null || threshold === undefined || film.seeds < 3) return null;
    const view = picture.cache.view(figure.frame);
    if (view.measured.some((networks) => networks === 0)) return null;
    return { view, key: `${threshold}` };
  }

  #make(figure: Figure): void {
    const wanted = this.#wanted(figure);
    const { film, observable, slice, axisView, frame } = figure;
    const { threshold } = figure.shown;
    this.dispose();
    if (wanted === null || film === null || observable === null || slice === null || threshold === undefined) return;
    const [x, y] = [axisView(slice.x), slice.y === null ? null : axisView(slice.y)];
    const band = bandOf(film, frame, wanted.view, observable, threshold);
    const overlay = band === null || x === null ? null : bandOverlay(wanted.view, band, observable, x, y, threshold);
    const known = this.#made.get(wanted.view) ?? new Map<string, Overlay | null>();
    known.set(wanted.key, overlay);
    this.#made.set(wanted.view, known);
    figure.lay(overlay);
  }
}
