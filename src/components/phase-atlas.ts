// <phase-atlas>: the explorer. Puts the gallery, the chosen cell, panels and settings around one <phase-diagram>,
// whose Figure they follow.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type Caps, EMBED_CAPS } from '../core/caps.ts';
import type { Preset } from '../core/preset.ts';
import type { SweepJson } from '../core/view-state.ts';
import { atlasFoot, atlasRail, atlasSkips } from './atlas-parts.ts';
import { atlasStyles } from './atlas-styles.ts';
import { controls } from './controls.ts';
import { announce, type PhaseStateChange } from './events.ts';
import type { Figure } from './figure.ts';
import { FigureElement, type MethodOptions } from './figure-element.ts';
import { FigureListener } from './figure-listener.ts';
import { pageShortcut } from './keys.ts';
import { PANELS, type Panel, type PanelElement } from './panels.ts';
import type { PhaseCurves } from './phase-curves.ts';
import type { PhaseDiagram } from './phase-diagram.ts';
import type { PhaseShare } from './phase-share.ts';
import type { Science } from './science.ts';
import { theme } from './theme.ts';
import type { Thumbnails } from './thumbnail.ts';

/** The chosen cell and the settings are not needed for the first picture. */
async function loadCell(): Promise<void> {
  if (customElements.get('phase-cell') === undefined) (await import('./atlas-elements.ts')).defineAtlasElements();
}

/** Slots of the figure inside, which hosts fill from outside. */
const SLOTS = ['legend', 'controls', 'caption'] as const;

/**
 * The explorer: one figure with its tools and the chosen cell; with `gallery` the whole page.
 * @slot - Shown before the element is defined, while it loads, and where nothing can run: an image, a table.
 * @slot fallback - The same, in place of the default slot.
 * @slot legend - Beside the colours.
 * @slot controls - Below the film, beside the status.
 * @slot caption - Below the figure.
 * @slot foot - At the end of the page.
 * @csspart rail - The list of figures, with `gallery`.
 * @csspart main - The figure and its tools.
 * @csspart diagram - The figure.
 * @csspart cell - The chosen cell.
 * @csspart heatmap - The diagram itself.
 * @csspart film - The strip of frames.
 * @csspart status - Where the run stands, and the badge of the engine.
 * @csspart theory - What a theory says, where there is one.
 * @csspart remarks - Remarks of the theory.
 * @fires phase-ready - The first numbers have been drawn.
 * @fires phase-progress - The run went on: share, networks, seconds.
 * @fires phase-cell-select - A cell was chosen: its index and the values of its parameters.
 * @fires phase-state-change - The reader chose something; the detail holds what changed.
 * @fires phase-error - Something could not be loaded, read or run: a sentence.
 * @fires phase-device-lost - The GPU went away under a run, which recovers by itself where it can.
 */
export class PhaseAtlas extends FigureElement {
  static override styles = [theme, controls, atlasStyles];
  static override properties = {
    science: { attribute: false },
    presets: { attribute: false },
    sweep: { attribute: false },
    caps: { attribute: false },
    preset: {},
    link: {},
    theme: { reflect: true },
    loading: {},
    gallery: { type: Boolean, reflect: true },
    panel: {},
    figure: { attribute: false },
    adjusting: { state: true },
    over: { state: true },
    thumbnails: { state: true },
  };
  /** What can be run. Left out, everything of this build is loaded when `loading` says so. */
  declare science: Science | null;
  /** Presets to name before the science is there. */
  declare presets: readonly Preset[];
  /** A sweep in JSON to run instead of a preset. */
  declare sweep: SweepJson | null;
  /** What may be run without asking the reader. */
  declare caps: Caps;
  /** Id of the preset shown; empty starts the first. */
  declare preset: string;
  /** A share link's fragment, `#1.…`, or `?preset=ID`, to show instead of a preset. */
  declare link: string;
  /** `light` or `dark`; empty follows the host's `color-scheme`. */
  declare theme: string;
  /** When to load and run: `lazy`, once in view (the default); `eager`, at once; `click`, when the reader asks. */
  declare loading: string;
  /** Shows all presets beside the diagram and fills the window. */
  declare gallery: boolean;
  /** Id of the panel that is open under the diagram; empty for none. */
  declare panel: string;
  /** What is shown, without its looks; null until the science is there. */
  declare figure: Figure | null;
  declare private adjusting: boolean;
  /** True while files are held over the element. */
  declare private over: boolean;
  declare private thumbnails: Thumbnails | null;
  readonly #panels = new Map<string, PanelElement>();

