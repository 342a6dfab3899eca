// The columns of a cell's curves: what was simulated and what a theory says, over training time. Draws nothing.

import { memberValues } from '../core/diagram.ts';
import type { DrawnFilm } from '../core/film.ts';
import { isAveraged, summarise } from '../core/statistics.ts';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import type { Column } from './curve-plot.ts';
import { type ObservableView, seedValues } from './diagram-view.ts';

type Drawn = Pick<ObservableView, 'id' | 'scale'>;

export interface Curves {
  /** Ascending, > 0. */
  readonly times: number[];
  /** Mean over seeds, as the diagram has it. Numbers that the scale cannot show are null. */
  readonly mean: Column;
  /** One column per seed; none where there is one seed only. */
  readonly seeds: Column[];
}

function shown(value: number, { scale }: Drawn): number | null {
  return isAveraged(value, scale) && (scale !== 'log' || value > 0) ? value : null;
}

/** Curves of one cell as simulated, at the film's times after 0. `left`: true for seeds that no mean may hold. */
export function curvesOf(film: DrawnFilm, cell: number, observable: Drawn, left: readonly boolean[] = []): Curves {
  const times: number[] = [];
  const mean: Column = [];
  const seeds: Column[] = [];
  for (let frame = 1; frame < film.times.length; frame++) {
    times.push(film.times[frame]);
    const all = seedValues(film, frame, cell, observable.id);
    const members = film.network[observable.id] === undefined ? all : memberValues(film, observable.id, frame, cell);
    mean.push(
      shown(
        summarise(
          Array.from(members).filter((_, seed) => left[seed] !== true),
          observable.scale,
        ).mean,
        observable,
      ),
    );
    all.forEach((value, seed) => {
      seeds[seed] ??= [];
      seeds[seed].push(shown(value, observable));
    });
  }
  return { times, mean, seeds: seeds.length > 1 ? seeds : [] };
}

/** Curves of one cell as a theory says; null where it says nothing about this observable. */
export function theoryCurvesOf({ times, curves, exceptions }: TheoryDetail, observable: Drawn): Curves | null {
  const values = curves[observable.id];
  if (values === undefined) return null;
  const count = exceptions.length;
  const at = (t: number, seed: number) => values[t * count + seed];
  const kept = exceptions.flatMap((exception, seed) => (exception === null ? [seed] : []));
  const every = Array.from(times.keys());
  return {
    times: Array.from(times),
    mean: every.map((t) =>
      shown(
        summarise(
          kept.map((seed) => at(t, seed)),
          observable.scale,
        ).mean,
        observable,
      ),
    ),
    seeds: count === 1 ? [] : exceptions.map((_, seed) => every.map((t) => shown(at(t, seed), observable))),
  };
}

/** A column given at `from` on the finer times `to`, null in between. */
export function onTimes(column: Column, from: readonly number[], to: readonly number[]): Column {
  const places = new Map(to.map((time, place) => [time, place]));
  const spread: Column = to.map(() => null);
  from.forEach((time, i) => {
    const place = places.get(time);
    if (place !== undefined) spread[place] = column[i];
  });
  return spread;
}
