// <phase-curves>: observables of one cell over training time, every seed thin and their mean bold; beside a theory the simulation is
// dots and the theory lines. uPlot is loaded on demand.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import type { Film } from '../core/film.ts';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import { sideOf } from './colour-scale.ts';
import { type Curves, curvesOf, onTimes, theoryCurvesOf } from './curve-data.ts';
import {
  type Column,
  dotSeries,
  drawTime,
  inkOf,
  lineSeries,
  loadPlots,
  type PlotInk,
  plotOptions,
  rangeOf,
} from './curve-plot.ts';
import type { ObservableView } from './diagram-view.ts';
import { spokenNumber } from './numbers.ts';
import { symbolHtml } from './symbols.ts';
import { theme } from './theme.ts';

type Plot = { readonly uplot: uPlot; readonly observable: ObservableView };

export class PhaseCurves extends LitElement {
  static override properties = {
    film: { attribute: false },
    cell: { type: Number },
    observables: { attribute: false },
    frame: { type: Number },
    version: { type: Number },
    threshold: { type: Number },
    detail: { attribute: false },
    failed: { state: true },
  };
  declare film: Film | null;
  /** Index of the cell in the sweep; −1 for none. */
  declare cell: number;
  /** One plot each. */
  declare observables: readonly ObservableView[];
  /** Frame marked by a line. */
  declare frame: number;
  /** Change it when the film has grown. */
  declare version: number;
  /** Boundary of the first observable that has one; undefined takes its own. */
  declare threshold: number | undefined;
  /** What a theory says about this cell; null without one. */
  declare detail: TheoryDetail | null;
  declare private failed: boolean;

  #plots: Plot[] = [];
  #library: Promise<typeof uPlot> | null = null;
  #observer: ResizeObserver | null = null;
  #dark: MediaQueryList | null = null;
  #building = 0;

