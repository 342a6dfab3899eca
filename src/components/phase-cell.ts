// <phase-cell>: the chosen cell in numbers and curves, beside a pinned one where the reader has pinned one.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Film } from '../core/film.ts';
import type { Parameter, Value } from '../core/parameter.ts';
import { cellIndices } from '../core/sweep.ts';
import type { TheoryDetail } from '../engine/theory-solver.ts';
import { sideOf } from './colour-scale.ts';
import { controls } from './controls.ts';
import { diagramView, type ObservableView } from './diagram-view.ts';
import type { PhaseStateChange } from './events.ts';
import type { Figure } from './figure.ts';
import { compareTable } from './inspection-compare.ts';
import { cellHtml } from './inspection-words.ts';
import { numberParts } from './numbers.ts';
import { Pointed } from './pointed.ts';
import { type CellReport, cellReport } from './summary.ts';
import { symbolHtml } from './symbols.ts';
import { theme } from './theme.ts';
import type { SpectrumPoint } from './theory-controller.ts';

/** Curves that are drawn before the reader has chosen any. */
const USUAL_CURVES = 3;

type FullReport = CellReport & { readonly mean: number };

/** A number with its power of ten raised, as HTML. */
function numberHtml(value: number): TemplateResult {
  const { mantissa, exponent } = numberParts(value, 3);
  if (exponent === undefined) return html`${mantissa}`;
  return html`${mantissa}${mantissa === '' || mantissa === '−' ? '' : '×'}10<sup>${exponent}</sup>`;
}

export class PhaseCell extends LitElement {
  static override properties = {
    film: { attribute: false },
    cell: { type: Number },
    frame: { type: Number },
    version: { type: Number },
    observable: { attribute: false },
    observables: { attribute: false },
    parameters: { attribute: false },
    threshold: { type: Number },
    detail: { attribute: false },
    points: { attribute: false },
    figure: { attribute: false },
    chosen: { state: true },
  };
  declare film: Film | null;
  declare cell: number;
  declare frame: number;
  /** Change it when the film has grown. */
  declare version: number;
  /** The one the diagram shows: its curve comes first. */
  declare observable: ObservableView | null;
  /** All that the film holds. */
  declare observables: readonly ObservableView[];
  /** Records of the swept parameters, for symbols. */
  declare parameters: readonly Pick<Parameter, 'id' | 'label' | 'symbol'>[];
  declare threshold: number | undefined;
  /** What a theory says about this cell; null without one. */
  declare detail: TheoryDetail | null;
  /** Singular values of the first network's weights as simulated. */
  declare points: readonly SpectrumPoint[];
  /** What pins, and moves through time; without it nothing can be pinned. */
  declare figure: Figure | null;
  /** Ids of the observables whose curves are drawn; null for the first few. */
  declare private chosen: readonly string[] | null;

  constructor() {
    super();
    this.film = null;
    this.cell = -1;
    this.frame = 0;
    this.version = 0;
    this.observable = null;
    this.observables = [];
    this.parameters = [];
    this.threshold = undefined;
    this.detail = null;
    this.points = [];
    this.figure = null;
    this.chosen = null;
  }

