// Lays a theory beside a run: chooses one that holds, lets it solve the sweep elsewhere, keeps what it says. Draws nothing.

import { reasonOf } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import type { Sweep } from '../core/sweep.ts';
import type { Boundary, Theory, TheoryPlane } from '../core/theory.ts';
import { chooseTheory } from '../engine/theory-choice.ts';
import { createTheoryFilm, enterPrediction, Residuals, type TheoryFilm } from '../engine/theory-film.ts';
import type { TheoryRun } from '../engine/theory-run.ts';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import type { RunningSession, Science } from './science.ts';

/** What is solved is told this often, ms: every telling draws anew. */
const TELL_MS = 150;

/** Singular values of a simulated network's weights at one time, by layer. */
export interface SpectrumPoint {
  readonly time: number;
  readonly layers: readonly Float64Array[];
}

export class TheoryController {
  readonly #science: Science;
  readonly #changed: () => void;
  /** Counts sweeps, so that what an earlier one still says is not heard. */
  #turn = 0;
  #run: TheoryRun | null = null;
  #opening: Promise<TheoryRun> | null = null;
  #sweep: Sweep | null = null;
  #residuals: Residuals | null = null;
  #lines: { readonly key: string; readonly boundaries: readonly Boundary[] } | null = null;
  #detailKey = -1;
  #spectrumKey = '';
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The theory in use; null where none has anything to say. */
  theory: Theory | null = null;
  /** Why it holds nowhere in this sweep; null where it holds somewhere. */
  refusal: string | null = null;
  /** What went wrong while it was solved; empty otherwise. */
  fault = '';
  film: TheoryFilm | null = null;
  /** Curves of the chosen cell. */
  detail: TheoryDetail | null = null;
  /** Singular values of the chosen cell's first network as simulated, by time. */
  points: readonly SpectrumPoint[] = [];

  /** `changed` is called whenever something new is known. */
  constructor(science: Science, changed: () => void) {
    this.#science = science;
    this.#changed = changed;
  }

  /** Begins with a sweep, ending the one before. `wish`: id of the theory that its preset names. */
  begin(sweep: Sweep, wish?: string): void {
    this.#end();
    const chosen = chooseTheory(sweep, this.#science.theories, wish);
    if (chosen === null) return;
    this.#sweep = sweep;
    this.theory = chosen.theory;
    this.refusal = chosen.refusal;
    if (chosen.refusal !== null) return;
    const film = createTheoryFilm(sweep, chosen.theory);
    this.film = film;
    const turn = this.#turn;
    this.#opening = this.#science.openTheory(sweep, chosen.theory);
    this.#opening.then(
      (run) => {
        if (turn !== this.#turn) {
          run.dispose();
          return;
        }
        this.#run = run;
        const told: Parameters<TheoryRun['cells']>[0] = (portion) => {
          if (turn !== this.#turn) return;
          for (const prediction of portion) enterPrediction(film, prediction);
          this.#timer ??= setTimeout(() => {
            this.#timer = null;
            this.#changed();
          }, TELL_MS);
        };
        if (chosen.theory.observables.length > 0) run.cells(told).catch((cause: unknown) => this.#fail(turn, cause));
      },
      (cause: unknown) => this.#fail(turn, cause),
    );
  }

  #fail(turn: number, cause: unknown): void {
    if (turn !== this.#turn) return;
    this.fault = reasonOf(cause);
    this.#changed();
  }

  #end(): void {
    this.#turn++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#run?.dispose();
    this.#run = null;
    this.#opening = null;
    this.#sweep = null;
    this.#residuals = null;
    this.#lines = null;
    this.#detailKey = -1;
    this.#spectrumKey = '';
    this.theory = null;
    this.refusal = null;
    this.fault = '';
    this.film = null;
    this.detail = null;
    this.points = [];
  }

  /** Asks the run, once it is there, and keeps the answer if it still belongs to the sweep. */
  #ask<T>(question: (run: TheoryRun) => Promise<T>, keep: (answer: T) => void): void {
    const turn = this.#turn;
    this.#opening
      ?.then(question)
      .then((answer) => {
        if (turn !== this.#turn) return;
        keep(answer);
        this.#changed();
      })
      .catch((cause: unknown) => this.#fail(turn, cause));
  }

  /** True where the theory predicts this observable somewhere in this sweep. */
  predicts(observable: string): boolean {
    return this.film?.network[observable] !== undefined;
  }

  /**
   * How far simulation and theory are apart in an observable; the same object while both films are the same. Null where
   * there is nothing to compare.
   */
  residuals(simulation: Film, observable: string): Residuals | null {
    if (this.film === null || !this.predicts(observable)) return null;
    const kept = this.#residuals;
    if (kept?.observable === observable && kept.simulation === simulation) return kept;
    const found = this.#science.catalog.observables.find(({ id }) => id === observable);
    if (found === undefined) return null;
    this.#residuals = new Residuals(simulation, this.film, found);
    return this.#residuals;
  }

  /** Lines of the theory in a plane; none until it has answered. */
  lines(plane: Omit<TheoryPlane, 'family' | 'task' | 'training'>): readonly Boundary[] {
    const sweep = this.#sweep;
    if (sweep === null || this.#opening === null) return [];
    const key = JSON.stringify(plane);
    if (this.#lines?.key !== key) {
      this.#lines = { key, boundaries: [] };
      const { family, task, training } = sweep;
      this.#ask(
        (run) => run.boundaries({ ...plane, family, task: task.kind, training }),
        (boundaries) => {
          if (this.#lines?.key === key) this.#lines = { key, boundaries };
        },
      );
    }
    return this.#lines.boundaries;
  }

  /** Fetches the curves of a cell. */
  choose(cell: number): void {
    if (cell === this.#detailKey || this.#opening === null || cell < 0) return;
    this.#detailKey = cell;
    this.detail = null;
    this.points = [];
    this.#spectrumKey = '';
    this.#ask(
      (run) => run.detail(cell),
      (detail) => {
        if (this.#detailKey === cell) this.detail = detail;
      },
    );
  }

  /** Looks at the weights of the chosen cell's first network as they are now, once per `frame` that the session has reached. */
  look(session: Pick<RunningSession, 'inspect'> | null, frame: number): void {
    const cell = this.#detailKey;
    const key = `${cell}:${frame}`;
    if (session === null || cell < 0 || this.detail?.cell !== cell || this.detail.spectrum === null || key === this.#spectrumKey)
      return;
    this.#spectrumKey = key;
    this.#ask(
      async (run) => {
        // A cell that has not been started yet is looked at later.
        const inspection = await session.inspect(cell, 0).catch(() => null);
        const layers = inspection === null ? null : await run.spectrum(cell, inspection.weights);
        return inspection === null || layers === null ? null : { time: inspection.time, layers };
      },
      (point) => {
        if (point === null || this.#detailKey !== cell || this.points.some(({ time }) => time === point.time)) return;
        this.points = [...this.points, point].sort((a, b) => a.time - b.time);
      },
    );
  }

  dispose(): void {
    this.#end();
  }
}
