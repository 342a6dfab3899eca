// <phase-curves>: observables of one cell over training time, every seed thin and their mean bold. uPlot is loaded on demand.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import type { Film } from '../core/film.ts';
import { sideOf } from './colour-scale.ts';
import { type ObservableView, seedValues } from './diagram-view.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import { theme } from './theme.ts';

type Plot = { readonly uplot: uPlot; readonly observable: ObservableView };
type Column = (number | null)[];

/** Curves of one cell: times after 0, mean over seeds, then each seed. Numbers that the scale cannot show are null. */
export function curvesOf(
  film: Film,
  cell: number,
  observable: Pick<ObservableView, 'id' | 'scale'>,
): { times: number[]; mean: Column; seeds: Column[] } {
  const log = observable.scale === 'log';
  const shown = (value: number) => Number.isFinite(value) && (!log || value > 0);
  const times: number[] = [];
  const mean: Column = [];
  const seeds: Column[] = [];
  for (let frame = 1; frame < film.times.length; frame++) {
    const values = seedValues(film, frame, cell, observable.id);
    times.push(film.times[frame]);
    const good = values.filter(shown).map((value) => (log ? Math.log(value) : value));
    const average = good.reduce((sum, value) => sum + value, 0) / good.length;
    mean.push(good.length === 0 ? null : log ? Math.exp(average) : average);
    values.forEach((value, s) => {
      seeds[s] ??= [];
      seeds[s].push(shown(value) ? value : null);
    });
  }
  return { times, mean, seeds: seeds.length > 1 ? seeds : [] };
}

