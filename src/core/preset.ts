// The contract of a preset: one published figure as data. Presets live in src/presets, one file each.

/** Where a claim was published. */
export interface Citation {
  /** "Geiger, Spigler, Jacot and Wyart". */
  readonly authors: string;
  readonly title: string;
  readonly year: number;
  /** DOI or arXiv address, https. */
  readonly url: string;
}

/** How a diagram is first shown. */
export interface PresetView {
  /** Observable drawn as colour. */
  readonly observable: string;
  /** Parameter of the horizontal axis. */
  readonly x: string;
  /** Parameter of the vertical axis, or `time` for training time, the whole film at once; left out for a sweep of one axis. */
  readonly y?: string;
  /** Id of the theory that is laid beside the simulation; left out, the first that holds for any cell is offered. */
  readonly theory?: string;
}

export interface Preset {
  /** kebab-case, unique. */
  readonly id: string;
  /** Heading under which the preset is listed: "Geiger et al. 2020". */
  readonly paper: string;
  /** Short title, no full stop. */
  readonly title: string;
  /** The claim that the figure makes, one sentence. */
  readonly claim: string;
  readonly citation: Citation;
  /** What to look for in the diagram, one or two sentences. */
  readonly lookFor: string;
  /**
   * What is to be seen and why, three sentences. `$…$` holds TeX, `[words](term)` leads to a term of the glossary: see src/words.
   */
  readonly explain: string;
  /** A sweep as in a sweep file; goes through `parseSweep` like any other. */
  readonly sweep: Readonly<Record<string, unknown>>;
  readonly view: PresetView;
}