  constructor() {
    super();
    this.science = null;
    this.presets = [];
    this.sweep = null;
    this.caps = EMBED_CAPS;
    this.preset = '';
    this.link = '';
    this.theme = '';
    this.loading = 'lazy';
    this.gallery = false;
    this.panel = '';
    this.figure = null;
    this.adjusting = false;
    this.over = false;
    this.thumbnails = null;
    new FigureListener(this, (change) => {
      if (change.kind === 'view' && change.patch.preset !== undefined) this.preset = change.patch.preset;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('figure') && this.figure !== null) void loadCell();
    const diagram = this.#diagram;
    if (diagram !== null && diagram.figure !== this.figure) this.figure = diagram.figure;
    if (changed.has('theme') && changed.get('theme') !== undefined) {
      diagram?.repaint();
      const cell = this.renderRoot.querySelector('phase-cell');
      cell?.shadowRoot?.querySelector<PhaseCurves>('phase-curves')?.rebuild();
    }
    if (changed.has('panel')) void this.#openPanel();
    if (changed.has('gallery') && this.gallery) void this.#openGallery();
    if (changed.has('figure')) this.#fetchThumbnails();
    for (const panel of this.#panels.values()) panel.figure = this.figure;
  }

  /** The list of presets has an element of its own, which an embed never loads. */
  async #openGallery(): Promise<void> {
    if (customElements.get('phase-gallery') !== undefined) return;
    const { PhaseGallery } = await import('./phase-gallery.ts');
    if (customElements.get('phase-gallery') === undefined) customElements.define('phase-gallery', PhaseGallery);
  }

  /** Small pictures come after everything else; without them the list is words. */
  #fetchThumbnails(): void {
    if (!this.gallery || this.thumbnails !== null) return;
    this.figure?.science.thumbnails?.().then(
      (thumbnails) => {
        this.thumbnails = thumbnails;
      },
      () => {},
    );
  }

