// What a theory predicts for the networks of a sweep, in the layout of the simulated film; and how far the two are apart.
// Pure: solves nothing (theory-solver.ts) and runs nothing.

import { type Film, UNKNOWN } from '../core/film.ts';
import type { Observable } from '../core/observable.ts';
import { outcomeCode } from '../core/outcome.ts';
import { leastResolved, type ResidualKind, residualKind, residualOf } from '../core/residual.ts';
import { cellCount, type Sweep } from '../core/sweep.ts';
import type { Theory } from '../core/theory.ts';

/**
 * A film of predictions: `network` holds the observables that sweep and theory share, (time, cell, seed), NaN where unsolved,
 * refused, an exception, or unsaid. `outcomes` are UNKNOWN until a cell is solved; exceptions are `obstructed`. `cell` is empty.
 */
export interface TheoryFilm extends Film {
  /** Id of the theory. */
  readonly theory: string;
  readonly reach: Theory['reach'];
  /** By cell: why the theory does not hold there, a sentence; null where it holds or has not been asked yet. */
  readonly refusals: (string | null)[];
  /** By (cell, seed): why this network must not enter a mean, a sentence; null for all others. */
  readonly exceptions: (string | null)[];
  /** Cells solved or refused so far: grows only, so it tells whether anything is stale. */
  done: number;
}

/** What the solver says about one cell. */
export interface Prediction {
  readonly cell: number;
  /** A sentence where the theory does not hold; then the rest is empty. */
  readonly refusal: string | null;
  /** (observable of the film in order of its keys, time, seed). */
  readonly values: Float64Array;
  /** By seed. */
  readonly exceptions: readonly (string | null)[];
}

/** Observables that a sweep measures and a theory predicts, in the sweep's order. */
export function sharedObservables(sweep: Pick<Sweep, 'observables'>, theory: Pick<Theory, 'observables'>): string[] {
  return sweep.observables.filter((id) => theory.observables.includes(id));
}

/** The film of a theory of which nothing is known yet. */
export function createTheoryFilm(sweep: Sweep, theory: Pick<Theory, 'id' | 'observables' | 'reach'>): TheoryFilm {
  const times = [0, ...sweep.training.checkpoints];
  const cells = cellCount(sweep);
  const size = times.length * cells * sweep.seeds;
  return {
    sweep,
    theory: theory.id,
    reach: theory.reach,
    times,
    cells,
    seeds: sweep.seeds,
    network: Object.fromEntries(sharedObservables(sweep, theory).map((id) => [id, new Float64Array(size).fill(Number.NaN)])),
    cell: {},
    outcomes: new Uint8Array(size).fill(UNKNOWN),
    refusals: new Array<string | null>(cells).fill(null),
    exceptions: new Array<string | null>(cells * sweep.seeds).fill(null),
    done: 0,
  };
}

/** Enters what the solver says. An exception's values are left out; its sentence stays. */
export function enterPrediction(film: TheoryFilm, { cell, refusal, values, exceptions }: Prediction): void {
  film.done++;
  film.refusals[cell] = refusal;
  if (refusal !== null) return;
  const { times, cells, seeds } = film;
  exceptions.forEach((exception, seed) => {
    film.exceptions[cell * seeds + seed] = exception;
  });
  Object.values(film.network).forEach((own, index) => {
    for (let t = 0; t < times.length; t++) {
      for (let seed = 0; seed < seeds; seed++) {
        if (exceptions[seed] === null) own[(t * cells + cell) * seeds + seed] = values[(index * times.length + t) * seeds + seed];
      }
    }
  });
  const last = times.length - 1;
  for (let t = 0; t <= last; t++) {
    film.outcomes.fill(
      outcomeCode[t < last ? 'running' : 'converged'],
      (t * cells + cell) * seeds,
      (t * cells + cell + 1) * seeds,
    );
  }
}

