// <phase-diagram>: one figure, live: title and claim, diagram, film and status. Loads the trainer when it is seen and lets a
// Figure run; keeps nothing of its own but whether the film plays. What only embeds need is embed.ts; the page is phase-atlas.ts.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type Caps, EMBED_CAPS } from '../core/caps.ts';
import { reasonOf } from '../core/errors.ts';
import type { Preset } from '../core/preset.ts';
import { sweptValues } from '../core/sweep.ts';
import { FIRST_VIEW, type SweepJson, type ViewState, viewOfPreset, viewOfSweep } from '../core/view-state.ts';
import { atlasDiagram } from './atlas-diagram.ts';
import { atlasHead, atlasWaiting, sweepName } from './atlas-parts.ts';
import { boundedScience } from './bounded-science.ts';
import { controls } from './controls.ts';
import { diagramStyles } from './diagram-styles.ts';
import { announce, type PhaseStateChange } from './events.ts';
import { Figure, type FigureChange } from './figure.ts';
import { FigureElement, type MethodOptions } from './figure-element.ts';
import { FigureListener } from './figure-listener.ts';
import type { PhaseFilm } from './phase-film.ts';
import type { PhaseHeatmap } from './phase-heatmap.ts';
import { spokenOf } from './phase-progress.ts';
import { Presence } from './presence.ts';
import type { Science } from './science.ts';
import type { RunState } from './session-controller.ts';
import { theme } from './theme.ts';
import { fulfil, WISHES, type WishKey, wishOf } from './wishes.ts';

/** Zoom, undo and the like are not needed for the first picture. */
async function loadExplore(): Promise<void> {
  const { PhaseExplore } = await import('./phase-explore.ts');
  if (customElements.get('phase-explore') === undefined) customElements.define('phase-explore', PhaseExplore);
}

/**
 * One phase diagram, trained live where it is seen, or a stored result.
 * @slot - Shown before the element is defined, while it loads, and where nothing can run: an image, a table.
 * @slot fallback - The same, in place of the default slot.
 * @slot legend - Beside the colours.
 * @slot controls - Below the film, beside the status.
 * @slot caption - Below the figure.
 * @csspart heading - Source, title and claim.
 * @csspart heatmap - The diagram itself.
 * @csspart film - The strip of frames.
 * @csspart status - Where the run stands, and the badge of the engine.
 * @csspart theory - What a theory says, where there is one.
 * @csspart remarks - Remarks of the theory.
 * @csspart explore - Zoom and undo.
 * @csspart waiting - What stands in place of the diagram before there is one.
 * @fires phase-ready - The first numbers have been drawn.
 * @fires phase-progress - The run went on: share, networks, seconds.
 * @fires phase-cell-select - A cell was chosen: its index and the values of its parameters.
 * @fires phase-state-change - The reader chose something; the detail holds what changed.
 * @fires phase-error - Something could not be loaded, read or run: a sentence.
 * @fires phase-device-lost - The GPU went away under a run, which recovers by itself where it can.
 */