/** Ends of an axis that holds all values, whole decades on a logarithmic one. */
export function rangeOf(values: readonly (number | null)[], log: boolean): [number, number] {
  const known = values.filter((value): value is number => value !== null);
  if (known.length === 0) return log ? [0.1, 10] : [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (log) {
    const [bottom, top] = [Math.floor(Math.log10(low) + 1e-9), Math.ceil(Math.log10(high) - 1e-9)];
    return [10 ** bottom, 10 ** Math.max(top, bottom + 1)];
  }
  const pad = (high - low || Math.abs(high) || 1) * 0.08;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

export class PhaseCurves extends LitElement {
  static override properties = {
    film: { attribute: false },
    cell: { type: Number },
    observables: { attribute: false },
    frame: { type: Number },
    version: { type: Number },
    threshold: { type: Number },
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

  async #load(): Promise<typeof uPlot> {
    const [{ default: library }, { default: looks }] = await Promise.all([
      import('uplot'),
      import('uplot/dist/uPlot.min.css?inline'),
    ]);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(looks);
    this.shadowRoot?.adoptedStyleSheets.unshift(sheet);
    return library;
  }

  protected override updated(changed: PropertyValues): void {
    const shape = `${this.film?.seeds}:${this.observables.map(({ id }) => id).join()}:${this.cell < 0}`;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.rebuild();
    } else if (changed.has('cell') || changed.has('version') || changed.has('film') || changed.has('threshold')) this.#fill();
    else if (changed.has('frame')) for (const { uplot } of this.#plots) uplot.redraw(false, false);
  }

  #shape = '';

  async #build(): Promise<void> {
    this.#clear();
    const building = this.#building;
    if (this.film === null || this.cell < 0) return;
    try {
      this.#library ??= this.#load();
      const library = await this.#library;
      await this.updateComplete;
      if (building !== this.#building || this.film === null) return;
      this.observables.forEach((observable, i) => {
        const host = this.renderRoot.querySelectorAll<HTMLElement>('.plot')[i];
        if (host === undefined) return;
        const { seeds } = curvesOf(this.film as Film, this.cell, observable);
        const uplot = new library(this.#options(observable, seeds.length, host), [[], []], host);
        this.#plots.push({ uplot, observable });
      });
      this.#fill();
    } catch {
      this.failed = true;
    }
  }

  #options(observable: ObservableView, seeds: number, host: HTMLElement): uPlot.Options {
    const style = getComputedStyle(this);
    const ink = style.color;
    const marks = getComputedStyle(host);
    const [muted, hairline] = [marks.color, marks.borderTopColor];
    const font = `12px ${style.fontFamily}`;
    const log = observable.scale === 'log';
    const axis = { stroke: muted, font, ticks: { stroke: hairline, width: 1, size: 4 }, grid: { show: false } };
    const words = (_: uPlot, splits: readonly (number | null)[]) =>
      splits.map((value) => (value === null ? '' : formatNumber(value, 2)));
    const thin = Array.from({ length: seeds }, () => ({
      stroke: muted,
      width: 0.75,
      alpha: 0.6,
      points: { show: false },
      spanGaps: false,
    }));
    return {
      width: Math.max(120, host.clientWidth),
      height: Math.max(80, host.clientHeight),
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 14, 0, 0],
      scales: {
        x: { distr: 3, time: false, range: () => this.#span() },
        y: { distr: log ? 3 : 1, range: (u) => this.#rangeOf(u, log, observable) },
      },
      axes: [
        { ...axis, size: 26, values: words, space: 44 },
        { ...axis, size: 52, values: words, space: log ? 22 : 30 },
      ],
      series: [{}, ...thin, { stroke: (u) => this.#strokeOf(u, observable) ?? ink, width: 2.5, points: { show: false } }],
      hooks: { draw: [(u) => this.#marks(u, observable, ink, muted)] },
    };
  }

  #span(): [number, number] {
    const times = this.film?.times ?? [];
    return times.length > 2 ? [times[1], times[times.length - 1]] : [0.1, 10];
  }

  #rangeOf(u: uPlot, log: boolean, observable: ObservableView): [number, number] {
    const boundary = observable.role === 'order' ? (this.threshold ?? observable.threshold) : undefined;
    const values = u.data.slice(1).flatMap((column) => [...column]) as (number | null)[];
    return rangeOf(boundary === undefined || !log ? values : [...values, boundary], log);
  }

  #strokeOf(u: uPlot, observable: ObservableView): string | null {
    const mean = u.data[u.data.length - 1];
    const last = [...(mean ?? [])].reverse().find((value) => value != null);
    const side = last == null ? null : sideOf(observable, last, this.threshold);
    const mark = side === null ? null : this.renderRoot.querySelector(`.key .${side}`);
    return mark === null ? null : getComputedStyle(mark).color;
  }

  /** The frame shown and the boundary, as lines. */
  #marks(u: uPlot, observable: ObservableView, ink: string, muted: string): void {
    const { ctx: context, bbox } = u;
    const time = this.film?.times[this.frame] ?? 0;
    context.save();
    context.lineWidth = devicePixelRatio;
    if (time > 0) {
      const x = Math.round(u.valToPos(time, 'x', true));
      context.strokeStyle = ink;
      context.globalAlpha = 0.5;
      context.beginPath();
      context.moveTo(x, bbox.top);
      context.lineTo(x, bbox.top + bbox.height);
      context.stroke();
    }
    const boundary = observable.role === 'order' ? (this.threshold ?? observable.threshold) : undefined;
    if (boundary !== undefined) {
      const y = Math.round(u.valToPos(boundary, 'y', true));
      if (y >= bbox.top && y <= bbox.top + bbox.height) {
        context.strokeStyle = muted;
        context.globalAlpha = 1;
        context.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
        context.beginPath();
        context.moveTo(bbox.left, y);
        context.lineTo(bbox.left + bbox.width, y);
        context.stroke();
      }
    }
    context.restore();
  }

  #fill(): void {
    const { film } = this;
    if (film === null || this.cell < 0 || this.cell >= film.cells) return;
    for (const { uplot, observable } of this.#plots) {
      const { times, mean, seeds } = curvesOf(film, this.cell, observable);
      if (uplot.series.length === seeds.length + 2) uplot.setData([times, ...seeds, mean]);
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
          <figcaption>${observable.label} <span class="symbol">${observable.symbol}</span></figcaption>
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
