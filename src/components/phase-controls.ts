// <phase-controls>: edits a sweep and asks for it to be run. Mistakes are shown beside the field that holds
// them; nothing typed is lost.

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type Caps, checkCaps, PAGE_CAPS } from '../core/caps.ts';
import type { Catalog } from '../core/catalog.ts';
import { InputError, reasonOf } from '../core/errors.ts';
import type { Parameter } from '../core/parameter.ts';
import type { Sweep } from '../core/sweep.ts';
import { capsWords } from './caps-words.ts';
import { controls } from './controls.ts';
import { controlsStyles } from './controls-styles.ts';
import {
  concerns,
  type Draft,
  type DraftAxis,
  draftOf,
  draftOfText,
  draftParameters,
  suitableTasks,
  typedValue,
  typedValues,
  withAxis,
  withFamily,
  withoutAxis,
  withTask,
} from './draft.ts';
import { announce } from './events.ts';
import { isInputError } from './session-controller.ts';
import { symbolHtml, symbolText } from './symbols.ts';
import { theme } from './theme.ts';

type Json = Readonly<Record<string, unknown>>;

/** Fields that most readers want; the others wait behind a second fold. */
const USUAL: readonly string[] = [
  'activation',
  'depth',
  'width',
  'outputScale',
  'loss',
  'parametrisation',
  'initialisation',
  'balance',
  'initScale',
  'initRank',
  'samples',
  'inputDim',
  'components',
];
/** A sweep has one to four axes. */
const MOST_AXES = 4;
/** The same order as in words, so that the text says its version first. */
const FIRST_KEYS = ['version', 'title', 'family', 'task', 'axes', 'fixed', 'seeds', 'training', 'observables'];

const textOf = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;

export class PhaseControls extends LitElement {
  static override styles = [theme, controls, controlsStyles];
  static override properties = {
    catalog: { attribute: false },
    parse: { attribute: false },
    sweep: { attribute: false },
    caps: { attribute: false },
    draft: { state: true },
    error: { state: true },
    typed: { state: true },
  };
  declare catalog: Catalog | null;
  /** Judges a sweep in JSON: throws InputError. */
  declare parse: ((json: unknown) => Sweep) | null;
  /** The sweep to start from, in JSON. A new object replaces what was typed. */
  declare sweep: Json | null;
  /** What is run without asking. */
  declare caps: Caps;
  declare private draft: Draft | null;
  declare private error: InputError | null;
  /** JSON text that cannot be read as a draft yet; null while fields and text agree. */
  declare private typed: string | null;
  /** The draft, parsed; null while it is no sweep. */
  #parsed: Sweep | null = null;

