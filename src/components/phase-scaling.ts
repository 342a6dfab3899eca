// <phase-scaling>: how the boundary moves with width or another axis, with fitted exponent, interval and theory's exponent;
// and whether the curves of all widths fall onto one when their axis is scaled. uPlot is loaded on demand; numbers
// come from scaling-data.ts.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import { bestCollapse, collapseCost } from '../analysis/collapse.ts';
import { controls } from './controls.ts';
import { dotSeries, inkOf, lineSeries, loadPlots, type PlotInk, plotOptions, rangeOf } from './curve-plot.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import { cellOfRow, collapsedColumns, rowOfCell, type ScalingData, scalingData } from './scaling-data.ts';
import { scalingStyles } from './scaling-styles.ts';
import { symbolHtml } from './symbols.ts';
import { theme } from './theme.ts';

const REPLICATES = 200;
/** Ends of the slider. */
const RANGE = 2;

/** True where there is a boundary to draw. */
function drawn({ scaling }: ScalingData): boolean {
  return scaling?.points.some(({ at }) => Number.isFinite(at)) === true;
}

export class PhaseScaling extends LitElement {
  static override styles = [theme, controls, scalingStyles];
  static override properties = { figure: { attribute: false }, exponent: { state: true }, failed: { state: true } };
  declare figure: Figure | null;
  /** b in along · against^b; null takes the negative of the boundary's own. */
  declare private exponent: number | null;
  declare private failed: boolean;
  #data: ScalingData | string = '';
  #key = '';
  #plots: { boundary: uPlot | null; collapse: uPlot | null } = { boundary: null, collapse: null };
  #shape = '';
  #building = 0;
  #library: Promise<typeof uPlot> | null = null;
  #observer: ResizeObserver | null = null;
  #stop: (() => void) | null = null;

  constructor() {
    super();
    this.figure = null;
    this.exponent = null;
    this.failed = false;
    new FigureListener(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => {
      for (const plot of [this.#plots.boundary, this.#plots.collapse]) {
        const host = plot?.root.parentElement;
        if (plot !== null && host != null && host.clientWidth > 0 && host.clientWidth !== plot.width)
          plot.setSize({ width: host.clientWidth, height: host.clientHeight });
      }
    });
    this.#observer.observe(this);
    this.#shape = '';
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#stop?.();
    this.#stop = null;
    this.#clear();
  }

  #clear(): void {
    this.#building++;
    this.#plots.boundary?.destroy();
    this.#plots.collapse?.destroy();
    this.#plots = { boundary: null, collapse: null };
  }

  protected override willUpdate(): void {
    const { figure } = this;
    if (figure === null) return;
    const { slice, observable, frame, threshold, version, run, theory } = figure;
    const lines = theory?.theory?.id ?? '';
    const key = JSON.stringify([slice, observable?.id, frame, threshold, version, run.phase, lines]);
    if (key === this.#key) return;
    this.#key = key;
    // Intervals take tens of milliseconds: not while networks train.
    this.#data = scalingData(figure, run.phase === 'training' || run.phase === 'compiling' ? 0 : REPLICATES);
  }

  protected override updated(_: PropertyValues): void {
    this.#stop ??=
      this.figure?.pointed.subscribe(() => {
        this.#plots.boundary?.redraw(false, false);
        this.#plots.collapse?.redraw(false, false);
      }) ?? null;
    const data = this.#data;
    if (typeof data === 'string') {
      this.#shape = '';
      this.#clear();
      return;
    }
    const shape = [
      data.along,
      data.against,
      data.curves.against.length,
      data.curves.scale,
      drawn(data),
      data.theory === null,
    ].join();
    if (shape === this.#shape) this.#fill();
    else {
      this.#shape = shape;
      void this.#build();
    }
  }

  /** The exponent in use. */
  get #b(): number {
    if (this.exponent !== null) return this.exponent;
    const own = typeof this.#data === 'string' ? Number.NaN : (this.#data.scaling?.exponent ?? Number.NaN);
    return Number.isFinite(own) ? -Number(own.toFixed(2)) || 0 : 0;
  }

  async #build(): Promise<void> {
    this.#clear();
    const building = this.#building;
    try {
      this.#library ??= loadPlots(this.shadowRoot);
      const library = await this.#library;
      await this.updateComplete;
      const data = this.#data;
      if (building !== this.#building || typeof data === 'string') return;
      const hosts = [...this.renderRoot.querySelectorAll<HTMLElement>('.plot')];
      const collapse = hosts.pop();
      const [boundary] = hosts;
      if (collapse === undefined) return;
      if (boundary !== undefined) this.#plots.boundary = new library(this.#boundaryOptions(boundary, data), [[], []], boundary);
      this.#plots.collapse = new library(this.#collapseOptions(collapse, data), [[], []], collapse);
      this.#fill();
    } catch {
      this.failed = true;
    }
  }

  #boundaryOptions(host: HTMLElement, data: ScalingData): uPlot.Options {
    const ink = inkOf(this, host);
    const theory = { ...lineSeries(ink.muted, 1.25), dash: [6, 4] };
    return plotOptions(
      host,
      ink,
      true,
      [dotSeries(ink.ink, 6), lineSeries(ink.ink, 1.25), ...(data.theory === null ? [] : [theory])],
      {
        span: () => this.#span((data) => data.curves.against),
        range: () => {
          const now = this.#data;
          if (typeof now === 'string' || now.scaling === null) return [0.1, 10];
          const ends = now.scaling.points.flatMap(({ at, interval }) => [at, ...(interval ?? [])]).filter(Number.isFinite);
          const [low, high] = ends.length === 0 ? [0.1, 10] : [Math.min(...ends), Math.max(...ends)];
          // At least a factor of ten, so that an exponent of nought looks like one.
          const pad = Math.max(1.15, Math.sqrt(10 / (high / low)));
          return [low / pad, high * pad];
        },
        draw: (u) => this.#drawPoints(u, ink),
      },
    );
  }

