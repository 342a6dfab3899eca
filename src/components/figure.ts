// One figure: what the reader chose, the run behind it, and the pictures of both. Headless: elements subscribe and draw.

import { reasonOf } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import type { Parameter } from '../core/parameter.ts';
import type { JsonObject } from '../core/plain-json.ts';
import type { Preset } from '../core/preset.ts';
import { cellIndices, type Sweep } from '../core/sweep.ts';
import { canonicalJson } from '../core/sweep-json.ts';
import { FIRST_VIEW, type SweepJson, type ViewState, viewOfPreset, viewOfSweep } from '../core/view-state.ts';
import type { EngineInfo, Inspection } from '../engine/trainer.ts';
import { AtlasPictures, middleCell, type Picture } from './atlas-pictures.ts';
import { fittingSlice, lastKnownFrame, type ObservableView, type Slice } from './diagram-view.ts';
import { draftOf, draftParameters } from './draft.ts';
import type { Overlay } from './heatmap-marks.ts';
import { Pointed } from './pointed.ts';
import { type AxisView, axisViewOf } from './scale.ts';
import type { Science } from './science.ts';
import { IDLE, type RunState, SessionController } from './session-controller.ts';
import { type KeptRun, type Shown, ShownPictures } from './shown.ts';
import type { TheoryController } from './theory-controller.ts';
import { type Beside, TheorySide } from './theory-side.ts';
import { ViewHistory } from './view-history.ts';

/**
 * What listeners are told: a changed choice, a run that went on (with where it stood before), or news of what is drawn besides.
 */
export type FigureChange =
  | { readonly kind: 'view'; readonly patch: Partial<ViewState> }
  | { readonly kind: 'run'; readonly before: RunState }
  | { readonly kind: 'picture' };

export type Command = 'run' | 'pause' | 'resume' | 'cancel' | 'reference';

/** Finished runs that undo can show again without training. */
const KEPT_RUNS = 6;

