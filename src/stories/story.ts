// What a story is: views of presets, one after another, each with a few sentences. Shown by <phase-story>.

import type { ViewState } from '../core/view-state.ts';

export interface StoryStep {
  /** Two to four sentences: what is seen, and why. */
  readonly text: string;
  /** What differs from the preset as it is first shown. Steps of one preset share its run. */
  readonly view: Partial<ViewState> & { readonly preset: string };
}

export interface Story {
  /** kebab-case, unique. */
  readonly id: string;
  readonly title: string;
  /** "Geiger et al. 2020". */
  readonly paper: string;
  readonly steps: readonly StoryStep[];
}
