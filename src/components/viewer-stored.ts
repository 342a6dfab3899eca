// What a viewer shows once its result is there: the template of the result. Loaded with the file.

import { html, nothing, type TemplateResult } from 'lit';
import { parseStored, type StoredResult } from '../core/stored-result.ts';
import { sweptValues } from '../core/sweep.ts';
import { bandOver } from './boundary-band.ts';
import { TIME } from './diagram-view.ts';
import { announce, type PhaseStateChange } from './events.ts';
import type { Overlay } from './heatmap-marks.ts';
import type { PhaseViewer } from './phase-viewer.ts';
import { scaleOf } from './scale.ts';
import { type StoredPicture, StoredPictures } from './stored-picture.ts';
import { loadStored } from './stored-results.ts';
import { classLegend } from './swatch.ts';
import { symbolText } from './symbols.ts';

export { showCurves, showDiagram } from './stored-source.ts';

const define = (tag: string, element: CustomElementConstructor): void => {
  if (customElements.get(tag) === undefined) customElements.define(tag, element);
};

export class ViewerContent {
  readonly #pictures: StoredPictures;
  readonly #host: PhaseViewer;
  #film = false;
  #laid: { readonly view: unknown; readonly threshold: unknown; readonly overlay: Overlay | null } | null = null;
  #curves = false;

  constructor(stored: StoredResult, host: PhaseViewer) {
    this.#pictures = new StoredPictures(stored);
    this.#host = host;
    requestAnimationFrame(() => void this.#loadLater());
  }

  /** After the first picture: what it can do without for a moment. */
  async #loadLater(): Promise<void> {
    if (this.#host.controls === 'none') return;
    define('phase-film', (await import('./phase-film.ts')).PhaseFilm);
    this.#film = true;
    this.#host.requestUpdate();
  }

  /** Where other seeds may put the boundary; made while the film rests, once per picture and threshold. */
  #overlay(picture: StoredPicture, threshold: number | undefined): Overlay | null {
    if (this.#host.playing) return null;
    const { view } = picture;
    if (this.#laid?.view !== view || this.#laid.threshold !== threshold) {
      this.#laid = { view, threshold, overlay: bandOver(this.#pictures.stored.film, picture, threshold) };
    }
    return this.#laid.overlay;
  }

  readonly #onState = (event: CustomEvent<PhaseStateChange>): void => {
    const { frame, threshold, playing } = event.detail;
    const host = this.#host;
    if (typeof frame === 'number') host.frame = frame;
    if (typeof threshold === 'number') host.threshold = threshold;
    if (playing !== undefined) host.playing = playing;
  };

  /** Its values are added to what the heatmap tells. */
  readonly #onCell = (event: CustomEvent<{ readonly cell: number }>): void => {
    const host = this.#host;
    event.stopPropagation();
    host.cell = event.detail.cell;
    announce(host, 'phase-cell-select', { cell: host.cell, values: sweptValues(this.#pictures.stored.film.sweep, host.cell) });
    if (host.controls !== 'none') void this.#openCurves();
  };

  async #openCurves(): Promise<void> {
    if (this.#curves) return;
    this.#curves = true;
    define('phase-curves', (await import('./phase-curves.ts')).PhaseCurves);
    this.#host.requestUpdate();
  }

  render(): TemplateResult {
    const host = this.#host;
    const { stored } = this.#pictures;
    const picture = this.#pictures.of(host);
    const { observable, x, y, extent, colours, view, frame } = picture;
    const threshold = host.threshold ?? observable.threshold;
    const choose = (event: Event) => {
      host.observable = (event.target as HTMLSelectElement).value;
      host.threshold = undefined;
      announce(host, 'phase-state-change', { observable: host.observable });
    };
    const name =
      host.controls === 'none' || stored.observables.length < 2
        ? html`<span>${observable.label} ${symbolText(observable.symbol)}</span>`
        : html`<select aria-label="Observable shown" data-observable @change=${choose}>${stored.observables.map(
            ({ id, label, symbol }) =>
              html`<option value=${id} ?selected=${id === observable.id}>${label}  ${symbolText(symbol)}</option>`,
          )}</select>`;
    return html`<div class="figure" @phase-state-change=${this.#onState} @phase-cell-select=${this.#onCell}>
      ${host.heading === 'none' || stored.title === '' ? nothing : html`<h2 part="heading">${stored.title}</h2>`}
      <phase-colour-bar part="legend" .colours=${colours} .observable=${observable} .threshold=${threshold}><span slot="name">${name}</span>${classLegend(colours)}</phase-colour-bar>
      <slot name="legend"></slot>
      <phase-heatmap part="heatmap" .view=${view} .x=${x} .y=${y} .observable=${observable} .extent=${extent} .threshold=${threshold}
        .selected=${host.cell} .frame=${frame} .overlay=${this.#overlay(picture, threshold)} label="Stored phase diagram of ${observable.label}"></phase-heatmap>
      ${this.#filmStrip(picture)} ${this.#cell(picture)}
      <slot name="controls"></slot><slot name="caption"></slot>
      <p part="status" class="status">${this.#words()}</p>
    </div>`;
  }

  #filmStrip({ colours, x, y, frame, last, slice, strip }: StoredPicture): TemplateResult | typeof nothing {
    if (!this.#film) return nothing;
    const rows = y === null || slice.y === TIME ? { parameter: '', scale: 'list' as const, values: [''] } : y.axis;
    return html`<phase-film part="film" .times=${this.#pictures.stored.film.times} .views=${strip} .colours=${colours} .x=${scaleOf(x.axis)}
      .y=${scaleOf(rows)} .frame=${frame} .last=${last} .playing=${this.#host.playing}></phase-film>`;
  }

  #cell({ observable, frame }: StoredPicture): TemplateResult | typeof nothing {
    const { film } = this.#pictures.stored;
    const { cell, threshold } = this.#host;
    if (!this.#curves || cell < 0 || cell >= film.cells) return nothing;
    const places = Object.entries(sweptValues(film.sweep, cell)).map(
      ([parameter, value]) => `${this.#pictures.stored.axes[parameter].label} ${value}`,
    );
    return html`<section part="cell" aria-label="The chosen cell"><p>${places.join(', ')}</p><phase-curves .film=${film} .cell=${cell}
      .observables=${[observable]} .frame=${frame} .threshold=${threshold}></phase-curves></section>`;
  }

  /** Where the numbers come from. */
  #words(): string {
    const { provenance, film } = this.#pictures.stored;
    const networks = (film.cells * film.seeds).toLocaleString('en');
    const day = /^\d{4}-\d{2}-\d{2}/.exec(provenance.created)?.[0];
    const by = [provenance.engine, provenance.adapter].filter((part) => part !== '').join(' · ');
    return `Stored result: ${networks} networks, ${by}${day === undefined ? '' : `, ${day}`}. Nothing is trained here.`;
  }
}

/** What `host` was given, read. Throws InputError. */
export async function contentOf(host: PhaseViewer, signal: AbortSignal): Promise<ViewerContent> {
  const stored = host.result === null ? await loadStored(host.src, signal) : parseStored(host.result);
  return new ViewerContent(stored, host);
}
