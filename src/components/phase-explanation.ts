// <phase-explanation>: what the figure that is shown shows and why, in three sentences; each term opens what it means, beside it.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { Term } from '../words/glossary.ts';
import { controls } from './controls.ts';
import type { Figure } from './figure.ts';
import { FigureListener } from './figure-listener.ts';
import { theme } from './theme.ts';
import { type Formulas, formulas, termHtml, wordsHtml, wordsStyles } from './words.ts';

export class PhaseExplanation extends LitElement {
  static override properties = { figure: { attribute: false }, formulas: { state: true }, term: { state: true } };
  declare figure: Figure | null;
  declare private formulas: Formulas | null;
  /** Term whose meaning is open. */
  declare private term: Term | null;

  constructor() {
    super();
    this.figure = null;
    this.formulas = null;
    this.term = null;
    new FigureListener(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void formulas().then((all) => {
      this.formulas = all;
    });
  }

  readonly #open = async (event: Event, term: Term): Promise<void> => {
    const from = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.term = term;
    await this.updateComplete;
    const note = this.renderRoot.querySelector<HTMLElement>('.note');
    if (note === null) return;
    note.showPopover();
    const left = Math.max(8, Math.min(from.left, window.innerWidth - note.offsetWidth - 8));
    const below = from.bottom + 6;
    const top = below + note.offsetHeight > window.innerHeight ? Math.max(8, from.top - note.offsetHeight - 6) : below;
    note.style.left = `${Math.round(left)}px`;
    note.style.top = `${Math.round(top)}px`;
  };

  protected override render(): TemplateResult | typeof nothing {
    const { figure, term } = this;
    const preset = figure?.preset ?? null;
    if (preset === null) return nothing;
    const own =
      figure?.own === true ? html`<p class="own">This is your own experiment. Of the figure that it started from:</p>` : nothing;
    return html`${own}
      <p class="words">${guard([preset, this.formulas], () => wordsHtml(preset.explain, this.formulas, this.#open))}</p>
      <div class="note" popover role="dialog" aria-label=${term?.name ?? 'Term'} tabindex="-1">${
        term === null
          ? nothing
          : html`<strong>${term.name}.</strong> ${guard([term, this.formulas], () => termHtml(term, this.formulas))}`
      }</div>`;
  }

  static override styles = [
    theme,
    controls,
    wordsStyles,
    css`
      p {
        max-width: 44rem;
        margin: 0;
        text-wrap: pretty;
      }
      .words {
        font-size: var(--_body);
        line-height: 1.6;
      }
      .own {
        margin-bottom: 0.4rem;
        color: var(--_muted);
      }
      .note {
        position: fixed;
        inset: auto;
        width: max-content;
        max-width: min(24rem, calc(100vw - 1rem));
        margin: 0;
        padding: 0.75rem 1rem;
        border: 1px solid var(--_hairline);
        border-radius: 3px;
        background: var(--_paper);
        color: var(--_ink);
        font-size: var(--_small);
        line-height: 1.5;
      }
    `,
  ];
}
