// What the diagram shows of a figure: one layer of it, or what shown-changes.ts makes of it, with the colours and the words that
// go with it. Draws nothing and keeps nothing but pictures.

import type { Film } from '../core/film.ts';
import { residualKind } from '../core/residual.ts';
import type { Picture } from './atlas-pictures.ts';
import { residualExtent, residualView, residualWords } from './atlas-theory.ts';
import type { ColourTable } from './colour.ts';
import { mapOf } from './colour-maps.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import type { PictureCache } from './derived-cache.ts';
import { type ObservableView, TIME } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import type { Overlay } from './heatmap-marks.ts';
import type { ShownChanges } from './shown-changes.ts';
import type { Beside } from './theory-side.ts';

export interface Shown {
  readonly beside: Beside;
  /** As drawn; null before anything is known of the sweep. */
  readonly observable: ObservableView | null;
  /** Null before there is a film. */
  readonly picture: Picture | null;
  /** Ends that the colours must tell apart. */
  readonly extent: readonly [number, number] | null;
  /** Colours that replace the observable's own; null for those. */
  readonly table: ColourTable | null;
  readonly colours: ColourScale | null;
  /** Boundary between lazy and rich; undefined where there is none. */
  readonly threshold: number | undefined;
  /** Over the cells; the same object while nothing in it has changed. */
  readonly overlay: Overlay | null;
  /** Before and after the observable's name: "change since t = 0.1 of", "÷ test error". */
  readonly before: string;
  readonly after: string;
  /** Why the difference that was asked for is not shown, a sentence; empty where it is. */
  readonly refusal: string;
}

/** A picture and what is said of it. */
export interface Drawn {
  readonly observable: ObservableView;
  readonly cache: PictureCache;
  readonly before?: string;
  readonly after?: string;
  readonly refusal?: string;
  /** Added to the summary. */
  readonly words?: string;
  /** First frame whose values the colours must tell apart. */
  readonly from?: number;
}

/** A run kept to be compared with. */
export interface KeptRun {
  readonly film: Film;
  /** "stripe, output scale × width". */
  readonly name: string;
}

export class ShownPictures {
  readonly #loaded: () => void;
  #loading: Promise<void> | null = null;
  #made: ShownChanges | null = null;
  #last: { readonly parts: readonly unknown[]; readonly shown: Shown } | null = null;
  readonly #pictures = new WeakMap<PictureCache, Picture>();
  /** The same pair while its numbers are the same, so that nothing is drawn anew. */
  #extent: readonly [number, number] | null = null;
  #laid: { readonly parts: readonly unknown[]; readonly overlay: Overlay | null } = { parts: [null, null, ''], overlay: null };

  /** `loaded` is called when more can be shown than before. */
  constructor(loaded: () => void) {
    this.#loaded = loaded;
  }

  /** Everything about the picture in the middle; the same object until the figure changes. */
  of(figure: Figure): Shown {
    const { state, run, version, laid, keptRun } = figure;
    const parts = [state, run, version, laid, keptRun, figure.theory];
    if (this.#last === null || parts.some((part, i) => part !== this.#last?.parts[i])) {
      this.#last = { parts, shown: this.#of(figure) };
    }
    return this.#last.shown;
  }

  #of(figure: Figure): Shown {
    const { beside, observable, slice, film, state } = figure;
    const layer = beside.note?.layer ?? 'simulation';
    if (layer !== 'simulation' && beside.picture !== null && observable !== null) {
      const drawn = layer === 'residual' ? residualView(observable) : observable;
      const extent = layer === 'residual' ? residualExtent(beside.picture.cache.extent(0), observable) : this.#extentOf(figure);
      const refusal = state.difference === null ? '' : 'Differences are taken of the simulation: choose it above the diagram.';
      const before = layer === 'residual' ? `${residualWords(residualKind(observable.scale))} of` : '';
      return this.#done(figure, beside, drawn, beside.picture, extent, { refusal, before });
    }
    if (film === null || observable === null || slice === null || figure.picture === null) {
      return this.#done(figure, beside, observable, null, null, {});
    }
    const mean = figure.picture.cache;
    const wanted = state.difference !== null || (state.seeds ?? 'mean') !== 'mean';
    const drawn: Drawn = (wanted && this.#changes()?.of(figure, film, observable, slice, mean)) || { observable, cache: mean };
    const extent = drawn.cache === mean ? this.#extentOf(figure) : drawn.cache.extent(drawn.from ?? this.#from(figure));
    return this.#done(figure, beside, drawn.observable, this.#pictureOf(drawn.cache), extent, drawn);
  }

  /** What makes other pictures than the plain one; null until it is loaded. */
  #changes(): ShownChanges | null {
    if (this.#loading === null) {
      this.#loading = import('./shown-changes.ts').then(({ ShownChanges }) => {
        this.#made = new ShownChanges();
        this.#loaded();
      });
    }
    return this.#made;
  }

  #done(
    figure: Figure,
    beside: Beside,
    observable: ObservableView | null,
    picture: Picture | null,
    extent: readonly [number, number] | null,
    { before = '', after = '', refusal = '', words = '' }: Partial<Drawn>,
  ): Shown {
    if (extent?.some((end, i) => end !== this.#extent?.[i]) ?? this.#extent !== null) this.#extent = extent;
    const table = observable === null ? null : (mapOf(observable, figure.state.colours)?.table() ?? null);
    const colours = observable === null ? null : colourScale(observable, extent, table);
    const threshold = observable?.threshold === undefined ? undefined : figure.threshold;
    const overlay = this.#overlayOf(beside.overlay, threshold === undefined ? null : figure.laid, words);
    return { beside, observable, picture, extent: this.#extent, table, colours, threshold, overlay, before, after, refusal };
  }

  #overlayOf(theory: Overlay | null, band: Overlay | null, words: string): Overlay | null {
    const parts = [band, theory, words];
    if (parts.some((part, i) => part !== this.#laid.parts[i])) {
      const overlays = [band, theory].filter((one) => one !== null);
      const said = [...overlays.map((one) => one.words), words].filter((text) => text !== '').join(' ');
      const overlay =
        overlays.length === 0 && words === ''
          ? null
          : { marks: (...where: Parameters<Overlay['marks']>) => overlays.flatMap((one) => one.marks(...where)), words: said };
      this.#laid = { parts, overlay };
    }
    return this.#laid.overlay;
  }

  /**
   * First frame whose values the colours must tell apart: errors fall by orders while networks learn,
   * and early ones may saturate.
   */
  #from({ observable, slice, lastFrame }: Figure): number {
    return observable?.role === 'order' || slice?.y === TIME ? 0 : Math.max(0, lastFrame);
  }

  /** Ends of the simulation's colours, for all layers alike, so that a theory shows the same values in the same colours. */
  #extentOf(figure: Figure): readonly [number, number] | null {
    return figure.picture?.cache.extent(this.#from(figure)) ?? null;
  }

  #pictureOf(cache: PictureCache): Picture {
    let picture = this.#pictures.get(cache);
    if (picture === undefined) {
      picture = { cache, views: (frame) => cache.strip(frame) };
      this.#pictures.set(cache, picture);
    }
    return picture;
  }
}
