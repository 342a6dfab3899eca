// Words for cells, networks and what is inside them. Draws nothing.

import { html, type TemplateResult } from 'lit';
import type { Value } from '../core/parameter.ts';
import { cellIndices } from '../core/sweep.ts';
import type { Figure } from './figure.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import { symbolHtml } from './symbols.ts';

interface Coordinate {
  readonly label: string;
  readonly symbol: string;
  readonly value: Value;
}

/** Swept parameters of a cell with its values. */
function coordinatesOf({ sweep, parameters }: Pick<Figure, 'sweep' | 'parameters'>, cell: number): Coordinate[] {
  if (sweep === null || cell < 0) return [];
  const indices = cellIndices(sweep, cell);
  return sweep.axes.map(({ parameter, values }, a) => {
    const { label, symbol } = parameters.find(({ id }) => id === parameter) ?? { label: parameter, symbol: parameter };
    return { label, symbol, value: values[indices[a]] };
  });
}

/** "α = 3.2, h = 64" as HTML. */
export function cellHtml(figure: Pick<Figure, 'sweep' | 'parameters'>, cell: number): TemplateResult {
  return html`${coordinatesOf(figure, cell).map(
    ({ symbol, value }, a) =>
      html`${a === 0 ? '' : ', '}${symbolHtml(symbol)} = ${typeof value === 'number' ? formatNumber(value) : value}`,
  )}`;
}

/** "output scale 3.2, width 64" for screen readers. */
export function cellWords(figure: Pick<Figure, 'sweep' | 'parameters'>, cell: number): string {
  return coordinatesOf(figure, cell)
    .map(({ label, value }) => `${label} ${typeof value === 'number' ? spokenNumber(value) : value}`)
    .join(', ');
}

/** Seeds of a sweep as they are named: the first one is `sweep.seed`. */
export function seedWords(figure: Pick<Figure, 'sweep'>, seed: number): string {
  return `seed ${(figure.sweep?.seed ?? 0) + seed}`;
}

/** The ratio of two numbers as people read it: "×3.1", "equal", or a dash where there is none. */
export function ratioWords(one: number, other: number): string {
  if (!Number.isFinite(one) || !Number.isFinite(other)) return '–';
  if (one === other) return 'equal';
  if (other === 0 || Math.sign(one) !== Math.sign(other)) return '–';
  return `×${formatNumber(one / other)}`;
}
