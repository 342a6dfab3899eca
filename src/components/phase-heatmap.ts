// <phase-heatmap>: a diagram on a 2-D canvas with axes, boundary, read-out and a cursor for pointer and keyboard.
// Shows what it is given: it runs nothing and reduces nothing.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ColourTable } from './colour.ts';
import { type ColourScale, colourScale } from './colour-scale.ts';
import { placeOf } from './diagram-place.ts';
import type { DiagramView, ObservableView } from './diagram-view.ts';
import { announce } from './events.ts';
import { boundaryMarks } from './heatmap-boundary.ts';
import { axesMark, type Overlay, outlineMark, type PlotBox, playheadMark } from './heatmap-marks.ts';
import { heatmapStyles } from './heatmap-styles.ts';
import { cursorAfter } from './keys.ts';
import { type PaintTheme, paintCells } from './paint.ts';
import { type AxisScale, type AxisView, indexAt, scaleOf } from './scale.ts';
import { cellReport, placeText, spokenCell, summaryOf } from './summary.ts';
import { theme } from './theme.ts';
import { axisTicks } from './ticks.ts';

const ONE_ROW: AxisScale = scaleOf({ parameter: '', scale: 'list', values: [''] });

export class PhaseHeatmap extends LitElement {
  static override styles = [theme, heatmapStyles];
  static override properties = {
    view: { attribute: false },
    x: { attribute: false },
    y: { attribute: false },
    observable: { attribute: false },
    extent: { attribute: false },
    table: { attribute: false },
    threshold: { type: Number },
    selected: { type: Number },
    frame: { type: Number },
    overlay: { attribute: false },
    label: {},
    src: {},
    fault: { state: true },
    cursor: { state: true },
    pointing: { state: true },
    size: { state: true },
  };
  /** Picture to show; null shows an empty frame. */
  declare view: DiagramView | null;
  declare x: AxisView | null;
  /** Null draws one row. */
  declare y: AxisView | null;
  declare observable: ObservableView | null;
  /** Smallest and largest value that the colours must tell apart, over the whole film. */
  declare extent: readonly [number, number] | null;
  /** Colours in place of the observable's own; null for those. */
  declare table: ColourTable | null;
  /** Boundary between lazy and rich; undefined takes the observable's own. */
  declare threshold: number | undefined;
  /** Index of the chosen cell in the sweep; −1 for none. */
  declare selected: number;
  /** Frame of the film that is shown; over training time its row is marked. −1 shows the last of `src`. */
  declare frame: number;
  /** Drawn over the cells, in words for those who do not see it; null for nothing. Lines of a theory: `theoryOverlay`. */
  declare overlay: Overlay | null;
  /** Accessible name. */
  declare label: string;
  /**
   * Address of a stored result, of this origin or one that allows others: shows its first observable at
   * `frame`, in place of `view`.
   */
  declare src: string;
  /** @internal */
  declare fault: string;
  declare private cursor: number;
  declare private pointing: boolean;
  declare private size: readonly [number, number];

  #observer: ResizeObserver | null = null;
  /** Place that was put into words last, and which template did it. */
  #said: readonly [number, boolean] = [-1, false];
  #frame = 0;
  #ready = false;
  /** What the still marks were made of, and they themselves. */
  #drawn: readonly unknown[] = [];
  #dark: MediaQueryList | null = null;

