// <phase-gallery>: all presets under their papers, with a small picture each; one paper unfolded, the others a click or a search
// away. Opens nothing itself: says which preset was chosen.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Preset } from '../core/preset.ts';
import { controls } from './controls.ts';
import { byPaper, matching } from './gallery-search.ts';
import { galleryStyles } from './gallery-styles.ts';
import { theme } from './theme.ts';
import { paintThumbnail, type Thumbnails } from './thumbnail.ts';

declare global {
  interface HTMLElementTagNameMap {
    'phase-gallery': PhaseGallery;
  }
}

/** Told to the element around it when a preset is chosen. */
export type GalleryChoice = CustomEvent<{ readonly id: string }>;

export class PhaseGallery extends LitElement {
  static override styles = [theme, controls, galleryStyles];
  static override properties = {
    presets: { attribute: false },
    chosen: {},
    thumbnails: { attribute: false },
    query: { state: true },
    unfolded: { state: true },
    open: { type: Boolean, reflect: true },
  };
  declare presets: readonly Preset[];
  /** Id of the preset that is shown. */
  declare chosen: string;
  /** Small pictures by id of the preset; null until they are there. */
  declare thumbnails: Thumbnails | null;
  /** Where the list is folded away, in narrow columns: true while it is shown. */
  declare open: boolean;
  declare private query: string;
  /** Papers that the reader unfolded or folded; the chosen preset's is unfolded by itself. */
  declare private unfolded: ReadonlyMap<string, boolean>;

  constructor() {
    super();
    this.presets = [];
    this.chosen = '';
    this.thumbnails = null;
    this.open = false;
    this.query = '';
    this.unfolded = new Map();
  }

  protected override updated(changed: PropertyValues): void {
    const { thumbnails } = this;
    if (thumbnails !== null) {
      for (const canvas of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas[data-picture]')) {
        const { picture = '' } = canvas.dataset;
        if (canvas.dataset.painted === picture || thumbnails[picture] === undefined) continue;
        paintThumbnail(canvas, thumbnails[picture]);
        canvas.dataset.painted = picture;
      }
    }
    if (changed.has('chosen') || changed.has('presets')) this.#reveal();
  }

  /** Puts the cursor into the search field. */
  find(): void {
    this.open = true;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLInputElement>('[data-find]')?.focus());
  }

  /** Brings the chosen preset into the list's own window; the page stays where it is. */
  #reveal(): void {
    const list = this.renderRoot.querySelector('nav');
    const chosen = this.renderRoot.querySelector<HTMLElement>('[aria-current]');
    if (list === null || chosen === null) return;
    const [outer, inner] = [list.getBoundingClientRect(), chosen.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      list.scrollTop += inner.top - outer.top - Math.max(0, outer.height - inner.height) / 2;
    }
  }

  #choose(id: string): void {
    this.open = false;
    this.dispatchEvent(new CustomEvent('gallery-choice', { detail: { id } }) satisfies GalleryChoice);
  }

  readonly #search = (event: Event): void => {
    this.query = (event.target as HTMLInputElement).value;
  };

  /** Enter takes the first that is left. */
  readonly #onSearchKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || this.query === '') return;
    const [first] = matching(this.presets, this.query);
    if (first !== undefined) this.#choose(first.id);
  };

  #fold(paper: string, event: Event): void {
    const { open } = event.currentTarget as HTMLDetailsElement;
    if (this.query === '' && open !== this.#isUnfolded(paper)) this.unfolded = new Map([...this.unfolded, [paper, open]]);
  }

  #isUnfolded(paper: string): boolean {
    const own = this.presets.find(({ id }) => id === this.chosen)?.paper === paper;
    return this.query !== '' || (this.unfolded.get(paper) ?? own);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.open) return;
    this.open = false;
    this.renderRoot.querySelector<HTMLElement>('.toggle')?.focus();
  };

  readonly #toggle = (): void => {
    this.open = !this.open;
  };

  protected override render(): TemplateResult {
    const found = matching(this.presets, this.query);
    const title = this.presets.find(({ id }) => id === this.chosen)?.title ?? '';
    return html`
      <button class="plain toggle" aria-expanded=${this.open ? 'true' : 'false'} aria-controls="list" data-figures
        @click=${this.#toggle}>${this.open ? 'Close the list' : `All ${this.presets.length} figures`}</button>
      <div id="list" class="list" @keydown=${this.#onKey}>
        <label class="find"><span class="unseen">Find a figure</span>
          <input type="search" placeholder="Find a figure" .value=${this.query} data-find autocomplete="off" @input=${this.#search} @keydown=${this.#onSearchKey}></label>
        <p class="unseen" role="status">${this.query === '' ? '' : `${found.length} of ${this.presets.length} figures`}</p>
        <nav aria-label="Figures" tabindex="-1">${[...byPaper(found)].map(([paper, members]) => this.#paper(paper, members))}
          ${found.length === 0 ? html`<p class="none">No figure has “${this.query}” in its title, claim or paper. <button class="plain" @click=${() => (this.query = '')}>Show all</button></p>` : nothing}
        </nav>
        <p class="unseen">Shown now: ${title}</p>
      </div>
    `;
  }

  #paper(paper: string, members: readonly Preset[]): TemplateResult {
    return html`<details ?open=${this.#isUnfolded(paper)} @toggle=${(event: Event) => this.#fold(paper, event)}>
      <summary><h2>${paper}</h2> <span class="count"><span class="unseen">, </span>${members.length}<span class="unseen"> figures</span></span></summary>
      <ul>${members.map((preset) => this.#preset(preset))}</ul>
    </details>`;
  }

  #preset({ id, title }: Preset): TemplateResult {
    return html`<li><button aria-current=${id === this.chosen ? 'true' : nothing} data-preset=${id} @click=${() => this.#choose(id)}
      ><canvas width="24" height="16" data-picture=${id} aria-hidden="true"></canvas><span>${title}</span></button></li>`;
  }
}
