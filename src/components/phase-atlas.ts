// <phase-atlas>: the whole page. Holds what the reader has chosen, lets a SessionController run it, and hands both to thin views.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { reasonOf } from '../core/errors.ts';
import type { Film } from '../core/film.ts';
import type { Preset } from '../core/preset.ts';
import { cellIndices, type Sweep } from '../core/sweep.ts';
import { atlasDiagram } from './atlas-diagram.ts';
import { atlasFoot, atlasHead, atlasRail, atlasWaiting, sweepName } from './atlas-parts.ts';
import { AtlasPictures, middleCell } from './atlas-pictures.ts';
import { atlasStyles } from './atlas-styles.ts';
import type { Layer } from './atlas-theory.ts';
import { fittingSlice, lastKnownFrame, type ObservableView, type Slice } from './diagram-view.ts';
import { draftOf, draftParameters } from './draft.ts';
import { announce, type PhaseStateChange } from './events.ts';
import type { PhaseCurves } from './phase-curves.ts';
import type { PhaseFilm } from './phase-film.ts';
import type { PhaseHeatmap } from './phase-heatmap.ts';
import { Presence } from './presence.ts';
import { type AxisView, axisViewOf } from './scale.ts';
import type { Science } from './science.ts';
import { type RunState, SessionController } from './session-controller.ts';
import { controls, theme } from './theme.ts';
import { TheorySide } from './theory-side.ts';

