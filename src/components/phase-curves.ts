// <phase-curves>: observables of one cell over training time, every seed thin and their mean bold; beside a theory the simulation
// is dots and the theory lines; a pinned cell is dashed, one pointed at elsewhere dotted. Reads out one moment, by pointer or
// keys. uPlot is loaded on demand.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import type { DrawnFilm } from '../core/film.ts';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import { sideOf } from './colour-scale.ts';
import { type Curves, curvesOf, onTimes, theoryCurvesOf } from './curve-data.ts';
import {
  type Column,
  dotSeries,
  drawCurve,
  drawLevel,
  drawTime,
  lineSeries,
  type PlotInk,
  plotOptions,
  rangeOf,
} from './curve-plot.ts';
import { type CurvePlot, CurvePlots, closestTime } from './curve-plots.ts';
import { lastKnownFrame, type ObservableView } from './diagram-view.ts';
import { announce } from './events.ts';
import { observableAt, valueText } from './inspection-compare.ts';
import { frameAfter } from './keys.ts';
import { formatNumber, spokenNumber } from './numbers.ts';
import { Pointed, PointedListener } from './pointed.ts';
import { symbolHtml } from './symbols.ts';
import { theme } from './theme.ts';

/** Dashes of the pinned cell, CSS pixels. */
const DASHES = [5, 4];

export class PhaseCurves extends LitElement {
  static override properties = {
    film: { attribute: false },
    cell: { type: Number },
    pinned: { type: Number },
    members: { attribute: false },
    observables: { attribute: false },
    frame: { type: Number },
    version: { type: Number },
    threshold: { type: Number },
    detail: { attribute: false },
    pointed: { attribute: false },
    src: {},
    fault: { state: true },
  };
  declare film: DrawnFilm | null;
  /** Index of the cell in the sweep; −1 for none. */
  declare cell: number;
  /** Cell whose mean is dashed beside it; −1 for none. */
  declare pinned: number;
  /** Seeds drawn instead of the mean: the first bold, the second dashed. Empty for the mean. */
  declare members: readonly number[];
  /** One plot each. */
  declare observables: readonly ObservableView[];
  /** Frame marked by a line; −1 marks the last. */
  declare frame: number;
  /** Change it when the film has grown. */
  declare version: number;
  /** Boundary of the first observable that has one; undefined takes its own. */
  declare threshold: number | undefined;
  /** What a theory says about this cell; null without one. */
  declare detail: TheoryDetail | null;
  /** What is pointed at, here or in other views that share it. */
  declare pointed: Pointed;
  /** Address of a stored result, of this origin or one that allows others: draws its observables, in place of `film`. */
  declare src: string;
  /** @internal */
  declare fault: string;