export class PhaseDiagram extends FigureElement {
  static override styles = [theme, controls, diagramStyles];
  static override properties = {
    science: { attribute: false },
    presets: { attribute: false },
    sweep: { attribute: false },
    result: { attribute: false },
    state: { attribute: false, noAccessor: true },
    caps: { attribute: false },
    preset: {},
    src: {},
    link: {},
    observable: {},
    x: {},
    y: {},
    frame: { type: Number },
    threshold: { type: Number },
    layer: {},
    colours: {},
    theme: { reflect: true },
    loading: {},
    controls: {},
    heading: {},
    figure: { attribute: false },
    playing: { state: true },
    fault: { state: true },
  };
  /** What can be run. Left out, everything of this build is loaded when `loading` says so. */
  declare science: Science | null;
  /** Presets to name before the science is there. */
  declare presets: readonly Preset[];
  /** A sweep in JSON to run instead of a preset. */
  declare sweep: SweepJson | null;
  /** A stored result in JSON to show instead of running anything. */
  declare result: unknown;
  /** What may be run without asking the reader. Links can lower it. */
  declare caps: Caps;
  /** Id of the preset shown; empty starts the first. */
  declare preset: string;
  /** Address of a stored result to show, or of a sweep to run: of this origin or one that allows others. */
  declare src: string;
  /** A share link's fragment, `#1.…`, or `?preset=ID`. */
  declare link: string;
  /** Id of the observable drawn as colour; empty takes the preset's. */
  declare observable: string;
  /** Parameter on the horizontal axis; empty takes the preset's. */
  declare x: string;
  /** Parameter on the vertical axis, or `time`; empty takes the preset's. */
  declare y: string;
  /** Index of the frame shown, 0 at the start of training; null follows the latest. */
  declare frame: number | null;
  /** Boundary between lazy and rich; null takes the observable's own. */
  declare threshold: number | null;
  /** `simulation`, `theory` or `residual`. */
  declare layer: string;
  /** Name of a colour map; empty takes the observable's own. */
  declare colours: string;
  /** `light` or `dark`; empty follows the host's `color-scheme`. */
  declare theme: string;
  /** When to load and run: `lazy`, once in view (the default); `eager`, at once; `click`, when the reader asks. */
  declare loading: string;
  /** `full` (the default); `film` leaves out what changes the view; `none` the film too. */
  declare controls: string;
  /** `none` leaves out source, title and claim. */
  declare heading: string;
  /** What is shown, without its looks; null until the science is there. The element makes it and ends it. */
  declare figure: Figure | null;
  declare private playing: boolean;
  /** Why loading failed; empty otherwise. */
  declare private fault: string;
  readonly #presence = new Presence(this, (present) => this.#onPresence(present));
  /** True while a run waits for the reader to come back. */
  #away = false;
  #loading = false;
  /** Id of the preset that was opened last. */
  #opened = '';
  #said = '';
  /** Wishes of the host that have not been fulfilled yet. */
  readonly #wished = new Set<WishKey>();
  #given: unknown = null;
  #elsewhere: AbortController | null = null;
  #ready = false;

