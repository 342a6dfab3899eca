// What a reader has chosen to see, as plain data: kept in histories and in links. Says nothing of how it is drawn or run.

import type { Preset } from './preset.ts';

/** What the diagram shows: networks as trained, as a theory says, or how far the two are apart. */
export const LAYERS = ['simulation', 'theory', 'residual'] as const;
export type Layer = (typeof LAYERS)[number];

/**
 * What is taken away from the diagram: the same observable at another frame, another observable, or another
 * run kept beside this one.
 */
export type Difference =
  | { readonly from: 'frame'; readonly frame: number }
  | { readonly from: 'observable'; readonly observable: string }
  | { readonly from: 'kept' };

/** Which seeds are drawn: their mean, how far they are apart, or one of them, counted from 0. */
export type SeedChoice = 'mean' | 'spread' | number;

/** A sweep in JSON that may still be wrong: only `parseSweep` judges it. */
export type SweepJson = Readonly<Record<string, unknown>>;

/**
 * One view of one sweep. Names that the sweep does not have fall back to its first ones, so that a view survives a change of
 * sweep. Indices count in the sweep: cells row-major over its axes, frames along its checkpoints with frame 0 at t = 0.
 */
export interface ViewState {
  /** Preset that is shown or was started from; empty for none. */
  readonly preset: string;
  /** Sweep of the reader's own; null shows the preset's. */
  readonly sweep: SweepJson | null;
  readonly observable: string;
  /** Parameter of the horizontal axis; empty takes the first. */
  readonly x: string;
  /** Parameter of the vertical axis, or `time`; null draws one row where the sweep has one axis, else takes the next. */
  readonly y: string | null;
  /** Index along every axis that is not drawn, by parameter; 0 where left out. */
  readonly at: Readonly<Record<string, number>>;
  /** Null follows the latest. */
  readonly frame: number | null;
  /** −1 takes one in the middle. */
  readonly cell: number;
  /** Cell that the chosen one is compared with; −1 for none. */
  readonly pinned: number;
  /** Boundary between lazy and rich; null takes the observable's own. */
  readonly threshold: number | null;
  readonly layer: Layer;
  /** Id of a colour map; empty takes the observable's own. */
  readonly colours: string;
  readonly difference: Difference | null;
  /** Left out: the mean. */
  readonly seeds?: SeedChoice;
  /** Whether the boundary's band of uncertainty is drawn. Left out: it is. */
  readonly band?: boolean;
}

export const FIRST_VIEW: ViewState = {
  preset: '',
  sweep: null,
  observable: '',
  x: '',
  y: null,
  at: {},
  frame: null,
  cell: -1,
  pinned: -1,
  threshold: null,
  layer: 'simulation',
  colours: '',
  difference: null,
};

/** A preset as it is first shown. */
export function viewOfPreset({ id, view }: Preset): ViewState {
  return { ...FIRST_VIEW, preset: id, observable: view.observable, x: view.x, y: view.y ?? null };
}

/** The same view of another sweep: what belongs to single cells and frames starts anew. */
export function viewOfSweep(before: ViewState, sweep: SweepJson): ViewState {
  return { ...before, sweep, at: {}, frame: null, cell: -1, pinned: -1, difference: null };
}
