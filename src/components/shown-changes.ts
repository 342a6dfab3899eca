// Pictures that are not the plain mean over seeds: single seeds, their spread, and differences. Loaded when a reader asks for
// one; what the diagram shows besides is shown.ts's business.

import type { Film } from '../core/film.ts';
import type { ViewState } from '../core/view-state.ts';
import { DerivedCache, type PictureCache } from './derived-cache.ts';
import { DiagramCache } from './diagram-cache.ts';
import { type ObservableView, type Slice, TIME } from './diagram-view.ts';
import { differenceMeasure, differenceObservable, differenceView, differenceWords, type Subtrahend } from './difference-view.ts';
import type { Figure } from './figure.ts';
import { formatNumber } from './numbers.ts';
import { fittingSeeds, seedPictures } from './seed-view.ts';
import type { Drawn, KeptRun } from './shown.ts';

type Subtracted = Drawn | { readonly refusal: string };

export class ShownChanges {
  #film: Film | null = null;
  #kept: KeptRun | null = null;
  readonly #plain = new Map<string, Drawn>();

  /**
   * The picture that is asked for; where it makes no sense, the one it would be taken from, and why. `mean`:
   * the picture of all seeds.
   */
  of(figure: Figure, film: Film, observable: ObservableView, slice: Slice, mean: PictureCache): Drawn {
    const { state, keptRun, frame } = figure;
    if (film !== this.#film || keptRun !== this.#kept) this.#plain.clear();
    this.#film = film;
    this.#kept = keptRun;
    const first = this.#seedsOf(film, observable, slice, mean, state);
    const second = this.#subtracted(figure, film, slice);
    if (second === null) return first;
    const compared = 'refusal' in second ? second : this.#difference(figure, film, slice, first, second as Drawn);
    if (!('cache' in compared)) return { ...first, refusal: compared.refusal };
    const words = differenceWords(compared.cache.view(frame), compared.observable.centre === 1 ? 'ratio' : 'difference');
    // What came before the frame that is taken away may saturate.
    return { ...compared, words, ...(state.difference?.from === 'frame' ? { from: state.difference.frame } : {}) };
  }

  /** The same pictures for the same key. */
  #keep(key: unknown, make: () => Drawn): Drawn {
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

  #seedsOf(film: Film, observable: ObservableView, slice: Slice, mean: PictureCache, { seeds }: ViewState): Drawn {
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

  #difference(figure: Figure, film: Film, slice: Slice, first: Drawn, second: Drawn): Subtracted {
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
