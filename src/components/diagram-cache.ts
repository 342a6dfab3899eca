// Pictures of one film under one choice of observable and axes, kept per frame and made again only where the film has grown.
// Reduces by diagram-view.ts, draws nothing.

import type { DrawnFilm } from '../core/film.ts';
import {
  type DiagramView,
  diagramView,
  measuredAt,
  type ObservableView,
  REFUSED,
  type Slice,
  TIME,
  timeView,
} from './diagram-view.ts';

/** What pictures of a theory, or of its distance from the simulation, need beyond a film. */
export interface CacheOptions {
  /** How seeds are averaged, where it is not the way in which the observable is drawn. */
  readonly averaged?: ObservableView['scale'];
  /** Grows whenever the film may have changed beyond what it counts as measured. */
  readonly growth?: () => number;
  /** Brings a frame of the film up to date before it is read. */
  readonly refresh?: (frame: number, revision: number) => void;
  /** True for cells in which the theory does not hold. */
  readonly refused?: (cell: number) => boolean;
}

interface Kept {
  readonly revision: number;
  readonly view: DiagramView;
}

interface Extent {
  readonly revision: number;
  readonly low: number;
  readonly high: number;
}

export class DiagramCache {
  readonly #film: DrawnFilm;
  readonly #observable: Pick<ObservableView, 'id' | 'scale'>;
  readonly #slice: Slice;
  readonly #options: CacheOptions;
  readonly #kept: (Kept | undefined)[] = [];
  readonly #extents: (Extent | undefined)[] = [];
  #rows: readonly DiagramView[] = [];
  #plane: DiagramView | null = null;

  constructor(film: DrawnFilm, observable: Pick<ObservableView, 'id' | 'scale'>, slice: Slice, options: CacheOptions = {}) {
    this.#film = film;
    this.#observable = observable;
    this.#slice = slice;
    this.#options = options;
  }

  /** True where this cache belongs to the given picture. */
  fits(film: DrawnFilm, observable: string, slice: Slice): boolean {
    return film === this.#film && observable === this.#observable.id && JSON.stringify(slice) === JSON.stringify(this.#slice);
  }

  /** What the diagram shows at a frame; over training time the whole film. The same object until something new is known. */
  view(frame: number): DiagramView {
    if (this.#slice.y !== TIME) return this.strip(frame);
    const rows = this.#film.times.slice(1).map((_, row) => this.strip(row + 1));
    if (this.#plane === null || rows.some((row, i) => row !== this.#rows[i])) {
      this.#rows = rows;
      this.#plane = timeView(rows);
    }
    return this.#plane;
  }

  /** What the film strip shows of a frame: over training time one row, else the diagram. */
  strip(frame: number): DiagramView {
    const revision = this.#revision(frame);
    const kept = this.#kept[frame];
    if (kept?.revision === revision) return kept.view;
    this.#options.refresh?.(frame, revision);
    const { id, scale } = this.#observable;
    const view = diagramView(this.#film, frame, { id, scale: this.#options.averaged ?? scale }, this.#slice);
    const { refused } = this.#options;
    if (refused !== undefined) {
      view.cells.forEach((cell, place) => {
        if (refused(cell)) view.outcomes[place] = REFUSED;
      });
    }
    this.#kept[frame] = { revision, view };
    return view;
  }

  #revision(frame: number): number {
    return measuredAt(this.#film, frame) + (this.#options.growth?.() ?? 0);
  }

  /**
   * Smallest and largest finite value of all networks from frame `from` on; for logarithmic observables only positive ones. Null
   * before any. Frames are scanned again only where the film has grown.
   */
  extent(from = 0): readonly [number, number] | null {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let frame = Math.max(0, from); frame < this.#film.times.length; frame++) {
      const revision = this.#revision(frame);
      let kept = this.#extents[frame];
      if (kept?.revision !== revision) {
        this.#options.refresh?.(frame, revision);
        kept = { revision, ...this.#scan(frame) };
        this.#extents[frame] = kept;
      }
      low = Math.min(low, kept.low);
      high = Math.max(high, kept.high);
    }
    return low <= high ? [low, high] : null;
  }

  #scan(frame: number): { low: number; high: number } {
    const values = this.#film.network[this.#observable.id] ?? this.#film.cell[this.#observable.id];
    const size = values.length / this.#film.times.length;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = frame * size; i < (frame + 1) * size; i++) {
      const value = values[i];
      if (!Number.isFinite(value) || (this.#observable.scale === 'log' && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return { low, high };
  }
}