export class Figure {
  readonly science: Science;
  readonly pictures = new AtlasPictures();
  /** The cell that is pointed at, in any view. */
  readonly pointed = new Pointed();
  readonly #session: SessionController;
  readonly #theory: TheorySide;
  readonly #history = new ViewHistory();
  readonly #listeners = new Set<(change: FigureChange) => void>();
  readonly #kept = new Map<string, RunState>();
  readonly #axes = new Map<string, { readonly sweep: Sweep; readonly view: AxisView | null }>();
  readonly #shown = new ShownPictures(() => {
    this.#version++;
    this.#tell({ kind: 'picture' });
  });
  #keptRun: KeptRun | null = null;
  #laid: Overlay | null = null;
  #state = FIRST_VIEW;
  #run = IDLE;
  #version = 0;
  #frame = 0;
  #cell = -1;

  constructor(science: Science) {
    this.science = science;
    this.#session = new SessionController(science);
    this.#session.subscribe((run) => this.#onRun(run));
    this.#theory = new TheorySide(() => {
      this.#version++;
      this.#look();
      this.#tell({ kind: 'picture' });
    });
    this.#theory.take(science, () => this.#compare()).catch((cause: unknown) => this.#fail(cause));
  }

  /** What the reader chose, as it is kept in links. The getters below say what it comes to in the sweep at hand. */
  get state(): ViewState {
    return this.#state;
  }

  get run(): RunState {
    return this.#run;
  }

  /** Changes whenever the film, which is filled in place, has grown, or a theory has said more. */
  get version(): number {
    return this.#version;
  }

  get sweep(): Sweep | null {
    return this.#run.sweep;
  }

  get film(): Film | null {
    return this.#run.film;
  }

  /** The sweep asked for last, in JSON. */
  get json(): SweepJson | null {
    return this.#session.json;
  }

  /** The preset that is shown or was started from. */
  get preset(): Preset | null {
    return this.#presetOf(this.#state.preset) ?? null;
  }

  /** True while a sweep of the reader's own is shown. */
  get own(): boolean {
    return this.#state.sweep !== null;
  }

  /** Frame that is shown: the chosen one, or the latest. */
  get frame(): number {
    return this.#frame;
  }

  /** Last frame of which anything is known; −1 before the first. */
  get lastFrame(): number {
    return this.film === null ? -1 : lastKnownFrame(this.film);
  }

  /** Cell whose networks are shown: the chosen one, or one in the middle of what is known; −1 for none. */
  get cell(): number {
    return this.#cell;
  }

  /** Everything that the sweep measures. */
  get observables(): readonly ObservableView[] {
    const all = this.science.catalog.observables;
    return (this.sweep?.observables ?? []).flatMap((id) => all.filter((observable) => observable.id === id));
  }

  /** The observable drawn as colour: the chosen one, or the sweep's first. */
  get observable(): ObservableView | null {
    const own = this.observables;
    return own.find(({ id }) => id === this.#state.observable) ?? own[0] ?? null;
  }

  /** Axes that are drawn, as the sweep has them. */
  get slice(): Slice | null {
    const { x, y, at } = this.#state;
    return this.sweep === null ? null : fittingSlice(this.sweep, { x, y, at });
  }

  /** The boundary in use; undefined where the observable has none. */
  get threshold(): number | undefined {
    return this.#state.threshold ?? this.observable?.threshold;
  }

  /** Records of everything that this family and this task take. */
  get parameters(): readonly Parameter[] {
    const { json } = this;
    return json === null ? [] : draftParameters(draftOf(json), this.science.catalog);
  }

  /**
   * An axis of the sweep, or training time, with its words; null where the sweep has no such axis.
   * The same object for the same sweep.
   */
  readonly axisView = (parameter: string): AxisView | null => {
    const { sweep } = this;
    if (sweep === null) return null;
    const kept = this.#axes.get(parameter);
    if (kept?.sweep === sweep) return kept.view;
    const view = axisViewOf(sweep, parameter, this.parameters);
    this.#axes.set(parameter, { sweep, view });
    return view;
  };

  /** The simulation under the present choice; null before there is a film. */
  get picture(): Picture | null {
    const { film, observable, slice } = this;
    return film === null || observable === null || slice === null ? null : this.pictures.of(film, observable, slice);
  }

  /** What a theory lays beside the simulation. */
  get beside(): Beside {
    const { film, observable, slice, pictures, axisView } = this;
    const choose = (layer: ViewState['layer']) => this.change({ layer });
    return this.#theory.beside(film, observable, slice, pictures, this.#state.layer, axisView, choose, this.jump);
  }

  /** What the diagram shows: layer, seeds or difference, with its colours. */
  get shown(): Shown {
    return this.#shown.of(this);
  }

  /** The run that differences can be taken from; null before one is kept. */
  get keptRun(): KeptRun | null {
    return this.#keptRun;
  }

  /** What is laid over the diagram besides: the boundary's band of uncertainty. */
  get laid(): Overlay | null {
    return this.#laid;
  }

  lay(overlay: Overlay | null): void {
    if (overlay === this.#laid) return;
    this.#laid = overlay;
    this.#tell({ kind: 'picture' });
  }

  /** Keeps the present run for comparison, or lets it go. */
  keepRun(name: string | null): void {
    this.#keptRun = name === null || this.film === null ? null : { film: this.film, name };
    this.#version++;
    this.#tell({ kind: 'view', patch: {} });
  }

  get theory(): TheoryController | null {
    return this.#theory.controller;
  }

  /** Calls `listener` after every change. Returns how to stop. */
  subscribe(listener: (change: FigureChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Opens a preset as it was published. False where there is none of this id. */
  open(id: string): boolean {
    const preset = this.#presetOf(id);
    if (preset !== undefined) this.restore(viewOfPreset(preset));
    return preset !== undefined;
  }

  /** Runs a sweep of the reader's own in the present view. A sweep that cannot be run ends in a failed run, said in words. */
  runOwn(json: SweepJson): void {
    this.restore(viewOfSweep(this.#state, json));
  }

  /** Shows a whole view, running its sweep where another one was shown. Can be undone. */
  restore(view: ViewState): void {
    this.#remember();
    this.#take(view, true);
  }

  /** Shows a whole view like `restore`, but from memory where its run is on show or at hand. */
  visit(view: ViewState): void {
    this.#remember();
    this.#take(view, false);
  }

  /** Changes parts of the view of the present sweep. Can be undone, but for moves between frames and cells. */
  change(patch: Partial<Omit<ViewState, 'sweep' | 'preset'>>): void {
    this.#history.record(this.#state, Object.keys(patch) as (keyof ViewState)[]);
    this.#state = { ...this.#state, ...patch };
    this.#settle();
    this.#tell({ kind: 'view', patch });
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  undo(): void {
    const before = this.#history.undo(this.#state);
    if (before !== null) this.#take(before, false);
  }

  redo(): void {
    const after = this.#history.redo(this.#state);
    if (after !== null) this.#take(after, false);
  }

  /** Shows one cell at one frame, wherever it lies. */
  readonly jump = (cell: number, frame: number): void => {
    if (this.sweep === null) return;
    const indices = cellIndices(this.sweep, cell);
    const at = Object.fromEntries(this.sweep.axes.map(({ parameter }, a) => [parameter, indices[a]]));
    this.change({ at, cell, frame });
  };

  command(command: Command): void {
    if (command === 'pause') this.#session.pause();
    else if (command === 'resume') this.#session.resume();
    else if (command === 'cancel') this.#session.cancel();
    else {
      this.#kept.delete(this.#key());
      this.#begin();
      this.#session.again(command === 'reference' ? 'reference' : undefined).catch((cause: unknown) => this.#fail(cause));
      this.#tell({ kind: 'view', patch: { frame: null } });
    }
  }

  /** Shows a film that was made elsewhere, as if it had just been run. */
  showFilm(view: ViewState, json: SweepJson, film: Film, engine: EngineInfo): void {
    this.#remember();
    this.#state = view;
    this.#begin();
    this.#session.show(json, { ...IDLE, phase: 'finished', sweep: film.sweep, film, engine });
    this.#tell({ kind: 'view', patch: view });
  }

  /** Opens a network of the run as it stands; rejects where there is none or its cell has not been started. */
  inspect(cell: number, seed: number): Promise<Inspection> {
    return this.#session.inspect(cell, seed);
  }

  dispose(): void {
    this.#session.dispose();
    this.#theory.dispose();
    this.#listeners.clear();
  }

  /** Before another sweep: undo comes back to what is shown, if anything is. */
  #remember(): void {
    if (this.#run.phase !== 'idle') this.#history.record(this.#state, ['sweep']);
  }

  #presetOf(id: string): Preset | undefined {
    return this.science.presets.find((preset) => preset.id === id);
  }

  /** Names the sweep of the present view. */
  #key(): string {
    return this.#state.sweep === null ? this.#state.preset : canonicalJson(this.#state.sweep as JsonObject);
  }

  /** Takes a view; runs its sweep if `anew` or if it is another one than is shown, unless a finished run of it is at hand. */
  #take(view: ViewState, anew: boolean): void {
    const before = this.#key();
    this.#state = view;
    if (anew || this.#key() !== before) this.#start(anew);
    this.#settle();
    this.#tell({ kind: 'view', patch: view });
  }

  #start(anew: boolean): void {
    const json = this.#state.sweep ?? this.preset?.sweep;
    if (json === undefined) return;
    this.#begin();
    const kept = anew ? undefined : this.#kept.get(this.#key());
    if (kept !== undefined) this.#session.show(json, kept);
    else this.#session.run(json).catch((cause: unknown) => this.#fail(cause));
  }

  /** Before another film: nothing of the last one is kept. */
  #begin(): void {
    this.pictures.forget();
    this.#frame = 0;
    this.#cell = -1;
  }

  #fail(cause: unknown): void {
    this.#onRun({ ...IDLE, phase: 'failed', message: reasonOf(cause) });
  }

  #onRun(run: RunState): void {
    const before = this.#run;
    this.#run = run;
    this.#version++;
    if (run.phase === 'finished' && (before.phase !== 'finished' || before.film !== run.film)) this.#keep(run);
    if (run.sweep !== before.sweep) this.#compare();
    this.#settle();
    this.#tell({ kind: 'run', before });
  }

  #keep(run: RunState): void {
    const key = this.#key();
    this.#kept.delete(key);
    this.#kept.set(key, run);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT_RUNS) this.#kept.delete(oldest);
  }

  /** Works out which frame and which cell the choice comes to. */
  #settle(): void {
    const { film, picture } = this;
    const { frame, cell } = this.#state;
    const last = Math.max(0, this.lastFrame);
    this.#frame = frame === null || film === null ? last : Math.min(frame, film.times.length - 1);
    if (film === null || picture === null) this.#cell = -1;
    else if (cell >= 0 && cell < film.cells) this.#cell = cell;
    else this.#cell = middleCell(picture.views(this.#frame));
    this.#look();
  }

  #compare(): void {
    if (this.sweep !== null) this.theory?.begin(this.sweep, this.preset?.view.theory);
  }

  #look(): void {
    this.#theory.look(this.#run, this.#session, this.#cell);
  }

  #tell(change: FigureChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