/**
 * True where a simulated network stands at its frame's own time, so that theory and simulation speak of the same moment: it is
 * running, or it has come to the end. A network that has met a stop rule rests at an earlier time, and is compared by a theory of
 * limits only.
 */
function comparable(code: number, isLast: boolean, film: TheoryFilm): boolean {
  if (film.reach === 'limit') return isLast && (code === outcomeCode.converged || code === outcomeCode.running);
  if (code === outcomeCode.running) return true;
  const { loss, margins } = film.sweep.training.stop;
  return code === outcomeCode.converged && isLast && loss === undefined && margins !== true;
}

/** The largest residual of a sweep, see `ResidualKind`, and where. */
export interface WorstResidual {
  readonly value: number;
  readonly frame: number;
  readonly cell: number;
  /** 0 … seeds − 1. */
  readonly seed: number;
}

/** What must be known of an observable to compare it. */
export type ComparedObservable = Pick<Observable, 'id' | 'scale' | 'resolution'>;

/** How far simulation and theory are apart in one observable, network by network, kept up to date while both films fill. */
export class Residuals {
  /** (time, cell, seed) as a film, NaN where there is nothing to compare; its outcomes are the simulation's. */
  readonly film: Film;
  readonly observable: string;
  readonly theory: TheoryFilm;
  readonly simulation: Film;
  readonly kind: ResidualKind;
  readonly #observable: ComparedObservable;
  /** By (cell, seed): see `leastResolved`; NaN until the theory has solved the network. */
  readonly #least: Float64Array;
  readonly #revisions: number[] = [];
  readonly #worst: (WorstResidual | null)[] = [];

  constructor(simulation: Film, theory: TheoryFilm, observable: ComparedObservable) {
    this.simulation = simulation;
    this.theory = theory;
    this.observable = observable.id;
    this.kind = residualKind(observable.scale);
    this.#observable = observable;
    this.#least = new Float64Array(simulation.cells * simulation.seeds).fill(Number.NaN);
    const values = new Float64Array(simulation.outcomes.length).fill(Number.NaN);
    this.film = { ...simulation, network: { [observable.id]: values }, cell: {} };
  }

  /** What smaller values of a network that the theory has solved count as. */
  #leastOf(network: number, theory: Float64Array): number {
    if (this.kind !== 'relative') return 0;
    if (Number.isNaN(this.#least[network])) {
      const size = this.#least.length;
      let largest = 0;
      for (let i = network; i < theory.length; i += size) if (theory[i] > largest) largest = theory[i];
      this.#least[network] = leastResolved(this.#observable, largest);
    }
    return this.#least[network];
  }

  /** Takes in what has come to frame `frame`, where `revision` differs from the last time. */
  refresh(frame: number, revision: number): void {
    if (this.#revisions[frame] === revision) return;
    this.#revisions[frame] = revision;
    const simulation = this.simulation.network[this.observable];
    const theory = this.theory.network[this.observable];
    if (simulation === undefined || theory === undefined) return;
    const { cells, seeds, outcomes, times } = this.simulation;
    const values = this.film.network[this.observable];
    const size = cells * seeds;
    const isLast = frame === times.length - 1;
    let [worst, at] = [-1, -1];
    for (let i = frame * size; i < (frame + 1) * size; i++) {
      if (!comparable(outcomes[i], isLast, this.theory)) continue;
      if (Number.isNaN(theory[i])) continue;
      const apart = residualOf(this.kind, simulation[i], theory[i], this.#leastOf(i % size, theory));
      values[i] = apart;
      if (apart > worst) [worst, at] = [apart, i - frame * size];
    }
    this.#worst[frame] = at < 0 ? null : { value: worst, frame, cell: Math.floor(at / seeds), seed: at % seeds };
  }

  /** The largest of all frames that have been refreshed; null before any. */
  get worst(): WorstResidual | null {
    let worst: WorstResidual | null = null;
    for (const one of this.#worst) if (one != null && (worst === null || one.value > worst.value)) worst = one;
    return worst;
  }
}