  constructor() {
    super();
    this.science = null;
    this.presets = [];
    this.sweep = null;
    this.result = null;
    this.caps = EMBED_CAPS;
    this.preset = '';
    this.src = '';
    this.link = '';
    this.observable = '';
    this.x = this.y = '';
    this.frame = null;
    this.threshold = null;
    this.layer = '';
    this.colours = '';
    this.theme = '';
    this.loading = 'lazy';
    this.controls = 'full';
    this.heading = '';
    this.figure = null;
    this.playing = false;
    this.fault = '';
    new FigureListener(this, (change) => this.#onFigure(change));
  }

  /** Everything that the reader chose, as plain JSON. Set it, or the parts that are to be different, to show that. */
  get state(): Partial<ViewState> | null {
    return this.figure?.state ?? (this.#given as Partial<ViewState> | null);
  }

  set state(state: Partial<ViewState> | null) {
    this.#given = state;
    if (this.figure !== null) this.#openElsewhere();
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
    this.#end();
  }

  /** Loads everything of this build, once, unless a science was given. */
  readonly #load = (): void => {
    if (this.#loading || this.science !== null) return;
    this.#loading = true;
    this.fault = '';
    import('./live-science.ts').then(
      ({ liveScience }) => {
        this.science ??= liveScience;
      },
      (cause) => {
        this.#loading = false;
        this.fault = `The trainer could not be loaded: ${reasonOf(cause)}`;
        announce(this, 'phase-error', { message: this.fault });
      },
    );
    this.requestUpdate();
  };

  /** Nobody trains what nobody sees: a run waits while it is out of view, and goes on after. */
  #onPresence(present: boolean): void {
    if (present && this.loading !== 'click' && this.fault === '') this.#load();
    if (present && this.#away) this.figure?.command('resume');
    this.#away = !present && this.figure?.run.phase === 'training';
    if (this.#away) this.figure?.command('pause');
  }

  #end(): void {
    this.#elsewhere?.abort();
    this.figure?.dispose();
    this.figure = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    for (const key of WISHES) {
      const told = this.figure !== null && wishOf(this.figure.state, key) === this[key];
      if (changed.has(key) && !told) this.#wished.add(key);
    }
    if (this.science !== null && this.isConnected && (changed.has('science') || this.figure === null)) {
      this.#end();
      const lost = (message: string) => announce(this, 'phase-device-lost', { message });
      this.figure = new Figure(boundedScience(this.science, { caps: () => this.caps, lost, now: () => performance.now() }));
      void loadExplore();
      if (this.#isElsewhere) this.#openElsewhere();
      else this.#open(this.preset === '' ? (this.science.presets[0]?.id ?? '') : this.preset);
    } else if (changed.has('sweep') && this.sweep !== null) this.#openSweep(this.sweep);
    else if (changed.has('preset') && this.preset !== this.#opened) this.#open(this.preset);
    else if (['src', 'result', 'link'].some((key) => changed.has(key)) && this.#isElsewhere) this.#openElsewhere();
    else if (this.#wished.size > 0 && this.figure !== null) {
      const patch = this.#fulfil(this.figure.state.sweep ?? this.figure.preset?.sweep ?? null);
      if (Object.keys(patch).length > 0) this.figure.change(patch);
    }
  }

  /** True where something other than a preset or a sweep is asked for. */
  get #isElsewhere(): boolean {
    return this.src !== '' || this.result !== null || this.link !== '' || this.#given !== null;
  }

  /** What embeds need besides presets and sweeps is loaded when it is asked for. */
  #openElsewhere(): void {
    const { figure } = this;
    if (figure === null) return;
    this.#elsewhere?.abort();
    this.#elsewhere = new AbortController();
    const { signal } = this.#elsewhere;
    const state = this.#given;
    this.#given = null;
    this.fault = '';
    import('./embed.ts')
      .then(({ openElsewhere }) => openElsewhere(this, figure, state, (sweep) => this.#fulfil(sweep), signal))
      .catch((cause: unknown) => {
        if (signal.aborted) return;
        this.fault = reasonOf(cause);
        announce(this, 'phase-error', { message: this.fault });
      });
  }

  #fulfil(sweep: SweepJson | null): Partial<ViewState> {
    const { science } = this;
    const keys = [...this.#wished];
    this.#wished.clear();
    if (science === null) return {};
    return fulfil(this, keys, sweep, science.catalog, (message) => announce(this, 'phase-error', { message }));
  }

  #openSweep(sweep: SweepJson): void {
    this.figure?.restore({ ...viewOfSweep(this.figure.state, sweep), ...this.#fulfil(sweep) });
  }

  #open(id: string): void {
    const { figure, science } = this;
    if (figure === null || science === null) return;
    const known = science.presets.find((preset) => preset.id === id);
    if (known === undefined) {
      announce(this, 'phase-error', {
        message: `preset: expected one of ${science.presets.map((preset) => preset.id).join(', ')}, got "${id.slice(0, 60)}"`,
      });
    }
    // What is shown stays where another is asked for that does not exist; at first there has to be something.
    const preset = known ?? (figure.state.preset === '' ? science.presets[0] : undefined);
    const view = preset === undefined ? FIRST_VIEW : viewOfPreset(preset);
    if (this.sweep !== null) this.#opened = view.preset;
    if (this.sweep !== null) figure.restore({ ...viewOfSweep(view, this.sweep), ...this.#fulfil(this.sweep) });
    else if (preset !== undefined) figure.restore({ ...view, ...this.#fulfil(preset.sweep) });
    this.preset = figure.state.preset;
    this.#opened = this.preset;
  }

  #onFigure(change: FigureChange): void {
    const { figure } = this;
    if (figure === null) return;
    if (change.kind === 'view') {
      const { patch } = change;
      if (patch.preset !== undefined) {
        this.preset = patch.preset;
        this.#opened = patch.preset;
        this.playing = false;
      }
      // Attributes' properties tell what is shown.
      for (const key of WISHES) if (patch[key] !== undefined) Object.assign(this, { [key]: wishOf(figure.state, key) });
      const { cell } = patch;
      if (cell !== undefined && cell >= 0)
        announce(this, 'phase-cell-select', { cell, values: figure.sweep === null ? {} : sweptValues(figure.sweep, cell) });
      announce(this, 'phase-state-change', patch);
    }
    if (change.kind === 'run') {
      const { run } = figure;
      if (run.progress !== null) announce(this, 'phase-progress', run.progress);
      if (!this.#ready && figure.lastFrame >= 0) {
        this.#ready = true;
        void this.updateComplete.then(() => requestAnimationFrame(() => announce(this, 'phase-ready', {})));
      }
      if (run.phase === change.before.phase) return;
      if (run.phase === 'failed') announce(this, 'phase-error', { message: run.message });
      if (!this.#away) void this.updateComplete.then(() => this.#say(run));
    }
  }

  /** The figure, loaded and opened where it has not been, as by scrolling or clicking. Rejects where it cannot be loaded. */
  override async begin({ signal }: MethodOptions = {}): Promise<Figure> {
    this.#load();
    for (;;) {
      signal?.throwIfAborted();
      if (this.figure !== null && this.figure.run.phase !== 'idle') return this.figure;
      if (this.fault !== '') throw new Error(this.fault);
      if (!this.isConnected) throw new Error('phase-diagram: expected an element in a page, got one outside');
      await this.nextUpdate(signal);
    }
  }

  /** Tells those who do not see the diagram what became of a run, and what is shown where it has ended. */
  #say(run: RunState): void {
    this.#said = spokenOf(run, this.renderRoot.querySelector<PhaseHeatmap>('phase-heatmap')?.summary ?? '');
    this.requestUpdate();
  }

  protected override updated(changed: PropertyValues): void {
    // For the explorer around it, not for hosts: does not leave its shadow root.
    if (changed.has('figure')) this.dispatchEvent(new Event('figure-change'));
    if (changed.has('theme') && changed.get('theme') !== undefined) this.repaint();
  }

  /** Paints again at the next frame; for hosts that change colours by hand. */
  repaint(): void {
    for (const part of this.renderRoot.querySelectorAll<PhaseHeatmap | PhaseFilm>('phase-heatmap, phase-film')) part.repaint();
  }

  /** What a part of the figure asks for. The figure itself announces what came of it. */
  #onState(event: CustomEvent<PhaseStateChange>): void {
    const { figure } = this;
    event.stopPropagation();
    if (figure === null) return;
    const { command, frame, threshold, playing } = event.detail;
    if (playing !== undefined) {
      this.playing = playing;
      announce(this, 'phase-state-change', { playing });
    }
    if (threshold !== undefined) figure.change({ threshold });
    if (typeof frame === 'number') figure.change({ frame: frame >= figure.lastFrame ? null : frame });
    if (command !== undefined) figure.command(command);
  }

  #onCell(event: CustomEvent<{ readonly cell: number }>): void {
    event.stopPropagation();
    this.figure?.change({ cell: event.detail.cell });
  }

  protected override render(): TemplateResult {
    const { figure } = this;
    const named = this.#isElsewhere ? undefined : (this.presets.find(({ id }) => id === this.preset) ?? this.presets[0]);
    const preset = figure?.preset ?? named ?? null;
    const name = figure?.own ? sweepName(figure.sweep, (_, parameter) => figure.axisView(parameter)) : '';
    const waits = figure === null || figure.run.phase === 'idle';
    return html`
      <div class="figure" @phase-state-change=${this.#onState} @phase-cell-select=${this.#onCell} @phase-ready=${(event: Event) => event.stopPropagation()}>
        ${this.heading === 'none' ? nothing : atlasHead(preset, name)}
        ${waits ? this.#waiting() : atlasDiagram(figure, this.playing, this.controls)}
        ${this.fault === '' || waits ? nothing : html`<p class="fault" role="status">${this.fault}</p>`}
        <slot name="controls"></slot><slot name="caption"></slot>
        <p class="unseen" role="status">${this.#said}</p>
      </div>
    `;
  }

  /** In place of the diagram: why there is none yet, and what can be done about it. */
  #waiting(): TemplateResult {
    if (this.fault !== '')
      return atlasWaiting(this.fault, 'Try again', this.figure === null ? this.#load : () => this.#openElsewhere());
    const asks = this.loading === 'click' && !this.#loading && this.figure === null;
    if (asks) return atlasWaiting('', this.src === '' && this.result === null ? 'Train it here' : 'Show it', this.#load);
    return atlasWaiting(this.src === '' ? 'Loading the trainer.' : 'Loading the stored result.', '', null);
  }
}