  constructor() {
    super();
    this.view = null;
    this.x = null;
    this.y = null;
    this.observable = null;
    this.extent = null;
    this.table = null;
    this.threshold = undefined;
    this.selected = -1;
    this.frame = -1;
    this.overlay = null;
    this.label = 'Phase diagram';
    this.src = this.fault = '';
    this.cursor = -1;
    this.pointing = false;
    this.size = [0, 0];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      if (width !== this.size[0] || height !== this.size[1]) this.size = [width, height];
    });
    this.#dark = matchMedia('(prefers-color-scheme: dark)');
    this.#dark.addEventListener('change', this.repaint);
    if (this.hasUpdated) this.#observe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#dark?.removeEventListener('change', this.repaint);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** Paints again at the next frame; for hosts that change colours by hand. */
  readonly repaint = (): void => {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#paint);
  };

  #observe(): void {
    const plot = this.renderRoot.querySelector('.plot');
    if (plot !== null) this.#observer?.observe(plot);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.src === '' || !(changed.has('src') || changed.has('frame'))) return;
    import('./viewer-stored.ts').then(
      ({ showDiagram }) => showDiagram(this),
      (cause) => {
        this.fault = String(cause);
      },
    );
  }

  protected override firstUpdated(): void {
    this.#observe();
  }

  protected override updated(changed: PropertyValues): void {
    for (const key of ['view', 'x', 'y', 'observable', 'extent', 'table', 'size']) if (changed.has(key)) this.repaint();
    this.#place();
  }

  /** Sizes by the object model, not by style attributes: strict content-security policies forbid those. */
  #place(): void {
    const box = this.#box();
    for (const layer of this.renderRoot.querySelectorAll<HTMLElement>('canvas, .grid')) {
      layer.style.left = `${box.left}px`;
      layer.style.top = `${box.top}px`;
      layer.style.width = `${box.width}px`;
      layer.style.height = `${box.height}px`;
    }
    const readout = this.renderRoot.querySelector<HTMLElement>('.readout');
    if (readout === null || this.view === null || this.cursor < 0) return;
    const [x, y] = this.#scales();
    const [c, r] = [this.cursor % this.view.columns, Math.floor(this.cursor / this.view.columns)];
    const centre = box.left + x.centres[c] * box.width;
    const above = box.top + (1 - y.edges[r + 1]) * box.height;
    const half = readout.offsetWidth / 2;
    const left = Math.min(this.size[0] - 2 * half, Math.max(0, centre - half));
    const top = above - readout.offsetHeight - 10;
    const below = box.top + (1 - y.edges[r]) * box.height + 10;
    readout.style.transform = `translate(${Math.round(left)}px, ${Math.round(top < -40 ? below : top)}px)`;
  }

  #box(): PlotBox {
    const [width, height] = this.size;
    const narrow = width < 480;
    const left = this.y === null ? 8 : narrow ? 34 : 48;
    const top = this.y === null ? 8 : 30;
    return { left, top, width: Math.max(0, width - left - (narrow ? 8 : 14)), height: Math.max(0, height - top - 50) };
  }

  #scales(): [AxisScale, AxisScale] {
    return [this.x === null ? ONE_ROW : scaleOf(this.x.axis), this.y === null ? ONE_ROW : scaleOf(this.y.axis)];
  }

  /** The boundary in use. */
  get boundary(): number | undefined {
    return this.threshold ?? this.observable?.threshold;
  }

  /** Colours in use. They stay centred on the observable's own threshold when the boundary is moved. */
  get colours(): ColourScale | null {
    return this.observable === null ? null : colourScale(this.observable, this.extent, this.table);
  }

  readonly #paint = (): void => {
    this.#frame = 0;
    const canvas = this.renderRoot.querySelector('canvas');
    const { view, colours } = this;
    const box = this.#box();
    if (canvas === null || view === null || colours === null || box.width <= 0 || box.height <= 0) return;
    const [x, y] = this.#scales();
    if (x.values.length !== view.columns || y.values.length !== view.rows) return;
    const unit = window.devicePixelRatio;
    const [width, height] = [Math.round(box.width * unit), Math.round(box.height * unit)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext('2d');
    if (context === null) return;
    const style = getComputedStyle(canvas);
    const colours4: PaintTheme = {
      paper: style.backgroundColor,
      wash: style.columnRuleColor,
      ink: style.color,
      hairline: style.borderTopColor,
    };
    paintCells(context, view, colours, x.edges, y.edges, unit, colours4);
    if (!this.#ready) {
      this.#ready = true;
      announce(this, 'phase-ready', {});
    }
  };

  #indexUnder(event: PointerEvent): number {
    const rect = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [x, y] = this.#scales();
    const column = indexAt(x.edges, (event.clientX - rect.left) / rect.width);
    const row = indexAt(y.edges, 1 - (event.clientY - rect.top) / rect.height);
    return row * x.values.length + column;
  }

  #onPointerMove(event: PointerEvent): void {
    this.pointing = true;
    this.cursor = this.#indexUnder(event);
  }

  #onPointerLeave(event: PointerEvent): void {
    if (event.pointerType !== 'touch') this.pointing = false;
  }

  #onClick(event: PointerEvent): void {
    this.cursor = this.#indexUnder(event);
    this.pointing = true;
    this.#select();
  }

  #select(): void {
    if (this.view === null || this.cursor < 0) return;
    this.selected = this.view.cells[this.cursor];
    announce(this, 'phase-cell-select', { cell: this.selected });
    const { frames } = this.view;
    if (frames !== undefined) announce(this, 'phase-state-change', { frame: frames[this.cursor] });
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (this.view === null) return;
    if (event.key === 'Enter' || event.key === ' ') this.#select();
    else if (event.key === 'Escape') this.pointing = false;
    else {
      const next = cursorAfter(event.key, event.ctrlKey || event.metaKey, this.place, this.view.columns, this.view.rows);
      if (next === null) return;
      this.cursor = next;
      this.pointing = true;
    }
    event.preventDefault();
  }

  #onFocus(): void {
    if (this.cursor < 0) this.cursor = this.place;
  }

  /** Place of the cursor, or of the chosen cell, or the middle. */
  get place(): number {
    if (this.view === null) return 0;
    if (this.cursor >= 0 && this.cursor < this.view.cells.length) return this.cursor;
    const chosen = placeOf(this.view, this.selected, this.frame);
    return chosen >= 0 ? chosen : (this.view.rows >> 1) * this.view.columns + (this.view.columns >> 1);
  }

  /** The diagram in one or two sentences. */
  get summary(): string {
    if (this.view === null || this.x === null || this.observable === null) return '';
    const said = summaryOf(this.view, this.observable, this.x, this.y, scaleOf(this.x.axis), this.boundary);
    return this.overlay === null ? said : `${said} ${this.overlay.words}`;
  }

  protected override render(): TemplateResult {
    const [width, height] = this.size;
    const waits = this.src !== '' && this.view === null;
    return html`
      ${waits ? html`<slot></slot><p role="status">${this.fault}</p>` : nothing}
      <div class="plot" part="plot" ?hidden=${waits}>
        <canvas part="canvas" aria-hidden="true"></canvas>
        <svg part="marks" viewBox="0 0 ${Math.max(1, width)} ${Math.max(1, height)}" aria-hidden="true">${this.#marks()}</svg>
        ${this.#grid()} ${this.#readout()}
      </div>
    `;
  }

  #marks(): unknown {
    const { view, observable } = this;
    const box = this.#box();
    if (this.x === null || box.width <= 0) return nothing;
    const [x, y] = this.#scales();
    const parts = [view, observable, this.extent, this.table, this.boundary, this.x, this.y, this.size, this.overlay];
    // What a pointer moves is only the cursor.
    const shown = view?.columns === x.values.length && view.rows === y.values.length ? view : null;
    if (parts.some((part, i) => part !== this.#drawn[i])) this.#drawn = [...parts, this.#still(this.x, shown, x, y, box)];
    return [this.#drawn.at(-1), shown === null ? nothing : this.#outlines(shown, x, y, box)];
  }

  /** Axes, boundary and what lies over the cells. */
  #still(across: AxisView, view: DiagramView | null, x: AxisScale, y: AxisScale, box: PlotBox): unknown[] {
    const { colours, observable } = this;
    const axes = axesMark(
      box,
      { view: across, ticks: axisTicks(x, Math.floor(box.width / 46)) },
      this.y === null ? null : { view: this.y, ticks: axisTicks(y, Math.floor(box.height / 26)) },
    );
    if (view === null || colours === null || observable === null) return [axes];
    return [axes, boundaryMarks(view, colours, observable, this.boundary, x, y, box), this.overlay?.marks(x, y, box) ?? nothing];
  }

  #outlines(view: DiagramView, x: AxisScale, y: AxisScale, box: PlotBox): unknown[] {
    const chosen = placeOf(view, this.selected, this.frame);
    const marks: unknown[] = [];
    if (view.frames !== undefined && this.frame > 0) marks.push(playheadMark(y.centres[this.frame - 1], box));
    if (chosen >= 0) marks.push(outlineMark('selected', chosen, view.columns, x, y, box));
    if (this.pointing && this.cursor >= 0 && this.cursor < view.cells.length) {
      marks.push(outlineMark('cursor', this.cursor, view.columns, x, y, box));
    }
    return marks;
  }

  #grid(): unknown {
    const { view, x, observable } = this;
    if (view === null || x === null || observable === null) return nothing;
    const at = this.place;
    const [column, row] = [at % view.columns, Math.floor(at / view.columns)];
    const words = spokenCell(view, at, observable, x, this.y, this.boundary);
    return html`<div
      class="grid" part="grid" role="grid" tabindex="0" data-grid
      aria-label="${this.label}. ${this.summary}"
      aria-rowcount=${view.rows} aria-colcount=${view.columns} aria-activedescendant="cell-${at}"
      @pointermove=${this.#onPointerMove} @pointerleave=${this.#onPointerLeave} @click=${this.#onClick}
      @keydown=${this.#onKeyDown} @focus=${this.#onFocus}
    ><div role="row" aria-rowindex=${view.rows - row}>${this.#cell(at, column, words)}</div></div>`;
  }

  /**
   * The cell under the cursor as an element of its own: two templates in turn, because only a new
   * element is sure to be announced.
   */
  #cell(at: number, column: number, words: string): TemplateResult {
    if (at !== this.#said[0]) this.#said = [at, !this.#said[1]];
    const selected = this.view !== null && at === placeOf(this.view, this.selected, this.frame) ? 'true' : 'false';
    return this.#said[1]
      ? html`<div class="unseen" role="gridcell" id="cell-${at}" aria-colindex=${column + 1} aria-selected=${selected}>${words}</div>`
      : html`<div id="cell-${at}" class="unseen" role="gridcell" aria-colindex=${column + 1} aria-selected=${selected}>${words}</div>`;
  }

  #readout(): unknown {
    const { view, x, observable } = this;
    if (
      !this.pointing ||
      view === null ||
      x === null ||
      observable === null ||
      this.cursor < 0 ||
      this.cursor >= view.cells.length
    )
      return nothing;
    const report = cellReport(view, this.cursor, observable, this.boundary);
    const [column, row] = [this.cursor % view.columns, Math.floor(this.cursor / view.columns)];
    return html`<div class="readout" part="readout" aria-hidden="true">
      <div class="where"><span class="symbol">${placeText(x, column)}</span>${
        this.y === null ? nothing : html`<span class="symbol">${placeText(this.y, row)}</span>`
      }</div>
      <div class="what"><strong>${report.value}</strong>${report.side === null ? nothing : html`<span class=${report.side}>${report.side}</span>`}</div>
      <div class="note">${[report.spread, report.count].filter((part) => part !== '').join(' · ')}</div>
      ${report.outcome === '' ? nothing : html`<div class="note">${report.outcome}</div>`}
    </div>`;
  }
}
