// <phase-spectrum>: singular values of one network's weights over training time, layer by layer: as simulated in dots, as a theory
// says in lines. Computes none of them.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type uPlot from 'uplot';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import { type Column, dotSeries, drawTime, inkOf, lineSeries, loadPlots, plotOptions, rangeOf } from './curve-plot.ts';
import { spokenNumber } from './numbers.ts';
import { theme } from './theme.ts';
import type { SpectrumPoint } from './theory-controller.ts';

/** Largest singular values that are drawn per layer. */
const MOST_VALUES = 8;

export class PhaseSpectrum extends LitElement {
  static override properties = {
    detail: { attribute: false },
    points: { attribute: false },
    time: { type: Number },
    failed: { state: true },
  };
  /** What a theory says about the cell; draws nothing without its spectrum. */
  declare detail: TheoryDetail | null;
  /** What was simulated, ascending in time. */
  declare points: readonly SpectrumPoint[];
  /** Time marked by a line. */
  declare time: number;
  declare private failed: boolean;
  #plots: uPlot[] = [];
  #library: Promise<typeof uPlot> | null = null;
  #observer: ResizeObserver | null = null;
  #dark: MediaQueryList | null = null;
  #building = 0;
  #shape = '';

  constructor() {
    super();
    this.detail = null;
    this.points = [];
    this.time = 0;
    this.failed = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => {
      for (const plot of this.#plots) {
        const host = plot.root.parentElement;
        if (host !== null && host.clientWidth > 0 && host.clientWidth !== plot.width)
          plot.setSize({ width: host.clientWidth, height: host.clientHeight });
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
    for (const plot of this.#plots) plot.destroy();
    this.#plots = [];
  }

  /** Makes the plots anew; for hosts that change colours by hand. */
  readonly rebuild = (): void => {
    void this.#build();
  };

  /** Values per layer. */
  #counts(): number[] {
    const { detail } = this;
    return (detail?.spectrum ?? []).map((layer) => layer.length / (detail?.times.length ?? 1));
  }

  protected override updated(changed: PropertyValues): void {
    const shape = this.#counts().join();
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.rebuild();
    } else if (changed.has('detail') || changed.has('points')) this.#fill();
    else if (changed.has('time')) for (const plot of this.#plots) plot.redraw(false, false);
  }

  async #build(): Promise<void> {
    this.#clear();
    const building = this.#building;
    if (this.#counts().length === 0) return;
    try {
      this.#library ??= loadPlots(this.shadowRoot);
      const library = await this.#library;
      await this.updateComplete;
      if (building !== this.#building) return;
      const hosts = this.renderRoot.querySelectorAll<HTMLElement>('.plot');
      this.#plots = this.#counts().map((count, layer) => {
        const host = hosts[layer];
        const colours = inkOf(this, host);
        const shown = Math.min(count, MOST_VALUES);
        const series = [
          ...Array.from({ length: shown }, () => ({ ...lineSeries(colours.ink, 1.2, 0.85), spanGaps: true })),
          ...Array.from({ length: shown }, () => dotSeries(colours.ink, 5)),
        ];
        const options = plotOptions(host, colours, false, series, {
          span: () => this.#span(),
          range: (u) => rangeOf([0, ...(u.data.slice(1).flatMap((column) => [...column]) as (number | null)[])], false),
          draw: (u) => drawTime(u, this.time, colours.ink),
        });
        return new library(options, [[], []], host);
      });
      this.#fill();
    } catch {
      this.failed = true;
    }
  }

  #span(): [number, number] {
    const times = this.detail?.times ?? [];
    return times.length > 1 ? [times[0], times[times.length - 1]] : [0.1, 10];
  }

  #fill(): void {
    const { detail, points } = this;
    if (detail?.spectrum == null) return;
    const times = [...new Set([...detail.times, ...points.map(({ time }) => time).filter((time) => time > 0)])].sort(
      (a, b) => a - b,
    );
    const place = new Map(Array.from(detail.times, (time, t) => [time, t]));
    const simulated = new Map(points.map((point) => [point.time, point.layers]));
    this.#plots.forEach((plot, layer) => {
      const values = detail.spectrum?.[layer] ?? new Float64Array(0);
      const count = values.length / detail.times.length;
      const shown = Math.min(count, MOST_VALUES);
      const lines = Array.from(
        { length: shown },
        (_, k): Column =>
          times.map((time) => {
            const t = place.get(time);
            return t === undefined ? null : values[t * count + k];
          }),
      );
      const dots = Array.from(
        { length: shown },
        (_, k): Column => times.map((time) => simulated.get(time)?.[layer]?.[k] ?? null),
      );
      plot.setData([times, ...lines, ...dots]);
    });
  }

  #words(layer: number): string {
    const values = this.detail?.spectrum?.[layer];
    const times = this.detail?.times;
    if (values === undefined || times === undefined) return '';
    const count = values.length / times.length;
    const last = Array.from(values.subarray(values.length - count), (value) => spokenNumber(value));
    return `Singular values of the weights of layer ${layer + 1} over training time, exact: at the end ${last.slice(0, MOST_VALUES).join(', ')}`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const counts = this.#counts();
    if (counts.length === 0 || this.failed) return nothing;
    return html`${counts.map(
      (count, layer) => html`<figure part="spectrum" role="img" aria-label=${this.#words(layer)}>
          <figcaption>singular values of <span class="symbol">W</span><sub>${layer + 1}</sub>${
            count > MOST_VALUES ? ` (the largest ${MOST_VALUES} of ${count})` : ''
          }</figcaption>
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
      sub {
        font-size: 0.72em;
        line-height: 0;
      }
      .plot {
        height: var(--phase-spectrum-height, 7.5rem);
        color: var(--_muted);
        border: 0 solid var(--_hairline);
        overflow: hidden;
      }
      .axis {
        margin: -0.5rem 0 0.75rem;
        color: var(--_muted);
        text-align: right;
      }
    `,
  ];
}
