// <phase-explore>: what a reader does with a diagram besides reading it: zooms into a rectangle, goes back, chooses colours
// and seeds, and is told how certain the boundary is. Stands beside a <phase-heatmap>, over which it draws its rectangle.
// Loaded when a figure runs.

import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { PAGE_CAPS } from '../core/caps.ts';
import { reasonOf } from '../core/errors.ts';
import { type SeedChoice, viewOfSweep } from '../core/view-state.ts';
import { BandKeeper } from './band-keeper.ts';
import { Brush } from './brush.ts';
import { mapOf, mapsFor } from './colour-maps.ts';
import { controls } from './controls.ts';
import { placeOf } from './diagram-place.ts';
import { exploreStyles } from './explore-styles.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { seedWords } from './inspection-words.ts';
import { formatNumber } from './numbers.ts';
import type { PhaseHeatmap } from './phase-heatmap.ts';
import { type Pointed, PointedListener } from './pointed.ts';
import { type AxisScale, scaleOf } from './scale.ts';
import { fittingSeeds } from './seed-view.ts';
import { theme } from './theme.ts';
import { type Area, boundaryArea, isWhole, WHOLE, type Zoom, zoomOf, zoomWords } from './zoom.ts';

const ONE_ROW: AxisScale = scaleOf({ parameter: '', scale: 'list', values: [''] });

export class PhaseExplore extends LitElement {
  static override styles = [theme, controls, exploreStyles];
  static override properties = {
    figure: { attribute: false },
    selecting: { state: true },
    area: { state: true },
    fault: { state: true },
  };
  declare figure: Figure | null;
  /** True while a finger draws rectangles at once. */
  declare private selecting: boolean;
  declare private area: Area | null;
  /** Why a zoom could not be run. */
  declare private fault: string;
  #brush: Brush | null = null;
  #heatmap: PhaseHeatmap | null = null;
  #here = false;
  readonly #band = new BandKeeper();

  constructor() {
    super();
    this.figure = null;
    this.selecting = false;
    this.area = null;
    this.fault = '';
    new FigureListener(this, (change) => {
      if (change.kind === 'view') this.fault = '';
    });
    new PointedListener(this);
  }

  get pointed(): Pointed | null {
    return this.figure?.pointed ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    this.#brush?.dispose();
    this.#brush = null;
    this.#heatmap = null;
    this.#band.dispose();
  }