  /** Shows how to read the diagram, or which keys there are. */
  readonly #openGuide = async (part: 'reading' | 'keys'): Promise<void> => {
    const { openGuide } = await import('./phase-guide.ts');
    openGuide(this.renderRoot as ShadowRoot, part);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const shortcut = pageShortcut(event, this, this.gallery);
    if (shortcut === null) return;
    event.preventDefault();
    if (shortcut === 'keys') void this.#openGuide('keys');
    else if (shortcut === 'find') this.renderRoot.querySelector('phase-gallery')?.find();
    else this.panel = this.panel === shortcut ? '' : shortcut;
  };

  readonly #focusDiagram = (): void => {
    this.#diagram?.renderRoot.querySelector('phase-heatmap')?.shadowRoot?.querySelector<HTMLElement>('[data-grid]')?.focus();
  };

  readonly #focusSettings = (): void => {
    this.renderRoot.querySelector<HTMLElement>('[data-adjust]')?.focus();
  };

  get #diagram(): PhaseDiagram | null {
    return this.renderRoot.querySelector<PhaseDiagram>('phase-diagram');
  }

  /** The figure, begun where it has not been. Rejects where it cannot be loaded. */
  override async begin(options: MethodOptions = {}): Promise<Figure> {
    await this.updateComplete;
    if (this.#diagram === null) throw new Error('phase-atlas: expected an element in a page, got one outside');
    return this.#diagram.begin(options);
  }

  /** Makes the element of the chosen panel when it is asked for first. */
  async #openPanel(): Promise<void> {
    const panel = PANELS.find(({ id }) => id === this.panel);
    if (panel === undefined || this.#panels.has(panel.id)) return;
    const element = await panel.load();
    // Asked for twice while it was loading.
    if (this.#panels.has(panel.id)) return;
    if (customElements.get(panel.tag) === undefined) customElements.define(panel.tag, element);
    const made = document.createElement(panel.tag) as PanelElement;
    made.figure = this.figure;
    this.#panels.set(panel.id, made);
    this.requestUpdate();
  }

  /** Files may be dropped anywhere; the panel that opens them says what became of them. */
  readonly #onDrag = (event: DragEvent): void => {
    const { dataTransfer } = event;
    if (dataTransfer === null || !dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    this.over = event.type === 'dragover';
    if (event.type === 'drop') void this.#takeFiles([...dataTransfer.files]);
  };

  async #takeFiles(files: readonly File[]): Promise<void> {
    this.panel = 'share';
    await this.#openPanel();
    await this.updateComplete;
    await this.renderRoot.querySelector<PhaseShare>('phase-share')?.take(files);
  }

  /** Opens a preset by id and runs it. */
  readonly choosePreset = (id: string): void => {
    this.sweep = null;
    this.link = '';
    if (this.figure === null) this.preset = id;
    else this.figure.open(id);
  };

  readonly #toggleTheme = (): void => {
    const dark = this.theme === 'dark' || (this.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
    this.theme = dark ? 'light' : 'dark';
    announce(this, 'phase-state-change', { theme: dark ? 'light' : 'dark' });
  };

  readonly #togglePanel = (id: string): void => {
    this.panel = this.panel === id ? '' : id;
    // Beside the diagram it may begin above the window.
    void this.updateComplete.then(() => this.renderRoot.querySelector('.beside')?.scrollIntoView({ block: 'nearest' }));
  };

  readonly #toggleControls = (): void => {
    this.adjusting = !this.adjusting;
  };

  /** The settings ask for a sweep to be run. */
  #onControls(event: CustomEvent<PhaseStateChange>): void {
    event.stopPropagation();
    if (event.detail.sweep != null) this.figure?.runOwn(event.detail.sweep);
  }

  readonly #onFigure = (event: Event): void => {
    this.figure = (event.target as PhaseDiagram).figure;
  };

  protected override render(): TemplateResult {
    const { figure } = this;
    const presets = figure?.science.presets ?? this.presets;
    const chosen = figure?.state.preset ?? (this.preset === '' ? (presets[0]?.id ?? '') : this.preset);
    return html`
      <div class="page ${this.over ? 'over' : ''}" @dragover=${this.#onDrag} @dragleave=${this.#onDrag} @drop=${this.#onDrag}>
        ${
          this.gallery
            ? html`${atlasSkips(this.#focusDiagram, this.#focusSettings)}
              ${atlasRail(presets, this.thumbnails, chosen, this.choosePreset, this.#toggleTheme, this.#openGuide)}`
            : nothing
        }
        <div class="main" part="main" role=${this.gallery ? 'main' : nothing}>
          <phase-diagram part="diagram" exportparts="heatmap, film, status, theory, remarks" .science=${this.science} .presets=${this.presets} .sweep=${this.sweep} .caps=${this.caps}
            .preset=${this.preset} .link=${this.link} .loading=${this.loading} @figure-change=${this.#onFigure}><slot name="fallback"><slot></slot></slot>${SLOTS.map((name) => html`<slot name=${name} slot=${name}></slot>`)}</phase-diagram>
          ${figure === null ? nothing : this.#tools()}
        </div>
        <div class="side">
          ${this.#open?.beside ? this.#panel('panel beside') : nothing}
          <aside part="cell" aria-label="The chosen cell">${figure === null ? nothing : this.#cell(figure)}</aside>
        </div>
        ${figure === null ? nothing : html`<div class="foot" @phase-state-change=${this.#onControls}>${atlasFoot(figure.science, figure.json, this.caps, this.adjusting, this.#toggleControls)}</div>`}
      </div>
    `;
  }

  get #open(): Panel | undefined {
    return PANELS.find(({ id }) => id === this.panel);
  }

  /** The panel that is open. */
  #panel(name: string): TemplateResult {
    const open = this.#open;
    return html`<section id="panel" class=${name} aria-label=${open?.label ?? 'Tools'} ?hidden=${open === undefined}>${open === undefined ? nothing : (this.#panels.get(open.id) ?? html`<p role="status">Loading.</p>`)}</section>`;
  }

  /** Buttons of the panels, and the one that is open where it does not stand beside the diagram. */
  #tools(): TemplateResult {
    return html`<div class="tools" role="group" aria-label="Tools">${PANELS.map(
      ({ id, label }) =>
        html`<button class="plain" aria-expanded=${id === this.panel ? 'true' : 'false'} aria-controls="panel" data-panel=${id} @click=${() => this.#togglePanel(id)}>${label}</button>`,
    )}</div>
    ${this.#open?.beside ? nothing : this.#panel('panel')}`;
  }

  #cell(figure: Figure): TemplateResult {
    const { film, cell, frame, version, observable, observables, parameters, threshold, theory } = figure;
    return html`<phase-cell .film=${film} .cell=${cell} .frame=${frame} .version=${version} .observable=${observable} .observables=${observables}
      .parameters=${parameters} .threshold=${threshold} .detail=${theory?.detail ?? null} .points=${theory?.points ?? []} .figure=${figure}></phase-cell>`;
  }
}
