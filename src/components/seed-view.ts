// One seed at a time, or how far the seeds are apart, as a picture. Pure: chosen in phase-explore.ts,
// drawn like any other picture.

import { type DrawnFilm, UNKNOWN } from '../core/film.ts';
import type { SeedChoice } from '../core/view-state.ts';
import { DerivedCache, type PictureCache } from './derived-cache.ts';
import type { DiagramView, ObservableView } from './diagram-view.ts';

/** The picture of one seed: what its network measured in each place, without statistics. */
function seedView(view: DiagramView, film: DrawnFilm, frame: number, observable: string, seed: number): DiagramView {
  const all = film.network[observable];
  const size = view.cells.length;
  const values = new Float64Array(size).fill(Number.NaN);
  const measured = new Uint16Array(size);
  const counts = new Uint16Array(size);
  const outcomes = new Uint8Array(size).fill(UNKNOWN);
  view.cells.forEach((cell, place) => {
    const at = (frame * film.cells + cell) * film.seeds + seed;
    outcomes[place] = film.outcomes[at];
    if (outcomes[place] === UNKNOWN) return;
    measured[place] = 1;
    values[place] = all[at];
    counts[place] = Number.isFinite(all[at]) ? 1 : 0;
  });
  return { ...view, values, spread: new Float64Array(size).fill(Number.NaN), counts, measured, outcomes };
}

/** The picture of the spread. */
function spreadView(view: DiagramView): DiagramView {
  return { ...view, values: view.spread, spread: new Float64Array(view.values.length).fill(Number.NaN) };
}

/** An observable's spread over seeds as something to draw. */
export function spreadObservable(observable: ObservableView): ObservableView {
  const { threshold: _, richSide: __, classes: ___, ...rest } = observable;
  const label =
    observable.scale === 'class'
      ? `share of seeds outside the ${observable.label} of most`
      : `spread of ${observable.scale === 'log' ? 'ln ' : ''}${observable.label} over seeds`;
  return {
    ...rest,
    label,
    symbol: '',
    description: 'Standard deviation over the seeds of a cell, unbiased; of logarithms where the observable is logarithmic.',
    range: [0, Number.POSITIVE_INFINITY],
    scale: 'linear',
    role: 'quantity',
  };
}

/** The choice that a film can show: nothing but the mean of observables per cell and of single networks. */
export function fittingSeeds(film: DrawnFilm, observable: ObservableView, wish: SeedChoice | undefined): SeedChoice {
  if (wish === undefined || wish === 'mean' || film.network[observable.id] === undefined || film.seeds < 2) return 'mean';
  return wish === 'spread' || wish < film.seeds ? wish : 'mean';
}

/** The observable and the pictures of a choice that is not the mean. */
export function seedPictures(
  mean: PictureCache,
  film: DrawnFilm,
  observable: ObservableView,
  choice: Exclude<SeedChoice, 'mean'>,
  plane: boolean,
): { readonly observable: ObservableView; readonly cache: PictureCache; readonly before: string; readonly after: string } {
  const shown =
    choice === 'spread' ? spreadObservable(observable) : { ...observable, label: `${observable.label}, seed ${choice + 1}` };
  const cache = new DerivedCache({
    frames: film.times.length,
    plane,
    scale: shown.scale,
    sources: (frame) => [mean.strip(frame)],
    derive: ([view], frame) => (choice === 'spread' ? spreadView(view) : seedView(view, film, frame, observable.id, choice)),
  });
  // A seed has the colours of the mean, so that both can be compared.
  if (choice === 'spread') return { observable: shown, cache, before: 'spread over seeds of', after: '' };
  return {
    observable: shown,
    cache: { ...bound(cache), extent: (from) => mean.extent(from) },
    before: '',
    after: `seed ${choice + 1}`,
  };
}

function bound(cache: PictureCache): Pick<PictureCache, 'view' | 'strip'> {
  return { view: (frame) => cache.view(frame), strip: (frame) => cache.strip(frame) };
}