  constructor() {
    super();
    this.film = null;
    this.cell = -1;
    this.observables = [];
    this.frame = 0;
    this.version = 0;
    this.threshold = undefined;
    this.detail = null;
    this.failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => {
      for (const { uplot } of this.#plots) {
        const host = uplot.root.parentElement;
        if (host !== null && host.clientWidth > 0 && host.clientWidth !== uplot.width)
          uplot.setSize({ width: host.clientWidth, height: host.clientHeight });
      }
    });
    this.#observer.observe(this);
    this.#dark = matchMedia('(prefers-color-scheme: dark)');
    this.#dark.addEventListener('change', this.rebuild);
    if (this.hasUpdated) this.rebuild();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#dark?.removeEventListener('change', this.rebuild);
    this.#clear();
  }

  #clear(): void {
    this.#building++;
    for (const { uplot } of this.#plots) uplot.destroy();
    this.#plots = [];
  }

  /** Makes the plots anew; for hosts that change colours by hand. */
  readonly rebuild = (): void => {
    void this.#build();
  };

  protected override updated(changed: PropertyValues): void {
    const compared = this.observables.map(({ id }) => this.detail?.curves[id] !== undefined);
    const shape = `${this.film?.seeds}:${this.observables.map(({ id }) => id).join()}:${this.cell < 0}:${compared.join()}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.rebuild();
    } else if (changed.has('cell') || changed.has('version') || changed.has('film') || changed.has('detail')) this.#fill();
    else if (changed.has('threshold')) this.#fill();
    else if (changed.has('frame')) for (const { uplot } of this.#plots) uplot.redraw(false, false);
  }

  #shape = '';

  async #build(): Promise<void> {
    this.#clear();
    const building = this.#building;
    if (this.film === null || this.cell < 0) return;
    try {
      this.#library ??= loadPlots(this.shadowRoot);
      const library = await this.#library;
      await this.updateComplete;
      if (building !== this.#building || this.film === null) return;
      this.observables.forEach((observable, i) => {
        const host = this.renderRoot.querySelectorAll<HTMLElement>('.plot')[i];
        if (host === undefined) return;
        const uplot = new library(this.#options(observable, host), [[], []], host);
        this.#plots.push({ uplot, observable });
      });
      this.#fill();
    } catch {
      this.failed = true;
    }
  }

  #options(observable: ObservableView, host: HTMLElement): uPlot.Options {
    const ink = inkOf(this, host);
    return plotOptions(host, ink, observable.scale === 'log', this.#series(observable, ink), {
      span: () => this.#span(),
      range: (u) => this.#rangeOf(u, observable),
      draw: (u) => this.#marks(u, observable, ink),
      ...(observable.classes === undefined ? {} : { names: observable.classes.map(({ label }) => label) }),
    });
  }

  /** Simulated columns, seeds and their mean; after them the theory's, where there is one. */
  #columns(observable: ObservableView): { readonly simulated: Curves; readonly theory: Curves | null } {
    const left = this.detail?.exceptions.map((exception) => exception !== null) ?? [];
    const simulated = curvesOf(this.film as Film, this.cell, observable, left);
    return { simulated, theory: this.detail === null ? null : theoryCurvesOf(this.detail, observable) };
  }

  #series(observable: ObservableView, { ink, muted }: PlotInk): uPlot.Series[] {
    const { simulated, theory } = this.#columns(observable);
    const coloured = (u: uPlot) => this.#strokeOf(u, observable, simulated.seeds.length + 1) ?? ink;
    if (theory === null) return [...simulated.seeds.map(() => lineSeries(muted, 0.75, 0.6)), lineSeries(coloured, 2.5)];
    return [
      ...simulated.seeds.map(() => dotSeries(muted, 3.5, 0.8)),
      dotSeries(coloured, 6),
      ...theory.seeds.map(() => lineSeries(muted, 0.75, 0.55)),
      lineSeries(ink, 1.4),
    ];
  }

  #span(): [number, number] {
    const times = this.film?.times ?? [];
    return times.length > 2 ? [times[1], times[times.length - 1]] : [0.1, 10];
  }

  /** Holds what was simulated: a loss that the theory sends to zero would leave no room for it. */
  #rangeOf(u: uPlot, observable: ObservableView): [number, number] {
    if (observable.scale === 'class') return [-0.5, Math.max(1, observable.classes?.length ?? 1) - 0.5];
    const log = observable.scale === 'log';
    const boundary = this.#boundary(observable);
    const count =
      this.film === null || this.film.network[observable.id] === undefined || this.film.seeds === 1 ? 0 : this.film.seeds;
    const values = u.data.slice(1, count + 2).flatMap((column) => [...column]) as (number | null)[];
    return rangeOf(boundary === undefined || !log ? values : [...values, boundary], log);
  }

  #boundary(observable: ObservableView): number | undefined {
    return observable.role === 'order' ? (this.threshold ?? observable.threshold) : undefined;
  }

  #strokeOf(u: uPlot, observable: ObservableView, column: number): string | null {
    const last = [...(u.data[column] ?? [])].reverse().find((value) => value != null);
    const side = last == null ? null : sideOf(observable, last, this.threshold);
    const mark = side === null ? null : this.renderRoot.querySelector(`.key .${side}`);
    return mark === null ? null : getComputedStyle(mark).color;
  }

  /** The frame shown and the boundary, as lines. */
  #marks(u: uPlot, observable: ObservableView, { ink, muted }: PlotInk): void {
    const { ctx: context, bbox } = u;
    drawTime(u, this.film?.times[this.frame] ?? 0, ink);
    const boundary = this.#boundary(observable);
    if (boundary === undefined) return;
    const y = Math.round(u.valToPos(boundary, 'y', true));
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    context.save();
    context.lineWidth = devicePixelRatio;
    context.strokeStyle = muted;
    context.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
    context.beginPath();
    context.moveTo(bbox.left, y);
    context.lineTo(bbox.left + bbox.width, y);
    context.stroke();
    context.restore();
  }

  #fill(): void {
    const { film } = this;
    if (film === null || this.cell < 0 || this.cell >= film.cells) return;
    for (const { uplot, observable } of this.#plots) {
      const { simulated, theory } = this.#columns(observable);
      const own: Column[] = [...simulated.seeds, simulated.mean];
      const times = theory === null ? simulated.times : theory.times;
      const columns =
        theory === null ? own : [...own.map((column) => onTimes(column, simulated.times, times)), ...theory.seeds, theory.mean];
      if (uplot.series.length === columns.length + 1) uplot.setData([times, ...columns]);
    }
  }

  #words(observable: ObservableView): string {
    if (this.film === null || this.cell < 0 || this.cell >= this.film.cells) return '';
    const { mean, times } = curvesOf(this.film, this.cell, observable);
    const known = mean
      .map((value, i) => ({ value, time: times[i] }))
      .filter((point): point is { value: number; time: number } => point.value !== null);
    if (known.length === 0) return `${observable.label} over training time: nothing known yet`;
    const [first, last] = [known[0], known[known.length - 1]];
    return `${observable.label} over training time: from ${spokenNumber(first.value)} at time ${spokenNumber(first.time)} to ${spokenNumber(last.value)} at time ${spokenNumber(last.time)}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.film === null || this.cell < 0) return nothing;
    if (this.failed) return html`<p>The curves could not be loaded; the diagram and the numbers are not affected.</p>`;
    return html`<div class="key" hidden><i class="lazy"></i><i class="rich"></i></div>
      ${this.observables.map(
        (observable) => html`<figure part="curve" role="img" aria-label=${this.#words(observable)}>
          <figcaption>${observable.label} ${symbolHtml(observable.symbol)}</figcaption>
          <div class="plot"></div>
        </figure>`,
      )}
      <p class="axis" aria-hidden="true">training time <span class="symbol">t</span> →</p>`;
  }

  static override styles = [
    theme,
    css`
      figure {
        margin: 0 0 0.75rem;
      }
      .plot {
        height: var(--phase-curves-height, 9.5rem);
        color: var(--_muted);
        border: 0 solid var(--_hairline);
        overflow: hidden;
      }
      .axis {
        margin: -0.5rem 0 0;
        color: var(--_muted);
        text-align: right;
      }
    `,
  ];
}
