// <phase-controls>: edits a sweep and asks for it to be run. Mistakes are shown beside the field that holds them; nothing typed is lost.

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Catalog } from '../core/catalog.ts';
import { type InputError, reasonOf } from '../core/errors.ts';
import type { Parameter } from '../core/parameter.ts';
import type { Sweep } from '../core/sweep.ts';
import {
  concerns,
  type Draft,
  type DraftAxis,
  draftOf,
  draftParameters,
  typedValue,
  typedValues,
  withAxis,
  withTask,
} from './draft.ts';
import { announce } from './events.ts';
import { isInputError } from './session-controller.ts';
import { symbolHtml } from './symbols.ts';
import { controls, theme } from './theme.ts';

type Json = Readonly<Record<string, unknown>>;

/** Fields that most readers want; the others wait behind a second fold. */
const USUAL: readonly string[] = [
  'activation',
  'depth',
  'width',
  'outputScale',
  'loss',
  'parametrisation',
  'samples',
  'inputDim',
  'components',
];

export class PhaseControls extends LitElement {
  static override properties = {
    catalog: { attribute: false },
    parse: { attribute: false },
    sweep: { attribute: false },
    draft: { state: true },
    error: { state: true },
  };
  declare catalog: Catalog | null;
  /** Judges a sweep in JSON: throws InputError. */
  declare parse: ((json: unknown) => Sweep) | null;
  /** The sweep to start from, in JSON. A new object replaces what was typed. */
  declare sweep: Json | null;
  declare private draft: Draft | null;
  declare private error: InputError | null;

