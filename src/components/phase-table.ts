// <phase-table>: the diagram that is shown as a table of numbers, to be read, chosen from and copied. Shows the
// same frame as the diagram.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { formatNumber } from './numbers.ts';
import { symbolHtml } from './symbols.ts';
import { MOST_SHOWN, type TableData, tableData, tableText } from './table-data.ts';
import { theme } from './theme.ts';

export class PhaseTable extends LitElement {
  static override properties = { figure: { attribute: false }, copied: { state: true } };
  declare figure: Figure | null;
  declare private copied: string;
  /** What the rows were made from, so that they are made again only where something has changed. */
  #made: { readonly parts: readonly unknown[]; readonly data: TableData } | null = null;

  constructor() {
    super();
    this.figure = null;
    this.copied = '';
    new FigureListener(this, ({ kind }) => {
      if (kind === 'view') this.copied = '';
    });
  }

  /** View, observable and axes; null while nothing is known. */
  get #source() {
    const { figure } = this;
    if (figure === null || figure.slice === null) return null;
    const { observable, picture, before, after } = figure.shown;
    const x = figure.axisView(figure.slice.x);
    if (observable === null || picture === null || x === null) return null;
    const y = figure.slice.y === null ? null : figure.axisView(figure.slice.y);
    const name = [before, observable.label, after].filter((part) => part !== '').join(' ');
    return { view: picture.cache.view(figure.frame), observable, x, y, name, time: figure.film?.times[figure.frame] ?? 0 };
  }

  readonly #copy = async (): Promise<void> => {
    const source = this.#source;
    if (source === null) return;
    const text = tableText(source.view, source.observable, source.x, source.y);
    try {
      await navigator.clipboard.writeText(text);
      this.copied = `Copied: ${source.view.rows} rows, ${source.view.columns} columns.`;
    } catch {
      this.copied = 'This page may not write to the clipboard: select the table and copy it.';
    }
  };

  #choose(index: number): void {
    const { figure } = this;
    const view = this.#source?.view;
    if (figure === null || view === undefined) return;
    const frame = view.frames?.[index];
    figure.change(frame === undefined ? { cell: view.cells[index] } : { cell: view.cells[index], frame });
  }

  protected override render(): TemplateResult {
    const source = this.#source;
    if (source === null) return html`<p class="quiet">The table fills as soon as something has been measured.</p>`;
    const { view, observable, x, y, name, time } = source;
    const parts = [view, observable, x, y];
    if (this.#made === null || parts.some((part, i) => part !== this.#made?.parts[i])) {
      this.#made = { parts, data: tableData(view, observable, x, y) };
    }
    const { data } = this.#made;
    const thin = view.columns > MOST_SHOWN || view.rows > MOST_SHOWN;
    const when = view.frames === undefined ? `, at time ${formatNumber(time)}` : '';
    return html`
      <p class="line"><span>${name} ${symbolHtml(observable.symbol)}${when}. Columns: ${x.label} ${symbolHtml(x.symbol)}${
        y === null ? nothing : html`; rows: ${y.label} ${symbolHtml(y.symbol)}`
      }.${thin ? ` Every few rows or columns are shown; the copy has all.` : ''}</span>
        <button class="plain" data-copy @click=${this.#copy}>Copy with tabs</button><span role="status">${this.copied}</span></p>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of ${name}"><table>
        <caption class="unseen">${name}, ${x.label}${y === null ? '' : ` against ${y.label}`}</caption>
        <thead><tr><td></td>${data.columnHeads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${data.rows.map((row, r) => this.#row(data, r, row, view.columns))}</tbody>
      </table></div>`;
  }

  #row(data: TableData, r: number, row: number, columns: number): TemplateResult {
    return html`<tr><th scope="row">${data.rowHeads[r]}</th>${data.columns.map((column, c) => {
      const note = data.notes[r][c];
      const text = data.values[r][c];
      return html`<td title=${note === '' ? nothing : note} @click=${() => this.#choose(row * columns + column)}>${text}${
        note === '' ? nothing : html`<span aria-hidden="true">*</span><span class="unseen">, ${note}</span>`
      }</td>`;
    })}</tr>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        position: relative;
      }
      p {
        margin: 0 0 0.6rem;
      }
      .quiet,
      [role='status'] {
        color: var(--_muted);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
      }
      .scroll {
        position: relative;
        max-height: 26rem;
        overflow: auto;
        border-block: 1px solid var(--_hairline);
      }
      table {
        border-collapse: separate;
        border-spacing: 0;
      }
      th,
      td {
        padding: 0.25rem 0.6rem;
        border-bottom: 1px solid var(--_hairline);
        font-weight: 400;
        text-align: end;
        white-space: nowrap;
      }
      th,
      thead td {
        position: sticky;
        background: var(--_paper);
        color: var(--_muted);
      }
      thead th,
      thead td {
        top: 0;
        z-index: 1;
      }
      tbody th,
      thead td {
        inset-inline-start: 0;
        border-inline-end: 1px solid var(--_hairline);
      }
      thead td {
        z-index: 2;
      }
      tbody td {
        cursor: pointer;
      }
      tbody td:hover {
        background: var(--_wash);
      }
    `,
  ];
}
