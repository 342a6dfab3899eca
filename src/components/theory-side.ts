// The side of the page that theories take: loads them on demand, follows runs and choices, and gives the diagram what to lay
// beside it. Keeps no looks: see atlas-theory.ts; solves nothing: see theory-controller.ts.

import { latestFrame } from '../core/diagram.ts';
import type { Film } from '../core/film.ts';
import type { Boundary } from '../core/theory.ts';
import type { Layer } from '../core/view-state.ts';
import type { AtlasPictures, Picture } from './atlas-pictures.ts';
import type { TheoryNote } from './atlas-theory.ts';
import type { ObservableView, Slice } from './diagram-view.ts';
import type { Overlay } from './heatmap-marks.ts';
import { theoryOverlay } from './heatmap-theory.ts';
import type { AxisView } from './scale.ts';
import type { Science } from './science.ts';
import type { RunState, SessionController } from './session-controller.ts';
import type { TheoryController } from './theory-controller.ts';
import { planeLines, theoryNote } from './theory-view.ts';

/** What lies beside the simulation. */
export interface Beside {
  readonly note: TheoryNote | null;
  /** Shown instead of the simulation; null shows the simulation. */
  readonly picture: Picture | null;
  /** Lines of the theory over the diagram. */
  readonly overlay: Overlay | null;
}

const NOTHING: Beside = { note: null, picture: null, overlay: null };

export class TheorySide {
  readonly #changed: () => void;
  #controller: TheoryController | null = null;
  #science: Science | null = null;
  #overlay: { readonly lines: readonly Boundary[]; readonly overlay: Overlay | null } = { lines: [], overlay: null };

  /** `changed` is called whenever a theory says something new. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What the chosen cell's theory says; null before it has. */
  get controller(): TheoryController | null {
    return this.#controller;
  }

  /** Takes the theories of a science; once they are loaded, `ready` is to begin with the sweep that runs by then. */
  async take(science: Science, ready: () => void): Promise<void> {
    this.dispose();
    this.#science = science;
    const { TheoryController } = await import('./theory-controller.ts');
    if (this.#science !== science) return;
    this.#controller = new TheoryController(science, this.#changed);
    ready();
  }

  /** Fetches the theory's curves of the chosen cell, and what the weights of its first network are now. */
  look(run: RunState | null, session: SessionController | null, cell: number): void {
    if (run?.film == null || this.#controller === null) return;
    this.#controller.choose(cell);
    if (cell >= 0) this.#controller.look(session, latestFrame(run.film, cell));
  }

  /** What to lay beside a film. */
  beside(
    film: Film | null,
    observable: ObservableView | null,
    slice: Slice | null,
    pictures: AtlasPictures,
    layer: Layer,
    axisView: (parameter: string) => AxisView | null,
    choose: TheoryNote['choose'],
    jump: TheoryNote['jump'],
  ): Beside {
    const controller = this.#controller;
    if (controller === null || film === null || observable === null || slice === null) return NOTHING;
    const note = theoryNote(controller, film, observable, layer, axisView, choose, jump);
    const silent = note === null || note.layer === 'simulation';
    return {
      note,
      picture: silent ? null : pictures.beside(controller, film, observable, slice, note.layer),
      overlay: this.#overlayOf(planeLines(controller, film, slice, axisView)),
    };
  }

  /** The same object while the lines are the same, so that nothing is drawn anew. */
  #overlayOf(lines: readonly Boundary[]): Overlay | null {
    if (this.#overlay.lines !== lines) this.#overlay = { lines, overlay: theoryOverlay(lines) };
    return this.#overlay.overlay;
  }

  dispose(): void {
    this.#controller?.dispose();
    this.#controller = null;
    this.#science = null;
  }
}