  #coordinates(film: Film): { parameter: Pick<Parameter, 'label' | 'symbol'>; value: Value }[] {
    const indices = cellIndices(film.sweep, this.cell);
    return film.sweep.axes.map((axis, a) => ({
      parameter: this.parameters.find(({ id }) => id === axis.parameter) ?? { label: axis.parameter, symbol: axis.parameter },
      value: axis.values[indices[a]],
    }));
  }

  #report(film: Film, observable: ObservableView): FullReport {
    const indices = cellIndices(film.sweep, this.cell);
    const at = Object.fromEntries(film.sweep.axes.map((axis, a) => [axis.parameter, indices[a]]));
    const slice = { x: film.sweep.axes[0].parameter, y: null, at };
    const view = diagramView(film, this.frame, observable, slice);
    const index = view.cells.indexOf(this.cell);
    return {
      ...cellReport(view, index, observable, observable.id === this.observable?.id ? this.threshold : undefined),
      mean: view.values[index],
    };
  }

  /** Shared with all views of the figure. */
  get #pointed(): Pointed {
    return this.figure?.pointed ?? this.#alone;
  }

  readonly #alone = new Pointed();

  /** The pinned cell, where it is another one than this; −1 otherwise. */
  get #pinned(): number {
    const pinned = this.figure?.state.pinned ?? -1;
    return pinned < (this.film?.cells ?? 0) && pinned !== this.cell ? pinned : -1;
  }

  /** Curves ask for a frame as the film does. */
  readonly #onState = (event: CustomEvent<PhaseStateChange>): void => {
    const { frame } = event.detail;
    if (this.figure === null || typeof frame !== 'number') return;
    event.stopPropagation();
    this.figure.change({ frame: frame >= this.figure.lastFrame ? null : frame });
  };

  /** Buttons that pin this cell and let go of a pinned one. */
  #pins(): TemplateResult | typeof nothing {
    const { figure } = this;
    if (figure === null) return nothing;
    const own = figure.state.pinned === this.cell;
    const pin = html`<button class="plain" data-pin @click=${() => figure.change({ pinned: this.cell })}>${this.#pinned < 0 ? 'Pin this cell' : 'Pin this one instead'}</button>`;
    const unpin = html`<button class="plain" data-unpin @click=${() => figure.change({ pinned: -1 })}>Unpin</button>`;
    if (own) return html`<p class="pins"><span>Pinned: choose another cell to compare.</span> ${unpin}</p>`;
    if (this.#pinned < 0) return html`<p class="pins">${pin}</p>`;
    return html`<p class="pins"><span>Beside the pinned cell ${cellHtml(figure, this.#pinned)}, dashed.</span> ${unpin} ${pin}</p>`;
  }

  /** Which observables have curves. */
  #choice(curves: readonly ObservableView[]): TemplateResult | typeof nothing {
    if (this.observables.length < 2) return nothing;
    const drawn = curves.map(({ id }) => id);
    const toggle = (id: string) => {
      this.chosen = drawn.includes(id) ? drawn.filter((one) => one !== id) : [...drawn, id];
    };
    return html`<details class="choice"><summary>Choose curves</summary>
      <ul>${this.observables.map(
        ({ id, label }) =>
          html`<li><label><input type="checkbox" .checked=${drawn.includes(id)} @change=${() => toggle(id)} /> ${label}</label></li>`,
      )}</ul></details>`;
  }

  #curves(observable: ObservableView): readonly ObservableView[] {
    if (this.chosen !== null) return this.observables.filter(({ id }) => this.chosen?.includes(id));
    return [observable, ...this.observables.filter(({ id }) => id !== observable.id)].slice(0, USUAL_CURVES);
  }

  #numbers(film: Film, observable: ObservableView, main: FullReport): TemplateResult {
    if (this.figure !== null && this.#pinned >= 0)
      return compareTable(this.figure, { cell: this.cell }, { cell: this.#pinned }, ['this', 'pinned']);
    return html`<table>
      <caption class="unseen">Observables of the chosen cell at the time shown</caption>
      <tbody>${this.observables.map((one) => {
        const report = one.id === observable.id ? main : this.#report(film, one);
        const value = one.scale === 'class' ? report.value : numberHtml(report.mean);
        return html`<tr><th scope="row">${one.label}</th><td>${value}<small>${report.spread}</small></td></tr>`;
      })}</tbody>
    </table>`;
  }

  #hint(film: Film, detail: TheoryDetail | null): TemplateResult | typeof nothing {
    const ranges = film.seeds === 1 || this.#pinned >= 0 ? '' : ' Ranges: one standard deviation to either side.';
    if (detail !== null) {
      return html`<p class="hint">Dots: simulated${film.seeds === 1 ? '' : `, small each of ${film.seeds} seeds, large their mean`}. Lines: theory.${ranges}</p>`;
    }
    if (film.seeds === 1) return nothing;
    return html`<p class="hint">Thin: each of ${film.seeds} seeds. Bold: their mean, geometric on log scales.${ranges}</p>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { film, observable } = this;
    if (film === null || observable === null || this.cell < 0 || this.cell >= film.cells) {
      return html`<p class="hint">Choose a cell of the diagram to see its networks learn.</p>`;
    }
    const main = this.#report(film, observable);
    const detail = this.detail?.cell === this.cell ? this.detail : null;
    const side = sideOf(observable, main.mean, this.threshold);
    const curves = this.#curves(observable);
    return html`
      <h2>${this.#coordinates(film).map(
        ({ parameter, value }) =>
          html`<span class="coordinate">${symbolHtml(parameter.symbol)} = ${typeof value === 'number' ? numberHtml(value) : value}</span>`,
      )}${side === null ? nothing : html`<span class="side ${side}">${side}</span>`}</h2>
      ${main.outcome === '' ? nothing : html`<p class="outcome">${main.outcome}</p>`}
      ${this.#pins()} ${this.#numbers(film, observable, main)}
      ${keyed(
        film,
        html`<phase-curves .film=${film} .cell=${this.cell} .frame=${this.frame} .version=${this.version} .observables=${curves}
          .pinned=${this.#pinned} .threshold=${this.threshold} .detail=${detail} .pointed=${this.#pointed} @phase-state-change=${this.#onState}></phase-curves>`,
      )}
      ${this.#choice(curves)}
      ${this.#hint(film, detail)}
      ${
        detail?.spectrum == null
          ? nothing
          : html`<phase-spectrum .detail=${detail} .points=${this.points} .times=${film.times} .frame=${this.frame} .pointed=${this.#pointed}
                @phase-state-change=${this.#onState}></phase-spectrum>
              <p class="hint">Singular values of ${film.seeds === 1 ? 'the' : 'the first'} network: lines exact, dots simulated.</p>`
      }
    `;
  }

  static override styles = [
    theme,
    controls,
    css`
      h2 {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 1rem;
        margin: 0 0 0.6rem;
        font-size: var(--_body);
        font-weight: 600;
      }
      .coordinate .symbol {
        font-weight: 400;
      }
      .side {
        margin-left: auto;
      }
      .outcome,
      .hint {
        margin: 0 0 0.75rem;
        color: var(--_muted);
      }
      table {
        width: 100%;
        margin-bottom: 1.25rem;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 0.35rem 0;
        border-top: 1px solid var(--_hairline);
        vertical-align: baseline;
      }
      tr:last-child > * {
        border-bottom: 1px solid var(--_hairline);
      }
      th {
        color: var(--_muted);
        font-weight: 400;
        text-align: left;
      }
      td {
        text-align: right;
      }
      caption:not(.unseen) {
        padding-bottom: 0.3rem;
        color: var(--_muted);
        text-align: left;
      }
      .compare :is(td, thead th) {
        padding-left: 0.6rem;
        text-align: right;
      }
      .pins {
        display: flex;
        flex-wrap: wrap;
        gap: 0.1rem 0.9rem;
        margin: 0 0 0.75rem;
        color: var(--_muted);
      }
      .choice {
        margin: 0.4rem 0 0.75rem;
        color: var(--_muted);
      }
      .choice ul {
        margin: 0.3rem 0 0;
        padding: 0;
        list-style: none;
      }
      summary {
        cursor: pointer;
      }
      small {
        display: block;
        font-size: inherit;
        color: var(--_muted);
      }
    `,
  ];
}
