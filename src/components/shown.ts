// What the diagram shows of a figure: one layer of it, all seeds or some, or a difference; with the colours and the words that go with it.
// Draws nothing and keeps nothing but pictures.

import type { Film } from '../core/film.ts';
import { residualKind } from '../core/residual.ts';
import type { ViewState } from '../core/view-state.ts';
import type { Picture } from './atlas-pictures.ts';
import { residualExtent, residualView, residualWords } from './atlas-theory.ts';
import type { ColourTable } from './colour.ts';
import { mapOf } from './colour-maps.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import { DerivedCache, type PictureCache } from './derived-cache.ts';
import { DiagramCache } from './diagram-cache.ts';
import { type ObservableView, type Slice, TIME } from './diagram-view.ts';
import { differenceMeasure, differenceObservable, differenceView, differenceWords, type Subtrahend } from './difference-view.ts';
import type { Figure } from './figure.ts';
import type { Overlay } from './heatmap-marks.ts';
import { formatNumber } from './numbers.ts';
import { fittingSeeds, seedPictures } from './seed-view.ts';
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

interface Plain {
  readonly observable: ObservableView;
  readonly cache: PictureCache;
  readonly before?: string;
  readonly after?: string;
}

type Said = Partial<Pick<Shown, 'before' | 'after' | 'refusal'>> & { readonly words?: string };

type Subtracted = Plain | { readonly refusal: string };

/** A run kept to be compared with. */
export interface KeptRun {
  readonly film: Film;
  /** "stripe, output scale × width". */
  readonly name: string;
}

export class ShownPictures {
  #film: Film | null = null;
  #kept: KeptRun | null = null;
  #last: { readonly parts: readonly unknown[]; readonly shown: Shown } | null = null;
  readonly #plain = new Map<string, Plain>();
  readonly #pictures = new WeakMap<PictureCache, Picture>();
  /** The same pair while its numbers are the same, so that nothing is drawn anew. */
  #extent: readonly [number, number] | null = null;
  #laid: { readonly parts: readonly unknown[]; readonly overlay: Overlay | null } = { parts: [null, null, ''], overlay: null };

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
    if (film !== this.#film || figure.keptRun !== this.#kept) this.#plain.clear();
    this.#film = film;
    this.#kept = figure.keptRun;
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
    const first = this.#seedsOf(film, observable, slice, figure.picture.cache, state);
    const second = this.#subtracted(figure, film, slice);
    if (second !== null && !('refusal' in second)) {
      const compared = this.#difference(figure, film, slice, first, second);
      if (!('refusal' in compared)) {
        const picture = this.#pictureOf(compared.cache);
        const words = differenceWords(
          picture.cache.view(figure.frame),
          compared.observable.centre === 1 ? 'ratio' : 'difference',
        );
        // What came before the frame that is taken away may saturate.
        const from = state.difference?.from === 'frame' ? state.difference.frame : this.#from(figure);
        return this.#done(figure, beside, compared.observable, picture, compared.cache.extent(from), { ...compared, words });
      }
      return this.#simulated(figure, beside, first, compared.refusal);
    }
    return this.#simulated(figure, beside, first, second?.refusal ?? '');
  }