  readonly #plots = new CurvePlots(this, {
    point: (time) => {
      if (time === null) this.pointed.point(-1);
      else this.pointed.point(this.cell, this.#frameAt(time));
    },
    choose: (time) => this.#choose(this.#frameAt(time)),
  });

  constructor() {
    super();
    this.film = null;
    this.cell = -1;
    this.pinned = -1;
    this.members = [];
    this.observables = [];
    this.frame = -1;
    this.version = 0;
    this.threshold = undefined;
    this.detail = null;
    this.pointed = new Pointed();
    this.src = '';
    this.fault = '';
    new PointedListener(this);
  }

  /** Makes the plots anew; for hosts that change colours by hand. */
  readonly rebuild = (): void => {
    this.#plots.rebuild();
  };

  get #last(): number {
    return this.film === null ? 0 : Math.max(0, lastKnownFrame(this.film));
  }

  /** The frame that is marked. */
  get #marked(): number {
    return this.frame < 0 ? this.#last : Math.min(this.frame, this.#last);
  }

  #frameAt(time: number): number {
    return Math.min(this.#last, closestTime(this.film?.times ?? [], time));
  }

  /** Asks for a frame, as the film does. */
  #choose(frame: number): void {
    if (frame < 0 || this.film === null) return;
    this.frame = frame;
    announce(this, 'phase-state-change', { frame });
  }

  #onKeyDown(event: KeyboardEvent): void {
    const next = frameAfter(event.key, this.#marked, this.#last);
    if (next === null) return;
    event.preventDefault();
    this.#choose(next);
  }

  /** True where there is a pinned cell besides the chosen one. */
  get #pins(): boolean {
    const { film, pinned } = this;
    return film !== null && pinned >= 0 && pinned < film.cells && pinned !== this.cell;
  }

  /** The cell that is pointed at, where it is another one than this; −1 otherwise. */
  get #passing(): number {
    const { cell } = this.pointed;
    return cell < (this.film?.cells ?? 0) && cell !== this.cell ? cell : -1;
  }

  /** Observables of which something can be drawn. */
  get #drawn(): readonly ObservableView[] {
    const { film } = this;
    if (film === null || this.cell < 0 || this.cell >= film.cells) return [];
    return this.observables.filter((observable) => this.#bold(observable, this.cell).some((value) => value !== null));
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('src') || this.src === '') return;
    import('./viewer-stored.ts').then(
      ({ showCurves }) => showCurves(this),
      (cause) => {
        this.fault = String(cause);
      },
    );
  }

  protected override updated(changed: PropertyValues): void {
    const parts = this.#drawn.map(
      (observable): CurvePlot => ({
        shape: `${observable.id}:${this.film?.seeds}:${this.detail?.curves[observable.id] !== undefined}:${this.#pins}:${this.members.length}`,
        options: (ink, host) => this.#options(observable, ink, host),
        data: () => this.#data(observable),
      }),
    );
    this.#plots.show(
      parts,
      [...changed.keys()].some((key) => key !== 'frame'),
    );
  }

  #options(observable: ObservableView, ink: PlotInk, host: HTMLElement): uPlot.Options {
    return plotOptions(host, ink, observable.scale === 'log', this.#series(observable, ink), {
      span: () => this.#span(),
      range: (u) => this.#rangeOf(u, observable),
      draw: (u) => this.#marks(u, observable, ink),
      ...(observable.classes === undefined ? {} : { names: observable.classes.map(({ label }) => label) }),
    });
  }

  #curves(observable: ObservableView, cell: number): Curves {
    const left = cell === this.cell ? (this.detail?.exceptions.map((exception) => exception !== null) ?? []) : [];
    return curvesOf(this.film as DrawnFilm, cell, observable, left);
  }

  /** The bold curve of a cell: its mean, or that of the first member. */
  #bold(observable: ObservableView, cell: number): Column {
    const { mean, seeds } = this.#curves(observable, cell);
    return seeds[this.members[0]] ?? mean;
  }

  /** What is dashed: the pinned cell, or a second member; null for nothing. */
  #dashed(observable: ObservableView): Column | null {
    if (this.#pins) return this.#bold(observable, this.pinned);
    return this.members.length < 2 ? null : (this.#curves(observable, this.cell).seeds[this.members[1]] ?? null);
  }

  /** Series in the order of `#data`: seeds, the bold one, the theory's, the dashed one. */
  #series(observable: ObservableView, { ink, muted }: PlotInk): uPlot.Series[] {
    const { seeds } = this.#curves(observable, this.cell);
    const theory = this.detail === null ? null : theoryCurvesOf(this.detail, observable);
    const coloured = (u: uPlot) => this.#strokeOf(u, observable, seeds.length + 1) ?? ink;
    const dashed = this.#dashed(observable) === null ? [] : [{ ...lineSeries(ink, 1.5, 0.7), dash: DASHES, spanGaps: true }];
    if (theory === null) return [...seeds.map(() => lineSeries(muted, 0.75, 0.6)), lineSeries(coloured, 2.5), ...dashed];
    return [
      ...seeds.map(() => dotSeries(muted, 3.5, 0.8)),
      dotSeries(coloured, 6),
      ...theory.seeds.map(() => lineSeries(muted, 0.75, 0.55)),
      lineSeries(ink, 1.4),
      ...dashed,
    ];
  }

  #data(observable: ObservableView): uPlot.AlignedData {
    const simulated = this.#curves(observable, this.cell);
    const theory = this.detail === null ? null : theoryCurvesOf(this.detail, observable);
    const own: Column[] = [...simulated.seeds, this.#bold(observable, this.cell)];
    const dashed = this.#dashed(observable);
    const beside = dashed === null ? [] : [dashed];
    if (theory === null) return [simulated.times, ...own, ...beside];
    const spread = (column: Column) => onTimes(column, simulated.times, theory.times);
    return [theory.times, ...own.map(spread), ...theory.seeds, theory.mean, ...beside.map(spread)];
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
    const dashed = this.#dashed(observable) === null ? [] : [u.data[u.data.length - 1]];
    const shown = [...u.data.slice(1, count + 2), ...dashed];
    const values = shown.flatMap((column) => [...column]) as (number | null)[];
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

  /** The frame shown, the moment and the cell pointed at, and the boundary, as lines. */
  #marks(u: uPlot, observable: ObservableView, { ink, muted }: PlotInk): void {
    const { times = [] } = this.film ?? {};
    const { frame } = this.pointed;
    drawTime(u, times[this.#marked] ?? 0, ink);
    if (frame >= 0 && frame !== this.#marked) drawTime(u, times[frame] ?? 0, ink, true);
    const passing = this.#passing;
    if (passing >= 0) drawCurve(u, this.#curves(observable, passing).times, this.#bold(observable, passing), ink);
    const boundary = this.#boundary(observable);
    if (boundary !== undefined) drawLevel(u, boundary, muted);
  }

  /** The moment that is read out. */
  get #moment(): number {
    const { frame } = this.pointed;
    return frame >= 0 ? Math.min(frame, this.#last) : this.#marked;
  }

  #valueAt(observable: ObservableView, cell: number, member = 0): number {
    const seed = this.members[member];
    return observableAt(this, seed === undefined ? { cell } : { cell, seed }, this.#moment, observable);
  }

  #words(observable: ObservableView): string {
    if (this.film === null) return '';
    const mean = this.#bold(observable, this.cell);
    const { times } = this.#curves(observable, this.cell);
    const known = mean
      .map((value, i) => ({ value, time: times[i] }))
      .filter((point): point is { value: number; time: number } => point.value !== null);
    if (known.length === 0) return `${observable.label} over training time: nothing known yet`;
    const [first, last] = [known[0], known[known.length - 1]];
    return `${observable.label} over training time: from ${spokenNumber(first.value)} at time ${spokenNumber(first.time)} to ${spokenNumber(last.value)} at time ${spokenNumber(last.time)}`;
  }

  /** "time 12: relative kernel change 0.52, pinned 0.1; …" */
  #spoken(): string {
    const time = spokenNumber(this.film?.times[this.#moment] ?? 0);
    const values = this.observables.map((observable) => {
      const beside = this.#pins ? `, pinned ${valueText(observable, this.#valueAt(observable, this.pinned), spokenNumber)}` : '';
      return `${observable.label} ${valueText(observable, this.#valueAt(observable, this.cell), spokenNumber)}${beside}`;
    });
    return `time ${time}: ${values.join('; ')}`;
  }

  #caption(observable: ObservableView): TemplateResult {
    const beside =
      this.#passing >= 0
        ? this.#valueAt(observable, this.#passing)
        : this.#pins
          ? this.#valueAt(observable, this.pinned)
          : this.members.length > 1
            ? this.#valueAt(observable, this.cell, 1)
            : null;
    return html`<figcaption><span>${observable.label} ${symbolHtml(observable.symbol)}</span><span class="value" aria-hidden="true">${valueText(observable, this.#valueAt(observable, this.cell))}${beside === null ? nothing : html` <i>${valueText(observable, beside)}</i>`}</span></figcaption>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.src !== '' && this.film === null) return html`<slot></slot><p role="status">${this.fault}</p>`;
    if (this.film === null || this.cell < 0 || this.cell >= this.film.cells) return nothing;
    if (this.#plots.failed) return html`<p>The curves could not be loaded; the diagram and the numbers are not affected.</p>`;
    const drawn = this.#drawn;
    const time = this.film.times[this.#moment] ?? 0;
    return html`<div class="key" hidden><i class="lazy"></i><i class="rich"></i></div>
      ${drawn.map(
        (observable) => html`<figure part="curve" role="img" aria-label=${this.#words(observable)}>
          ${this.#caption(observable)}
          <div class="plot"></div>
        </figure>`,
      )}
      ${this.observables
        .filter((observable) => !drawn.includes(observable))
        .map(({ label }) => html`<p class="none">${label}: ${this.#last < 1 ? 'nothing measured yet' : 'no value to draw'}.</p>`)}
      ${
        drawn.length === 0
          ? nothing
          : html`<p class="axis"><span class="moment" part="moment" role="slider" tabindex="0" aria-label="Moment read out of the curves" aria-valuemin="0" aria-valuemax=${this.#last}
              aria-valuenow=${this.#marked} aria-valuetext=${this.#spoken()} @keydown=${this.#onKeyDown}>at <span class="symbol">t</span> = ${formatNumber(time)}</span>
              <span aria-hidden="true">training time <span class="symbol">t</span> →</span></p>`
      }`;
  }

  static override styles = [
    theme,
    css`
      .moment {
        display: inline-block;
        min-height: 1.5rem;
        line-height: 1.5rem;
      }
      figure {
        margin: 0 0 0.75rem;
      }
      .plot {
        height: var(--phase-curves-height, 9.5rem);
        color: var(--_muted);
        border: 0 solid var(--_hairline);
        overflow: hidden;
        cursor: crosshair;
      }
      figcaption,
      .axis {
        display: flex;
        gap: 0.75rem;
        justify-content: space-between;
      }
      .value {
        white-space: nowrap;
      }
      .value i {
        color: var(--_muted);
      }
      .axis,
      .none {
        margin: -0.5rem 0 0;
        color: var(--_muted);
      }
      .none {
        margin: 0 0 0.75rem;
      }
      .none::first-letter {
        text-transform: uppercase;
      }
    `,
  ];
}