  /** The diagram that this element stands beside. */
  #attach(): void {
    const heatmap = this.parentElement?.querySelector<PhaseHeatmap>('phase-heatmap') ?? null;
    if (heatmap === this.#heatmap || heatmap === null || !heatmap.hasUpdated) return;
    this.#brush?.dispose();
    this.#heatmap = heatmap;
    this.#brush = new Brush(heatmap, {
      changed: (area) => {
        this.area = area;
        if (area !== null) this.fault = '';
      },
      chosen: (area) => {
        this.selecting = false;
        this.#zoom(area);
      },
      pointed: (place) => {
        this.#here = place >= 0;
        this.figure?.pointed.point(heatmap.view?.cells[place] ?? -1, heatmap.view?.frames?.[place]);
      },
    });
  }

  protected override updated(): void {
    this.#attach();
    if (this.#brush !== null) this.#brush.ready = this.selecting;
    if (this.figure !== null) this.#band.follow(this.figure);
    this.#place();
  }

  /** Lays the marks over the cells; by the object model, since strict pages forbid style attributes. */
  #place(): void {
    const layer = this.renderRoot.querySelector('svg');
    const grid = this.#heatmap?.renderRoot.querySelector('.grid')?.getBoundingClientRect();
    const stage = this.parentElement?.getBoundingClientRect();
    if (layer === null || grid === undefined || stage === undefined) return;
    layer.style.left = `${grid.left - stage.left}px`;
    layer.style.top = `${grid.top - stage.top}px`;
    layer.style.width = `${grid.width}px`;
    layer.style.height = `${grid.height}px`;
  }

  #scales(figure: Figure): [AxisScale, AxisScale] {
    const { slice, axisView } = figure;
    const [x, y] = [slice === null ? null : axisView(slice.x), slice?.y == null ? null : axisView(slice.y)];
    return [x === null ? ONE_ROW : scaleOf(x.axis), y === null ? ONE_ROW : scaleOf(y.axis)];
  }

  #zoomOf(area: Area, finer = 1): Zoom | null {
    const { figure } = this;
    if (figure === null || figure.sweep === null || figure.slice === null || figure.json === null) return null;
    return zoomOf(figure.json, figure.sweep, figure.slice, figure.axisView, figure.parameters, area, PAGE_CAPS, finer);
  }

  /** Runs the finer sweep of an area. What is wrong with it is said, and nothing is lost. */
  #zoom(area: Area, finer = 1): void {
    const { figure } = this;
    const zoom = this.#zoomOf(area, finer);
    if (figure === null) return;
    if (zoom === null) {
      this.fault = 'There is nothing finer here: the axes have all the values that they can.';
      return;
    }
    try {
      figure.science.parseSweep(zoom.json);
      const { at } = figure.state;
      figure.restore({ ...viewOfSweep(figure.state, zoom.json), at });
    } catch (cause) {
      this.fault = reasonOf(cause);
    }
  }

  /** The box around the boundary; null where none is drawn. */
  #boundary(figure: Figure): Area | null {
    const { picture, colours, threshold } = figure.shown;
    if (picture === null || colours === null || threshold === undefined) return null;
    const view = picture.cache.view(figure.frame);
    const [x, y] = this.#scales(figure);
    if (view.columns !== x.values.length || view.rows !== y.values.length) return null;
    return boundaryArea({ ...view, values: view.values.map(colours.position) }, colours.position(threshold), x, y);
  }

  readonly #refine = (): void => {
    const area = this.figure === null ? null : this.#boundary(this.figure);
    if (area === null) this.fault = 'There is no boundary in this picture.';
    else if (isWhole(area)) this.#zoom({ x: WHOLE, y: WHOLE }, 2);
    else this.#zoom(area);
  };

  /** Ctrl+Z and Ctrl+Shift+Z, where the reader is in this figure or nowhere. */
  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'z' || !(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const path = event.composedPath();
    const [target] = path;
    if (target instanceof HTMLElement && target.matches('input:not([type="range"], [type="checkbox"], [type="radio"]), textarea'))
      return;
    const hostOf = (node: Node): Element => {
      const root = node.getRootNode();
      return root instanceof ShadowRoot ? root.host : (node as Element);
    };
    const page = hostOf(hostOf(this));
    if (!path.includes(page) && !(target === document.body && page.matches('[gallery]'))) return;
    event.preventDefault();
    if (event.shiftKey) this.figure?.redo();
    else this.figure?.undo();
  };

  protected override render(): TemplateResult | typeof nothing {
    const { figure } = this;
    if (figure === null || figure.sweep === null) return nothing;
    return html`<svg class="layer" part="selection" aria-hidden="true">${this.#marks(figure)}</svg>
      <p class="will" role="status">${this.#words(figure)}</p>
      <div class="tools" role="group" aria-label="Explore">${this.#steps(figure)} ${this.#looks(figure)}</div>`;
  }

  #words(figure: Figure): string {
    const zoom = this.area === null ? null : this.#zoomOf(this.area);
    if (zoom !== null)
      return `Trains ${zoomWords(zoom, figure.axisView, figure.sweep?.seeds ?? 1, formatNumber)}. Escape leaves it.`;
    if (this.area !== null) return 'Nothing finer can be trained here.';
    if (this.fault !== '') return this.fault;
    return this.selecting ? 'Draw a rectangle on the diagram.' : '';
  }

  #marks(figure: Figure): unknown {
    const { area } = this;
    if (area !== null) {
      const rect = (name: string) => svg`<rect class=${name} x="${100 * area.x.low}%" y="${100 * (1 - area.y.high)}%"
        width="${100 * (area.x.high - area.x.low)}%" height="${100 * (area.y.high - area.y.low)}%" />`;
      return [rect('halo'), rect('area')];
    }
    const { cell, frame } = figure.pointed;
    const view = this.#heatmap?.view;
    if (this.#here || cell < 0 || view == null) return nothing;
    const [x, y] = this.#scales(figure);
    const place = frame < 0 ? view.cells.lastIndexOf(cell) : placeOf(view, cell, frame);
    if (place < 0 || x.values.length !== view.columns || y.values.length !== view.rows) return nothing;
    const [c, r] = [place % view.columns, Math.floor(place / view.columns)];
    return svg`<rect class="pointed" x="${100 * x.edges[c]}%" y="${100 * (1 - y.edges[r + 1])}%"
      width="${100 * (x.edges[c + 1] - x.edges[c])}%" height="${100 * (y.edges[r + 1] - y.edges[r])}%" />`;
  }

  #steps(figure: Figure): TemplateResult {
    const boundary = figure.film !== null && figure.shown.threshold !== undefined;
    return html`<span class="group">
      <button class="plain" data-undo ?disabled=${!figure.canUndo} aria-keyshortcuts="Control+Z" title="Undo (Ctrl+Z)" @click=${() => figure.undo()}>Undo</button>
      <button class="plain" data-redo ?disabled=${!figure.canRedo} aria-keyshortcuts="Control+Shift+Z" title="Redo (Ctrl+Shift+Z)" @click=${() => figure.redo()}>Redo</button>
      <button class="plain select" data-select aria-pressed=${this.selecting ? 'true' : 'false'} title="Or drag on the diagram; with the keyboard Shift and arrows, then Enter"
        @click=${() => {
          this.selecting = !this.selecting;
        }}>Zoom</button>
      ${boundary ? html`<button class="plain" data-refine title="A finer sweep around the boundary" @click=${this.#refine}>Zoom to boundary</button>` : nothing}
    </span>`;
  }

  #looks(figure: Figure): TemplateResult {
    const { observable, threshold } = figure.shown;
    const { film, state } = figure;
    const maps = observable === null ? [] : mapsFor(observable);
    const chosen = observable === null ? null : mapOf(observable, state.colours);
    const seeds: SeedChoice =
      film === null || figure.observable === null ? 'mean' : fittingSeeds(film, figure.observable, state.seeds);
    const many =
      film !== null && film.seeds > 1 && figure.observable !== null && film.network[figure.observable.id] !== undefined;
    const band = threshold !== undefined && film !== null && film.seeds > 2 && state.difference === null && seeds === 'mean';
    const pickColours = (event: Event) => figure.change({ colours: (event.target as HTMLSelectElement).value });
    const pickSeeds = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      figure.change({ seeds: value === 'mean' || value === 'spread' ? value : Number(value) });
    };
    const pickBand = (event: Event) => figure.change({ band: (event.target as HTMLInputElement).checked });
    return html`<span class="group">
      ${
        maps.length < 2
          ? nothing
          : html`<label>colours <select data-colours aria-label="colours" @change=${pickColours}>${maps.map(
              ({ id, label }) => html`<option value=${id} ?selected=${id === chosen?.id}>${label}</option>`,
            )}</select></label>`
      }
      ${
        many
          ? html`<label>seeds <select data-seeds aria-label="seeds" @change=${pickSeeds}>
              <option value="mean" ?selected=${seeds === 'mean'}>mean of ${film.seeds}</option>
              <option value="spread" ?selected=${seeds === 'spread'}>spread</option>
              ${Array.from({ length: film.seeds }, (_, i) => html`<option value=${i} ?selected=${seeds === i}>${seedWords(figure, i)} alone</option>`)}
            </select></label>`
          : nothing
      }
      ${band ? html`<label title=${this.#certainty(figure)}><input type="checkbox" data-band .checked=${state.band !== false} @change=${pickBand}> uncertainty</label>` : nothing}
    </span>`;
  }

  #certainty(figure: Figure): string {
    return figure.laid?.words ?? 'Where the boundary would lie for other seeds, 95 % of the time';
  }
}