  #simulated(figure: Figure, beside: Beside, plain: Plain, refusal: string): Shown {
    const { observable, cache } = plain;
    const extent = cache === figure.picture?.cache ? this.#extentOf(figure) : cache.extent(this.#from(figure));
    return this.#done(figure, beside, observable, this.#pictureOf(cache), extent, { ...plain, refusal });
  }

  #done(
    figure: Figure,
    beside: Beside,
    observable: ObservableView | null,
    picture: Picture | null,
    extent: readonly [number, number] | null,
    { before = '', after = '', refusal = '', words = '' }: Said,
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

  /** First frame whose values the colours must tell apart: errors fall by orders while networks learn, and early ones may saturate. */
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

  /** The same pictures for the same key. */
  #keep(key: unknown, make: () => Plain): Plain {
    const name = JSON.stringify(key);
    let plain = this.#plain.get(name);
    if (plain === undefined) {
      // A reader who turns many knobs leaves many pictures behind.
      if (this.#plain.size > 24) this.#plain.clear();
      plain = make();
      this.#plain.set(name, plain);
    }
    return plain;
  }

  #seedsOf(film: Film, observable: ObservableView, slice: Slice, mean: PictureCache, { seeds }: ViewState): Plain {
    const choice = fittingSeeds(film, observable, seeds);
    if (choice === 'mean') return { observable, cache: mean };
    return this.#keep(['seeds', film === this.#film, observable.id, slice, choice], () =>
      seedPictures(mean, film, observable, choice, slice.y === TIME),
    );
  }

  /** What is taken away; null where nothing is to be. */
  #subtracted(figure: Figure, film: Film, slice: Slice): Subtracted | null {
    const { difference } = figure.state;
    const { observable, observables } = figure;
    if (difference === null || observable === null) return null;
    let [source, other] = [film, observable as ObservableView | undefined];
    if (difference.from === 'observable') {
      other = observables.find(({ id }) => id === difference.observable);
      if (other === undefined) return { refusal: `This sweep does not measure ${difference.observable}.` };
      if (other.id === observable.id) return { refusal: 'An observable without itself is nothing: choose another one.' };
    }
    if (difference.from === 'kept') {
      const refusal = keptRefusal(figure.keptRun, film, observable);
      if (refusal !== '') return { refusal };
      source = (figure.keptRun as KeptRun).film;
    }
    const drawn = other as ObservableView;
    const mean = this.#keep(['plain', difference.from === 'kept', drawn.id, slice], () => ({
      observable: drawn,
      cache: new DiagramCache(source, drawn, slice),
    }));
    return this.#seedsOf(source, drawn, slice, mean.cache, figure.state);
  }

  #difference(figure: Figure, film: Film, slice: Slice, first: Plain, second: Plain): Subtracted {
    const { difference, seeds } = figure.state;
    if (difference === null) return first;
    const all = figure.science.catalog.observables;
    const unit = (id: string) => all.find((one) => one.id === id)?.unit;
    const compared = differenceMeasure(
      { ...first.observable, unit: unit(first.observable.id) },
      { ...second.observable, unit: unit(second.observable.id) },
    );
    if ('refusal' in compared) return compared;
    const { measure } = compared;
    const ratio = measure === 'ratio';
    const at = difference.from === 'frame' ? Math.min(difference.frame, film.times.length - 1) : -1;
    const from: Subtrahend =
      difference.from === 'frame'
        ? { from: 'frame', when: `t = ${formatNumber(film.times[at], 2)}` }
        : difference.from === 'observable'
          ? { from: 'observable', label: second.observable.label }
          : { from: 'kept', name: figure.keptRun?.name ?? '' };
    return this.#keep(['difference', difference, first.observable.id, slice, seeds], () => ({
      observable: differenceObservable(first.observable, measure, from),
      before: from.from === 'frame' ? `${ratio ? 'ratio to' : 'change since'} ${from.when} of` : '',
      after: from.from === 'frame' ? '' : `${ratio ? '÷' : '−'} ${from.from === 'kept' ? 'kept run' : from.label}`,
      cache: new DerivedCache({
        frames: film.times.length,
        plane: slice.y === TIME,
        scale: ratio ? 'log' : 'linear',
        sources: (frame) => [first.cache.strip(frame), second.cache.strip(at < 0 ? frame : at)],
        derive: ([one, other]) => differenceView(one, other, measure),
      }),
    }));
  }
}

/** Why a kept run cannot be compared with a film, a sentence; empty where it can. */
export function keptRefusal(kept: KeptRun | null, film: Film, observable: Pick<ObservableView, 'id' | 'label'>): string {
  if (kept === null) return 'No run has been kept for comparison.';
  const axes = ({ sweep }: Film) => JSON.stringify(sweep.axes.map(({ parameter, values }) => [parameter, values]));
  if (axes(kept.film) !== axes(film))
    return 'The kept run has other axes: both must vary the same parameters over the same values.';
  if (JSON.stringify(kept.film.times) !== JSON.stringify(film.times)) return 'The kept run was measured at other times.';
  if (!kept.film.sweep.observables.includes(observable.id)) return `The kept run did not measure ${observable.label}.`;
  return '';
}
