// Pictures made from other pictures, frame by frame, kept until their sources change. Knows no film: what is derived is
// difference-view.ts's and seed-view.ts's business.

import type { DiagramView, ObservableView } from './diagram-view.ts';
import { timeView } from './diagram-view.ts';

/** What a diagram and its film strip read. The same objects until something new is known. */
export interface PictureCache {
  /** What the diagram shows at a frame; over training time the whole film. */
  view(frame: number): DiagramView;
  /** What the film strip shows of a frame. */
  strip(frame: number): DiagramView;
  /** Smallest and largest value from a frame on; null before any. */
  extent(from?: number): readonly [number, number] | null;
}

interface Kept {
  readonly sources: readonly DiagramView[];
  readonly view: DiagramView;
}

export interface DerivedOptions {
  /** Frames of the film. */
  readonly frames: number;
  /** True for a plane over training time. */
  readonly plane: boolean;
  readonly scale: ObservableView['scale'];
  /** Strips that a frame is made from. */
  readonly sources: (frame: number) => readonly DiagramView[];
  readonly derive: (sources: readonly DiagramView[], frame: number) => DiagramView;
}

export class DerivedCache implements PictureCache {
  readonly #options: DerivedOptions;
  readonly #kept: (Kept | undefined)[] = [];
  #rows: readonly DiagramView[] = [];
  #plane: DiagramView | null = null;

  constructor(options: DerivedOptions) {
    this.#options = options;
  }

  view(frame: number): DiagramView {
    if (!this.#options.plane) return this.strip(frame);
    const rows = Array.from({ length: this.#options.frames - 1 }, (_, row) => this.strip(row + 1));
    if (this.#plane === null || rows.some((row, i) => row !== this.#rows[i])) {
      this.#rows = rows;
      this.#plane = timeView(rows);
    }
    return this.#plane;
  }

  strip(frame: number): DiagramView {
    const sources = this.#options.sources(frame);
    const kept = this.#kept[frame];
    if (kept?.sources.every((source, i) => source === sources[i])) return kept.view;
    const view = this.#options.derive(sources, frame);
    this.#kept[frame] = { sources, view };
    return view;
  }

  extent(from = 0): readonly [number, number] | null {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let frame = Math.max(0, from); frame < this.#options.frames; frame++) {
      for (const value of this.strip(frame).values) {
        if (!Number.isFinite(value) || (this.#options.scale === 'log' && value <= 0)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    return low <= high ? [low, high] : null;
  }
}