  constructor() {
    super();
    this.catalog = null;
    this.parse = null;
    this.sweep = null;
    this.caps = PAGE_CAPS;
    this.draft = null;
    this.error = null;
    this.typed = null;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('sweep')) this.#reset();
  }

  readonly #reset = (): void => {
    this.draft = this.sweep === null ? null : draftOf(this.sweep);
    this.typed = null;
    if (this.draft !== null) this.#judge();
  };

  #edit(draft: Draft): void {
    this.draft = draft;
    this.typed = null;
    this.#judge();
  }

  #editText(text: string): void {
    try {
      this.#edit(draftOfText(text));
    } catch (cause) {
      this.typed = text;
      this.error = new InputError('sweep', 'expected JSON, got something else', reasonOf(cause));
    }
  }

  /** Keeps the parser's complaint, if any; true where there is none. */
  #judge(): boolean {
    if (this.typed !== null) return false;
    this.error = null;
    this.#parsed = null;
    try {
      this.#parsed = this.parse?.(this.draft) ?? null;
      if (this.#parsed !== null) checkCaps(this.#parsed, PAGE_CAPS);
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
    if (focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement) focused.blur();
    if (this.draft !== null && this.#judge()) announce(this, 'phase-state-change', { sweep: { ...this.draft } });
  }

  protected override render(): TemplateResult | typeof nothing {
    const { draft, catalog } = this;
    if (draft === null || catalog === null) return nothing;
    const parameters = draftParameters(draft, catalog);
    const swept = new Set(draft.axes.map(({ parameter }) => parameter));
    const descent = draft.training.method === 'descent';
    const free = parameters.filter(({ id }) => !swept.has(id) && (descent || id !== 'learningRate'));
    const usual = free.filter(({ id }) => USUAL.includes(id) || id === 'learningRate');
    const rare = free.filter((parameter) => !usual.includes(parameter));
    return html`<form @submit=${this.#run} novalidate>
      <fieldset class="axes"><legend>Axes</legend>${draft.axes.map((axis, i) => this.#axis(draft, axis, i, parameters))} ${this.#moreAxes(draft, free)}</fieldset>
      <fieldset><legend>Network and data</legend>
        <div class="fields">${this.#experiment(draft, catalog)} ${usual.map((parameter) => this.#field(draft, parameter))}</div>
        <details><summary>More parameters</summary><div class="fields">${rare.map((parameter) => this.#field(draft, parameter))}</div></details>
      </fieldset>
      ${this.#training(draft)} ${this.#measured(draft, catalog)}
      <details><summary>The sweep as JSON</summary><label><span class="unseen">The sweep as JSON</span><textarea spellcheck="false" data-json
        aria-invalid=${this.typed === null ? 'false' : 'true'} .value=${this.typed ?? this.#text(draft)} @change=${(event: Event) => this.#editText(textOf(event))}></textarea></label></details>
      ${this.#parsed === null ? nothing : html`<p class="size">${capsWords(this.#parsed, this.caps)}</p>`}
      <p class="end">
        <button class="primary" data-run @mousedown=${(event: Event) => event.preventDefault()}>Run this sweep</button>
        <button type="button" class="plain" @click=${this.#reset}>Undo changes</button>
        <span role="status" class="general">${this.error === null ? '' : this.error.message}</span>
      </p>
    </form>`;
  }

  #text(draft: Draft): string {
    const entries = Object.entries(draft).filter(([, value]) => value !== undefined);
    const place = (key: string) => (FIRST_KEYS.includes(key) ? FIRST_KEYS.indexOf(key) : FIRST_KEYS.length);
    return JSON.stringify(Object.fromEntries(entries.sort((a, b) => place(a[0]) - place(b[0]))), null, 2);
  }

  #complaint(name: string): unknown {
    if (this.error === null || !concerns(this.error.where, name)) return nothing;
    return html`<em class="complaint">${this.error.message.slice(this.error.where.length + 2)}</em>`;
  }

  #invalid(name: string): 'true' | 'false' {
    return this.error !== null && concerns(this.error.where, name) ? 'true' : 'false';
  }

  #number(
    label: string,
    symbol: string,
    value: unknown,
    name: string,
    next: (value: number | string) => Draft,
    hint = '',
  ): TemplateResult {
    return html`<label title=${hint || nothing}><span>${label} ${symbolHtml(symbol)}</span>
      <input inputmode="decimal" autocomplete="off" .value=${String(value)} aria-invalid=${this.#invalid(name)} name=${name}
        @change=${(event: Event) => this.#edit(next(typedValue(textOf(event))))}>${this.#complaint(name)}</label>`;
  }

  #choice(
    label: unknown,
    name: string,
    options: readonly (readonly [string, string])[],
    chosen: unknown,
    next: (value: string) => Draft,
    hint = '',
  ): TemplateResult {
    return html`<label title=${hint || nothing}><span>${label}</span>
      <select name=${name} aria-invalid=${this.#invalid(name)} @change=${(event: Event) => this.#edit(next(textOf(event)))}>
        ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
      </select>${this.#complaint(name)}</label>`;
  }

  /** Architecture and data. */
  #experiment(draft: Draft, catalog: Catalog): unknown {
    const families = catalog.families.map(({ id, label }) => [id, label] as const);
    const tasks = suitableTasks(draft.family, catalog).map(({ kind, label }) => [kind, label] as const);
    const ofFiles = catalog.tasks.find(({ kind }) => kind === draft.task.kind)?.settings?.includes('files') === true;
    return [
      ofFiles && draft.task.files === undefined
        ? html`<p class="hint">Drop your files anywhere on the page, or open them under “Share and keep”.</p>`
        : nothing,
      this.#choice('network', 'family', families, draft.family, (family) => withFamily(draft, family, catalog)),
      this.#choice('data', 'kind', tasks, draft.task.kind, (kind) => withTask(draft, kind, catalog)),
    ];
  }

  #training(draft: Draft): TemplateResult {
    const { training } = draft;
    const changed = (part: Json): Draft => ({ ...draft, training: { ...training, ...part } });
    const methods = [
      ['flow', 'gradient flow'],
      ['descent', 'gradient descent'],
    ] as const;
    const own = new Set(['method', 'maxTime', 'checkpoints', 'maxSteps']);
    // What belongs to one method is refused by the other: kept are only the rules that both know.
    const rules = Object.fromEntries(Object.entries(training).filter(([key]) => own.has(key) || key === 'stop'));
    return html`<fieldset><legend>Training</legend><div class="fields">
      ${this.#choice('method', 'method', methods, training.method, (method) => ({ ...draft, training: { ...rules, method } }))}
      ${this.#number('training time', 't', training.maxTime ?? 1, 'maxTime', (maxTime) => changed({ maxTime }))}
      ${
        Array.isArray(training.checkpoints)
          ? nothing
          : this.#number('frames of the film', '', training.checkpoints ?? 16, 'checkpoints', (checkpoints) =>
              changed({ checkpoints }),
            )
      }
      ${this.#number('seeds per cell', 'n', draft.seeds ?? 1, 'seeds', (seeds) => ({ ...draft, seeds }))}
    </div></fieldset>`;
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
    if (parameter.kind !== 'choice') return this.#number(label, symbol, value, id, next, description);
    const options = parameter.choices.map((choice) => [choice, choice] as const);
    return this.#choice(html`${label} ${symbolHtml(symbol)}`, id, options, value, next, description);
  }

  #axis(draft: Draft, axis: DraftAxis, index: number, parameters: readonly Parameter[]): TemplateResult {
    const change = (next: Partial<DraftAxis>): Draft => ({
      ...draft,
      axes: draft.axes.map((old, i) => (i === index ? { ...old, ...next } : old)),
    });
    const taken = new Set(draft.axes.map(({ parameter }) => parameter));
    const choose = (event: Event) => {
      const parameter = parameters.find(({ id }) => id === textOf(event));
      if (parameter !== undefined) this.#edit(withAxis(draft, index, parameter));
    };
    const text = (
      label: string,
      value: unknown,
      next: (text: string) => Partial<DraftAxis>,
      wide = false,
    ) => html`<label class=${wide ? 'wide' : ''}>
      <span>${label}</span><input autocomplete="off" .value=${String(value ?? '')} aria-invalid=${this.#invalid(axis.parameter)}
        @change=${(event: Event) => this.#edit(change(next(textOf(event))))}></label>`;
    return html`<div class="axis">
      <label class="which"><span>${index === 0 ? 'first axis' : index === 1 ? 'second axis' : `axis ${index + 1}`}</span><select @change=${choose}>
        ${parameters
          .filter(({ id }) => id === axis.parameter || !taken.has(id))
          .map(
            ({ id, label, symbol }) =>
              html`<option value=${id} ?selected=${id === axis.parameter}>${label} ${symbolText(symbol)}</option>`,
          )}
      </select></label>
      ${
        axis.values === undefined
          ? html`${text('from', axis.from, (from) => ({ from: typedValue(from) }))} ${text('to', axis.to, (to) => ({ to: typedValue(to) }))}
              ${text('steps', axis.steps, (steps) => ({ steps: typedValue(steps) }))}
              <label><span>spacing</span><select @change=${(event: Event) => this.#edit(change({ scale: textOf(event) }))}>
                ${['log', 'linear'].map((scale) => html`<option ?selected=${scale === axis.scale}>${scale}</option>`)}
              </select></label>`
          : text('values', axis.values.join(', '), (values) => ({ values: typedValues(values) }), true)
      }
      ${
        draft.axes.length < 2
          ? nothing
          : html`<button type="button" class="plain less" aria-label="Remove the axis ${axis.parameter}" @click=${() => this.#edit(withoutAxis(draft, index))}>Remove</button>`
      }
      ${this.#complaint(axis.parameter)}
    </div>`;
  }

  #moreAxes(draft: Draft, free: readonly Parameter[]): TemplateResult | typeof nothing {
    const next = free.find(({ kind }) => kind !== 'choice') ?? free[0];
    if (draft.axes.length >= MOST_AXES || next === undefined) return nothing;
    return html`<p class="more"><button type="button" class="plain" data-add-axis @click=${() => this.#edit(withAxis(draft, draft.axes.length, next))}>Add an axis</button></p>`;
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
}