  constructor() {
    super();
    this.catalog = null;
    this.parse = null;
    this.sweep = null;
    this.draft = null;
    this.error = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('sweep')) {
      this.draft = this.sweep === null ? null : draftOf(this.sweep);
      this.error = null;
    }
  }

  #edit(draft: Draft): void {
    this.draft = draft;
    this.#judge();
  }

  /** Keeps the parser's complaint, if any; true where there is none. */
  #judge(): boolean {
    this.error = null;
    try {
      this.parse?.(this.draft);
      return true;
    } catch (cause) {
      if (!isInputError(cause)) throw new Error(`the sweep could not be read: ${reasonOf(cause)}`, { cause });
      this.error = cause;
      return false;
    }
  }

  #run(event: Event): void {
    event.preventDefault();
    // What is still being typed counts.
    const focused = this.shadowRoot?.activeElement;
    if (focused instanceof HTMLInputElement) focused.blur();
    if (this.draft !== null && this.#judge()) announce(this, 'phase-state-change', { sweep: { ...this.draft } });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { draft, catalog } = this;
    if (draft === null || catalog === null) return nothing;
    const parameters = draftParameters(draft, catalog);
    const swept = new Set(draft.axes.map(({ parameter }) => parameter));
    const free = parameters.filter(({ id }) => !swept.has(id));
    const usual = free.filter(({ id }) => USUAL.includes(id));
    const rare = free.filter(({ id }) => !USUAL.includes(id));
    return html`<form @submit=${this.#run} novalidate>
      <fieldset class="axes"><legend>Axes</legend>${draft.axes.map((axis, i) => this.#axis(draft, axis, i, parameters))}</fieldset>
      <fieldset><legend>Network and data</legend>
        <div class="fields">
          <label><span>data</span><select @change=${(event: Event) => this.#edit(withTask(draft, (event.target as HTMLSelectElement).value, catalog))}>
            ${catalog.tasks.map(({ kind, label }) => html`<option value=${kind} ?selected=${kind === draft.task.kind}>${label}</option>`)}
          </select>${this.#complaint('kind')}</label>
          ${usual.map((parameter) => this.#field(draft, parameter))}
          ${this.#number('seeds per cell', 'n', draft.seeds ?? 1, 'seeds', (seeds) => ({ ...draft, seeds }))}
          ${this.#number('training time', 't', (draft.training.maxTime as number | undefined) ?? 1, 'maxTime', (maxTime) => ({
            ...draft,
            training: { ...draft.training, maxTime },
          }))}
        </div>
        <details><summary>More parameters</summary><div class="fields">${rare.map((parameter) => this.#field(draft, parameter))}</div></details>
      </fieldset>
      ${this.#measured(draft, catalog)}
      <p class="end">
        <button class="primary" data-run @mousedown=${(event: Event) => event.preventDefault()}>Run this sweep</button>
        <button type="button" class="plain" @click=${() => this.#edit(draftOf(this.sweep ?? {}))}>Undo changes</button>
        <span role="status" class="general">${this.error === null ? '' : this.error.message}</span>
      </p>
    </form>`;
  }

  #complaint(name: string): unknown {
    if (this.error === null || !concerns(this.error.where, name)) return nothing;
    return html`<em class="complaint">${this.error.message.slice(this.error.where.length + 2)}</em>`;
  }

  #invalid(name: string): 'true' | 'false' {
    return this.error !== null && concerns(this.error.where, name) ? 'true' : 'false';
  }

  #number(label: string, symbol: string, value: unknown, name: string, next: (value: number | string) => Draft): TemplateResult {
    return html`<label><span>${label} ${symbolHtml(symbol)}</span>
      <input inputmode="decimal" autocomplete="off" .value=${String(value)} aria-invalid=${this.#invalid(name)} name=${name}
        @change=${(event: Event) => this.#edit(next(typedValue((event.target as HTMLInputElement).value)))}>${this.#complaint(name)}</label>`;
  }

  /** Task options live in the task object, rates in training, everything else among the fixed values. */
  #field(draft: Draft, parameter: Parameter): TemplateResult {
    const { id, label, symbol, description } = parameter;
    const task = this.catalog?.tasks.find(({ kind }) => kind === draft.task.kind);
    const home =
      id in draft.task ||
      task?.parameters.some((own) => own.id === id) ||
      /^(samples|testSamples|probeSamples|dataSeed)$/.test(id)
        ? 'task'
        : id in draft.training
          ? 'training'
          : 'fixed';
    const value = draft.fixed[id] ?? draft[home][id] ?? parameter.default;
    const place = id in draft.fixed ? 'fixed' : home;
    const next = (chosen: number | string): Draft => ({ ...draft, [place]: { ...draft[place], [id]: chosen } });
    if (parameter.kind !== 'choice') return this.#number(label, symbol, value, id, next);
    return html`<label title=${description}><span>${label} ${symbolHtml(symbol)}</span>
      <select name=${id} aria-invalid=${this.#invalid(id)} @change=${(event: Event) => this.#edit(next((event.target as HTMLSelectElement).value))}>
        ${parameter.choices.map((choice) => html`<option ?selected=${choice === value}>${choice}</option>`)}
      </select>${this.#complaint(id)}</label>`;
  }

  #axis(draft: Draft, axis: DraftAxis, index: number, parameters: readonly Parameter[]): TemplateResult {
    const change = (next: Partial<DraftAxis>): Draft => ({
      ...draft,
      axes: draft.axes.map((old, i) => (i === index ? { ...old, ...next } : old)),
    });
    const taken = new Set(draft.axes.map(({ parameter }) => parameter));
    const choose = (event: Event) => {
      const parameter = parameters.find(({ id }) => id === (event.target as HTMLSelectElement).value);
      if (parameter !== undefined) this.#edit(withAxis(draft, index, parameter));
    };
    const text = (
      label: string,
      value: unknown,
      next: (text: string) => Partial<DraftAxis>,
      wide = false,
    ) => html`<label class=${wide ? 'wide' : ''}>
      <span>${label}</span><input autocomplete="off" .value=${String(value ?? '')} aria-invalid=${this.#invalid(axis.parameter)}
        @change=${(event: Event) => this.#edit(change(next((event.target as HTMLInputElement).value)))}></label>`;
    return html`<div class="axis">
      <label class="which"><span>${index === 0 ? 'first axis' : index === 1 ? 'second axis' : `axis ${index + 1}`}</span><select @change=${choose}>
        ${parameters
          .filter(({ id }) => id === axis.parameter || !taken.has(id))
          .map(
            ({ id, label, symbol }) => html`<option value=${id} ?selected=${id === axis.parameter}>${label} ${symbol}</option>`,
          )}
      </select></label>
      ${
        axis.values === undefined
          ? html`${text('from', axis.from, (from) => ({ from: typedValue(from) }))} ${text('to', axis.to, (to) => ({ to: typedValue(to) }))}
              ${text('steps', axis.steps, (steps) => ({ steps: typedValue(steps) }))}
              <label><span>spacing</span><select @change=${(event: Event) => this.#edit(change({ scale: (event.target as HTMLSelectElement).value }))}>
                ${['log', 'linear'].map((scale) => html`<option ?selected=${scale === axis.scale}>${scale}</option>`)}
              </select></label>`
          : text('values', axis.values.join(', '), (values) => ({ values: typedValues(values) }), true)
      }
      ${this.#complaint(axis.parameter)}
    </div>`;
  }

  #measured(draft: Draft, catalog: Catalog): TemplateResult {
    const chosen = new Set(draft.observables ?? ['kernelChange', 'testError']);
    const toggle = (id: string) => (event: Event) => {
      if ((event.target as HTMLInputElement).checked) chosen.add(id);
      else chosen.delete(id);
      this.#edit({ ...draft, observables: catalog.observables.map((one) => one.id).filter((one) => chosen.has(one)) });
    };
    return html`<fieldset><legend>Measured</legend><div class="checks">${catalog.observables.map(
      ({ id, label, description }) => html`<label class="check" title=${description}>
        <input type="checkbox" .checked=${chosen.has(id)} @change=${toggle(id)}> ${label}</label>`,
    )}</div>${this.#complaint('observables')}</fieldset>`;
  }

  static override styles = [
    theme,
    controls,
    css`
      form {
        display: grid;
        gap: 1.75rem;
        padding: 1.25rem 0 0.5rem;
      }
      fieldset {
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0 0 0.6rem;
        font-weight: 600;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
        gap: 1rem 1.5rem;
      }
      .axis {
        display: grid;
        grid-template-columns: minmax(11rem, 2fr) repeat(4, minmax(4rem, 1fr));
        gap: 0.75rem 1.5rem;
      }
      .axis + .axis {
        margin-top: 0.9rem;
      }
      .wide {
        grid-column: span 4;
      }
      .axis .complaint {
        grid-column: 1 / -1;
      }
      label {
        display: grid;
        align-content: start;
        min-width: 0;
      }
      label > span:first-child {
        color: var(--_muted);
      }
      .checks {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
        gap: 0.3rem 1.5rem;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 1.5rem;
      }
      input[type='checkbox'] {
        accent-color: var(--_ink);
      }
      summary {
        width: max-content;
        padding: 1rem 0 0.5rem;
        color: var(--_muted);
        cursor: pointer;
      }
      [aria-invalid='true'] {
        border-color: var(--_rich);
      }
      .complaint {
        padding-top: 0.25rem;
        font-style: normal;
        color: var(--_rich);
      }
      .end {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.75rem 1.25rem;
        margin: 0;
      }
      .general {
        flex: 1 1 16rem;
        color: var(--_rich);
      }
      @media (max-width: 40rem) {
        .axis {
          grid-template-columns: repeat(4, minmax(0, 1fr));
          gap: 0.5rem 0.75rem;
        }
        .which,
        .wide {
          grid-column: 1 / -1;
        }
      }
    `,
  ];
}
