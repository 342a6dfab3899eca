// The colour maps that a reader may choose from, by name: tables only. Which value gets which entry is colour-scale.ts.

import {
  arm,
  type ColourTable,
  diverging,
  divergingOf,
  divergingPoints,
  lch,
  type OkLab,
  sequential,
  sequentialPoints,
  TABLE_SIZE,
  tableOf,
  uniform,
} from './colour.ts';
import type { ObservableView } from './diagram-view.ts';

export interface ColourMap {
  /** In links: lower-case letters and hyphens. */
  readonly id: string;
  readonly label: string;
  /**
   * `diverging`: two arms from a light middle, for values about a threshold or about nothing. `sequential`:
   * one way from pale to deep.
   */
  readonly kind: 'diverging' | 'sequential';
  readonly points: () => OkLab[];
  readonly table: () => ColourTable;
}

/** Equal steps along a path, one table however often it is asked for. */
function made(id: string, label: string, kind: ColourMap['kind'], points: () => OkLab[]): ColourMap {
  let table: ColourTable | null = null;
  return { id, label, kind, points, table: () => (table ??= tableOf(points())) };
}

const smaller = arm(306, 306);
const larger = arm(150, 158);

/** In the order in which they are offered. No one but the first has the colours of lazy and rich. */
export const COLOUR_MAPS: readonly ColourMap[] = [
  { ...made('blue-orange', 'blue – orange', 'diverging', divergingPoints), table: () => diverging },
  made('purple-green', 'purple – green', 'diverging', () => divergingOf(smaller, larger)),
  { ...made('green', 'green', 'sequential', sequentialPoints), table: () => sequential },
  made('ember', 'ember', 'sequential', () =>
    uniform((s) => lch(0.965 - 0.665 * s, 0.03 + 0.125 * Math.sin(Math.PI * s ** 0.9), 95 - 100 * s), TABLE_SIZE),
  ),
  made('dusk', 'dusk', 'sequential', () =>
    uniform((s) => lch(0.965 - 0.665 * s, 0.02 + 0.115 * Math.sin(Math.PI * s ** 0.9), 190 + 110 * s), TABLE_SIZE),
  ),
  made('grey', 'grey, for print', 'sequential', () => uniform((s) => lch(0.965 - 0.715 * s, 0, 0), TABLE_SIZE)),
];

/**
 * Maps that can show an observable: about its threshold both kinds, about nothing not the colours of lazy
 * and rich, else one way only.
 */
export function mapsFor(observable: ObservableView): readonly ColourMap[] {
  if (observable.scale === 'class') return [];
  if (observable.centre !== undefined) return COLOUR_MAPS.filter(({ id }) => id === 'purple-green' || id === 'grey');
  const order = observable.role === 'order' && observable.threshold !== undefined;
  return COLOUR_MAPS.filter(({ kind }) => order || kind === 'sequential');
}

/** The map in use: the chosen one where it can show the observable, else the observable's own; null for classes. */
export function mapOf(observable: ObservableView, wish: string): ColourMap | null {
  const maps = mapsFor(observable);
  return maps.find(({ id }) => id === wish) ?? maps[0] ?? null;
}
