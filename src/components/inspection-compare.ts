// Two networks, or two cells, in numbers: a table of their observables with the ratio. Plain functions.

import { html, type TemplateResult } from 'lit';
import { memberValues } from '../core/diagram.ts';
import type { DrawnFilm } from '../core/film.ts';
import { isAveraged, summarise } from '../core/statistics.ts';
import type { ObservableView } from './diagram-view.ts';
import type { Figure } from './figure.ts';
import { cellHtml, ratioWords, seedWords } from './inspection-words.ts';
import { formatNumber } from './numbers.ts';

/** A cell, or one network of it. */
export interface Compared {
  readonly cell: number;
  /** Left out: the mean over seeds. */
  readonly seed?: number;
}

/** Value of an observable at a frame: of one network, or the mean over seeds as the diagram has it. NaN where unknown. */
export function observableAt(
  { film }: { readonly film: DrawnFilm | null },
  { cell, seed }: Compared,
  frame: number,
  observable: ObservableView,
): number {
  if (film === null || cell < 0 || cell >= film.cells) return Number.NaN;
  const perCell = film.cell[observable.id];
  if (perCell !== undefined) return perCell[frame * film.cells + cell];
  const values = memberValues(film, observable.id, frame, cell);
  if (seed === undefined) return summarise(values, observable.scale).mean;
  return isAveraged(values[seed], observable.scale) ? values[seed] : Number.NaN;
}

/** A value as it is written: the name of a class, or a number. */
export function valueText({ scale, classes }: ObservableView, value: number, write = (one: number) => formatNumber(one)): string {
  return scale === 'class' ? (classes?.[value]?.label ?? '–') : write(value);
}

/** "×3.1" of two values; of classes whether they are the same. */
export function compareText({ scale }: ObservableView, one: number, other: number): string {
  if (scale !== 'class') return ratioWords(one, other);
  return Number.isNaN(one) || Number.isNaN(other) ? '–' : one === other ? 'same' : 'differs';
}

/** The table of two networks at the film's time. `heads`: what they are called; left out, by their values or seeds. */
export function compareTable(figure: Figure, one: Compared, other: Compared, heads?: readonly [string, string]): TemplateResult {
  const { observables, frame, film } = figure;
  const sameCell = one.cell === other.cell;
  const head = (network: Compared) =>
    sameCell && network.seed !== undefined ? seedWords(figure, network.seed) : cellHtml(figure, network.cell);
  return html`<table class="compare">
    <caption>At <span class="symbol">t</span> = ${formatNumber(film?.times[frame] ?? 0)}</caption>
    <thead><tr><th scope="col"><span class="unseen">Observable</span></th><th scope="col">${heads?.[0] ?? head(one)}</th><th scope="col">${heads?.[1] ?? head(other)}</th><th scope="col">ratio</th></tr></thead>
    <tbody>${observables
      .filter(({ per }) => per === 'network' || (one.seed === undefined && other.seed === undefined))
      .map((observable) => {
        const [a, b] = [one, other].map((network) => observableAt(figure, network, frame, observable));
        return html`<tr><th scope="row">${observable.label}</th><td>${valueText(observable, a)}</td><td>${valueText(observable, b)}</td><td>${compareText(observable, a, b)}</td></tr>`;
      })}</tbody>
  </table>`;
}