  #collapseOptions(host: HTMLElement, data: ScalingData): uPlot.Options {
    const ink = inkOf(this, host);
    const { length } = data.curves.against;
    // Later curves are darker; gaps are other curves' points.
    const series = data.curves.against.map((_, row) => ({
      ...lineSeries(ink.ink, 1.5, length === 1 ? 1 : 0.25 + (0.75 * row) / (length - 1)),
      spanGaps: true,
    }));
    return plotOptions(host, ink, data.curves.scale === 'log', series, {
      span: (): [number, number] => {
        const now = this.#data;
        if (typeof now === 'string') return [0.1, 10];
        const { x } = collapsedColumns(now.curves, this.#b);
        return [x[0], x[x.length - 1]];
      },
      range: (u) => rangeOf(u.data.slice(1).flatMap((column) => [...column]) as (number | null)[], data.curves.scale === 'log'),
      draw: (u) => this.#drawCurve(u, ink),
    });
  }

  #span(pick: (data: ScalingData) => readonly number[]): [number, number] {
    const values = typeof this.#data === 'string' ? [] : pick(this.#data);
    return values.length < 2 ? [0.1, 10] : [values[0] / 1.15, values[values.length - 1] * 1.15];
  }

  #fill(): void {
    const data = this.#data;
    if (typeof data === 'string') return;
    const { boundary, collapse } = this.#plots;
    const { scaling, theory } = data;
    if (boundary !== null && scaling !== null) {
      const xs = scaling.points.map(({ against }) => against);
      const shown = (value: number) => (Number.isFinite(value) && value > 0 ? value : null);
      // Theory gives the slope; it passes through the middle of the points.
      const middle = scaling.points.filter(({ at }) => at > 0);
      const level = (exponent: number) =>
        middle.reduce((sum, { at, against }) => sum + Math.log(at) - exponent * Math.log(against), 0) / middle.length;
      const columns = [
        scaling.points.map(({ at }) => shown(at)),
        xs.map((x) => shown(scaling.prefactor * x ** scaling.exponent)),
      ];
      if (theory !== null) columns.push(xs.map((x) => shown(Math.exp(level(theory.exponent)) * x ** theory.exponent)));
      boundary.setData([xs, ...columns]);
    }
    const { x, columns } = collapsedColumns(data.curves, this.#b);
    collapse?.setData([x, ...columns]);
  }

  #pointedRow(data: ScalingData): number {
    const { figure } = this;
    return figure?.sweep == null ? -1 : rowOfCell(figure.sweep, figure.pointed.cell, data.curves, data.against);
  }

  /** Intervals, and a ring around the row that is pointed at. */
  #drawPoints(u: uPlot, { ink }: PlotInk): void {
    const data = this.#data;
    if (typeof data === 'string' || data.scaling === null) return;
    const { ctx: context } = u;
    const unit = devicePixelRatio;
    const row = this.#pointedRow(data);
    context.save();
    context.strokeStyle = ink;
    context.lineWidth = 1.25 * unit;
    data.scaling.points.forEach(({ against, at, interval }, i) => {
      if (!Number.isFinite(at)) return;
      const [x, y] = [u.valToPos(against, 'x', true), u.valToPos(at, 'y', true)];
      context.beginPath();
      if (interval !== null) {
        context.moveTo(x, u.valToPos(interval[0], 'y', true));
        context.lineTo(x, u.valToPos(interval[1], 'y', true));
      }
      if (i === row) {
        context.moveTo(x + 7 * unit, y);
        context.arc(x, y, 7 * unit, 0, 2 * Math.PI);
      }
      context.stroke();
    });
    context.restore();
  }

  /** The curve that is pointed at, bold. */
  #drawCurve(u: uPlot, { ink }: PlotInk): void {
    const data = this.#data;
    const row = typeof data === 'string' ? -1 : this.#pointedRow(data);
    const column = row < 0 ? undefined : u.data[row + 1];
    if (column === undefined) return;
    const { ctx: context } = u;
    context.save();
    context.strokeStyle = ink;
    context.lineWidth = 3 * devicePixelRatio;
    context.beginPath();
    let started = false;
    column.forEach((value, i) => {
      if (value == null) return;
      const [x, y] = [u.valToPos(u.data[0][i], 'x', true), u.valToPos(value, 'y', true)];
      if (started) context.lineTo(x, y);
      else context.moveTo(x, y);
      started = true;
    });
    context.stroke();
    context.restore();
  }

  /** Points at the cell of the diagram that belongs to a place of the plot. */
  readonly #onMove = (event: PointerEvent): void => {
    const data = this.#data;
    const { figure } = this;
    const plot = this.#plots.boundary;
    if (typeof data === 'string' || figure === null || plot === null || data.scaling === null) return;
    const over = plot.over.getBoundingClientRect();
    const value = plot.posToVal(event.clientX - over.left, 'x');
    const far = data.curves.against.map((against) => Math.abs(Math.log(against) - Math.log(value)));
    const row = far.indexOf(Math.min(...far));
    const { at } = data.scaling.points[row];
    figure.pointed.point(Number.isFinite(at) ? cellOfRow(figure, data, row, at) : -1);
  };

  readonly #onLeave = (): void => this.figure?.pointed.point(-1);

  #move(exponent: number): void {
    if (Number.isFinite(exponent)) this.exponent = Math.min(RANGE, Math.max(-RANGE, exponent));
  }

  protected override render(): TemplateResult {
    const data = this.#data;
    if (typeof data === 'string') return html`<p class="hint">${data}</p>`;
    if (this.failed) return html`<p class="hint">The plots could not be loaded; the diagram is not affected.</p>`;
    const { figure } = this;
    const along = figure?.axisView(data.along);
    const against = figure?.axisView(data.against);
    const names = { along: along?.symbol ?? data.along, against: against?.symbol ?? data.against };
    return html`${data.scaling === null ? nothing : this.#boundary(data, data.scaling, names, against?.label ?? data.against)}
      ${this.#collapse(data, names, `${along?.label ?? data.along}`)}`;
  }

  #boundary(
    data: ScalingData,
    scaling: NonNullable<ScalingData['scaling']>,
    names: { along: string; against: string },
    label: string,
  ): TemplateResult {
    const { exponent, interval, points } = scaling;
    const found = points.filter(({ at }) => Number.isFinite(at));
    const said = found.map(({ against, at }) => `${spokenNumber(at)} at ${label} ${spokenNumber(against)}`).join(', ');
    const range = interval === null ? '' : `, 95 % over seeds ${formatNumber(interval[0], 2)} to ${formatNumber(interval[1], 2)}`;
    const law = html`${symbolHtml(names.along)}* ∝ ${symbolHtml(names.against)}<sup><i>p</i></sup>`;
    return html`<figure>
      <figcaption>Boundary against ${label}</figcaption>
      <p>${
        Number.isFinite(exponent)
          ? html`${law}, <i>p</i> = <strong>${formatNumber(exponent, 2)}</strong>${range}${
              data.theory === null ? '' : `; theory ${formatNumber(data.theory.exponent, 2)} (${data.theory.label}), dashed`
            }.`
          : 'The boundary crosses fewer than two of the curves: no exponent.'
      }</p>
      ${
        said === ''
          ? nothing
          : html`<div class="plot" role="img" aria-label="Boundary against ${label}: ${said}" @pointermove=${this.#onMove} @pointerleave=${this.#onLeave}></div>
              <p class="axis" aria-hidden="true">${label} ${symbolHtml(names.against)} →</p>`
      }
    </figure>`;
  }

  #collapse(data: ScalingData, names: { along: string; against: string }, label: string): TemplateResult | typeof nothing {
    const { curves } = data;
    const b = this.#b;
    const cost = collapseCost(curves, b);
    const unit = curves.scale === 'log' ? ' in ln' : '';
    const best = () => this.#move(Number(bestCollapse(curves).exponent.toFixed(3)));
    const [first, last] = [curves.against[0], curves.against[curves.against.length - 1]];
    const words = Number.isFinite(cost)
      ? `apart by ${formatNumber(cost, 2)}${unit} on average`
      : 'too far from one another along the axis to be compared';
    const turn = (event: Event) => this.#move(Number((event.target as HTMLInputElement).value.replace('−', '-')));
    return html`<figure>
      <figcaption>Collapse over ${symbolHtml(names.along)} ${symbolHtml(names.against)}<sup><i>b</i></sup></figcaption>
      <p role="status">Curves from <span class="symbol">${names.against}</span> = ${formatNumber(first)} (light) to ${formatNumber(last)} (dark) are ${words}.</p>
      <div class="plot" role="img" aria-label="Curves over ${label}, scaled: ${words}"></div>
      <p class="turn"><label><i>b</i> <input type="range" min=${-RANGE} max=${RANGE} step="0.01" .value=${String(b)} aria-valuetext=${spokenNumber(b)} @input=${turn}></label>
        <input type="text" inputmode="decimal" data-exponent aria-label="exponent b" .value=${formatNumber(b)} @change=${turn}>
        <button @click=${best} data-best>Best</button></p>
    </figure>`;
  }
}
