// What a host asks of a figure by attributes, one scalar each, and what of it may be taken over.
// Knows no element and runs nothing.

import type { Catalog } from '../core/catalog.ts';
import { quoted } from '../core/errors.ts';
import { LAYERS, type SweepJson, type ViewState } from '../core/view-state.ts';

/** The part of the view that has attributes. */
export const WISHES = ['observable', 'x', 'y', 'frame', 'threshold', 'layer', 'colours'] as const;
export type WishKey = (typeof WISHES)[number];

/** What an element holds for each: '' or null where nothing is asked. */
export interface Wishes {
  readonly observable: string;
  readonly x: string;
  readonly y: string;
  readonly frame: number | null;
  readonly threshold: number | null;
  readonly layer: string;
  readonly colours: string;
}

/** Value of an element's property for a view. */
export function wishOf(view: ViewState, key: WishKey): string | number | null {
  return key === 'y' ? (view.y ?? '') : view[key];
}

const list = (known: Iterable<string>) => [...known].join(', ');

/** Axes of a sweep that may still be wrong. */
function axesOf(sweep: SweepJson | null): string[] {
  const axes: readonly unknown[] = Array.isArray(sweep?.axes) ? sweep.axes : [];
  return axes.flatMap((axis) => {
    const parameter = (axis as { readonly parameter?: unknown } | null)?.parameter;
    return typeof parameter === 'string' ? [parameter] : [];
  });
}

/**
 * The wishes among `keys` that can be fulfilled for a sweep, as a change of view; `refuse` hears of the others, a sentence each.
 */
export function fulfil(
  wishes: Wishes,
  keys: Iterable<WishKey>,
  sweep: SweepJson | null,
  { observables }: Pick<Catalog, 'observables'>,
  refuse: (message: string) => void,
): Partial<ViewState> {
  const patch: Record<string, string | number | null> = {};
  for (const key of keys) {
    const value: unknown = wishes[key];
    const number = typeof value === 'number' && Number.isFinite(value);
    let expected = '';
    if (key === 'frame')
      expected = value === null || (number && Number.isInteger(value) && value >= 0) ? '' : 'an index from 0 on';
    else if (key === 'threshold') expected = value === null || number ? '' : 'a number';
    else if (value === '') continue;
    else if (key === 'layer') expected = (LAYERS as readonly unknown[]).includes(value) ? '' : `one of ${list(LAYERS)}`;
    else if (key === 'colours')
      expected = typeof value === 'string' && /^[a-z0-9-]{1,40}$/.test(value) ? '' : 'the name of a colour map';
    else {
      const known = key === 'observable' ? observables.map(({ id }) => id) : axesOf(sweep).concat(key === 'y' ? 'time' : []);
      expected = (known as readonly unknown[]).includes(value) ? '' : `one of ${list(known)}`;
    }
    if (expected === '') patch[key] = value as string | number | null;
    else refuse(`${key}: expected ${expected}, got ${quoted(value)}`);
  }
  return patch as Partial<ViewState>;
}
