// <phase-spectrum>: singular values of one network's weights over training time, layer by layer: as simulated in dots, as a
// theory says in lines. Computes none of them.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import { onTimes } from './curve-data.ts';
import { type Column, dotSeries, drawTime, lineSeries, plotOptions, rangeOf } from './curve-plot.ts';
import { type CurvePlot, CurvePlots, closestTime } from './curve-plots.ts';
import { announce } from './events.ts';
import { spokenNumber } from './numbers.ts';
import { Pointed, PointedListener } from './pointed.ts';
import { theme } from './theme.ts';
import type { SpectrumPoint } from './theory-controller.ts';

/** Largest singular values that are drawn per layer. */
const MOST_VALUES = 8;

export class PhaseSpectrum extends LitElement {
  static override properties = {
    detail: { attribute: false },
    points: { attribute: false },
    times: { attribute: false },
    frame: { type: Number },
    pointed: { attribute: false },
  };
  /** What a theory says about the cell; draws nothing without its spectrum. */
  declare detail: TheoryDetail | null;
  /** What was simulated, ascending in time. */
  declare points: readonly SpectrumPoint[];
  /** Those of the film, ascending. */
  declare times: readonly number[];
  /** Frame marked by a line. */
  declare frame: number;
  /** What is pointed at, here or in other views that share it. */
  declare pointed: Pointed;
  readonly #plots = new CurvePlots(this, {
    point: (time) => {
      if (time === null) this.pointed.point(-1);
      else this.pointed.point(this.detail?.cell ?? -1, closestTime(this.times, time));
    },
    choose: (time) => announce(this, 'phase-state-change', { frame: closestTime(this.times, time) }),
  });

  constructor() {
    super();
    this.detail = null;
    this.points = [];
    this.times = [];
    this.frame = 0;
    this.pointed = new Pointed();
    new PointedListener(this);
  }

  /** Makes the plots anew; for hosts that change colours by hand. */
  rebuild(): void {
    this.#plots.rebuild();
  }

  /** Values per layer. */
  #counts(): number[] {
    const { detail } = this;
    return (detail?.spectrum ?? []).map((layer) => layer.length / (detail?.times.length ?? 1));
  }

  protected override updated(changed: PropertyValues): void {
    const parts = this.#counts().map((count, layer): CurvePlot => {
      const shown = Math.min(count, MOST_VALUES);
      return {
        shape: `${count}`,
        options: (ink, host) =>
          plotOptions(
            host,
            ink,
            false,
            [
              ...Array.from({ length: shown }, () => ({ ...lineSeries(ink.ink, 1.2, 0.85), spanGaps: true })),
              ...Array.from({ length: shown }, () => dotSeries(ink.ink, 5)),
            ],
            {
              span: () => this.#span(),
              range: (u) => rangeOf([0, ...(u.data.slice(1).flatMap((column) => [...column]) as (number | null)[])], false),
              draw: (u) => {
                drawTime(u, this.times[this.frame] ?? 0, ink.ink);
                if (this.pointed.frame !== this.frame) drawTime(u, this.times[this.pointed.frame] ?? 0, ink.ink, true);
              },
            },
          ),
        data: () => this.#columns(layer, shown),
      };
    });
    this.#plots.show(parts, changed.has('detail') || changed.has('points'));
  }

  #span(): [number, number] {
    const times = this.detail?.times ?? [];
    return times.length > 1 ? [times[0], times[times.length - 1]] : [0.1, 10];
  }

  /** Lines of the theory, then dots of what was simulated, on the times of both. */
  #columns(layer: number, shown: number): [number[], ...Column[]] {
    const { detail, points } = this;
    if (detail === null) return [[]];
    const values = detail.spectrum?.[layer] ?? new Float64Array(0);
    const count = values.length / detail.times.length;
    const simulated = points.map(({ time }) => time).filter((time) => time > 0);
    const times = [...new Set([...detail.times, ...simulated])].sort((a, b) => a - b);
    const ranks = Array.from({ length: shown }, (_, k) => k);
    const lines = ranks.map((k): Column => Array.from(detail.times, (_, t) => values[t * count + k]));
    const dots = ranks.map((k): Column => points.map((point) => point.layers[layer]?.[k] ?? null));
    const own = points.map(({ time }) => time);
    return [
      times,
      ...lines.map((line) => onTimes(line, Array.from(detail.times), times)),
      ...dots.map((column) => onTimes(column, own, times)),
    ];
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
    if (counts.length === 0 || this.#plots.failed) return nothing;
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
