// <phase-diagram>: one figure, live: title and claim, diagram, film and status. Loads the trainer when it is seen and lets a Figure
// run; keeps nothing of its own but whether the film plays. The whole page around it is phase-atlas.ts.

import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { reasonOf } from '../core/errors.ts';
import type { Preset } from '../core/preset.ts';
import type { SweepJson } from '../core/view-state.ts';
import { atlasDiagram } from './atlas-diagram.ts';
import { atlasHead, atlasWaiting, sweepName } from './atlas-parts.ts';
import { diagramStyles } from './diagram-styles.ts';
import { announce, type PhaseStateChange } from './events.ts';
import { Figure, type FigureChange } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import type { PhaseFilm } from './phase-film.ts';
import type { PhaseHeatmap } from './phase-heatmap.ts';
import { Presence } from './presence.ts';
import type { Science } from './science.ts';
import { controls, theme } from './theme.ts';

/** Zoom, undo and the like are not needed for the first picture. */
async function loadExplore(): Promise<void> {
  const { PhaseExplore } = await import('./phase-explore.ts');
  if (customElements.get('phase-explore') === undefined) customElements.define('phase-explore', PhaseExplore);
}

export class PhaseDiagram extends LitElement {
  static override styles = [theme, controls, diagramStyles];
  static override properties = {
    science: { attribute: false },
    presets: { attribute: false },
    sweep: { attribute: false },
    preset: {},
    theme: { reflect: true },
    loading: {},
    figure: { attribute: false },
    playing: { state: true },
  };
  /** What can be run. Left out, everything of this build is loaded when `loading` says so. */
  declare science: Science | null;
  /** Presets to name before the science is there. */
  declare presets: readonly Preset[];
  /** A sweep in JSON to run instead of a preset. */
  declare sweep: SweepJson | null;
  /** Id of the preset shown; empty starts the first. */
  declare preset: string;
  /** `light` or `dark`; empty follows the host's `color-scheme`. */
  declare theme: string;
  /** When to load and run: `lazy`, once in view (the default); `eager`, at once; `click`, when the reader asks. */
  declare loading: string;
  /** What is shown, without its looks; null until the science is there. The element makes it and ends it. */
  declare figure: Figure | null;
  declare private playing: boolean;
  readonly #presence = new Presence(this, (present) => this.#onPresence(present));
  /** True while a run waits for the reader to come back. */
  #away = false;
  #loading = false;
  /** Id of the preset that was opened last. */
  #opened = '';
  #said = '';

  constructor() {
    super();
    this.science = null;
    this.presets = [];
    this.sweep = null;
    this.preset = '';
    this.theme = '';
    this.loading = 'lazy';
    this.figure = null;
    this.playing = false;
    new FigureListener(this, (change) => this.#onFigure(change));
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
    import('./live-science.ts').then(
      ({ liveScience }) => {
        this.science ??= liveScience;
      },
      (cause) => announce(this, 'phase-error', { message: reasonOf(cause) }),
    );
  };

  /** Nobody trains what nobody sees: a run waits while it is out of view, and goes on after. */
  #onPresence(present: boolean): void {
    if (present && this.loading !== 'click') this.#load();
    if (present && this.#away) this.figure?.command('resume');
    this.#away = !present && this.figure?.run.phase === 'training';
    if (this.#away) this.figure?.command('pause');
  }

  #end(): void {
    this.figure?.dispose();
    this.figure = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.science !== null && this.isConnected && (changed.has('science') || this.figure === null)) {
      this.#end();
      this.figure = new Figure(this.science);
      void loadExplore();
      this.#open(this.preset === '' ? (this.science.presets[0]?.id ?? '') : this.preset);
    } else if (changed.has('sweep') && this.sweep !== null) this.figure?.runOwn(this.sweep);
    else if (changed.has('preset') && this.preset !== this.#opened) this.#open(this.preset);
  }

  #open(id: string): void {
    if (this.figure === null) return;
    this.#opened = id;
    if (!this.figure.open(id)) this.#refuse(id);
    this.preset = this.figure.state.preset;
    this.#opened = this.preset;
    if (this.sweep !== null) this.figure.runOwn(this.sweep);
  }

  #refuse(id: string): void {
    const known = this.science?.presets.map((preset) => preset.id).join(', ') ?? '';
    announce(this, 'phase-error', { message: `preset: expected one of ${known}, got "${id}"` });
    const first = this.science?.presets[0]?.id;
    if (this.figure?.state.preset === '' && first !== undefined) this.figure.open(first);
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
      if (patch.cell !== undefined && patch.cell >= 0) announce(this, 'phase-cell-select', { cell: patch.cell });
      announce(this, 'phase-state-change', patch);
    }
    if (change.kind === 'run') {
      const { run } = figure;
      if (run.progress !== null) announce(this, 'phase-progress', run.progress);
      if (run.phase === change.before.phase) return;
      if (run.phase === 'failed') announce(this, 'phase-error', { message: run.message });
      if (run.phase === 'finished' || run.phase === 'cancelled') void this.updateComplete.then(() => this.#say());
    }
  }

  /** Tells those who do not see the diagram what it shows, when a run ends. */
  #say(): void {
    this.#said = this.renderRoot.querySelector<PhaseHeatmap>('phase-heatmap')?.summary ?? '';
    this.requestUpdate();
  }

  protected override updated(changed: PropertyValues): void {
    // For the explorer around it, not for hosts: does not leave its shadow root.
    if (changed.has('figure')) this.dispatchEvent(new Event('figure-change'));
    if (changed.has('theme') && changed.get('theme') !== undefined) this.repaint();
  }

  /** Paints again at the next frame; for hosts that change colours by hand. */
  repaint(): void {
    this.renderRoot.querySelector<PhaseHeatmap>('phase-heatmap')?.repaint();
    this.renderRoot.querySelector<PhaseFilm>('phase-film')?.repaint();
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
    const preset = figure?.preset ?? this.presets.find(({ id }) => id === this.preset) ?? this.presets[0] ?? null;
    const name = figure?.own ? sweepName(figure.sweep, (_, parameter) => figure.axisView(parameter)) : '';
    return html`
      <div class="figure" @phase-state-change=${this.#onState} @phase-cell-select=${this.#onCell}>
        ${atlasHead(preset, name)}
        ${
          figure === null || figure.run.phase === 'idle'
            ? atlasWaiting(this.loading === 'click' && !this.#loading ? this.#load : null)
            : atlasDiagram(figure, this.playing)
        }
        <p class="unseen" role="status">${this.#said}</p>
      </div>
    `;
  }
}
