// How two pictures are taken from each other: which measure makes sense of two observables, and the difference itself. Pure.

import { UNKNOWN } from '../core/film.ts';
import type { DiagramView, ObservableView } from './diagram-view.ts';

/** `difference`: a − b, about 0. `ratio`: a/b on a logarithmic scale, about 1. */
export type DifferenceMeasure = 'difference' | 'ratio';

/** What comparing needs to know of an observable. */
export type Compared = ObservableView & { readonly unit?: string };

const unitOf = ({ unit = 'dimensionless' }: Compared): string => unit;

/** True where no value lies below zero, so that a ratio means something. */
const isPositive = ({ range }: Compared): boolean => range[0] >= 0;

/**
 * How `a` is compared with `b`: by their difference where both are linear and of one unit, by their ratio where both may span
 * decades, or where one does and neither is negative. Classes, and quantities of different units that are not ratios,
 * cannot be: then a sentence.
 */
export function differenceMeasure(
  a: Compared,
  b: Compared,
): { readonly measure: DifferenceMeasure } | { readonly refusal: string } {
  const classes = [a, b].find(({ scale }) => scale === 'class');
  if (classes !== undefined) {
    return { refusal: `${sentence(classes.label)} names classes, which have no difference. Choose another observable.` };
  }
  if (a.scale === 'linear' && b.scale === 'linear') {
    if (unitOf(a) === unitOf(b)) return { measure: 'difference' };
    return {
      refusal: `${sentence(a.label)} (${unitOf(a)}) and ${b.label} (${unitOf(b)}) have different units. Compare one of them between two times instead.`,
    };
  }
  if (isPositive(a) && isPositive(b)) return { measure: 'ratio' };
  const negative = isPositive(a) ? b : a;
  return {
    refusal: `${sentence(negative.label)} can be negative, so that no ratio can be taken of it. Choose another observable.`,
  };
}

/** `a` without `b`, place by place. Statistics over seeds are left out: both share their seeds, so that spreads do not add up. */
export function differenceView(a: DiagramView, b: DiagramView, measure: DifferenceMeasure): DiagramView {
  const size = a.values.length;
  const values = new Float64Array(size).fill(Number.NaN);
  const counts = new Uint16Array(size);
  const measured = new Uint16Array(size);
  const outcomes = new Uint8Array(size).fill(UNKNOWN);
  for (let i = 0; i < size; i++) {
    measured[i] = Math.min(a.measured[i], b.measured[i]);
    if (measured[i] === 0) continue;
    outcomes[i] = a.outcomes[i];
    const [one, other] = [a.values[i], b.values[i]];
    const value = measure === 'difference' ? one - other : one > 0 && other > 0 ? one / other : Number.NaN;
    if (!Number.isFinite(value)) continue;
    values[i] = value;
    counts[i] = Math.min(a.counts[i], b.counts[i]);
  }
  return { ...a, values, spread: new Float64Array(size).fill(Number.NaN), counts, measured, outcomes };
}

/** What the second picture of a difference is. `when`: "t = 0.1". */
export type Subtrahend =
  | { readonly from: 'frame'; readonly when: string }
  | { readonly from: 'observable'; readonly label: string }
  | { readonly from: 'kept'; readonly name: string };

/** The difference as something to draw. */
export function differenceObservable(a: ObservableView, measure: DifferenceMeasure, from: Subtrahend): ObservableView {
  const { threshold: _, richSide: __, classes: ___, ...rest } = a;
  const ratio = measure === 'ratio';
  const other = from.from === 'frame' ? `at ${from.when}` : from.from === 'observable' ? from.label : `of ${from.name}`;
  const label =
    from.from === 'frame'
      ? ratio
        ? `${a.label}, ratio to that ${other}`
        : `change of ${a.label} since ${from.when}`
      : from.from === 'observable'
        ? `${a.label} ${ratio ? '÷' : '−'} ${other}`
        : `${a.label} ${ratio ? '÷' : '−'} that ${other}`;
  return {
    ...rest,
    id: `${a.id}-${measure}`,
    label,
    symbol: '',
    description: ratio ? 'A ratio of two pictures, 1 where they agree.' : 'The difference of two pictures, 0 where they agree.',
    range: ratio ? [0, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    scale: ratio ? 'log' : 'linear',
    role: 'quantity',
    centre: ratio ? 1 : 0,
  };
}

/** "Larger in 40 of 90 cells, smaller in 50." Empty where nothing is known. */
export function differenceWords(view: Pick<DiagramView, 'values'>, measure: DifferenceMeasure): string {
  const centre = measure === 'ratio' ? 1 : 0;
  let [larger, smaller, equal] = [0, 0, 0];
  for (const value of view.values) {
    if (Number.isNaN(value)) continue;
    if (value > centre) larger++;
    else if (value < centre) smaller++;
    else equal++;
  }
  const known = larger + smaller + equal;
  if (known === 0) return '';
  if (equal === known) return 'The same in every known cell.';
  const same = equal > 0 ? `, the same in ${equal}` : '';
  return `Larger in ${larger} of ${known} cells, smaller in ${smaller}${same}.`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
