// <phase-compare>: takes another picture from the one that is shown: of another time, of another observable, or of a run kept
// before. Chooses only: the difference is made by shown.ts and drawn in the diagram.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Difference } from '../core/view-state.ts';
import { sweepName } from './atlas-parts.ts';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { formatNumber } from './numbers.ts';
import { keptRefusal } from './shown-changes.ts';
import { theme } from './theme.ts';

export class PhaseCompare extends LitElement {
  static override properties = { figure: { attribute: false } };
  declare figure: Figure | null;

  constructor() {
    super();
    this.figure = null;
    new FigureListener(this);
  }

  #name(figure: Figure): string {
    const { preset, own, sweep } = figure;
    if (!own && preset !== null) return `“${preset.title}”`;
    return sweepName(sweep, (_, parameter) => figure.axisView(parameter)).toLowerCase();
  }

  /** The difference that a kind of it begins with. */
  #first(figure: Figure, from: string): Difference | null {
    if (from === 'frame') return { from, frame: Math.max(0, Math.min(figure.frame, figure.lastFrame) - 1) };
    if (from === 'kept') return { from };
    const other = figure.observables.find(({ id, scale }) => id !== figure.observable?.id && scale !== 'class');
    return from === 'observable' && other !== undefined ? { from, observable: other.id } : null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { figure } = this;
    if (figure === null || figure.film === null) return html`<p class="hint">Nothing has been trained yet.</p>`;
    const { difference } = figure.state;
    const kinds = [
      ['', 'nothing'],
      ['frame', 'an earlier time'],
      ...(figure.observables.length > 1 ? [['observable', 'another observable']] : []),
      ['kept', 'a kept run'],
    ];
    const choose = (from: string) => figure.change({ difference: this.#first(figure, from) });
    return html`<fieldset>
        <legend>Subtract from ${figure.observable?.label ?? 'the diagram'}</legend>
        ${kinds.map(
          ([value, label]) =>
            html`<label><input type="radio" name="from" value=${value} .checked=${(difference?.from ?? '') === value} @change=${() => choose(value)}> ${label}</label>`,
        )}
      </fieldset>
      ${difference === null ? nothing : this.#details(figure, difference)}
      ${this.#kept(figure)}
      <p class="said" role="status">${difference === null ? '' : this.#said(figure)}</p>`;
  }

  #details(figure: Figure, difference: Difference): TemplateResult | typeof nothing {
    const { film, observables } = figure;
    if (difference.from === 'frame' && film !== null) {
      const pick = (event: Event) =>
        figure.change({ difference: { from: 'frame', frame: Number((event.target as HTMLSelectElement).value) } });
      return html`<label>its value at time <select data-difference-frame @change=${pick}>${film.times.map(
        (time, frame) => html`<option value=${frame} ?selected=${frame === difference.frame}>${formatNumber(time, 2)}</option>`,
      )}</select></label>`;
    }
    if (difference.from === 'observable') {
      const pick = (event: Event) =>
        figure.change({ difference: { from: 'observable', observable: (event.target as HTMLSelectElement).value } });
      return html`<label>the values of <select data-difference-observable @change=${pick}>${observables
        .filter(({ id }) => id !== figure.observable?.id)
        .map(
          ({ id, label }) => html`<option value=${id} ?selected=${id === difference.observable}>${label}</option>`,
        )}</select></label>`;
    }
    return nothing;
  }

  #kept(figure: Figure): TemplateResult {
    const { keptRun, film } = figure;
    const same = keptRun !== null && keptRun.film === film;
    const words =
      keptRun === null
        ? 'No run is kept.'
        : `Kept: ${keptRun.name}${same ? ', which is the one shown. Change something, run it, and compare.' : '.'}`;
    return html`<p class="kept">${words}
      ${same ? nothing : html`<button class="plain" data-keep @click=${() => figure.keepRun(this.#name(figure))}>${keptRun === null ? 'Keep this run for comparison' : 'Keep this run instead'}</button>`}
      ${keptRun === null ? nothing : html`<button class="plain" @click=${() => figure.keepRun(null)}>Let it go</button>`}</p>`;
  }

  /** What the difference shows, or why there is none. */
  #said(figure: Figure): string {
    const { refusal, overlay, observable } = figure.shown;
    if (refusal !== '') return refusal;
    const { film, state, keptRun } = figure;
    if (state.difference?.from === 'kept' && film !== null && observable !== null) {
      const reason = keptRefusal(keptRun, film, figure.observable ?? observable);
      if (reason !== '') return reason;
    }
    const ratio = observable?.centre === 1 ? ' 1 means no difference.' : '';
    return `Shown: ${observable?.label ?? ''}. ${overlay?.words ?? ''}${ratio}`;
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        max-width: 44rem;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1.25rem;
        margin: 0 0 0.6rem;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 0.35rem;
        color: var(--_muted);
      }
      label {
        cursor: pointer;
      }
      fieldset input[type='radio'] {
        height: auto;
        min-height: 0;
        margin: 0 0.25rem 0 0;
        vertical-align: -0.1em;
      }
      select {
        height: auto;
        font-weight: 600;
      }
      p {
        margin: 0.5rem 0 0;
        text-wrap: pretty;
      }
      .kept,
      .hint {
        color: var(--_muted);
      }
      .said:empty {
        display: none;
      }
    `,
  ];
}