export class PhaseAtlas extends LitElement {
  static override styles = [theme, controls, atlasStyles];
  static override properties = {
    science: { attribute: false },
    presets: { attribute: false },
    sweep: { attribute: false },
    preset: {},
    theme: { reflect: true },
    loading: {},
    gallery: { type: Boolean, reflect: true },
    run: { state: true },
    observable: { state: true },
    slice: { state: true },
    frame: { state: true },
    following: { state: true },
    cell: { state: true },
    threshold: { state: true },
    layer: { state: true },
    playing: { state: true },
    adjusting: { state: true },
    version: { state: true },
  };
  /** What can be run. Left out, everything of this build is loaded when `loading` says so. */
  declare science: Science | null;
  /** Presets to name before the science is there. */
  declare presets: readonly Preset[];
  /** A sweep in JSON to run instead of a preset. */
  declare sweep: Readonly<Record<string, unknown>> | null;
  /** Id of the preset shown; empty starts the first. */
  declare preset: string;
  /** `light` or `dark`; empty follows the host's `color-scheme`. */
  declare theme: string;
  /** When to load and run: `lazy`, once in view (the default); `eager`, at once; `click`, when the reader asks. */
  declare loading: string;
  /** Shows all presets beside the diagram and fills the window. */
  declare gallery: boolean;
  declare private run: RunState | null;
  declare private observable: string;
  declare private slice: Slice | null;
  declare private frame: number;
  declare private following: boolean;
  declare private cell: number;
  declare private threshold: number | undefined;
  declare private layer: Layer;
  declare private playing: boolean;
  declare private adjusting: boolean;
  declare private version: number;
  #controller: SessionController | null = null;
  readonly #theory = new TheorySide(() => {
    this.version++;
    this.#look();
  });
  readonly #presence = new Presence(this, (present) => this.#onPresence(present));
  /** True while a run waits for the reader to come back. */
  #away = false;
  #loading = false;
  readonly #pictures = new AtlasPictures();
  /** Id of the preset that was opened last. */
  #opened = '';
  /** True while a sweep of the reader's own is shown. */
  #changed = false;
  /** True once the reader has chosen a cell; until then the middle of what is known is shown. */
  #chosen = false;
  #said = '';

  constructor() {
    super();
    this.science = null;
    this.presets = [];
    this.sweep = null;
    this.preset = '';
    this.theme = '';
    this.loading = 'lazy';
    this.gallery = false;
    this.run = null;
    this.observable = '';
    this.slice = null;
    this.frame = 0;
    this.following = true;
    this.cell = -1;
    this.threshold = undefined;
    this.layer = 'simulation';
    this.playing = false;
    this.adjusting = false;
    this.version = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#presence.connect();
    if (this.loading === 'eager') this.#load();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#presence.disconnect();
    this.#controller?.dispose();
    this.#controller = null;
    this.#theory.dispose();
  }

  /** Loads everything of this build, once, unless a science was given. */
  readonly #load = (): void => {
    if (this.#loading || this.science !== null) return;
    this.#loading = true;
    import('./live-science.ts').then(
      ({ liveScience }) => {
        this.science ??= liveScience;
      },
      (cause) => this.#fail(cause),
    );
  };

  /** Nobody trains what nobody sees: a run waits while it is out of view, and goes on after. */
  #onPresence(present: boolean): void {
    if (present && this.loading !== 'click') this.#load();
    if (present && this.#away) this.#controller?.resume();
    this.#away = !present && this.run?.phase === 'training';
    if (this.#away) this.#controller?.pause();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.science !== null && (changed.has('science') || this.#controller === null)) {
      this.#controller?.dispose();
      this.#controller = new SessionController(this.science);
      this.#controller.subscribe((state) => this.#onRun(state));
      this.#theory.take(this.science, () => this.#compare()).catch((cause: unknown) => this.#fail(cause));
      this.#open(this.#presetOf(this.preset) ?? this.science.presets[0]);
    } else if (changed.has('sweep') && this.sweep !== null && this.science !== null) this.#startOwn(this.sweep);
    else if (changed.has('preset') && changed.get('preset') !== undefined && this.preset !== this.#opened) {
      this.#open(this.#presetOf(this.preset));
    }
  }

  #compare(): void {
    if (this.run?.sweep != null) this.#theory.controller?.begin(this.run.sweep, this.#presetOf(this.preset)?.view.theory);
  }

  #look(): void {
    this.#theory.look(this.run, this.#controller, this.cell);
  }

  #presetOf(id: string): Preset | undefined {
    const presets = this.science?.presets ?? this.presets;
    return id === '' ? presets[0] : presets.find((preset) => preset.id === id);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('theme') && changed.get('theme') !== undefined) {
      this.renderRoot.querySelector<PhaseHeatmap>('phase-heatmap')?.repaint();
      this.renderRoot.querySelector<PhaseFilm>('phase-film')?.repaint();
      const cell = this.renderRoot.querySelector('phase-cell');
      cell?.shadowRoot?.querySelector<PhaseCurves>('phase-curves')?.rebuild();
    }
  }

  #open(preset: Preset | undefined): void {
    if (preset === undefined) return;
    this.preset = preset.id;
    this.#opened = preset.id;
    this.observable = preset.view.observable;
    this.slice = { x: preset.view.x, y: preset.view.y ?? null, at: {} };
    this.threshold = undefined;
    this.#changed = false;
    if (this.sweep === null) this.#start(preset.sweep);
    else this.#startOwn(this.sweep);
  }

  #startOwn(json: Readonly<Record<string, unknown>>): void {
    this.#start(json);
    this.#changed = true;
  }

  #start(json: Readonly<Record<string, unknown>>): void {
    this.following = true;
    this.playing = false;
    this.frame = 0;
    this.cell = -1;
    this.#chosen = false;
    this.#pictures.forget();
    this.#controller?.run(json).catch((cause: unknown) => this.#fail(cause));
  }

  #fail(cause: unknown): void {
    const message = reasonOf(cause);
    this.run = { phase: 'failed', message, sweep: null, film: null, progress: null, engine: null };
    announce(this, 'phase-error', { message });
  }

  #onRun(state: RunState): void {
    const before = this.run;
    this.run = state;
    this.version++;
    const { sweep, film } = state;
    if (sweep !== before?.sweep) this.#compare();
    if (sweep !== null) {
      this.slice = fittingSlice(sweep, this.slice ?? {});
      if (!sweep.observables.includes(this.observable)) this.observable = sweep.observables[0];
    }
    if (film !== null && this.following) this.frame = Math.max(0, lastKnownFrame(film));
    if (film !== null && !this.#chosen) this.cell = this.#middle(film);
    this.#look();
    if (state.progress !== null) announce(this, 'phase-progress', state.progress);
    if (state.phase !== before?.phase) {
      if (state.phase === 'failed') announce(this, 'phase-error', { message: state.message });
      void this.updateComplete.then(() => this.#say(state));
    }
  }

  /** Tells those who do not see the diagram what it shows, when a run ends. */
  #say(state: RunState): void {
    if (state.phase !== 'finished' && state.phase !== 'cancelled') return;
    this.#said = this.renderRoot.querySelector<PhaseHeatmap>('phase-heatmap')?.summary ?? '';
    this.requestUpdate();
  }

  /** Its curves are shown before the reader has chosen a cell. */
  #middle(film: Film): number {
    const observable = this.#observable();
    if (this.slice === null || observable === null) return -1;
    return middleCell(this.#pictures.of(film, observable, this.slice).views(this.frame));
  }

  #observables(sweep: Sweep | null): ObservableView[] {
    const all = this.science?.catalog.observables ?? [];
    return (sweep?.observables ?? []).flatMap((id) => all.filter((observable) => observable.id === id));
  }

  #observable(): ObservableView | null {
    return this.science?.catalog.observables.find(({ id }) => id === this.observable) ?? null;
  }

  #axisView(sweep: Sweep, parameter: string): AxisView | null {
    return axisViewOf(sweep, parameter, this.#parameters());
  }

  #parameters() {
    const json = this.#controller?.json;
    return json == null || this.science === null ? [] : draftParameters(draftOf(json), this.science.catalog);
  }

  #onState(event: CustomEvent<PhaseStateChange>): void {
    const { command, frame, threshold, playing, sweep } = event.detail;
    if (threshold !== undefined) this.threshold = threshold;
    if (playing !== undefined) this.playing = playing;
    if (frame !== undefined) {
      this.frame = frame;
      this.following = this.run?.film != null && frame >= lastKnownFrame(this.run.film);
    }
    if (sweep !== undefined) this.#startOwn(sweep);
    if (command === 'pause') this.#controller?.pause();
    if (command === 'resume') this.#controller?.resume();
    if (command === 'cancel') this.#controller?.cancel();
    if (command === 'run' || command === 'reference') {
      this.following = true;
      this.#pictures.forget();
      this.#controller?.again(command === 'reference' ? 'reference' : undefined).catch((cause: unknown) => this.#fail(cause));
    }
  }

  /** Opens a preset by id and runs it. */
  readonly choosePreset = (id: string): void => {
    this.sweep = null;
    this.#open(this.#presetOf(id));
    announce(this, 'phase-state-change', { preset: this.preset });
  };

  readonly #toggleTheme = (): void => {
    const dark = this.theme === 'dark' || (this.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    this.theme = dark ? 'light' : 'dark';
    announce(this, 'phase-state-change', { theme: dark ? 'light' : 'dark' });
  };

  readonly #chooseObservable = (id: string): void => {
    this.observable = id;
    this.threshold = undefined;
    announce(this, 'phase-state-change', { observable: id });
  };

  readonly #chooseLayer = (layer: Layer): void => {
    this.layer = layer;
    announce(this, 'phase-state-change', { layer });
  };

  /** Shows one cell at one frame, wherever it lies. */
  readonly #jump = (cell: number, frame: number): void => {
    const sweep = this.run?.sweep;
    if (sweep == null) return;
    const indices = cellIndices(sweep, cell);
    const at = Object.fromEntries(sweep.axes.map(({ parameter }, a) => [parameter, indices[a]]));
    if (this.slice !== null) this.slice = { ...this.slice, at };
    this.playing = false;
    this.#chosen = true;
    this.cell = cell;
    this.frame = frame;
    this.following = false;
    this.#look();
    announce(this, 'phase-cell-select', { cell });
    announce(this, 'phase-state-change', { frame });
  };

  protected override render(): TemplateResult {
    const { science, run } = this;
    const preset = this.#presetOf(this.preset) ?? null;
    return html`
      <div class="page" @phase-state-change=${this.#onState} @phase-cell-select=${(event: CustomEvent<{ cell: number }>) => {
        this.#chosen = true;
        this.cell = event.detail.cell;
        this.#look();
      }}>
        ${this.gallery ? atlasRail(science?.presets ?? this.presets, preset?.id ?? '', this.choosePreset, this.#toggleTheme) : nothing}
        <main part="main">${atlasHead(preset, this.#changed ? sweepName(run?.sweep ?? null, (sweep, id) => this.#axisView(sweep, id)) : '')} ${run === null ? atlasWaiting(this.loading === 'click' && !this.#loading ? this.#load : null) : this.#diagram(run, preset)}</main>
        <aside part="cell" aria-label="The chosen cell">${run === null ? nothing : this.#cell(run)}</aside>
        ${
          science === null
            ? nothing
            : atlasFoot(science, this.#controller?.json ?? null, this.adjusting, () => {
                this.adjusting = !this.adjusting;
              })
        }
        <p class="unseen" role="status">${this.#said}</p>
      </div>
    `;
  }

  #diagram(run: RunState, preset: Preset | null): TemplateResult {
    const { sweep, film } = run;
    const { slice, frame, cell, threshold, playing, version } = this;
    const observables = this.#observables(sweep);
    const observable = observables.find(({ id }) => id === this.observable) ?? null;
    const axisView = (parameter: string) => (sweep === null ? null : this.#axisView(sweep, parameter));
    const { note, picture, overlay } = this.#theory.beside(
      film,
      observable,
      slice,
      this.#pictures,
      this.layer,
      axisView,
      this.#chooseLayer,
      this.#jump,
    );
    return atlasDiagram({
      run,
      preset: this.#changed ? null : preset,
      observables,
      observable,
      slice,
      picture: film === null || slice === null || observable === null ? null : this.#pictures.of(film, observable, slice),
      beside: picture,
      note,
      overlay,
      empty: sweep === null || slice === null ? null : this.#pictures.emptyOf(sweep, slice),
      emptyViews: this.#pictures.emptyViews,
      frame,
      cell,
      threshold,
      playing,
      version,
      axisView,
      chooseObservable: this.#chooseObservable,
      chooseSlice: (next) => {
        this.slice = next;
      },
    });
  }

  #cell(run: RunState): TemplateResult {
    const observables = this.#observables(run.sweep);
    return html`<phase-cell .film=${run.film} .cell=${this.cell} .frame=${this.frame} .version=${this.version}
      .observable=${observables.find(({ id }) => id === this.observable) ?? null} .observables=${observables}
      .parameters=${this.#parameters()} .threshold=${this.threshold} .detail=${this.#theory.controller?.detail ?? null} .points=${this.#theory.controller?.points ?? []}></phase-cell>`;
  }
}
